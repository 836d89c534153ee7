"""All that the demo needs before its first page, in two Django processes after one another.

    python -m config.demo.preparation files
    python -m config.demo.preparation database

The second finds the translations that the first has compiled: mails and invoices are written in
the receiver's language when the database is filled. It is only migrated when it lags behind, and
only filled when nobody is in it.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

MEMBERS = 820
SEED = 1


def main() -> None:
    django.setup()
    if sys.argv[1:] == ["files"]:
        compile_translations()
        collect_static_files()
    elif sys.argv[1:] == ["database"]:
        hurry_on_sqlite()
        migrate()
        seed()
    else:
        sys.exit(__doc__)


def compile_translations() -> None:
    with step("translations"):
        call_command("compile_translations", verbosity=0)


def collect_static_files() -> None:
    with step("styles and scripts"):
        call_command("collectstatic", verbosity=0, interactive=False)


def hurry_on_sqlite() -> None:
    """For this connection only: a power cut now would cost a new start, not anybody's data."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step("database"):
            call_command("migrate", verbosity=0, interactive=False)


def seed() -> None:
    if "seed_demo" in get_commands() and not get_user_model().objects.exists():
        with step(f"{MEMBERS} invented members and three years of their association"):
            call_command("seed_demo", members=MEMBERS, seed=SEED)


@contextmanager
def step(what: str) -> Iterator[None]:
    print(f" · {what} ...", end="", flush=True)
    started = time.monotonic()
    yield
    print(f" {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
