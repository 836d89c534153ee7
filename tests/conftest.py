"""Fixtures for every test, and the rules for which tests may run where."""

import gc
import inspect
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import hypothesis.configuration
import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.utils import translation

from config.frames import with_room
from tests import isolation

TESTS = Path(__file__).parent
VAR = TESTS.parent / "var" / "tests"
TEMPLATE = os.environ.get("DATABASE_TEMPLATE")
BROWSER_FOLDERS = (TESTS / "browser", TESTS / "journeys")

hypothesis.configuration.set_hypothesis_home_dir(VAR / "hypothesis")
# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("site", deadline=None)
hypothesis.settings.load_profile("site")
pytest_plugins = ["tests.chromium", "tests.committing"]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, not again in each of xdist's workers
        call_command("compile_translations", verbosity=0)
        # Empty in a fresh clone; the server for static files complains where there is none.
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What has been imported stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """As pytest calls a test, and a seventh faster: see `config.frames`."""
    wanted = inspect.signature(pyfuncitem.obj).parameters
    with_room(pyfuncitem.obj)(**{name: pyfuncitem.funcargs[name] for name in wanted})
    return True


def pytest_itemcollected(item: pytest.Item) -> None:
    if any(folder in item.path.parents for folder in BROWSER_FOLDERS):
        item.add_marker("browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    keep_browser_apart(config, items)
    keep_drills_for_their_day(config, items)
    if not is_postgresql():
        leave_out_postgresql(items)


def keep_browser_apart(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Playwright runs an event loop in the tests' own thread, and Django refuses the database
    inside one. That protection is lifted for the whole process, so no other test may share it.
    """
    in_browser = [item for item in items if item.get_closest_marker("browser")]
    if in_browser and len(in_browser) == len(items):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    elif in_browser:
        config.hook.pytest_deselected(items=in_browser)
        items[:] = [item for item in items if item not in in_browser]


def keep_drills_for_their_day(config: pytest.Config, items: list[pytest.Item]) -> None:
    """They run where somebody asks for them by name: `-m drill`."""
    if "drill" in config.option.markexpr:
        return
    drills = [item for item in items if item.get_closest_marker("drill")]
    config.hook.pytest_deselected(items=drills)
    items[:] = [item for item in items if item not in drills]


def leave_out_postgresql(items: list[pytest.Item]) -> None:
    if os.environ.get("POSTGRESQL_REQUIRED"):
        raise pytest.UsageError("These tests must run on PostgreSQL, but DATABASE_URL is SQLite.")
    reason = "needs PostgreSQL: python -m tests.postgres python -m pytest ..."
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason=reason))


def is_postgresql() -> bool:
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, request: pytest.FixtureRequest
) -> None:
    """`make test` brings a database with all migrations done, to be copied.

    Without it the tests run their own migrations; SQLite then lives in memory, which is quick but
    has its own rules for locks.
    """
    if not TEMPLATE:
        return
    database = settings.DATABASES["default"]
    if is_postgresql():
        database["TEST"]["TEMPLATE"] = TEMPLATE
    else:
        worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
        database["TEST"]["NAME"] = shutil.copy(TEMPLATE, VAR / f"{worker}.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's copy is there before Django looks for it."""
    return bool(TEMPLATE) and not is_postgresql()


@pytest.fixture(autouse=True)
def _in_the_language_of_the_site() -> None:
    """A request for an English page leaves its language behind in the thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nobody_outside_was_asked() -> Iterator[None]:
    isolation.refused.clear()
    yield
    assert isolation.refused == [], "these hosts were asked"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """One test's log-ins must not lock out the next one's, nor the foot of its pages be shown."""
    for name in settings.CACHES:
        caches[name].clear()
