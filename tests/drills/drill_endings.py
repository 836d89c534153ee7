"""Ten thousand who have not paid are ended by two processes, which are killed again and again.

As many and as often as in the drill of the renewals.
"""

from collections import Counter
from pathlib import Path

import pytest

from billing.models import Invoice, Series
from config import integrity
from members.models import Membership
from tests.benchmarks import filling
from tests.drills.drill_kills import SEED
from tests.drills.drill_renewals import (
    KILLS,
    MEMBERS,
    TOO_QUICK,
    association,
    finish,
    killed,
    letters,
    times,
    without_a_gap,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

WHOLE = {
    "numbers without a gap": True,
    "ended": MEMBERS,
    "versions a year": {1: MEMBERS},
    "credit notes an invoice": {1: MEMBERS},
    "letters": Counter({"invoice": MEMBERS, "credit-note": MEMBERS, "ended_unpaid": MEMBERS}),
    "findings": [],
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Their next year has been invoiced, and nobody pays."""
    environment = association(tmp_path)
    finish(environment, "renew")
    filling.settle()
    return environment


def drill_a_run_that_is_killed_leaves_no_gap_and_ends_nobody_twice(environment):
    assert killed(environment, "end", ended) >= KILLS, TOO_QUICK
    assert outcome() == WHOLE, f"DRILL_SEED={SEED}"


def drill_the_control_without_transactions_something_is_missing(environment):
    """The same kills, with every statement standing alone."""
    killed({**environment, "DRILL_UNSAFE": "yes"}, "end", ended)
    assert outcome() != WHOLE


def ended() -> int:
    return Membership.objects.filter(ended_why="unpaid").count()


def outcome() -> dict[str, object]:
    versions = Membership.history.filter(history_type="~", ended_why="unpaid")
    notes = Invoice.objects.filter(kind="credit")
    return {
        "numbers without a gap": without_a_gap(Series.Code.CREDIT),
        "ended": ended(),
        "versions a year": times(versions.values_list("id", flat=True)),
        "credit notes an invoice": times(notes.values_list("credits", flat=True)),
        "letters": letters_of_the_night(),
        "findings": list(integrity.findings()),
    }


def letters_of_the_night() -> Counter[str]:
    """By what they are about; beside them stand the invoices that were credited."""
    kinds = Counter(letters())
    del kinds["renewal"]
    return kinds
