"""Writes BgMax files: eighty columns, as Bankgirot's manual of November 2019 has them."""

from dataclasses import dataclass, field

PAYEE = "9912346"
CLEARING_AND_ACCOUNT = "5000" + "1234567".zfill(12)


@dataclass(frozen=True)
class Extra:
    """An extra reference: amount in öre, `minus` for record 23."""

    reference: str
    amount: int = 0
    code: str = "2"
    minus: bool = False


@dataclass(frozen=True)
class Pay:
    """A payment, or a deduction. `amount` is in öre."""

    amount: int
    reference: str = ""
    code: str = "2"
    serial: int = 1
    payer: str = ""
    channel: str = "1"
    name: str = ""
    lines: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()
    deduction: bool = False


@dataclass(frozen=True)
class Section:
    payments: tuple[Pay, ...]
    payee: str = PAYEE
    day: str = "20260402"
    serial: int = 7
    currency: str = "SEK"


@dataclass
class Stated:
    """What the file says of itself; None is the truth."""

    total: int | None = None
    deposit_count: int | None = None
    payments: int | None = None
    deductions: int | None = None
    extras: int | None = None
    deposits: int | None = None


@dataclass
class BgMax:
    sections: tuple[Section, ...] = ()
    stamp: str = "20260403060512000123"
    mode: str = "P"
    stated: Stated = field(default_factory=Stated)

    def lines(self) -> list[str]:
        body = [line for section in self.sections for line in self._section(section)]
        return [
            f"01{'BGMAX':<20}01{self.stamp}{self.mode}".ljust(80),
            *body,
            self._end(),
        ]

    def text(self) -> str:
        return "\r\n".join(self.lines()) + "\r\n"

    def data(self, encoding: str = "iso-8859-1") -> bytes:
        return self.text().encode(encoding)

    def _section(self, section: Section) -> list[str]:
        total = sum(-pay.amount if pay.deduction else pay.amount for pay in section.payments)
        stated = self.stated
        deposit = (
            f"15{CLEARING_AND_ACCOUNT:0>35}{section.day}{section.serial:05}"
            f"{total if stated.total is None else stated.total:018}{section.currency}"
            f"{len(section.payments) if stated.deposit_count is None else stated.deposit_count:08}"
        )
        return [
            f"05{section.payee:0>10}{'':<10}{section.currency}".ljust(80),
            *(line for pay in section.payments for line in _payment(pay)),
            deposit.ljust(80),
        ]

    def _end(self) -> str:
        pays = [pay for section in self.sections for pay in section.payments]
        counted = (
            (self.stated.payments, sum(not pay.deduction for pay in pays)),
            (self.stated.deductions, sum(pay.deduction for pay in pays)),
            (self.stated.extras, sum(len(pay.extras) for pay in pays)),
            (self.stated.deposits, len(self.sections)),
        )
        figures = (found if stated is None else stated for stated, found in counted)
        return ("70" + "".join(f"{figure:08}" for figure in figures)).ljust(80)


def _payment(pay: Pay) -> list[str]:
    common = f"{pay.channel}{pay.serial:012}0"
    deduction = "0" if pay.deduction else ""
    kind = "21" if pay.deduction else "20"
    reference = _reference(pay.reference, pay.code)
    line = f"{kind}{pay.payer:0>10}{reference}{pay.amount:018}{pay.code}{common}{deduction}"
    lines = [line, *(_extra(pay, extra) + common for extra in pay.extras)]
    lines += [f"25{line}" for line in pay.lines]
    if pay.name:
        lines += [f"26{pay.name}", f"27{'Storgatan 1':<35}111 22", "28Åmål", "29005560360793"]
    return [line.ljust(80) for line in lines]


def _extra(pay: Pay, extra: Extra) -> str:
    kind = "23" if extra.minus else "22"
    reference = _reference(extra.reference, extra.code)
    return f"{kind}{pay.payer:0>10}{reference}{extra.amount:018}{extra.code}"


def _reference(reference: str, code: str) -> str:
    """An OCR reference stands to the right of its field, other text to the left."""
    return f"{reference:>25}" if code == "2" else f"{reference:<25}"
