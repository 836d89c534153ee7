"""One entry (`Ntry`) of a camt report: what the bank booked as one sum, and its parts.

A day's payments to a bankgiro are often one entry with a part (`TxDtls`) for each payer. The part
is what is paid; the entry is what the parts are checked against.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from billing.bankfiles.hardened_xml import Element, amount, day, find, find_all, text
from billing.bankfiles.statement import BankFileRefused, clip

# Up to version 02 the amount of a part is in AmtDtls, later it is usually the part's own.
PART_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt")


@dataclass(frozen=True, slots=True)
class Part:
    """One payment. Several details only where the bank did not say how the sum is divided."""

    details: tuple[Element, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    element: Element
    number: int
    fallback_day: date

    @property
    def place(self) -> str:
        line = self.element.sourceline
        return _("Entry %(number)s (line %(line)s)") % {"number": self.number, "line": line}

    def refusal(self, problem: str) -> BankFileRefused:
        return BankFileRefused(problem, place=self.place)

    @property
    def is_booked(self) -> bool:
        """The status is text up to version 02 and a code from 08 on."""
        status = text(self.element, "Sts/Cd", "Sts/Prtry", "Sts")
        if not status:
            raise self.refusal(_("it is not stated whether the entry is booked (Sts)."))
        return status == "BOOK"

    @property
    def sign(self) -> int:
        return self._sign_of(self.element)

    @property
    def currency(self) -> str:
        return self._written_amount()[1]

    @property
    def amount(self) -> Decimal:
        """Negative for money out. A reversal already states its own direction."""
        return self._written_amount()[0] * self.sign

    @property
    def booked_on(self) -> date:
        for name in ("BookgDt", "ValDt"):
            element = find(self.element, name)
            booked = day(element, place=self.place) if element is not None else None
            if booked:
                return booked
        return self.fallback_day

    @property
    def is_reversal(self) -> bool:
        return text(self.element, "RvslInd") in ("true", "1")

    @property
    def details(self) -> list[Element]:
        """Version 01 had them directly under the entry."""
        return find_all(self.element, "NtryDtls/TxDtls") or find_all(self.element, "TxDtls")

    def parts(self) -> tuple[list[Part], list[str]]:
        """The payments in this entry, checked against its sum, and warnings."""
        for batch in find_all(self.element, "NtryDtls"):
            self._check_batch(batch)
        details = self.details
        if not details:
            return [Part((), self.amount)], self._warn_of_missing_details()
        amounts = [self._part_amount(detail) for detail in details]
        known = [value for value in amounts if value is not None]
        if len(known) == len(details):
            pairs = zip(details, self._agreed(known), strict=True)
            return [Part((detail,), value) for detail, value in pairs], []
        warnings = []
        if len(details) > 1:
            warning = _("%(place)s: the bank does not say how the sum is divided.")
            warnings.append(warning % {"place": self.place})
        return [Part(tuple(details), self.amount)], warnings

    def _sign_of(self, element: Element) -> int:
        direction = text(element, "CdtDbtInd")
        if direction not in ("CRDT", "DBIT"):
            raise self.refusal(_("neither credit nor debit is stated (CdtDbtInd)."))
        return 1 if direction == "CRDT" else -1

    def _written_amount(self) -> tuple[Decimal, str]:
        element = find(self.element, "Amt")
        if element is None:
            raise self.refusal(_("the entry has no amount."))
        return amount(element, place=self.place)

    def _amount_in_currency(self, element: Element, *paths: str) -> Decimal | None:
        """The first of the amounts that is in the entry's own currency."""
        for path in paths:
            for found in find_all(element, path):
                value, currency = amount(found, place=self.place)
                if currency == self.currency:
                    return value
        return None

    def _part_amount(self, detail: Element) -> Decimal | None:
        value = self._amount_in_currency(detail, *PART_AMOUNTS)
        if value is None:
            return None
        has_direction = find(detail, "CdtDbtInd") is not None
        return value * (self._sign_of(detail) if has_direction else self.sign)

    def _agreed(self, amounts: list[Decimal]) -> list[Decimal]:
        """The amounts as they are, or less the charges where only that gives the entry's sum."""
        if sum(amounts) == self.amount:
            return amounts
        charged = [
            value - self._charges(detail)
            for value, detail in zip(amounts, self.details, strict=True)
        ]
        if sum(charged) == self.amount:
            return charged
        problem = _("the entry says %(stated)s but its payments add up to %(found)s.")
        raise self.refusal(problem % {"stated": self.amount, "found": sum(amounts)})

    def _charges(self, detail: Element) -> Decimal:
        total = Decimal("0.00")
        for charge in find_all(detail, "Chrgs/Rcrd") or find_all(detail, "Chrgs"):
            value = self._amount_in_currency(charge, "Amt") or Decimal("0.00")
            total += -value if text(charge, "CdtDbtInd") == "CRDT" else value
        return total

    def _check_batch(self, batch: Element) -> None:
        details = find_all(batch, "TxDtls")
        stated = text(batch, "Btch/NbOfTxs")
        if details and stated and stated != str(len(details)):
            problem = _("the batch says %(stated)s payments but holds %(found)s.")
            raise self.refusal(problem % {"stated": stated, "found": len(details)})
        total = self._amount_in_currency(batch, "Btch/TtlAmt")
        amounts = [self._part_amount(detail) for detail in details]
        known = [value for value in amounts if value is not None]
        if total is None or not details or len(known) < len(details):
            return
        if total not in (abs(sum(known)), abs(self.amount)):
            problem = _("the batch says %(stated)s but its payments add up to %(found)s.")
            raise self.refusal(problem % {"stated": total, "found": sum(known)})

    def _warn_of_missing_details(self) -> list[str]:
        stated = text(self.element, "NtryDtls/Btch/NbOfTxs")
        if stated in ("", "1"):
            return []
        warning = _("%(place)s: the sum of %(count)s payments, which the file does not show.")
        return [warning % {"place": self.place, "count": clip(stated, longest=15)}]
