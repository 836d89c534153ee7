"""ISO 20022: camt.054 (what was credited), camt.053 (statement) and camt.052 (interim report).

Elements are found by local names, so any version will do. Swedish banks mark a bankgiro number as
BGNR, an OCR reference as SCOR and a Swish payment as MOB.
"""

import itertools
import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import etree

from billing.bankfiles.camt_entry import Entry, Part
from billing.bankfiles.camt_payment import Account, Payment, account_of
from billing.bankfiles.camt_totals import check_totals
from billing.bankfiles.hardened_xml import (
    Element,
    find,
    find_all,
    instant,
    local_name,
    read_xml,
    text,
)
from billing.bankfiles.statement import (
    SWEDEN,
    BankEntry,
    BankFileRefused,
    BankReference,
    BankStatement,
    clip,
    distinct,
    split_references,
    stable_ids,
)

# What stands under Document, and what its reports are called.
MESSAGES = {
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "Ntfctn"),
    "BkToCstmrStmt": ("camt.053", "Stmt"),
    "BkToCstmrAcctRpt": ("camt.052", "Rpt"),
}
FIRST_VERSION = "V01"  # was part of the name; later versions are only in the namespace
_VERSION = re.compile(r"camt\.05[234]\.001\.\d{2}$")
# Banks write these where they have no reference of their own.
NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED"})
_XML_STARTS = (b"<", b"\xff\xfe<", b"\xfe\xff\x00<")


@dataclass(frozen=True, slots=True)
class Report:
    """What the message says of one account in one period."""

    name: str
    account: Account
    entries: tuple[Entry, ...]


def is_xml(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(_XML_STARTS)


def parse_camt(data: bytes) -> BankStatement:
    message = _message(read_xml(data.lstrip(b" \t\r\n")))
    kind, report_name = MESSAGES[_name(message)]
    written = text(message, "GrpHdr/CreDtTm", f"{report_name}/CreDtTm")
    created_at = instant(written, place=_("Message header"))
    reports = _reports(message, report_name, created_at.astimezone(SWEDEN).date())
    entries, warnings = _entries(reports)
    version = _VERSION.search(etree.QName(message).namespace or "")
    return BankStatement(
        format=version[0] if version else kind,
        file_id=clip(text(message, "GrpHdr/MsgId"), longest=50),
        created_at=created_at,
        accounts=distinct(
            [
                *(number for r in reports for number in (r.account.bankgiro, r.account.number)),
                *(entry.bankgiro for entry in entries),
            ]
        ),
        entries=tuple(entries),
        warnings=tuple(warnings),
    )


def _name(element: Element) -> str:
    return local_name(element).removesuffix(FIRST_VERSION)


def _message(root: Element) -> Element:
    names = (f"{{*}}{name}{suffix}" for name in MESSAGES for suffix in ("", FIRST_VERSION))
    messages = list(root.iter(*names))
    if not messages:
        inner = next(iter(root), root)
        raise BankFileRefused(
            _("This XML is a “%(name)s”; camt.052, camt.053 and camt.054 can be read here.")
            % {"name": clip(local_name(inner), longest=60)}
        )
    if len(messages) > 1:
        raise BankFileRefused(_("The file holds several messages; import one at a time."))
    return messages[0]


def _reports(message: Element, report_name: str, fallback_day: date) -> list[Report]:
    """Read and checked against their own totals. Entries are numbered through the whole file."""
    reports = []
    numbers = itertools.count(1)
    for element in find_all(message, report_name):
        name = clip(text(element, "Id") or text(message, "GrpHdr/MsgId"), longest=50)
        entries = [Entry(found, next(numbers), fallback_day) for found in find_all(element, "Ntry")]
        check_totals(element, entries, place=_("Report %(name)s") % {"name": name})
        reports.append(Report(name, account_of(find(element, "Acct")), tuple(entries)))
    if not reports:
        raise BankFileRefused(_("The file holds no report of any account."))
    return reports


def _entries(reports: list[Report]) -> tuple[list[BankEntry], list[str]]:
    payments: list[tuple[Report, Payment]] = []
    keys: list[str] = []
    warnings = _warn_of_waiting(reports)
    for report in reports:
        for entry in report.entries:
            if entry.is_booked:
                parts, more = entry.parts()
                warnings += more
                payments += [(report, Payment(entry, part)) for part in parts]
                keys += _keys(report, entry, parts)
    entries = []
    for external_id, (report, payment) in zip(stable_ids(keys), payments, strict=True):
        references, more = split_references(
            payment.references(), total=payment.part.amount, place=payment.entry.place
        )
        warnings += more
        entries.append(_entry(external_id, report, payment, references))
    return entries, warnings


def _warn_of_waiting(reports: list[Report]) -> list[str]:
    waiting = sum(not entry.is_booked for report in reports for entry in report.entries)
    if not waiting:
        return []
    warning = ngettext(
        "%(count)s entry is not booked yet and was left out.",
        "%(count)s entries are not booked yet and were left out.",
        waiting,
    )
    return [warning % {"count": waiting}]


def _keys(report: Report, entry: Entry, parts: list[Part]) -> list[str]:
    """The bank's reference with day and amount, the same in every report that has the payment."""
    keys = []
    shared = _bank_reference(text(entry.element, "AcctSvcrRef"))
    for index, part in enumerate(parts, start=1):
        own = _bank_reference(Payment(entry, part).bank_reference)
        if not own and shared:
            own = f"{shared}/{index}" if len(parts) > 1 else shared
        own = own or f"{report.name}/{entry.number}/{index}"
        account = report.account.bankgiro or report.account.number
        amount = f"{part.amount}{entry.currency}"
        keys.append(f"camt:{account}:{entry.booked_on:%Y%m%d}:{own}:{amount}")
    return keys


def _bank_reference(text: str) -> str:
    return "" if text.upper() in NO_REFERENCE else clip(text, longest=140)


def _entry(
    external_id: str, report: Report, payment: Payment, references: tuple[BankReference, ...]
) -> BankEntry:
    payer = payment.payer_account
    return BankEntry(
        external_id=external_id,
        account=report.account.number,
        bankgiro=payment.own_account.bankgiro or report.account.bankgiro,
        booked_on=payment.entry.booked_on,
        amount=payment.part.amount,
        currency=payment.entry.currency,
        references=references,
        text=payment.message,
        payer_name=payment.payer_name,
        payer_account=payer.number,
        payer_bankgiro=payer.bankgiro,
        kind=payment.kind,
        channel=payment.channel,
        place=payment.entry.place,
    )
