"""Mentions to entities: one for each distinct thing that a paper names, with all its forms, one type and one name.

Only mentions that were weighed count (see ``document.Found``).
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.reading import document, keeping, naming
from kg.reading.document import Found
from kg.reading.forms import Keys, pairs
from kg.reading.generic import bare, is_no_data
from kg.reading.singular import singular
from kg.reading.words import occurrences
from kg.schema import CONCEPTS, ROLES

LISTED = 0.6  # how many of the listed names with capitals are wanted of which the network is less sure than that
UNLIKE = 1e-3  # what is left of the share of a type that the name itself speaks against
_LOOSE = re.compile(r"[()]| of ")  # of two forms the other makes the better name


@dataclass
class Thing:
    """What is known of one entity while it is put together."""

    found: list[Found] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    listed: Counter[tuple[str, str]] = field(default_factory=Counter)
    inside: set[str] = field(default_factory=set)  # forms that stay inside longer mentions
    shares: list[float] = field(default_factory=lambda: [0.0] * len(CONCEPTS))
    signs: dict[str, float] = field(default_factory=dict)
    confidence: float = 0.0

    def add(self, text: str, found: Found, listed: Found | None) -> None:
        """Count one mention; its type counts by its score, and once more where the list of names has it."""
        self.found.append(found)
        self.shares = [total + found.score * share for total, share in zip(self.shares, found.shares, strict=True)]
        self.forms[text[found.start : found.end]] += 1
        if listed:
            if _stays_inside(listed, text[found.start : found.end]):
                self.inside.add(text[found.start : found.end])
            self.listed[listed.type, listed.name] += 1
            self.shares[CONCEPTS.index(listed.type)] += 1.0

    @property
    def type(self) -> str:
        """The type that most speaks for."""
        return CONCEPTS[max(range(len(CONCEPTS)), key=self.shares.__getitem__)]

    def judge(self, text: str, title_end: int) -> None:
        """Set the signs and the confidence that follows from them.

        What a paper proposes beside a new data set is easily taken for that; its name may say that it is not.
        """
        if not self.listed and any(map(is_no_data, self.forms)):
            self.shares[CONCEPTS.index("Dataset")] *= UNLIKE
        whole = sum(self.shares) or 1.0
        shares = [share / whole for share in self.shares]
        self.signs = keeping.signs(text, title_end, self.found, shares, listed=bool(self.listed))
        self.confidence = self.at_least(keeping.probability(self.signs, self.found[0].by))

    def at_least(self, confidence: float) -> float:
        """The confidence, or what the list of names alone is worth."""
        return max(confidence, LISTED) if self.listed and any(map(_capitals, self.forms)) else confidence


def group_mentions(doc: Doc) -> Doc:
    """Set the entities: by decreasing number of mentions nothing is implied; they are in order of first mention."""
    return set_entities(doc, things(doc))


def set_entities(doc: Doc, found: dict[str, Thing], least: float | None = None) -> Doc:
    """Set those of ``found`` whose confidence is at least ``least``, by default the model's cut-off."""
    kept = {key: thing for key, thing in found.items() if thing.confidence >= _least(thing, least)}
    places = _places(document.text(doc), kept)
    renamed, long = naming.Renamed(doc), {long for long, _ in pairs(doc)}
    entities = [_entity(document.text(doc), kept[key], spans, renamed, long) for key, spans in places.items() if spans]
    entities.sort(key=lambda entity: (entity["mentions"][0]["start"], entity["type"], entity["name"]))
    return document.set_facts(doc, "entities", entities)


def _least(thing: Thing, least: float | None) -> float:
    return keeping.least(thing.found[0].by) if least is None else least


def things(doc: Doc) -> dict[str, Thing]:
    """All that mentions speak of, kept or not, by a key of their forms."""
    text = document.text(doc)
    keys = Keys(doc)
    found: defaultdict[str, Thing] = defaultdict(Thing)
    for mention, listed in _apart(text, document.mentions(doc)):
        found[keys.of(text[mention.start : mention.end])].add(text, mention, listed)
    for long, short in pairs(doc):
        explained = found.get(keys.of(long))
        if explained:
            explained.forms.update([long, short])
    for thing in found.values():
        thing.judge(text, document.title_end(doc))
    return found


def _apart(text: str, mentions: list[Found]) -> list[tuple[Found, Found | None]]:
    """Mentions that do not overlap, the surest first, each with what the list of names says of the same place.

    Some listed names inside a longer mention stay as well: "classification of MNIST" is about MNIST too.
    """
    listed = {(mention.start, mention.end): mention for mention in mentions if mention.name}
    taken = bytearray(max((mention.end for mention in mentions), default=0))
    kept = []
    for mention in sorted(_grown(mentions, listed), key=lambda m: (-m.score, m.start, -m.end)):
        span = slice(mention.start, mention.end)
        name = listed.get((mention.start, mention.end))
        if not any(taken[span]) or (name and _stays_inside(name, text[span])):
            taken[span] = b"\1" * (mention.end - mention.start)
            kept.append((mention, name))
    return sorted(kept, key=lambda pair: pair[0])


def _grown(mentions: list[Found], listed: Iterable[tuple[int, int]]) -> list[Found]:
    """The weighed mentions, where one that is but a part of a listed name makes way for the whole: "Difference" for
    "Difference-in-differences", which is as likely as its likeliest part."""
    places = sorted(listed)  # they do not overlap
    best: defaultdict[tuple[int, int], float] = defaultdict(float)
    around = []
    for mention in mentions:
        before = bisect_right(places, mention.start, key=lambda place: place[0]) - 1
        place = places[before] if before >= 0 and mention.end <= places[before][1] else None
        around.append((mention, place))
        if place and mention.shares:
            best[place] = max(best[place], mention.score)
    return [
        mention._replace(score=best[place]) if place else mention
        for mention, place in around
        if mention.shares and place in (None, (mention.start, mention.end))
    ]


def _stays_inside(listed: Found, form: str) -> bool:
    """Whether people ask for the name inside a longer one too: data sets, and methods by their acronym ("DPO")."""
    return listed.type == "Dataset" or (listed.type == "Method" and form.isupper() and len(form) <= 6)


def _places(text: str, kept: dict[str, Thing]) -> dict[str, list[tuple[int, int]]]:
    """Every occurrence of every form, longest forms first, none inside another but for those of listed names."""
    lowered = text.lower()
    taken = bytearray(len(text))
    places: dict[str, list[tuple[int, int]]] = {key: [] for key in kept}
    order = sorted({(form, key) for key, thing in kept.items() for form in thing.forms}, key=lambda f: (-len(f[0]), f))
    for form, key in order:
        loose = (
            len(lowered) == len(text) and len(form) > 4 and naming.shape(form) in ("lower", "some", "all", "lower:1")
        )
        for start, end in occurrences(lowered if loose else text, form.lower() if loose else form):
            free = not taken[start] and not taken[end - 1]
            if free or (form in kept[key].inside and not any(a < end and start < b for a, b in places[key])):
                taken[start:end] = b"\1" * (end - start)
                places[key].append((start, end))
    return {key: sorted(spans) for key, spans in places.items()}


def _entity(
    text: str, thing: Thing, spans: list[tuple[int, int]], renamed: naming.Renamed, long: set[str]
) -> dict[str, Any]:
    type_ = thing.type
    forms = Counter(text[start:end] for start, end in spans)
    listed = next((name for (kind, name), _ in thing.listed.most_common() if kind == type_), None)
    listed = listed or _listed(type_, (form for form in forms if form not in renamed))
    name = listed or _name(forms, text, long)
    confidence = round(thing.confidence, 3)
    mentions = [{"text": text[start:end], "start": start, "end": end, "confidence": confidence} for start, end in spans]
    return {
        "type": type_,
        "name": name,
        "role": _role(thing),
        "named": bool(listed) or _named(thing),
        "confidence": confidence,
        "mentions": mentions,
    }


def _role(thing: Thing) -> str:
    """The likeliest role over all mentions."""
    sums = [sum(m.score * m.roles[n] for m in thing.found) for n in range(len(ROLES))]
    return ROLES[max(range(len(ROLES)), key=sums.__getitem__)]


def _capitals(form: str) -> bool:
    return any(map(str.isupper, form))


def _named(thing: Thing) -> bool:
    return sum(m.named for m in thing.found) >= 0.5 * len(thing.found)


def _listed(type_: str, forms: Iterable[str]) -> str | None:
    """The listed name that one of the forms is, with or without its generic last word ("SQuAD dataset")."""
    for form in forms:
        for written in (form, bare(form)):
            for name in naming.listed(written, fold_name(written)):
                if name.type == type_ and written not in name.weak:
                    return name.name
    return None


def _name(forms: Counter[str], text: str, long: set[str]) -> str:
    """The expanded form where there is one, else the commonest, in singular, without the capitals of titles."""
    expanded = [bare(form) for form in forms if form in long]
    counts: Counter[str] = Counter()
    for form, count in forms.items():
        counts[bare(form)] += count
    forms = counts
    best = min(
        expanded or forms,
        key=lambda form: (not expanded and form.istitle(), -forms[form], bool(_LOOSE.search(form)), -len(form), form),
    )
    lowered = best.lower()
    if (best != lowered and lowered in forms) or (_titled(best) and lowered in text):
        best = lowered
    return best if " of " in best else singular(best, text)


def _titled(form: str) -> bool:
    return all(word[:1].isupper() and word[1:].islower() for word in re.findall(r"[^\W\d_]{2,}", form))
