"""Who was erased, in a file of its own: after an old backup was restored they are erased again.

The file lies outside the database and its backups. It holds fingerprints only: those that the
restored database does not know as erased are looked for in it by the same fingerprint.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from privacy.fingerprints import all_fingerprints, fingerprint
from privacy.models import Erasure

# What each key is known by: the fingerprint that it makes of this word.
KEY = "erasure ledger"


@dataclass(frozen=True)
class Entry:
    """One erasure as the file knows it."""

    number: uuid.UUID
    who: str
    at: dt.datetime
    key: str = ""  # which SECRET_KEY the fingerprint was made with; lines of old do not say

    def line(self) -> str:
        told = {"number": str(self.number), "who": self.who, "at": self.at.isoformat()}
        return json.dumps({**told, "key": self.key}) + "\n"


def path() -> Path:
    return Path(settings.ERASURE_LEDGER)


def write(done: Erasure) -> None:
    """Append one line. What is lost here is caught up by `catch_up` the night after."""
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a", encoding="utf-8") as ledger:
        ledger.write(Entry(done.pk, done.who, done.at, fingerprint(KEY)).line())


def entries() -> Iterator[Entry]:
    """Every erasure in the file, in order. A line cut short by a crash is passed over."""
    if not path().exists():
        return
    for line in path().read_text(encoding="utf-8").splitlines():
        try:
            read: dict[str, Any] = json.loads(line)
            at = dt.datetime.fromisoformat(read["at"])
            yield Entry(uuid.UUID(read["number"]), read["who"], at, read.get("key", ""))
        except (ValueError, KeyError):
            continue


def catch_up() -> int:
    """Write what the database knows and the file does not. Returns how many."""
    written = {entry.number for entry in entries()}
    missing = list(Erasure.objects.exclude(pk__in=written).order_by("at"))
    for done in missing:
        write(done)
    return len(missing)


def forget(before: dt.datetime) -> None:
    """Drop lines older than any backup there can be."""
    kept = [entry for entry in entries() if entry.at >= before]
    if not path().exists() or len(kept) == sum(1 for _entry in entries()):
        return
    new = path().with_suffix(".new")
    new.write_text("".join(entry.line() for entry in kept), encoding="utf-8")
    new.replace(path())


def unknown_here() -> list[Entry]:
    """Erasures that this database has not seen: it is older than they are."""
    known = set(Erasure.objects.values_list("pk", flat=True))
    return [entry for entry in entries() if entry.number not in known]


def not_to_be_recognised() -> list[Entry]:
    """Of those, the ones whose fingerprint was made with a key that we do not have."""
    ours = {"", *all_fingerprints(KEY)}
    return [entry for entry in unknown_here() if entry.key not in ours]
