from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_swedish() -> Iterator[None]:
    """A page in English leaves its language behind in the thread."""
    with translation.override("sv"):
        yield
