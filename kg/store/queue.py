"""What a change has made stale and the build has still to make anew; it survives a kill."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable


class Queue:
    """The table ``queue``: stages "record" (to be grouped), "paper", "concept", "author" and "block" (to be made).

    What is added inside a transaction is gathered and written at its end: one thing is often made stale many times.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._gathered: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, stage: str, *items: str) -> None:
        """Queue items; one that is queued already stays queued once."""
        self._gathered[stage].update(items)
        if not self._db.in_transaction:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered."""
        for stage, items in self._gathered.items():
            rows = [(stage, item) for item in sorted(items)]
            self._db.executemany("INSERT OR IGNORE INTO queue VALUES (?, ?)", rows)
        self._gathered.clear()

    def forget(self) -> None:
        """Drop what was gathered in a transaction that failed."""
        self._gathered.clear()

    def take(self, stage: str, limit: int) -> list[str]:
        """The first items of a stage, in order; they stay queued until ``done``."""
        query = "SELECT item FROM queue WHERE stage = ? ORDER BY item LIMIT ?"
        return [item for (item,) in self._db.execute(query, (stage, limit))]

    def done(self, stage: str, items: Iterable[str]) -> None:
        """Strike items off, also those just added."""
        items = list(items)
        self._gathered[stage].difference_update(items)
        self._db.executemany("DELETE FROM queue WHERE stage = ? AND item = ?", [(stage, item) for item in items])

    def clear(self, stage: str) -> None:
        """Strike all items of a stage off."""
        self._gathered.pop(stage, None)
        self._db.execute("DELETE FROM queue WHERE stage = ?", (stage,))

    def count(self, stage: str) -> int:
        """How many items a stage has."""
        return int(self._db.execute("SELECT count(*) FROM queue WHERE stage = ?", (stage,)).fetchone()[0])
