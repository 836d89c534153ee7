"""Many at a time: what is at fault is found by halves, and the others are done."""

from privacy.batches import in_batches


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
