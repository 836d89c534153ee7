"""Real processes beside the tests: they need the address of the database that the tests made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

# All that a process gets of the tests' own environment, where it is to see a site's and no other.
BARE = {name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ}


def database_url() -> str:
    """DATABASE_URL of this run, with the name of the test database in it."""
    return (
        urlsplit(os.environ["DATABASE_URL"])
        ._replace(path=f"/{connection.settings_dict['NAME']}")
        .geturl()
    )


def migrated_sqlite(file: Path) -> str:
    """Its DATABASE_URL, with all migrations done. `make test` brings one to copy."""
    url = f"sqlite:///{file}"
    if made := os.environ.get("SQLITE_TEMPLATE"):
        shutil.copy(made, file)
    else:
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        environment = {**os.environ, "SITE_MODE": "test", "DATABASE_URL": url}
        subprocess.run(command, env=environment, check=True)
    return url
