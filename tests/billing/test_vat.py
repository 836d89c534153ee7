from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money import ZERO, rounded
from billing.vat import TREATMENTS, PricedLine, VatSum, summarise

S25, S12, EXEMPT, OUTSIDE = (TREATMENTS[code] for code in ("S25", "S12", "E", "O"))

treatments = st.sampled_from(list(TREATMENTS.values()))
quantities = st.one_of(
    st.integers(1, 200).map(D), st.decimals("0.25", "50", places=2, allow_nan=False)
)
prices = st.decimals("0", "100000", places=2, allow_nan=False)
priced_lines = st.builds(PricedLine, quantities, prices, treatments)
invoices = st.lists(priced_lines, min_size=1, max_size=30)
whole_kronor_at_25 = st.builds(
    PricedLine, st.integers(1, 200).map(D), st.integers(0, 100_000).map(D), st.just(S25)
)


def credit(lines: list[PricedLine]) -> list[PricedLine]:
    return [replace(line, quantity=-line.quantity) for line in lines]


def test_a_seminar_at_25_percent() -> None:
    summary = summarise([PricedLine(D(2), D("995"), S25)])
    assert summary.sums == (VatSum("S", D(25), D("1592.00")),)
    assert (summary.net, summary.vat, summary.rounding) == (D("1592.00"), D("398.00"), ZERO)
    assert summary.total == D("1990.00")
    assert summary.lines[0].net_unit_price == D("796.00")


def test_vat_is_computed_once_on_the_sum_and_the_rest_is_rounding() -> None:
    summary = summarise([PricedLine(D(1), D("100"), S12)] * 10)
    assert summary.sums == (VatSum("S", D(12), D("892.90")),)
    assert (summary.vat, summary.rounding) == (D("107.15"), D("-0.05"))
    assert summary.total == D("1000.00")


def test_each_category_and_rate_is_summed_for_itself_highest_rate_first() -> None:
    lines = [
        PricedLine(D(1), D("1645"), EXEMPT),
        PricedLine(D(1), D("112"), S12),
        PricedLine(D(1), D("125"), S25),
        PricedLine(D(1), D("50"), OUTSIDE),
        PricedLine(D(1), D("1250"), S25),
    ]
    assert summarise(lines).sums == (
        VatSum("S", D(25), D("1100.00")),
        VatSum("S", D(12), D("100.00")),
        VatSum("E", D(0), D("1645.00")),
        VatSum("O", D(0), D("50.00")),
    )


def test_a_line_of_nothing() -> None:
    summary = summarise([PricedLine(D(1), ZERO, S25)])
    assert (summary.net, summary.vat, summary.rounding, summary.total) == (ZERO,) * 4


@given(invoices)
def test_the_buyer_pays_exactly_what_was_promised(lines: list[PricedLine]) -> None:
    summary = summarise(lines)
    assert summary.total == sum(rounded(line.quantity * line.unit_price) for line in lines)
    assert summary.net + summary.vat + summary.rounding == summary.total
    assert summary.net == sum(line.net for line in lines)


@given(invoices)
def test_rounding_is_small(lines: list[PricedLine]) -> None:
    # Half an öre a line, raised by at most a quarter of it by the rate, and half an öre a sum.
    summary = summarise(lines)
    most = D("0.00625") * len(lines) + D("0.005") * len(summary.sums)
    assert abs(summary.rounding) <= most


@given(st.lists(whole_kronor_at_25, min_size=1, max_size=30))
def test_whole_kronor_at_25_percent_never_need_rounding(lines: list[PricedLine]) -> None:
    assert summarise(lines).rounding == ZERO


@given(
    st.lists(
        st.builds(PricedLine, quantities, prices, st.sampled_from([EXEMPT, OUTSIDE])), min_size=1
    )
)
def test_what_bears_no_vat_never_needs_rounding(lines: list[PricedLine]) -> None:
    assert summarise(lines).rounding == ZERO


@given(invoices)
def test_crediting_everything_leaves_nothing(lines: list[PricedLine]) -> None:
    invoice, note = summarise(lines), summarise(credit(lines))
    assert note.total == -invoice.total
    assert note.rounding == -invoice.rounding
    assert note.sums == tuple(replace(row, net=-row.net) for row in invoice.sums)
    assert [row.vat for row in note.sums] == [-row.vat for row in invoice.sums]


@given(invoices)
def test_crediting_line_by_line_gives_back_what_was_paid(lines: list[PricedLine]) -> None:
    notes = [summarise([line]) for line in credit(lines)]
    assert sum(note.total for note in notes) == -summarise(lines).total


@pytest.mark.parametrize("code", list(TREATMENTS))
def test_only_the_standard_category_bears_vat(code: str) -> None:
    treatment = TREATMENTS[code]
    assert treatment.code == code
    assert (treatment.rate > 0) == (treatment.category == "S")
