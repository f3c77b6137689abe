"""The source of truth: one SQLite file in the graph's folder. Only this package speaks SQL to it.

Other processes may read it while a build writes; whatever was committed survives a kill at any moment.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from kg.errors import BusyError, StoreError
from kg.store.blocks import Blocks
from kg.store.names import Lookup, Names
from kg.store.opening import connect, writing
from kg.store.papers import Papers
from kg.store.queue import Queue
from kg.store.records import Records

__all__ = ["Store", "writing"]


class Store:
    """An open graph file: its tables as ``records``, ``papers``, ``names``, ``blocks``, ``queue``, ``lookup``.

    Read-only unless ``write``; a writer holds ``writing(folder)`` as long as it has the store open.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        self.folder = folder
        self._db = connect(folder, write=write)
        self.queue = Queue(self._db)
        self.records = Records(self._db, self.queue)
        self.papers = Papers(self._db, self.queue)
        self.names = Names(self._db, self.queue)
        self.blocks = Blocks(self._db)
        self.lookup = Lookup(self._db)

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside. Inside another transaction, a part of that one."""
        if self._db.in_transaction:
            yield
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self.queue.flush()
            self._db.execute("COMMIT")
        except BaseException as error:
            self.queue.forget()
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise _refused(self.folder, error) from error
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one state of the graph, whatever is committed meanwhile."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def get(self, key: str, default: Any = None) -> Any:
        """A setting of the graph."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default

    def set(self, key: str, value: Any) -> None:
        """Keep a setting of the graph."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value, sort_keys=True)))

    def start_run(self, command: str) -> int:
        """Note that a build begins; its number."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return int(self._db.execute("INSERT INTO runs (started, command) VALUES (?, ?)", (now, command)).lastrowid or 0)

    def end_run(self, run: int, report: dict[str, Any]) -> None:
        """Note that a build ended, and its report."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._db.execute("UPDATE runs SET finished = ?, report = ? WHERE id = ?", (now, json.dumps(report), run))

    def runs(self) -> list[dict[str, Any]]:
        """All builds, first to last."""
        rows = self._db.execute("SELECT id, started, finished, command, report FROM runs ORDER BY id")
        keys = ("run", "started", "finished", "command", "report")
        return [dict(zip(keys, (*row[:4], json.loads(row[4]) if row[4] else None), strict=True)) for row in rows]


def _refused(folder: Path, error: sqlite3.OperationalError) -> StoreError:
    if "locked" in str(error):
        return BusyError(f"{folder} is locked by another program ({error}); close it, then run this again")
    return StoreError(f"{folder} cannot be written: {error}; nothing that was committed is lost, run this again")
