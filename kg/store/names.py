"""Concepts and authors as all papers together have them, and the index by which they are found."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kg.identity import fold_name, fold_person, fold_title
from kg.questions.lookup import Hit
from kg.store.queue import Queue

_FIRST = itemgetter(0)
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Concept(NamedTuple):
    """A thing in the graph: label, name, its other forms in order, how many papers name it."""

    iri: str
    label: str
    name: str
    aliases: tuple[str, ...]
    papers: int


class Person(NamedTuple):
    """An author: name, its other forms in order, ORCID if known, how many papers."""

    iri: str
    name: str
    aliases: tuple[str, ...]
    orcid: str | None
    papers: int


class Names:
    """The tables ``concepts``, ``authors`` and ``names``."""

    def __init__(self, connection: sqlite3.Connection, queue: Queue) -> None:
        self._db, self._queue = connection, queue

    def usages_of(self, concepts: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, str, str, tuple[str, ...]]]]]:
        """Each concept with (label, name, role, forms) of every paper that has it; none when it is to go."""
        rows = self._db.execute(
            "SELECT c.value, u.label, u.name, u.role, u.forms FROM json_each(?) AS c "
            "LEFT JOIN usages AS u ON u.concept = c.value ORDER BY c.key, u.paper",
            (_compact(concepts),),
        )
        for iri, group in groupby(rows, key=_FIRST):
            yield iri, [(label, name, role, tuple(json.loads(forms))) for _, label, name, role, forms in group if label]

    def authorships_of(self, authors: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, str, str | None]]]]:
        """Each author with (paper, name, ORCID) of every authorship; none when the author is to go."""
        rows = self._db.execute(
            "SELECT c.value, a.paper, a.name, a.orcid FROM json_each(?) AS c "
            "LEFT JOIN authorships AS a ON a.author = c.value ORDER BY c.key, a.paper, a.position",
            (_compact(authors),),
        )
        for iri, group in groupby(rows, key=_FIRST):
            yield iri, [(paper, name, orcid) for _, paper, name, orcid in group if paper]

    def put_concepts(self, concepts: Sequence[tuple[str, Concept | None, Iterable[str]]]) -> None:
        """Store concepts with the forms that find them; None removes one."""
        self._forget("concepts", [iri for iri, *_ in concepts])
        rows, names = [], []
        for iri, concept, forms in concepts:
            if concept:
                rows.append((iri, concept.label, concept.name, _compact(concept.aliases), concept.papers))
                shown = {fold_name(form): form for form in (*forms, *reversed(concept.aliases))}
                names += _index(iri, concept.label, shown | {fold_name(concept.name): concept.name})
        self._db.executemany("INSERT INTO concepts VALUES (?, ?, ?, ?, ?)", rows)
        self._add_names(names)

    def put_authors(self, authors: Sequence[tuple[str, Person | None]]) -> None:
        """Store authors; None removes one."""
        self._forget("authors", [iri for iri, _ in authors])
        rows, names = [], []
        for iri, author in authors:
            if author:
                rows.append((iri, author.name, _compact(author.aliases), author.orcid, author.papers))
                forms = (*author.aliases, author.name)
                shown = {fold_person(short): short for short in map(_initials, forms)}
                names += _index(iri, "Author", shown | {fold_person(form): form for form in forms})
        self._db.executemany("INSERT INTO authors VALUES (?, ?, ?, ?, ?)", rows)
        self._add_names(names)

    def concepts(self) -> Iterator[Concept]:
        """All concepts in order of IRI."""
        for row in self._pages("concepts", "iri, label, name, aliases, papers"):
            yield _concept(row)

    def authors(self) -> Iterator[Person]:
        """All authors in order of IRI."""
        for row in self._pages("authors", "iri, name, aliases, orcid, papers"):
            yield _person(row)

    def concept(self, iri: str) -> Concept | None:
        """One concept."""
        row = self._db.execute(
            "SELECT iri, label, name, aliases, papers FROM concepts WHERE iri = ?", (iri,)
        ).fetchone()
        return _concept(row) if row else None

    def author(self, iri: str) -> Person | None:
        """One author."""
        row = self._db.execute("SELECT iri, name, aliases, orcid, papers FROM authors WHERE iri = ?", (iri,)).fetchone()
        return _person(row) if row else None

    def count(self) -> dict[str, int]:
        """How many nodes each concept label and "Author" has."""
        rows = self._db.execute(
            "SELECT label, count(*) FROM concepts GROUP BY label UNION ALL SELECT 'Author', count(*) FROM authors"
        )
        return dict(rows.fetchall())

    def _pages(self, table: str, columns: str) -> Iterator[tuple[str, ...]]:
        last = ""
        query = f"SELECT {columns} FROM {table} WHERE iri > ? ORDER BY iri LIMIT 1000"
        while rows := self._db.execute(query, (last,)).fetchall():
            yield from rows
            last = rows[-1][0]

    def _add_names(self, names: Sequence[tuple[str, str, str, str]]) -> None:
        """Index names: their words all at once, which takes a fraction of what a trigger a row would."""
        (last,) = self._db.execute("SELECT coalesce(max(number), 0) FROM names").fetchone()
        rows = [(last + n, *name) for n, name in enumerate(names, 1)]
        self._db.executemany("INSERT INTO names (number, folded, iri, label, shown) VALUES (?, ?, ?, ?, ?)", rows)
        query = "INSERT INTO name_words (rowid, folded) SELECT number, folded FROM names WHERE number > ?"
        self._db.execute(query, (last,))

    def _forget(self, table: str, iris: Sequence[str]) -> None:
        self._queue.add("block", *iris)
        for stale in (table, "names"):
            self._db.executemany(f"DELETE FROM {stale} WHERE iri = ?", [(iri,) for iri in iris])


class Lookup:
    """Finds things by what people call them (``kg.questions.lookup.Lookup``)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def find_concepts(self, name: str, labels: Sequence[str]) -> list[Hit]:
        """Concepts of these labels known by this name, alias or form; those with most papers first."""
        marks = ", ".join("?" * len(labels))
        rows = self._db.execute(
            "SELECT c.iri, c.label, c.name, c.papers FROM names AS n JOIN concepts AS c USING (iri) "
            f"WHERE n.folded = ? AND n.label IN ({marks}) ORDER BY c.papers DESC, c.iri",
            (fold_name(name), *labels),
        )
        return [Hit(*row) for row in rows]

    def find_authors(self, name: str) -> list[Hit]:
        """Authors known by this name, or by this last name with initials."""
        rows = self._db.execute(
            "SELECT a.iri, 'Author', a.name, a.papers FROM names AS n JOIN authors AS a USING (iri) "
            "WHERE n.folded = ? AND n.label = 'Author' ORDER BY a.papers DESC, a.iri",
            (fold_person(name),),
        )
        return [Hit(*row) for row in rows]

    def find_papers(self, reference: str) -> list[Hit]:
        """Papers by IRI, DOI, arXiv id, key of a source, or exact title."""
        return (
            self._papers("p.iri IN (?, ?)", reference, reference.rsplit("/", 1)[-1])
            or [hit for key in _record_keys(reference) for hit in self._by_record("k.kind = ? AND k.value = ?", *key)]
            or self._by_record("r.key = ?", reference)
            or self._papers("p.folded = ?", fold_title(reference))
        )

    def suggest(self, text: str, kinds: Sequence[str], limit: int = 5) -> list[str]:
        """Names of these labels that are nearest to the text."""
        words = fold_name(text).split()
        if not words:
            return []
        marks = ", ".join("?" * len(kinds))
        rows = self._db.execute(
            "SELECT n.shown, coalesce(c.papers, a.papers, 0) "
            "FROM name_words AS w JOIN names AS n ON n.number = w.rowid "
            "LEFT JOIN concepts AS c USING (iri) LEFT JOIN authors AS a USING (iri) "
            f"WHERE name_words MATCH ? AND n.label IN ({marks}) ORDER BY rank LIMIT 300",
            (" OR ".join(f'"{word[:4]}" *' for word in words), *kinds),
        )
        shown: dict[str, float] = {}
        for name, papers in rows:
            shown[name] = max(shown.get(name, 0.0), _likeness(text, name) + min(papers, 50) / 1000)
        return sorted(shown, key=lambda name: (-shown[name], name))[:limit]

    def _papers(self, condition: str, *values: str) -> list[Hit]:
        rows = self._db.execute(
            f"SELECT p.iri, 'Paper', p.title, 1 FROM papers AS p WHERE {condition} ORDER BY p.iri LIMIT 50", values
        )
        return [Hit(*row) for row in rows]

    def _by_record(self, condition: str, *values: str) -> list[Hit]:
        keys = "JOIN record_keys AS k ON k.record = r.id " if condition.startswith("k.") else ""
        rows = self._db.execute(
            f"SELECT DISTINCT p.iri, 'Paper', p.title, 1 FROM records AS r {keys}JOIN papers AS p ON p.iri = r.paper "
            f"WHERE {condition} ORDER BY p.iri",
            values,
        )
        return [Hit(*row) for row in rows]


def _index(iri: str, label: str, shown: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    return [(folded, iri, label, form) for folded, form in shown.items() if folded]


def _concept(row: Sequence[str]) -> Concept:
    iri, label, name, aliases, papers = row
    return Concept(iri, label, name, tuple(json.loads(aliases)), int(papers))


def _person(row: Sequence[str]) -> Person:
    iri, name, aliases, orcid, papers = row
    return Person(iri, name, tuple(json.loads(aliases)), orcid, int(papers))


def _initials(name: str) -> str:
    """ "Xingcheng Xu" as people cite it: "X. Xu"."""
    *first, last = name.split() or [name]
    return " ".join([*(word[0] for word in first), last])


def _record_keys(reference: str) -> list[tuple[str, str]]:
    """What a reference may be among the keys of records: an identifier, or an IRI that a paper once had."""
    from kg.sources import identifiers

    return [*identifiers.parse(reference).items(), ("former", reference.rsplit("/", 1)[-1])]


def _likeness(asked: str, name: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, fold_name(asked), fold_name(name)).ratio()
