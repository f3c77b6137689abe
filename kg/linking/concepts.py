"""Which concept an entity is: the name list's where it is listed there, else its type and folded name."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from kg.identity import fold_name, local_iri
from kg.model import Entity, Reading, Result
from kg.names import Name, name_index
from kg.schema import NODES, ROLES
from kg.store.names import Concept
from kg.store.papers import Usage

_ABBREVIATION = re.compile(r"[A-Z][A-Za-z0-9&/.-]{0,6}[A-Z0-9]s?|[A-Z]{1,2}s?")
IMPLIED = "broader"  # the role of a usage that only says: a narrower concept is in this paper


class Target(NamedTuple):
    """A concept as something is linked to it."""

    iri: str
    label: str
    name: str


@cache
def fingerprint() -> str:
    """Changes when linking may: with this file, the name list, or what names fold to."""
    here = Path(__file__)
    files = [here, here.parents[1] / "names.tsv", here.parents[1] / "names.py", here.parents[1] / "identity.py"]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:20]


def target_of(entity: Entity) -> Target:
    """The concept that an entity is."""
    listed = _listed(entity.type, _telling(entity.name, [m.text for m in entity.mentions]))
    return _target(entity.type, listed.name if listed else entity.name)


def usages(reading: Reading) -> list[Usage]:
    """The concepts of one paper: of its named entities, of its results, and those broader than these."""
    found: dict[str, Usage] = {}
    links = Links(reading)
    targets = {target for _, target in links.targets}
    for entity, target in links.targets:
        forms = tuple(sorted({m.text for m in entity.mentions} | {entity.name}))
        _add(found, Usage(target.iri, target.label, entity.name, entity.role, forms))
    for result in reading.results:
        for target in links.of(result).values():
            targets.add(target)
            if target.iri not in found:
                found[target.iri] = Usage(target.iri, target.label, target.name, "", (target.name,))
    for target in sorted(targets):
        for broader in broader_than(target.label, target.name):
            found.setdefault(broader.iri, Usage(broader.iri, broader.label, broader.name, IMPLIED, ()))
    return sorted(found.values())


def gather(
    iri: str, papers: Iterable[tuple[str, str, str, tuple[str, ...]]]
) -> tuple[str, Concept | None, tuple[str, ...]]:
    """The concept as all papers have it, from (label, name, role, forms) of each; and what else it is found by."""
    names: Counter[str] = Counter()
    shown: set[str] = set()
    label, count = "", 0
    for label, name, role, forms in papers:  # noqa: B007 - all papers agree on the label: the IRI holds it
        names[name] += role != IMPLIED
        shown.update(forms)
        count += role != IMPLIED
    if not names:
        return iri, None, ()
    best = min(names, key=lambda name: (-names[name], name.isupper(), name))
    listed = next(
        (entry for entry in _entries(label, [best, *sorted(shown)]) if _target(label, entry.name).iri == iri), None
    )
    name = listed.name if listed else best
    aliases = tuple(sorted((shown | set(names)) - {name}))
    return iri, Concept(iri, label, name, aliases, count), (listed.aliases if listed else ())


def broader_than(label: str, name: str) -> list[Target]:
    """All concepts that the name list calls broader than this one, nearest first."""
    found: list[Target] = []
    listed = _listed(label, [name])
    while listed and listed.broader and len(found) < 10:
        found.append(_target(label, listed.broader))
        listed = _listed(label, [listed.broader])
    return found


def higher_is_better(name: str) -> bool | None:
    """Whether more of a metric is better, where the name list says so."""
    listed = _listed("Metric", [name])
    return listed.higher_is_better if listed else None


class Links:
    """What one paper's entities are, and what the names in its results mean: the paper's own entities first.

    ``targets`` are the named entities with their concepts.
    """

    def __init__(self, reading: Reading) -> None:
        self.targets = [(entity, target_of(entity)) for entity in reading.entities if entity.named]
        self._known: dict[str, dict[str, Target]] = {}
        for entity, target in sorted(self.targets, key=lambda pair: pair[0].confidence) if reading.results else ():
            for form in (*(m.text for m in entity.mentions), entity.name):
                self._known.setdefault(fold_name(form), {})[entity.type] = target

    def of(self, result: Result) -> dict[str, Target]:
        """Relationship type to concept, for each thing that the result names and the graph knows."""
        found = {
            "OF_METRIC": self._find(result.metric, ("Metric",)) or _known("Metric", result.metric),
            "ON_DATASET": self._find(result.dataset, ("Dataset",)) or _known("Dataset", result.dataset),
            "OF_SUBJECT": self._find(result.subject, ("Model", "Method", "Task", "Dataset", "Metric")),
            "AGAINST": self._find(result.baseline, ("Model", "Method", "Task", "Dataset", "Metric")),
        }
        return {edge: target for edge, target in found.items() if target}

    def _find(self, name: str | None, labels: Iterable[str]) -> Target | None:
        """The entity of that name; else the one whose name is the longest part of it ("the SQuAD benchmark")."""
        folded = fold_name(name) if name else ""
        if not folded:
            return None
        inside = (form for form in self._known if f" {form} " in f" {folded} ")
        for form in sorted(inside, key=lambda form: (-len(form), form)):
            for label in labels:
                if label in self._known[form]:
                    return self._known[form][label]
        return None


def _telling(name: str, forms: Iterable[str]) -> list[str]:
    """The forms that say what a thing is: where a paper spells an abbreviation out, its own expansion and no other.

    "IV" is a fluid in one paper and an estimator in the next.
    """
    every = [name, *dict.fromkeys(forms)]
    spelt = [form for form in every if not _ABBREVIATION.fullmatch(form)]
    return spelt or every


def _known(label: str, name: str | None) -> Target | None:
    """What a paper names in a result alone: a thing that the name list knows, never just any phrase."""
    listed = _listed(label, [name]) if name else None
    return _target(label, listed.name) if listed else None


def _add(found: dict[str, Usage], usage: Usage) -> None:
    old = found.get(usage.concept)
    if old:
        strongest = min(old, usage, key=lambda u: (ROLES.index(u.role), u.name))
        usage = strongest._replace(forms=tuple(sorted({*old.forms, *usage.forms})))
    found[usage.concept] = usage


@lru_cache(maxsize=1 << 16)
def _target(label: str, name: str) -> Target:
    return Target(local_iri(NODES[label].letter, "concept", label, fold_name(name) or name), label, name)


def _listed(label: str, names: Iterable[str]) -> Name | None:
    """The entry of the name list under the first of these names that has one of this type."""
    return next(_entries(label, names), None)


def _entries(label: str, names: Iterable[str]) -> Iterator[Name]:
    listed = _names_of(label)
    return (entry for name in names if (entry := listed.get(fold_name(name))))


@cache
def _names_of(label: str) -> dict[str, Name]:
    """The name list's entries of one type, by every folded form; of two under one form the first in the list."""
    return {form: entry for form, entries in name_index().items() for entry in reversed(entries) if entry.type == label}
