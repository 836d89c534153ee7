"""The PDF as a file: archival, accessible, the same every time, from any thread."""

import hashlib
import multiprocessing
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time
from multiprocessing.connection import Connection

import pytest
from django.conf import settings
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from billing.documents import RenderingError, render
from billing.documents.content import Document
from tests.billing.document_factories import credit_note, invoice, read, receipt, reminder

pytestmark = pytest.mark.slow


def structure(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the tag tree, in reading order."""
    waiting = [reader.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop(0).get_object()
        if isinstance(element, list):
            waiting[:0] = element
        elif isinstance(element, DictionaryObject):
            yield element
            if "/K" in element:
                waiting.insert(0, element["/K"])


@pytest.mark.parametrize("document", [invoice(), credit_note(), reminder(), receipt()])
def test_archival_and_accessible(document: Document) -> None:
    reader = read(document)
    root = reader.root_object
    described = root["/Metadata"].get_object().get_data().decode()
    assert re.findall(r"<pdfaid:(\w+)>(\w+)<", described) == [("part", "3"), ("conformance", "A")]
    assert "<pdfuaid:part>1<" in described
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.author == "Exempelföreningen"
    assert reader.metadata.title is not None
    assert document.number in reader.metadata.title
    issued_at = datetime.combine(document.issued_on, time(), UTC)
    assert reader.metadata.creation_date == issued_at
    tags = [element.get("/S") for element in structure(reader)]
    assert tags.count("/H1") == 1


def test_tables_have_headers_and_codes_say_in_words_what_they_hold() -> None:
    elements = list(structure(read(invoice())))
    headers = [element for element in elements if element.get("/S") == "/TH"]
    assert len(headers) == 5 + 3
    assert [element["/Alt"] for element in elements if element.get("/S") == "/Figure"] == [
        "QR code for your banking app: SEK\u00a03,640.00, OCR number 1001004207.",
        "QR code for Swish: SEK\u00a03,640.00, message 1001004207.",
    ]


def test_the_way_to_pay_online_is_a_link() -> None:
    annotations = read(invoice()).pages[0]["/Annots"]
    addresses = [note.get_object()["/A"]["/URI"] for note in annotations]
    assert addresses == ["https://example.org/invoice/abc/"]


def test_the_e_invoice_is_attached_as_an_alternative() -> None:
    xml = "<?xml version='1.0' encoding='UTF-8'?><Invoice>å</Invoice>".encode()
    reader = read(invoice(xml=xml))
    assert reader.attachments == {"peppol-10042.xml": [xml]}
    (attached,) = (part.get_object() for part in reader.root_object["/AF"])
    assert attached["/AFRelationship"] == "/Alternative"
    assert read(invoice()).attachments == {}


@pytest.mark.parametrize("document", [invoice(), credit_note(), reminder(), receipt()])
def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    assert render(document) == render(document)
    assert render(document) != render(replace(document, number="10043"))


def test_another_process_gives_the_same_bytes() -> None:
    program = (
        "import django, hashlib, pickle, sys; django.setup();"
        "from billing.documents import render;"
        "print(hashlib.sha256(render(pickle.load(sys.stdin.buffer))).hexdigest())"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "PYTHONHASHSEED": "7",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(invoice()),
        env=environment,
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.decode().strip() == hashlib.sha256(render(invoice())).hexdigest()


def test_four_threads_at_once_give_the_same_bytes() -> None:
    documents = [invoice(), invoice(language="sv"), reminder(), receipt()]
    alone = [render(document) for document in documents]

    def all_of_them(_thread: int) -> list[bytes]:
        return [render(document) for document in documents]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(all_of_them, range(4))) == [alone] * 4


def _render_in_child(answer: Connection) -> None:
    try:
        render(invoice())
    except RenderingError as refusal:
        answer.send(str(refusal))


def test_a_forked_child_is_refused_instead_of_hanging() -> None:
    render(invoice())
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_render_in_child, args=(theirs,))
    child.start()
    try:
        assert ours.poll(30)
        assert "forked" in ours.recv()
    finally:
        child.kill()
        child.join()
