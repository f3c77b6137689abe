"""Which records are about one paper, and what that paper then is.

Both are pure functions of a set of records: no order of arrival, no counter, no clock.

Identifiers join records first. Then records of the same folded title and abstract join, unless some of those that
would meet bear two different identifiers of one kind: then only those without any identifier join each other.
"""

import hashlib
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from kg.identity import fold_title, local_iri, text_hash
from kg.model import Author, Origin, Paper, Record
from kg.schema import ID_KINDS

T = TypeVar("T")


def fingerprint() -> str:
    """Changes when grouping may: with this file, and with what titles fold to."""
    here = Path(__file__)
    files = [here, here.with_name("people.py"), here.parents[1] / "identity.py"]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:20]


def keys(record: Record) -> list[tuple[str, str]]:
    """What a record joins others by: its identifiers, its title's key, and every IRI it has, had or replaces."""
    former = [("former", iri) for iri in sorted(_former([record]))]
    return [*sorted(_identifiers(record).items()), ("title", local_iri("", *_title_key(record))), *former]


def group(records: Mapping[int, Record]) -> list[list[int]]:
    """The numbers of the records of each paper. ``records`` must hold all that are connected by any key."""
    if len(records) == 1:
        return [list(records)]
    sets, found = _Sets(records), _by_key(records)
    for (kind, _), members in found.items():
        if kind != "title":
            sets.join(members)
    for (kind, _), members in sorted(found.items()):
        if kind == "title":
            _join_by_title(sets, members, records)
    return sets.groups()


def merge(records: Iterable[Record]) -> Paper:
    """The paper that these records are about: field by field from the richest record that has it."""
    ranked = list(records)
    if len(ranked) > 1:
        ranked.sort(key=richness, reverse=True)  # so that the first of equals below is the richest
    first = ranked[0]
    ids = {
        kind: next(r.ids[kind] for r in ranked if kind in r.ids) for kind in sorted({k for r in ranked for k in r.ids})
    }
    iri = _iri(ids, first)
    dated = max(ranked, key=lambda r: len(r.date or ""))
    named = max(ranked, key=lambda r: (len(r.authors), not r.more_authors))
    return Paper(
        iri=iri,
        id=first.origins[0].key if first.origins else first.key,
        title=first.title,
        abstract=first.abstract,
        ids=ids,
        authors=_with_orcids(named.authors, ranked),
        n_authors=_at_least(_first(r.n_authors for r in ranked), len(named.authors)),
        more_authors=named.more_authors,
        date=dated.date,
        date_kind=dated.date_kind,
        urls=_union(r.urls for r in ranked),
        categories=_union(r.categories for r in ranked),
        comments=_first(r.comments for r in ranked),
        origins=tuple(sorted({o for r in ranked for o in (r.origins or (_origin(r),))})),
        replaces=tuple(sorted(_former(ranked) - {iri})),
    )


def _by_key(records: Mapping[int, Record]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, record in records.items():
        for key in keys(record):
            found[key].append(number)
    return found


def _join_by_title(sets: "_Sets", members: Sequence[int], records: Mapping[int, Record]) -> None:
    roots = {sets.find(n) for n in members}
    borne = {root: {kind for n in sets.members(root) for kind in _identifiers(records[n])} for root in roots}
    times = Counter(kind for kinds in borne.values() for kind in kinds)
    conflict = any(count > 1 for count in times.values())
    sets.join([n for n in members if not borne[sets.find(n)]] if conflict else members)


def richness(record: Record) -> tuple[int, int, int, str]:
    """Identifiers first, then filled fields, then length; all else breaks ties, so that order of arrival never does."""
    filled = (record.abstract, record.authors, record.date, record.urls, record.categories, record.n_authors)
    content = replace(record, location="", ids=dict(sorted(record.ids.items())))
    return len(record.ids), sum(map(bool, filled)), len(record.abstract), repr(content)


def _identifiers(record: Record) -> dict[str, str]:
    """The identifiers of a record that are known to name one paper; others are kept but join nothing."""
    return {kind: record.ids[kind] for kind in ID_KINDS if kind in record.ids}


def _title_key(record: Record) -> tuple[str, ...]:
    """Title and abstract; many papers are called "Editorial", so that without abstract authors and year must agree."""
    if record.abstract:
        return fold_title(record.title), text_hash(record.abstract)
    return fold_title(record.title), "", (record.date or "")[:4], *sorted(fold_title(a.name) for a in record.authors)


def _iri(ids: Mapping[str, str], record: Record) -> str:
    for kind in ID_KINDS:
        if kind in ids:
            return local_iri("P", "paper", kind, ids[kind])
    return local_iri("P", "paper", "title", *_title_key(record))


def _former(records: Iterable[Record]) -> set[str]:
    """Every IRI under which a member is, or was when it had fewer identifiers, known."""
    former = {iri for record in records for iri in record.replaces}
    for record in records:
        former.add(_iri(record.ids, record))
        former.update(_iri({kind: value}, record) for kind, value in _identifiers(record).items())
    return former


def _with_orcids(authors: tuple[Author, ...], records: Iterable[Record]) -> tuple[Author, ...]:
    known = {fold_title(a.name): a.orcid for r in records for a in r.authors if a.orcid}
    return tuple(Author(a.name, a.orcid or known.get(fold_title(a.name))) for a in authors)


def _origin(record: Record) -> Origin:
    file = "stdin" if record.location == "-" else posixpath.basename(record.location)
    return Origin(record.source, file, record.key)


def _at_least(count: int | None, named: int) -> int | None:
    return None if count is None else max(count, named)


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))


class _Sets:
    """Disjoint sets of numbers."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self._root = {n: n for n in numbers}
        self._members = {n: [n] for n in self._root}

    def find(self, number: int) -> int:
        return self._root[number]

    def members(self, root: int) -> list[int]:
        return self._members[root]

    def join(self, numbers: Sequence[int]) -> None:
        roots = sorted({self._root[n] for n in numbers}, key=lambda root: (-len(self._members[root]), root))
        for other in roots[1:]:
            moved = self._members.pop(other)
            self._members[roots[0]] += moved
            self._root.update(dict.fromkeys(moved, roots[0]))

    def groups(self) -> list[list[int]]:
        return [sorted(members) for members in self._members.values()]
