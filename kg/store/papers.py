"""The papers, what was read from them, and what that was linked to."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import fields
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from kg.identity import fold_title
from kg.model import Author, Origin, Paper, Reading
from kg.reading import lines
from kg.store.queue import Queue

_PAGE = 200
_FIELDS = tuple(f.name for f in fields(Paper) if f.name not in ("iri", "title", "abstract"))
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Usage(NamedTuple):
    """One concept in one paper: the name it bears there, its role ("" where only a result names it), its forms."""

    concept: str
    label: str
    name: str
    role: str
    forms: tuple[str, ...]


class Authorship(NamedTuple):
    """One author of one paper; positions count from 1."""

    author: str
    position: int
    name: str
    orcid: str | None


def _array(strings: Iterable[str]) -> str:
    """A JSON array of strings: an encoder made for each of so many short lists would take longer than they do."""
    return f"[{','.join(map(encode_basestring, strings))}]"


def to_json(paper: Paper) -> str:
    """One canonical line without title and abstract, which have columns of their own."""
    data = {name: getattr(paper, name) for name in _FIELDS}
    data["authors"] = [{"name": a.name, "orcid": a.orcid} for a in paper.authors]
    data["origins"] = [{"source": o.source, "file": o.file, "key": o.key} for o in paper.origins]
    data["ids"] = dict(paper.ids)
    return _canonical(data)


def from_json(iri: str, title: str, abstract: str, text: str) -> Paper:
    """The paper that ``to_json`` wrote."""
    data: dict[str, Any] = json.loads(text)
    data["authors"] = tuple(Author(**a) for a in data["authors"])
    data["origins"] = tuple(Origin(**o) for o in data["origins"])
    for key in ("urls", "categories", "replaces"):
        data[key] = tuple(data[key])
    return Paper(iri=iri, title=title, abstract=abstract, **data)


class Papers:
    """The tables ``papers``, ``usages`` and ``authorships``."""

    def __init__(self, connection: sqlite3.Connection, queue: Queue) -> None:
        self._db, self._queue = connection, queue

    def put(self, paper: Paper, authors: Iterable[Authorship]) -> str:
        """Store a paper: "new", "changed" or "same". What was read stays as long as its text does."""
        data = to_json(paper)
        row = self._db.execute("SELECT title, abstract, data FROM papers WHERE iri = ?", (paper.iri,)).fetchone()
        if row == (paper.title, paper.abstract, data):
            return "same"
        if row is None or row[:2] != (paper.title, paper.abstract):
            self._add(paper, data)
        else:
            self._db.execute("UPDATE papers SET data = ? WHERE iri = ?", (data, paper.iri))
        self._set_authors(paper.iri, authors)
        self._queue.add("block", paper.iri)
        return "changed" if row else "new"

    def _add(self, paper: Paper, data: str) -> None:
        """A new text: what was read from the very same text under another IRI is taken over, else nothing is known."""
        folded = fold_title(paper.title)
        known = self._db.execute(
            "SELECT read_as, status, reading FROM papers "
            "WHERE folded = ? AND title = ? AND abstract = ? AND read_as IS NOT NULL LIMIT 1",
            (folded, paper.title, paper.abstract),
        ).fetchone() or (None, None, None)
        self._db.execute(
            "INSERT INTO papers (iri, title, folded, abstract, data, read_as, status, reading) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (iri) DO UPDATE SET title = ?2, folded = ?3, "
            "abstract = ?4, data = ?5, read_as = ?6, status = ?7, reading = ?8, linked_as = NULL",
            (paper.iri, paper.title, folded, paper.abstract, data, *known),
        )

    def remove(self, iri: str) -> None:
        """Forget a paper with all that was read from it."""
        self._set_authors(iri, ())
        self._set_usages(iri, ())
        self._db.execute("DELETE FROM papers WHERE iri = ?", (iri,))
        self._queue.add("block", iri)

    def to_read(self, reader: str) -> Iterator[tuple[str, str, str]]:
        """IRI, title and abstract of every paper that this reader has not read as it stands."""
        yield from self._pages("SELECT iri, title, abstract FROM papers WHERE read_as IS NOT ?", reader)

    def as_they_came(self) -> Iterator[tuple[str, str, str]]:
        """IRI, title and abstract of every paper, in the order in which its first record was stored."""
        yield from self._db.execute(
            "SELECT p.iri, p.title, p.abstract FROM papers AS p JOIN (SELECT paper, min(id) AS first FROM records "
            "GROUP BY paper) AS r ON r.paper = p.iri ORDER BY r.first"
        )

    def to_link(self, linker: str) -> Iterator[tuple[str, Reading]]:
        """Every reading that was not linked by this linker."""
        query = "SELECT iri, reading FROM papers WHERE linked_as IS NOT ? AND reading IS NOT NULL"
        for iri, reading in self._pages(query, linker):
            yield iri, lines.from_json(json.loads(reading))

    def count_to_read(self, reader: str) -> int:
        """How many papers ``to_read`` gives."""
        return int(self._db.execute("SELECT count(*) FROM papers WHERE read_as IS NOT ?", (reader,)).fetchone()[0])

    def count_to_link(self, linker: str) -> int:
        """How many readings ``to_link`` gives."""
        query = "SELECT count(*) FROM papers WHERE linked_as IS NOT ? AND reading IS NOT NULL"
        return int(self._db.execute(query, (linker,)).fetchone()[0])

    def set_reading(self, iri: str, reading: Reading, reader: str, usages: Iterable[Usage], linker: str) -> None:
        """Store what was read from a paper, and what that is linked to."""
        self._db.execute(
            "UPDATE papers SET reading = ?, status = ?, read_as = ?, linked_as = ? WHERE iri = ?",
            (_compact(lines.to_json(reading)), reading.status, reader, linker, iri),
        )
        self._set_usages(iri, usages)
        self._queue.add("block", iri)

    def set_usages(self, iri: str, usages: Iterable[Usage], linker: str) -> None:
        """Store what a paper's reading is linked to, by a linker that is not that of before."""
        self._db.execute("UPDATE papers SET linked_as = ? WHERE iri = ?", (linker, iri))
        self._set_usages(iri, usages)
        self._queue.add("block", iri)

    def get(self, iri: str) -> tuple[Paper, Reading | None] | None:
        """One paper and what was read from it."""
        row = self._db.execute(
            "SELECT iri, title, abstract, data, reading FROM papers WHERE iri = ?", (iri,)
        ).fetchone()
        return self._row(row)[:2] if row else None

    def reader_of(self, iri: str) -> str | None:
        """The fingerprint of the reader that read this paper."""
        row = self._db.execute("SELECT read_as FROM papers WHERE iri = ?", (iri,)).fetchone()
        return row[0] if row else None

    def all(self) -> Iterator[tuple[Paper, Reading | None, str | None]]:
        """Every paper in order of IRI, with its reading and the reader that read it."""
        for row in self._pages("SELECT iri, title, abstract, data, reading, read_as FROM papers WHERE TRUE"):
            yield self._row(row)

    def readers(self) -> list[str]:
        """The fingerprints of all readers whose readings are in the graph."""
        return [
            r for (r,) in self._db.execute("SELECT DISTINCT read_as FROM papers WHERE read_as IS NOT NULL ORDER BY 1")
        ]

    def with_concept(self, concept: str) -> list[dict[str, Any]]:
        """Role and paper of every use of a concept, newest first; what only a narrower concept implies is left out."""
        rows = self._db.execute(
            "SELECT u.role, p.iri, p.title, p.data ->> 'date' FROM usages AS u JOIN papers AS p ON p.iri = u.paper "
            "WHERE u.concept = ? AND u.role <> 'broader' ORDER BY 4 DESC, p.iri",
            (concept,),
        )
        return [dict(zip(("role", "iri", "title", "date"), row, strict=True)) for row in rows]

    def with_author(self, author: str) -> list[dict[str, Any]]:
        """The papers of an author, newest first."""
        rows = self._db.execute(
            "SELECT a.position, p.iri, p.title, p.data ->> 'date' FROM authorships AS a "
            "JOIN papers AS p ON p.iri = a.paper WHERE a.author = ? ORDER BY 4 DESC, p.iri",
            (author,),
        )
        return [dict(zip(("position", "iri", "title", "date"), row, strict=True)) for row in rows]

    def content(self) -> dict[str, int]:
        """How many entities, mentions, results and quantities were read, and roles linked."""
        count = "SELECT coalesce(sum(json_array_length(reading, '$.{}')), 0) FROM papers"
        found = {
            name: int(self._db.execute(count.format(name)).fetchone()[0])
            for name in ("sentences", "entities", "results", "quantities")
        }
        found["mentions"] = int(self._db.execute("SELECT count(*) FROM mentions").fetchone()[0])
        rows = self._db.execute(
            "SELECT role, count(*) FROM usages WHERE role NOT IN ('', 'broader') GROUP BY role ORDER BY 1"
        )
        return found | {f"roles {role}": n for role, n in rows}

    def counts(self) -> dict[str, int]:
        """How many papers have each status ("" where not read yet)."""
        return dict(self._db.execute("SELECT coalesce(status, ''), count(*) FROM papers GROUP BY 1").fetchall())

    def _row(self, row: tuple[Any, ...]) -> tuple[Paper, Reading | None, str | None]:
        reading = lines.from_json(json.loads(row[4])) if row[4] else None
        return from_json(*row[:4]), reading, row[5] if len(row) > 5 else None

    def _pages(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows in order of IRI, page by page: no cursor stays open while the caller writes. The IRI comes first."""
        last = ""
        while rows := self._db.execute(f"{query} AND iri > ? ORDER BY iri LIMIT {_PAGE}", (*values, last)).fetchall():
            yield from rows
            last = rows[-1][0]

    def _set_authors(self, iri: str, authors: Iterable[Authorship]) -> None:
        old = self._db.execute("SELECT author FROM authorships WHERE paper = ?", (iri,)).fetchall()
        if old:
            self._db.execute("DELETE FROM authorships WHERE paper = ?", (iri,))
        new = [(a.author, iri, a.position, a.name, a.orcid) for a in authors]
        self._db.executemany("INSERT INTO authorships VALUES (?, ?, ?, ?, ?)", new)
        self._queue.add("author", *{row[0] for row in [*old, *new]})

    def _set_usages(self, iri: str, usages: Iterable[Usage]) -> None:
        old = self._db.execute("SELECT concept FROM usages WHERE paper = ?", (iri,)).fetchall()
        if old:
            self._db.execute("DELETE FROM usages WHERE paper = ?", (iri,))
        new = [(u.concept, iri, u.label, u.name, u.role, _array(u.forms)) for u in usages]
        self._db.executemany("INSERT INTO usages VALUES (?, ?, ?, ?, ?, ?)", new)
        self._queue.add("concept", *{row[0] for row in [*old, *new]})
