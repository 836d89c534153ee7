from typing import Any

import pytest


@pytest.fixture
def impatient(settings: Any) -> None:
    """The human check lets forms through at once: nobody waits in a test."""
    settings.HUMAN_CHECK_SHORTEST_S = 0
    settings.HUMAN_CHECK_SHORTEST_WITHOUT_PROOF_S = 0
