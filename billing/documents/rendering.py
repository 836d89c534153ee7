"""From document to PDF, in process: PDF/A-3a and PDF/UA-1 in one file, the same bytes each time."""

import dataclasses
import functools
import json
import os
import tempfile
import threading
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from font_source_sans_pro import font_files_ttf

from billing.documents.content import CreditNoteDocument, Document, InvoiceDocument
from billing.documents.glyphs import printable
from billing.documents.sheets import lay_out

_LAYOUT = Path(__file__).parent / "layout"
_FACES = ("SourceSansPro", "SourceSansProSemibold", "SourceSansProIt")
_STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]

_thread = threading.local()


class RenderingError(Exception):
    """The layout engine warned, or was used where it would hang: our fault, not the reader's."""


def render(document: Document) -> bytes:
    """The document as a PDF; the same document always gives the same bytes."""
    with translation.override(document.language):
        sheet = lay_out(document)
    xml = document.xml if isinstance(document, InvoiceDocument | CreditNoteDocument) else None
    return compile_layout(
        _LAYOUT / "document.typ", dataclasses.asdict(sheet), on=document.issued_on, xml=xml
    )


def compile_layout(
    layout: Path, sheet: dict[str, Any], *, on: date, xml: bytes | None = None
) -> bytes:
    """A layout of ours filled with words and figures: text is never evaluated."""
    inputs = {"sheet": json.dumps(_drawable(sheet))}
    if xml is not None:
        inputs["xml"] = xml.decode()
    midnight = datetime.combine(on, time(), UTC)
    pdf, warnings = _compiler(layout).compile_with_warnings(
        sys_inputs=inputs, pdf_standards=_STANDARDS, timestamp=int(midnight.timestamp())
    )
    if warnings or not isinstance(pdf, bytes):
        raise RenderingError("; ".join(warning.message for warning in warnings))
    return pdf


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: part if key == "svg" else _drawable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(part) for part in value]
    return value


def _compiler(layout: Path) -> typst.Compiler:
    """One for each thread and layout, because a shared one refuses to work for two at a time.

    Its own threads do not survive a fork: a child that inherited it would wait for ever.
    """
    if os.getpid() != _first_process():
        raise RenderingError("this process was forked from one that had already made documents")
    if not hasattr(_thread, "compilers"):
        _thread.compilers = {}
    if layout not in _thread.compilers:
        _thread.compilers[layout] = typst.Compiler(
            str(layout), root=str(layout.parent), font_paths=_fonts()
        )
    compiler: typst.Compiler = _thread.compilers[layout]
    return compiler


@functools.cache
def _first_process() -> int:
    """The process that asked first; its forks remember the answer."""
    return os.getpid()


@functools.cache
def _fonts() -> typst.Fonts:
    """Our three faces and those built into typst, never what the machine happens to have.

    The font package ships each face as TTF and as OTF, and typst would pick either.
    """
    with tempfile.TemporaryDirectory() as directory:
        for face in _FACES:
            Path(directory, f"{face}.ttf").symlink_to(font_files_ttf[face])
        return typst.Fonts(include_system_fonts=False, font_paths=[directory])
