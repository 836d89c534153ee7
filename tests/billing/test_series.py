"""Setting up a number series: before its first number, and afterwards."""

import pytest
from django.urls import reverse

from billing import ledger, operations
from billing.models import Series
from tests.factories.billing import issue_invoice

pytestmark = pytest.mark.django_db


def series(code: str = "invoice") -> Series:
    return Series.objects.get(code=code)


def set_up(**changes) -> Series:
    now = series()
    how = {"prefix": now.prefix, "first": now.first, **changes}
    return operations.set_up_series(series=now, by=None, **how)


def test_an_unused_series_begins_where_it_is_told():
    set_up(prefix="FD-", first=2001)

    assert [issue_invoice().number for _ in range(2)] == ["FD-2001", "FD-2002"]
    assert list(ledger.findings()) == []


def test_twice_is_once():
    set_up(first=2001)
    issue_invoice()

    again = set_up(first=2001)

    assert (again.first, again.next) == (2001, 2002)


def test_a_used_series_keeps_its_first_number_and_may_get_another_prefix():
    issue_invoice()

    with pytest.raises(operations.SeriesRefused):
        set_up(first=20001)
    set_up(prefix="X")

    assert issue_invoice().number == "X10002"
    assert list(ledger.findings()) == []


def test_a_prefix_belongs_to_one_series_for_ever():
    note = operations.credit_invoice(invoice=issue_invoice(), reason="Fel", by=None)
    assert note.number.startswith("K")
    with pytest.raises(operations.SeriesRefused):
        set_up(prefix="K")

    Series.objects.filter(code="credit").update(prefix="C")

    with pytest.raises(operations.SeriesRefused):
        set_up(prefix="K")
    with pytest.raises(operations.SeriesRefused):
        set_up(prefix="C")


def test_a_number_too_high_for_an_ocr_number_is_refused():
    with pytest.raises(operations.SeriesRefused):
        set_up(first=60_000_000)

    assert series().first == 10_001


class TestInTheAdmin:
    @property
    def url(self) -> str:
        return reverse("admin:billing_series_change", args=[series().pk])

    def test_the_treasurer_sets_it_up(self, client, treasurer):
        client.post(self.url, {"prefix": "FD", "first": "501"})

        assert (series().prefix, series().first, series().next) == ("FD", 501, 501)

    @pytest.mark.parametrize("typed", [{"prefix": "K"}, {"prefix": "f1"}, {"first": "70000000"}])
    def test_what_is_wrong_is_told_and_changes_nothing(self, client, treasurer, typed):
        page = client.post(self.url, {"prefix": "F", "first": "10001", **typed})

        assert page.context["adminform"].form.errors
        assert (series().prefix, series().first) == ("F", 10001)

    def test_none_is_added_or_deleted(self, client, treasurer):
        assert client.get(reverse("admin:billing_series_add")).status_code == 403
        delete = reverse("admin:billing_series_delete", args=[series().pk])
        assert client.post(delete).status_code == 403
