"""Tests that commit can be cleaned up after, and the ledger is guarded again in the next one."""

import pytest
from django.db import IntegrityError, connection

from billing.models import Invoice
from tests.factories import members
from tests.factories.billing import issue_invoice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.mark.parametrize("time", ["first", "second"])
def test_an_issued_invoice_is_guarded_and_cleaned_away(time):
    members.first_rows()
    assert Invoice.objects.count() == 0

    issue_invoice()

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_invoiceline")
