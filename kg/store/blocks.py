"""The hash of every block of the graph, and how far each projection has followed."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Stamp(NamedTuple):
    """A block as a projection knows it; an empty hash says that the block is gone."""

    iri: str
    kind: str
    hash: str


class Blocks:
    """The table ``blocks``: a sequence number grows with every change, a removed block stays as a mark."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def put(self, stamps: Iterable[Stamp]) -> int:
        """Store hashes; only those that differ get the next sequence number. Returns how many did."""
        sequence = self.sequence() + 1
        cursor = self._db.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?, ?) ON CONFLICT (iri) DO UPDATE SET "
            "kind = excluded.kind, hash = excluded.hash, sequence = excluded.sequence WHERE hash <> excluded.hash",
            [(s.iri, s.kind, s.hash, sequence) for s in stamps],
        )
        return cursor.rowcount

    def start(self) -> None:
        """Begin a whole new set of hashes; ``add`` fills it, ``adopt`` puts it in the place of the old one."""
        self._db.execute("DROP TABLE IF EXISTS temp.fresh")
        self._db.execute("CREATE TEMP TABLE fresh (iri TEXT PRIMARY KEY, kind TEXT, hash TEXT) WITHOUT ROWID")

    def add(self, stamps: Iterable[Stamp]) -> None:
        """More of the new set."""
        self._db.executemany("INSERT INTO temp.fresh VALUES (?, ?, ?)", stamps)

    def adopt(self) -> int:
        """Take the new set over; what is not in it is gone. Returns how many blocks changed."""
        sequence = self.sequence() + 1
        put = self._db.execute(
            "INSERT INTO blocks SELECT iri, kind, hash, ? FROM temp.fresh WHERE true ON CONFLICT (iri) DO UPDATE SET "
            "kind = excluded.kind, hash = excluded.hash, sequence = excluded.sequence WHERE hash <> excluded.hash",
            (sequence,),
        )
        gone = self._db.execute(
            "UPDATE blocks SET hash = '', sequence = ? WHERE hash <> '' AND iri NOT IN (SELECT iri FROM temp.fresh)",
            (sequence,),
        )
        return put.rowcount + gone.rowcount

    def of_kind(self, kind: str) -> list[str]:
        """The IRIs of the blocks of a kind that are there."""
        return [iri for (iri,) in self._db.execute("SELECT iri FROM blocks WHERE kind = ? AND hash <> ''", (kind,))]

    def sequence(self) -> int:
        """The number of the last change."""
        return int(self._db.execute("SELECT coalesce(max(sequence), 0) FROM blocks").fetchone()[0])

    def after(self, sequence: int) -> Iterator[Stamp]:
        """What has changed since, in order of IRI."""
        rows = self._db.execute("SELECT iri, kind, hash FROM blocks WHERE sequence > ? ORDER BY iri", (sequence,))
        yield from (Stamp(*row) for row in rows.fetchall())

    def count_after(self, sequence: int) -> int:
        """How many blocks have changed since."""
        return int(self._db.execute("SELECT count(*) FROM blocks WHERE sequence > ?", (sequence,)).fetchone()[0])

    def count(self) -> int:
        """How many blocks the graph has."""
        return int(self._db.execute("SELECT count(*) FROM blocks WHERE hash <> ''").fetchone()[0])

    def all(self) -> Iterator[Stamp]:
        """Every block that is there, in order of IRI."""
        yield from (
            Stamp(*r) for r in self._db.execute("SELECT iri, kind, hash FROM blocks WHERE hash <> '' ORDER BY iri")
        )
