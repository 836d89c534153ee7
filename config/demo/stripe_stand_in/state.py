"""What the stand-in remembers: one SQLite file, so that a restart or a kill forgets nothing."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Object = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, number);
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL, due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
"""


class State:
    """Objects by id, answers by idempotency key, and webhooks that are still to be delivered."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript(f"PRAGMA journal_mode=WAL;{SCHEMA}")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction, one at a time. Nested changes belong to the outermost."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    # --- Objects --------------------------------------------------------------------------

    def put(self, item: Object) -> Object:
        self._rows(
            "INSERT INTO object (id, kind, body) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            item["id"],
            item["object"],
            json.dumps(item),
        )
        return item

    def get(self, identifier: str) -> Object | None:
        rows = self._rows("SELECT body FROM object WHERE id = ?", identifier)
        return json.loads(rows[0][0]) if rows else None

    def newest_first(self, kind: str) -> list[Object]:
        query = "SELECT body FROM object WHERE kind = ? ORDER BY number DESC"
        return [json.loads(body) for (body,) in self._rows(query, kind)]

    # --- Answers by idempotency key -------------------------------------------------------

    def answer(self, key: str) -> tuple[str, int, str] | None:
        """The request, status and body that were given for this key."""
        rows = self._rows("SELECT request, status, body FROM answer WHERE key = ?", key)
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else None

    def keep_answer(self, key: str, request: str, status: int, body: str) -> None:
        self._rows("INSERT INTO answer VALUES (?, ?, ?, ?)", key, request, status, body)

    # --- Deliveries -----------------------------------------------------------------------

    def queue(self, event: str, due: float) -> None:
        self._rows("INSERT INTO delivery (event, due) VALUES (?, ?)", event, due)

    def queued(self) -> list[tuple[int, str, float, int]]:
        """Number, event, when, and how often it was tried; in the order they were queued."""
        rows = self._rows("SELECT number, event, due, attempts FROM delivery ORDER BY number")
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def delivered(self, number: int) -> None:
        self._rows("DELETE FROM delivery WHERE number = ?", number)

    def try_again(self, number: int, due: float) -> None:
        change = "UPDATE delivery SET due = ?, attempts = attempts + 1 WHERE number = ?"
        self._rows(change, due, number)
