"""From the bytes of a file to rows with the columns that we know."""

import csv
import io
import re
import unicodedata

import tablib
from django.utils.translation import gettext as _

from members.operations.refusals import Refused

LARGEST = 2_000_000  # bytes
MOST_ROWS = 5000
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf\u0152-\u2122]")

# Our name of a column, and what it may be called in the file, in small letters without signs.
COLUMNS = {
    "email": "email epost epostadress mejl mail mailadress emailaddress",
    "name": "name namn fullname",
    "first_name": "firstname fornamn givenname",
    "last_name": "lastname efternamn surname familyname",
    "phone": "phone telefon telefonnummer tel mobil mobiltelefon mobile",
    "employer": "employer arbetsgivare foretag organisation company",
    "title": "title titel befattning roll",
    "language": "language sprak",
    "kind": "kind type typ medlemstyp medlemskap membership kategori",
    "starts_on": "from startson start medlemsedan medlemfran startdatum franochmed intradesdatum",
    "ends_on": (
        "until to endson end medlemtill slutdatum slut giltigtill betaldtill betalttill tillochmed"
    ),
    "payer_name": "payer betalare fakturamottagare fakturanamn",
    "organisation_number": "organisationnumber organisationsnummer orgnr orgnummer",
    "street": "street gata adress gatuadress postadress address",
    "postcode": "postcode postnummer postnr zip",
    "city": "city ort postort town",
    "invoice_email": "invoiceemail fakturaepost fakturamejl fakturaadress",
    "reference": "reference referens erreferens",
    "consent": "consent samtycke nyhetsbrev newsletter",
}
_KNOWN = {word: name for name, words in COLUMNS.items() for word in words.split()}


class Unreadable(Refused):
    """Nothing can be made of the file as a whole. Says why."""


def read(data: bytes) -> tablib.Dataset:
    """Rows under our names for the columns, with `line`: where in the file each one stands."""
    if len(data) > LARGEST:
        raise Unreadable(_("The file is larger than 2 MB. Divide it and import the parts."))
    text = decoded(data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        headings = next(lines, [])
        names = [_KNOWN.get(_plain(heading), "") for heading in headings]
        _demand_columns(names, headings)
        rows = [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unreadable(_("This is not a CSV file.")) from error
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("The file has more than 5000 rows. Divide it and import the parts."))
    return _dataset(names, rows)


def decoded(data: bytes) -> str:
    """UTF-8 as most programs write it, UTF-16 or Windows-1252 as Excel may."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Unreadable(_("This is not a CSV file."))
    return unicodedata.normalize("NFC", text)


def _delimiter(text: str) -> str:
    """The one that the line of headings has most of."""
    headings = text.lstrip().split("\n", 1)[0]
    return max(";,\t", key=headings.count)


def _plain(heading: str) -> str:
    """`E-post ` and `E-POST` are the same; å, ä and ö may have been lost."""
    decomposed = unicodedata.normalize("NFD", mended(heading).lower())
    return "".join(sign for sign in decomposed if sign.isascii() and sign.isalnum())


def _demand_columns(names: list[str], headings: list[str]) -> None:
    named = "name" in names or {"first_name", "last_name"} <= set(names)
    if "email" not in names or not named:
        found = ", ".join(heading.strip() for heading in headings)[:200] or "–"
        raise Unreadable(
            _("The first line must name the columns, with e-mail and name among them. It says: %s")
            % found
        )
    doubled = {name for name in names if name and names.count(name) > 1}
    if doubled:
        columns = ", ".join(h for h, name in zip(headings, names, strict=True) if name in doubled)
        raise Unreadable(_("These columns mean the same thing, keep one: %s") % columns)


def _dataset(names: list[str], rows: list[tuple[int, list[str]]]) -> tablib.Dataset:
    dataset = tablib.Dataset(headers=["line", *COLUMNS])
    for line, cells in rows:
        found = dict(zip(names, cells, strict=False))
        values = [mended(found.get(name, "")).strip() for name in COLUMNS]
        dataset.append([line, *values])
    return dataset


def mended(cell: str) -> str:
    """`Ã…sa` was UTF-8 read as Windows-1252 by some earlier program."""
    if not _MOJIBAKE.search(cell):
        return cell
    try:
        return cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return cell
