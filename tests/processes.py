"""Real processes beside the tests: they need the address of the database that the tests made."""

import os
from urllib.parse import urlsplit

from django.db import connection


def database_url() -> str:
    """DATABASE_URL of this run, with the name of the test database in it."""
    return (
        urlsplit(os.environ["DATABASE_URL"])
        ._replace(path=f"/{connection.settings_dict['NAME']}")
        .geturl()
    )
