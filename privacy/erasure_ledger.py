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

from privacy.models import Erasure


@dataclass(frozen=True)
class Entry:
    """One erasure as the file knows it."""

    number: uuid.UUID
    who: str
    at: dt.datetime


def path() -> Path:
    return Path(settings.ERASURE_LEDGER)


def write(done: Erasure) -> None:
    """Append one line. What is lost here is caught up by `catch_up` the night after."""
    path().parent.mkdir(parents=True, exist_ok=True)
    line = {"number": str(done.pk), "who": done.who, "at": done.at.isoformat()}
    with path().open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(line) + "\n")


def entries() -> Iterator[Entry]:
    """Every erasure in the file, in order. A line cut short by a crash is passed over."""
    if not path().exists():
        return
    for line in path().read_text(encoding="utf-8").splitlines():
        try:
            read: dict[str, Any] = json.loads(line)
            yield Entry(
                uuid.UUID(read["number"]), read["who"], dt.datetime.fromisoformat(read["at"])
            )
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
    lines = [
        json.dumps({"number": str(e.number), "who": e.who, "at": e.at.isoformat()}) for e in kept
    ]
    new.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    new.replace(path())


def unknown_here() -> list[Entry]:
    """Erasures that this database has not seen: it is older than they are."""
    known = set(Erasure.objects.values_list("pk", flat=True))
    return [entry for entry in entries() if entry.number not in known]
