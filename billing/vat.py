"""VAT on an invoice whose prices were promised including VAT.

The buyer pays exactly what was promised. Each line gets a net amount in whole öre; VAT is computed
once per category and rate on the sum of those (EN 16931, BR-CO-17), never per line; the öre by
which that misses the promise become the invoice's rounding amount.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.money import ZERO, rounded

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class VatTreatment:
    """How a product is taxed. Which product has which treatment is the treasurer's to decide."""

    code: str
    category: str
    """As in EN 16931: S standard and reduced rates, Z zero, E exempt, O outside VAT."""
    rate: Decimal
    """Percent."""

    def net_of(self, gross: Decimal) -> Decimal:
        return gross / (1 + self.rate / _HUNDRED)


TREATMENTS = {
    treatment.code: treatment
    for treatment in (
        VatTreatment("S25", "S", Decimal(25)),
        VatTreatment("S12", "S", Decimal(12)),
        VatTreatment("S6", "S", Decimal(6)),
        VatTreatment("Z", "Z", Decimal(0)),
        VatTreatment("E", "E", Decimal(0)),
        VatTreatment("O", "O", Decimal(0)),
    )
}


@dataclass(frozen=True)
class PricedLine:
    quantity: Decimal
    """Negative on a credit note."""
    unit_price: Decimal
    """Including VAT."""
    vat: VatTreatment
    before: Decimal = Decimal(0)
    """What earlier credit notes took of the line: only together are the parts rounded, or else
    they would not add up to the line."""

    @property
    def gross(self) -> Decimal:
        return self._gross_of(self.before + self.quantity) - self._gross_of(self.before)

    @property
    def net(self) -> Decimal:
        return self._net_of(self.before + self.quantity) - self._net_of(self.before)

    def _gross_of(self, quantity: Decimal) -> Decimal:
        return rounded(quantity * self.unit_price)

    def _net_of(self, quantity: Decimal) -> Decimal:
        return rounded(self.vat.net_of(self._gross_of(quantity)))

    @property
    def net_unit_price(self) -> Decimal:
        """What the law wants shown on the line; only the line's `net` is added up."""
        return rounded(self.vat.net_of(self.unit_price))


@dataclass(frozen=True)
class VatSum:
    """All lines of one category and rate."""

    category: str
    rate: Decimal
    net: Decimal

    @property
    def vat(self) -> Decimal:
        return rounded(self.net * self.rate / _HUNDRED)

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True)
class VatSummary:
    lines: tuple[PricedLine, ...]
    sums: tuple[VatSum, ...]
    """Highest rate first."""

    @property
    def net(self) -> Decimal:
        return sum((row.net for row in self.sums), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((row.vat for row in self.sums), ZERO)

    @property
    def rounding(self) -> Decimal:
        return self.total - self.net - self.vat

    @property
    def total(self) -> Decimal:
        """To pay: the sum of the promised prices."""
        return sum((line.gross for line in self.lines), ZERO)


def summarise(lines: Iterable[PricedLine]) -> VatSummary:
    lines = tuple(lines)
    nets: dict[tuple[str, Decimal], Decimal] = {}
    for line in lines:
        key = (line.vat.category, line.vat.rate)
        nets[key] = nets.get(key, ZERO) + line.net
    sums = (VatSum(category, rate, net) for (category, rate), net in nets.items())
    return VatSummary(lines, tuple(sorted(sums, key=lambda row: (-row.rate, row.category))))
