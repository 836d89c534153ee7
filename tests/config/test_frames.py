"""A call costs the same however deep it stands."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from config.frames import with_room

DEPTHS, CALLS = range(20, 300, 5), 200


def test_calls_below_ask_the_kernel_for_nothing():
    assert worst(with_room(faults_below)) < CALLS


def test_the_control_without_room_some_depth_pays_for_each_call():
    assert worst(faults_below) >= CALLS


def worst(ask: Callable[[int], int]) -> int:
    """Page faults at the depth that has most, in a thread, since the tests themselves have room."""
    with ThreadPoolExecutor(1) as fresh:
        return fresh.submit(lambda: max(ask(depth) for depth in DEPTHS)).result()


def faults_below(depth: int) -> int:
    """Of so many calls that far down."""
    if depth:
        return faults_below(depth - 1)
    begun = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(CALLS):
        small()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - begun


def small() -> None:
    numbers = [0]
    sorted(numbers, key=lambda number: number)
