import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.factories import events
from tests.security.association import Association, build


@pytest.fixture(scope="module")
def readers_site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Association]:
    """One for all tests of a file that only read. With the rules that production has for staff."""
    with (
        django_db_blocker.unblock(),
        override_settings(STAFF_NEEDS_TWO_STEPS=True),
        transaction.atomic(),
    ):
        events.first_rows()  # an earlier test that committed has emptied the tables
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def site(db: None, settings: Any) -> Association:
    settings.STAFF_NEEDS_TWO_STEPS = True
    return build()


@pytest.fixture(autouse=True)
def _refusals_are_not_logged() -> Iterator[None]:
    """Thousands of them, each with a traceback, take longer than the pages."""
    logger = logging.getLogger("django.request")
    logger.disabled = True
    yield
    logger.disabled = False
