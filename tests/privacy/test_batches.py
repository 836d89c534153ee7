"""Many at a time: what is at fault is found by halves, and the others are done."""

import gc

import pytest

from mail.models import Mail
from privacy.batches import counted, in_batches, keys_of, tell_nobody
from tests.factories.mail import create_mail


def test_all_are_done_in_batches() -> None:
    assert list(in_batches(list, range(5), size=2)) == [[0, 1], [2, 3], [4]]


def test_nothing_to_do_is_no_batch() -> None:
    assert list(in_batches(list, [])) == []


def test_the_one_at_fault_is_left_and_named(caplog) -> None:
    def refuse_five(batch):
        if 5 in batch:
            raise ValueError("five")
        return list(batch)

    done = list(in_batches(refuse_five, range(8), size=8))
    assert done == [[0, 1, 2, 3], [4], [6, 7]]
    assert caplog.messages == [
        "8 could not be handled together",
        "4 could not be handled together",
        "2 could not be handled together",
        "5 could not be handled",
    ]


def test_who_asks_is_told_of_each_part_and_how_many_there_were() -> None:
    parts = []
    assert counted(in_batches(list, range(5), size=2), parts.append) == 5
    assert parts == [[0, 1], [2, 3], [4]]
    assert counted(iter([[1], []]), tell_nobody) == 1


@pytest.mark.django_db
def test_keys_come_in_the_order_that_was_asked_for() -> None:
    first, second = create_mail(key="first").pk, create_mail(key="second").pk
    assert list(keys_of(Mail.objects.order_by("-pk"))) == [second, first]


def test_the_collector_rests_within_a_batch_and_wakes_after_a_failure() -> None:
    def see(batch):
        seen.append(gc.isenabled())
        raise ValueError

    seen: list[bool] = []
    assert list(in_batches(see, [1])) == []
    assert (seen, gc.isenabled()) == ([False], True)
