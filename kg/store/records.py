"""Every source record as it was read, and which paper it is about."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from kg.identity import fold_title
from kg.model import Author, Origin, Record
from kg.store.queue import Queue

_FIELDS = tuple(f.name for f in fields(Record))
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def to_json(record: Record) -> str:
    """One canonical line: two equal records give equal bytes."""
    return _canonical(_plain(record))


def from_json(text: str) -> Record:
    """The record that ``to_json`` wrote."""
    data: dict[str, Any] = json.loads(text)
    data["authors"] = tuple(Author(**a) for a in data.get("authors", ()))
    data["origins"] = tuple(Origin(**o) for o in data.get("origins", ()))
    for key in ("urls", "categories", "replaces"):
        data[key] = tuple(data.get(key, ()))
    return Record(**data)


def _plain(record: Record) -> dict[str, Any]:
    data = {name: getattr(record, name) for name in _FIELDS}
    data["authors"] = [_values(author) for author in record.authors]
    data["origins"] = [_values(origin) for origin in record.origins]
    data["ids"] = dict(record.ids)
    return {k: v for k, v in data.items() if v or k == "title" or (v == 0 and v is not False)}


def _values(part: Author | Origin) -> dict[str, Any]:
    return {name: value for name in part.__slots__ if (value := getattr(part, name)) is not None}


class Records:
    """The table ``records``: identified by location, key and variant.

    The variant tells records of one key apart where the location cannot: those that came by standard input.
    """

    def __init__(self, connection: sqlite3.Connection, queue: Queue) -> None:
        self._db, self._queue = connection, queue

    def find(self, record: Record) -> tuple[int, str, int, str] | None:
        """Number, hash, last run and JSON of the record of this identity, if it is there."""
        row: tuple[int, str, int, str] | None = self._db.execute(
            "SELECT id, hash, run, data FROM records WHERE location = ? AND key = ? AND variant = ?",
            (record.location, record.key, _variant(record)),
        ).fetchone()
        return row

    def seen(self, number: int, run: int) -> None:
        """Note that this run read the record again, unchanged."""
        self._db.execute("UPDATE records SET run = ? WHERE id = ?", (run, number))

    def add(self, record: Record, data: str, digest: str, run: int, keys: Iterable[tuple[str, str]]) -> None:
        """Store a new record and queue it for grouping."""
        cursor = self._db.execute(
            "INSERT INTO records (location, key, variant, source, hash, run, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (record.location, record.key, _variant(record), record.source, digest, run, data),
        )
        self._set_keys(int(cursor.lastrowid or 0), keys)

    def replace(
        self, number: int, record: Record, data: str, digest: str, run: int, keys: Iterable[tuple[str, str]]
    ) -> None:
        """Put a changed record in the place of the old one; all that shared a paper with it are grouped anew."""
        self._queue_companions(number)
        self._db.execute(
            "UPDATE records SET source = ?, hash = ?, run = ?, data = ? WHERE id = ?",
            (record.source, digest, run, data, number),
        )
        self._db.execute("DELETE FROM record_keys WHERE record = ?", (number,))
        self._set_keys(number, keys)

    def remove(self, numbers: Iterable[int]) -> int:
        """Forget records; their papers are queued to be made anew, or to go, from what is left."""
        count = 0
        for number in numbers:
            self._queue_companions(number)
            self._db.execute("DELETE FROM records WHERE id = ?", (number,))
            self._queue.done("record", [str(number)])
            count += 1
        return count

    def of_paper(self, iri: str) -> list[int]:
        """The numbers of the records that make up a paper."""
        return [n for (n,) in self._db.execute("SELECT id FROM records WHERE paper = ? ORDER BY id", (iri,))]

    def at(self, location: str) -> list[int]:
        """The numbers of the records that were read at a location."""
        return [n for (n,) in self._db.execute("SELECT id FROM records WHERE location = ? ORDER BY id", (location,))]

    def not_read_in(self, run: int) -> list[tuple[str, int]]:
        """Every location that has records which this run did not see, and how many."""
        query = "SELECT location, count(*) FROM records WHERE run <> ? GROUP BY location ORDER BY location"
        return self._db.execute(query, (run,)).fetchall()

    def old_at(self, location: str, run: int) -> list[int]:
        """The numbers of the records at a location that this run did not see."""
        query = "SELECT id FROM records WHERE location = ? AND run <> ? ORDER BY id"
        return [n for (n,) in self._db.execute(query, (location, run))]

    def count(self) -> int:
        """How many records the graph is made of."""
        return int(self._db.execute("SELECT count(*) FROM records").fetchone()[0])

    def sources(self) -> list[tuple[str, str, int]]:
        """Every source and location with its number of records."""
        return self._db.execute(
            "SELECT source, location, count(*) FROM records GROUP BY source, location ORDER BY source, location"
        ).fetchall()

    def connected(self, start: int) -> dict[int, tuple[Record, str | None]]:
        """All records that share a key with this one, directly or through others, with their present papers."""
        near = self._db.execute(
            "SELECT DISTINCT other.record FROM record_keys AS mine JOIN record_keys AS other USING (kind, value) "
            "WHERE mine.record = ?",
            (start,),
        ).fetchall()
        found, seen = {start} | {n for (n,) in near}, set[tuple[str, str]]()
        front = list(found) if len(found) > 1 else []  # most records stand alone
        while front:
            for key in self.keys(front.pop()):
                if key not in seen:
                    seen.add(key)
                    new = set(self._holders(*key)) - found
                    found |= new
                    front += new
        return dict(self._load(sorted(found)))

    def keys(self, number: int) -> list[tuple[str, str]]:
        """The keys by which a record joins others."""
        return self._db.execute("SELECT kind, value FROM record_keys WHERE record = ?", (number,)).fetchall()

    def rekey(self, keys: Callable[[Record], Iterable[tuple[str, str]]]) -> None:
        """Make the keys of all records anew and queue them all: what joins records has changed."""
        self._db.execute("DELETE FROM record_keys")
        last = 0
        while rows := self._db.execute(
            "SELECT id, data FROM records WHERE id > ? ORDER BY id LIMIT 500", (last,)
        ).fetchall():
            for number, data in rows:
                self._set_keys(number, keys(from_json(data)))
            last = rows[-1][0]

    def assign(self, papers: Mapping[int, str]) -> None:
        """Say which paper each record is about."""
        self._db.executemany("UPDATE records SET paper = ? WHERE id = ?", [(iri, n) for n, iri in papers.items()])

    def _holders(self, kind: str, value: str) -> list[int]:
        rows = self._db.execute("SELECT record FROM record_keys WHERE kind = ? AND value = ?", (kind, value))
        return [n for (n,) in rows.fetchall()]

    def _load(self, numbers: list[int]) -> Iterator[tuple[int, tuple[Record, str | None]]]:
        for number in numbers:
            row = self._db.execute("SELECT data, paper FROM records WHERE id = ?", (number,)).fetchone()
            if row:
                yield number, (from_json(row[0]), row[1])

    def _set_keys(self, number: int, keys: Iterable[tuple[str, str]]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO record_keys VALUES (?, ?, ?)", [(k, v, number) for k, v in keys])
        self._queue.add("record", str(number))

    def _queue_companions(self, number: int) -> None:
        """Queue the paper of a record that changes or goes, and for each key one other record: it brings the rest."""
        row = self._db.execute("SELECT paper FROM records WHERE id = ?", (number,)).fetchone()
        if row and row[0]:
            self._queue.add("paper", row[0])
        for kind, value in self.keys(number):
            query = "SELECT record FROM record_keys WHERE kind = ? AND value = ? AND record <> ? LIMIT 1"
            for (other,) in self._db.execute(query, (kind, value, number)).fetchall():
                self._queue.add("record", str(other))


def _variant(record: Record) -> str:
    """ "" but for standard input: there the files that a line says it came from, else its title, tell streams apart."""
    if record.location != "-":
        return ""
    return " ".join(sorted({f"{o.source}:{o.file}" for o in record.origins})) or fold_title(record.title)
