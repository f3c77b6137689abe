"""What a change has made stale and the build has still to make anew; it survives a kill."""

import sqlite3
from collections.abc import Iterable


class Queue:
    """The table ``queue``: stages "record" (to be grouped), "paper", "concept", "author" and "block" (to be made)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def add(self, stage: str, *items: str) -> None:
        """Queue items; one that is queued already stays queued once."""
        self._db.executemany("INSERT OR IGNORE INTO queue VALUES (?, ?)", [(stage, item) for item in items])

    def take(self, stage: str, limit: int) -> list[str]:
        """The first items of a stage, in order; they stay queued until ``done``."""
        return [
            i
            for (i,) in self._db.execute("SELECT item FROM queue WHERE stage = ? ORDER BY item LIMIT ?", (stage, limit))
        ]

    def done(self, stage: str, items: Iterable[str]) -> None:
        """Strike items off."""
        self._db.executemany("DELETE FROM queue WHERE stage = ? AND item = ?", [(stage, item) for item in items])

    def clear(self, stage: str) -> None:
        """Strike all items of a stage off."""
        self._db.execute("DELETE FROM queue WHERE stage = ?", (stage,))

    def count(self, stage: str) -> int:
        """How many items a stage has."""
        return int(self._db.execute("SELECT count(*) FROM queue WHERE stage = ?", (stage,)).fetchone()[0])
