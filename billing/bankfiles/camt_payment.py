"""One payment of a camt entry: who paid, from where, with which references and words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.bankfiles.camt_entry import Entry, Part
from billing.bankfiles.hardened_xml import Element, amount, find, find_all, text, texts
from billing.bankfiles.statement import (
    BankReference,
    Channel,
    EntryKind,
    ReferenceKind,
    clip,
    join_lines,
)

BANKGIRO, SWISH_NUMBER, OCR, SWISH = "BGNR", "MOBNB", "SCOR", "MOB"
INVOICE, CREDIT_NOTE = "CINV", "CREN"
_FREE_TEXT_WIDTH = 140
_NOT_DIGITS = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Account:
    """An account number as it stands, or a bankgiro number as bare digits."""

    number: str = ""
    bankgiro: str = ""
    is_swish: bool = False


def account_of(element: Element | None) -> Account:
    """From an `Acct`, `DbtrAcct` or `CdtrAcct` element."""
    if element is None:
        return Account()
    number = clip(text(element, "Id/IBAN", "Id/Othr/Id", "Id/BBAN", "Id/PrtryAcct/Id"), longest=50)
    scheme = text(element, "Id/Othr/SchmeNm/Prtry", "Id/Othr/SchmeNm/Cd")
    if scheme == BANKGIRO:
        return Account(bankgiro=_NOT_DIGITS.sub("", number).lstrip("0")[:10])
    return Account(number=number, is_swish=scheme == SWISH_NUMBER)


@dataclass(frozen=True, slots=True)
class Payment:
    """Reads one part of an entry."""

    entry: Entry
    part: Part

    @property
    def kind(self) -> EntryKind:
        returned = any(find(detail, "RtrInf") is not None for detail in self.part.details)
        if self.entry.is_reversal or returned:
            return EntryKind.RETURN
        return EntryKind.DEBIT if self.part.amount < 0 else EntryKind.CREDIT

    @property
    def own_account(self) -> Account:
        return self._account("Dbtr" if self.kind == EntryKind.DEBIT else "Cdtr")

    @property
    def payer_account(self) -> Account:
        return self._account("Cdtr" if self.kind == EntryKind.DEBIT else "Dbtr")

    @property
    def payer_name(self) -> str:
        roles = ("Cdtr", "UltmtCdtr") if self.kind == EntryKind.DEBIT else ("Dbtr", "UltmtDbtr")
        paths = [f"RltdPties/{role}/{name}" for role in roles for name in ("Pty/Nm", "Nm")]
        return clip(self._only(*paths), longest=140)

    @property
    def channel(self) -> Channel:
        elements = (self.entry.element, *self.part.details)
        is_swish = any(text(element, "BkTxCd/Prtry/Cd") == SWISH for element in elements)
        is_swish = is_swish or self.payer_account.is_swish or self.own_account.is_swish
        return Channel.SWISH if is_swish else Channel.UNKNOWN

    @property
    def message(self) -> str:
        """The payer's words; only without any, the bank's own."""
        lines = list(self._lines())
        if not lines:
            lines = [text(detail, "AddtlTxInf") for detail in self.part.details]
        if not any(lines):
            lines = [text(self.entry.element, "AddtlNtryInf")]
        return clip(join_lines(lines, width=_FREE_TEXT_WIDTH), longest=5000)

    @property
    def bank_reference(self) -> str:
        """The bank's own reference of this payment (`AcctSvcrRef`), or ""."""
        return self._only("Refs/AcctSvcrRef")

    def references(self) -> list[BankReference]:
        return [found for detail in self.part.details for found in self._references_of(detail)]

    def _only(self, *paths: str) -> str:
        """Of one detail; a sum of several payers has no name, account or reference."""
        return text(self.part.details[0], *paths) if len(self.part.details) == 1 else ""

    def _account(self, role: str) -> Account:
        if len(self.part.details) != 1:
            return Account()
        return account_of(find(self.part.details[0], f"RltdPties/{role}Acct"))

    def _lines(self) -> Iterator[str]:
        for detail in self.part.details:
            yield from texts(detail, "RmtInf/Ustrd")
            yield from texts(detail, "RmtInf/Strd/AddtlRmtInf")
            for structured in find_all(detail, "RmtInf/Strd"):
                if _ocr(structured) is not None:
                    yield from texts(structured, "RfrdDocInf/Nb")
            yield from texts(detail, "RtrInf/Rsn/Cd")
            yield from texts(detail, "RtrInf/AddtlInf")

    def _references_of(self, detail: Element) -> list[BankReference]:
        structured = find_all(detail, "RmtInf/Strd")
        found = [reference for element in structured for reference in self._structured(element)]
        end_to_end = text(detail, "Refs/EndToEndId")
        if not found and end_to_end.isascii() and end_to_end.isdigit():
            found.append(BankReference(ReferenceKind.FREE, clip(end_to_end, longest=140)))
        return found

    def _structured(self, element: Element) -> Sequence[BankReference]:
        """The OCR reference; else the invoices (the number beside an OCR is in the message)."""
        reference = _ocr(element)
        if reference is not None:
            part = self._referred_amount(element, is_credit_note=False)
            return [BankReference(reference.kind, reference.value, part)]
        documents = [
            (
                text(document, "Tp/CdOrPrtry/Cd", "RfrdDocTp/Cd"),
                _number(document),
            )
            for document in find_all(element, "RfrdDocInf")
        ]
        documents = [(kind, number) for kind, number in documents if number]
        # One amount for several documents does not say how much is for which.
        return [
            BankReference(
                ReferenceKind.INVOICE,
                number,
                self._referred_amount(element, is_credit_note=kind == CREDIT_NOTE)
                if len(documents) == 1
                else None,
            )
            for kind, number in documents
        ]

    def _referred_amount(self, element: Element, *, is_credit_note: bool) -> Decimal | None:
        names = ("CdtNoteAmt",) if is_credit_note else ("RmtdAmt", "DuePyblAmt")
        for name in names:
            found = find(element, f"RfrdDocAmt/{name}")
            if found is not None:
                value, currency = amount(found, place=self.entry.place)
                if currency == self.entry.currency:
                    return value * (-self.entry.sign if is_credit_note else self.entry.sign)
        return None


def _number(document: Element) -> str:
    return clip(text(document, "Nb"), longest=140)


def _ocr(structured: Element) -> BankReference | None:
    value = clip(text(structured, "CdtrRefInf/Ref", "CdtrRefInf/CdtrRef"), longest=140)
    if not value:
        return None
    code = text(structured, "CdtrRefInf/Tp/CdOrPrtry/Cd", "CdtrRefInf/Tp/CdOrPrtry/Prtry")
    kind = ReferenceKind.OCR if code in (OCR, "OCR") else ReferenceKind.FREE
    return BankReference(kind, value)
