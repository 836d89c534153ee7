"""All that the demo needs before its first page, in Django processes after one another.

    python -m config.demo.preparation surroundings
    python -m config.demo.preparation files
    python -m config.demo.preparation database

`surroundings` refuses a wrong setting or a service that does not answer, with the remedy.
`database` finds the translations that `files` has compiled: mails and invoices are written in
the receiver's language when the database is filled. It is only migrated when it lags behind, and
only filled when nobody is in it.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import django
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.celery import app

MEMBERS = 820
SEED = 1


def main() -> None:
    try:
        django.setup()
    except ImproperlyConfigured as refusal:
        sys.exit(f"\n{refusal}")
    parts = {"surroundings": ask_services, "files": make_files, "database": fill_database}
    for part in sys.argv[1:]:
        parts[part]()


# --- Services that the user has named -----------------------------------------------------------


def ask_services() -> None:
    services = {
        "DATABASE_URL": connection.ensure_connection,
        "CACHE_URL": ask_cache,
        "CELERY_BROKER_URL": ask_broker,
    }
    for name, ask in services.items():
        if name in os.environ:
            answer(name, ask)


def answer(name: str, ask: Callable[[], object]) -> None:
    try:
        ask()
    except Exception as error:  # each service has errors of its own
        sys.exit(
            f"\n{name}: what it names does not answer ({type(error).__name__}: {error}).\n"
            f"Start it, put {name} right, or leave it out: the demo brings its own."
        )


def ask_cache() -> None:
    cache.set("demo", "answers", 5)


def ask_broker() -> None:
    with app.connection_for_write(connect_timeout=3) as broker:
        broker.ensure_connection(max_retries=1, timeout=3)


# --- Files and database -------------------------------------------------------------------------


def make_files() -> None:
    compile_translations()
    collect_static_files()


def fill_database() -> None:
    hurry_on_sqlite()
    migrate()
    seed()


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
