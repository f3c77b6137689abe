"""Mentions to entities: one for each distinct thing that a paper names, with all its forms, one type and one name.

Nothing here knows who found a mention.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.reading import document, naming, roles
from kg.reading.document import Found
from kg.reading.singular import singular

LEAST = 0.52  # confidence under which a thing is left out
WORD_WORTH = 0.12  # what each further word of a phrase adds when phrases overlap
_GENERIC = re.compile(
    r"\s+(?:models?|methods?|algorithms?|frameworks?|approach(?:es)?|datasets?|data\s?sets?|benchmarks?|techniques?|"
    r"architectures?|networks?|corpus|scores?|metrics?|tasks?)$"
)
_PROPER = re.compile(r"(?:^|[\s/-])(?=[^\s/-]*[A-Z\d])[^\s/-]+s?$")
_ANOTHER = re.compile(r"-[A-Z\d]")


@dataclass
class _Thing:
    """What is known of one entity while it is put together."""

    votes: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    listed: Counter[tuple[str, str]] = field(default_factory=Counter)
    score: float = 0.0

    def add(self, text: str, found: Found, *, worth: float) -> None:
        """Count one mention, whose type counts by its score and ``worth``."""
        self.votes[found.type] += found.score * worth  # type: ignore[assignment]
        self.forms[text[found.start : found.end]] += 1
        if found.name:
            self.listed[found.type, found.name] += 1
        self.score = max(self.score, found.score)


def group_mentions(doc: Doc) -> Doc:
    """Set the entities: by decreasing number of mentions nothing is implied; they are in order of first mention."""
    text = document.text(doc)
    keys = _Keys(doc)
    things: defaultdict[str, _Thing] = defaultdict(_Thing)
    for found in _apart(document.mentions(doc)):
        things[keys.of(found)].add(text, found, worth=_worth(text, found, keys))
    for long, short in keys.pairs:
        if keys.root(long[0]) in things:
            things[keys.root(long[0])].forms.update([long[1], short[1]])
    kept = {key: thing for key, thing in things.items() if thing.score >= LEAST}
    places = _places(text, {key: list(thing.forms) for key, thing in kept.items()})
    all_roles = roles.Roles(doc)
    entities = [_entity(text, kept[key], spans, keys, all_roles) for key, spans in places.items() if spans]
    entities.sort(key=lambda entity: (entity["mentions"][0]["start"], entity["type"], entity["name"]))
    return document.set_facts(doc, "entities", entities)


def _worth(text: str, found: Found, keys: "_Keys") -> float:
    """How much a mention tells of the type: little where the list means something else, most where the text says it."""
    if text[found.start : found.end] in keys.renamed:
        return 0.01
    return 5.0 if naming.said_to_be_data(text, (found.start, found.end)) else 1.0


class _Keys:
    """Which forms mean the same thing: by folding, by the text's own abbreviations, by the list of names."""

    def __init__(self, doc: Doc) -> None:
        self._text = text = document.text(doc)
        self._parent: dict[str, str] = {}
        self.renamed = naming.Renamed(doc)
        self.pairs = []
        for pair in document.abbreviations(doc):
            long, short = (
                document.text(doc)[pair.long_start : pair.long_end],
                document.text(doc)[pair.short_start : pair.short_end],
            )
            self.pairs.append(((fold_name(long), long), (fold_name(short), short)))
            self._join(fold_name(long), fold_name(short))
        for found in document.mentions(doc):
            if found.name:
                self._join(fold_name(found.name), fold_name(text[found.start : found.end]))

    def of(self, found: Found) -> str:
        """The key of the thing that a mention means."""
        phrase = self._text[found.start : found.end]
        folded = fold_name(phrase)
        if folded not in self._parent:
            folded = fold_name(_bare(phrase))
        return self.root(folded)

    def root(self, folded: str) -> str:
        """The representative of all forms that mean the same."""
        while self._parent.get(folded, folded) != folded:
            folded = self._parent[folded]
        return folded

    def _join(self, one: str, other: str) -> None:
        one, other = self.root(one), self.root(other)
        self._parent.setdefault(one, one)
        self._parent[other] = one


def _apart(mentions: Iterable[Found]) -> list[Found]:
    """Mentions that do not overlap, the best first; those with the very same bounds stay together and vote."""
    best: dict[tuple[int, int], float] = {}
    for found in mentions:
        words = 1 + text_words(found)
        worth = found.score + WORD_WORTH * words + 0.1 * bool(found.name)
        best[found.start, found.end] = max(best.get((found.start, found.end), 0.0), worth)
    taken = bytearray(max((end for _, end in best), default=0))
    kept = set()
    for start, end in sorted(best, key=lambda span: (-best[span], span)):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.add((start, end))
    return [found for found in mentions if (found.start, found.end) in kept]


def text_words(found: Found) -> float:
    """A length in words, from the length in characters: enough to weigh overlapping mentions."""
    return min(found.end - found.start, 40) / 8


def _places(text: str, forms: dict[str, list[str]]) -> dict[str, list[tuple[int, int]]]:
    """Every occurrence of every form, longest forms first, none inside another."""
    lowered = text.lower()
    taken = bytearray(len(text))
    places: dict[str, list[tuple[int, int]]] = {key: [] for key in forms}
    order = sorted(
        {(form, key) for key, all_forms in forms.items() for form in all_forms}, key=lambda f: (-len(f[0]), f)
    )
    for form, key in order:
        loose = (
            len(lowered) == len(text) and len(form) > 4 and naming.shape(form) in ("lower", "some", "all", "lower:1")
        )
        for start, end in occurrences(lowered if loose else text, form.lower() if loose else form):
            if not taken[start] and not taken[end - 1]:
                taken[start:end] = b"\1" * (end - start)
                places[key].append((start, end))
    return {key: sorted(spans) for key, spans in places.items()}


def occurrences(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a form stands as whole words, its plural included."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if end < len(text) and text[end] == "s" and not form.endswith("s"):
            end += 1
        if not (start and _joined(text[start - 1])) and not _goes_on(text, form, end):
            yield start, end
        start = text.find(form, start + len(form))


def _goes_on(text: str, form: str, end: int) -> bool:
    """Whether the word is longer than the form; "CLIP-T" is not CLIP."""
    if end >= len(text):
        return False
    return _joined(text[end]) or (not form.islower() and _ANOTHER.match(text, end) is not None)


def _joined(character: str) -> bool:
    return character.isalnum() or character == "_"


def _entity(
    text: str, thing: _Thing, spans: list[tuple[int, int]], keys: _Keys, all_roles: roles.Roles
) -> dict[str, Any]:
    type_ = max(thing.votes, key=lambda name: (thing.votes[name], name))
    forms = Counter(text[start:end] for start, end in spans)
    listed = next((name for (kind, name), _ in thing.listed.most_common() if kind == type_), None)
    listed = listed or _listed(type_, (form for form in forms if form not in keys.renamed))
    name = listed or _name(forms, text, keys)
    confidence = round(min(thing.score, 1.0), 4)
    mentions = [{"text": text[start:end], "start": start, "end": end, "confidence": confidence} for start, end in spans]
    return {
        "type": type_,
        "name": name,
        "role": all_roles.of(spans, type_),
        "named": bool(listed) or naming.shape(name) != "lower" or len(name.split()) < 5,
        "confidence": confidence,
        "mentions": mentions,
    }


def _listed(type_: str, forms: Iterable[str]) -> str | None:
    """The listed name that one of the forms is, with or without its generic last word ("SQuAD dataset")."""
    for form in forms:
        for written in (form, _bare(form)):
            for name in naming.listed(written, fold_name(written)):
                if name.type == type_ and written not in name.weak:
                    return name.name
    return None


def _name(forms: Counter[str], text: str, keys: _Keys) -> str:
    """The expanded form where there is one, else the commonest, in singular, without the capitals of titles."""
    expanded = [form for form in forms if any(form == long[1] for long, _ in keys.pairs)]
    forms = Counter({bare: sum(n for f, n in forms.items() if _bare(f) == bare) for bare in map(_bare, forms)})
    best = min(expanded or forms, key=lambda form: (not expanded and form.istitle(), -forms[form], -len(form), form))
    lowered = best.lower()
    if (best != lowered and lowered in forms) or (_titled(best) and lowered in text):
        best = lowered
    return singular(best, text)


def _bare(form: str) -> str:
    """A name without the generic word behind it ("SQuAD dataset"), where what is left is a name by itself."""
    bare = _GENERIC.sub("", form)
    return bare if _PROPER.search(bare) else form


def _titled(form: str) -> bool:
    return all(word[:1].isupper() and word[1:].islower() for word in re.findall(r"[^\W\d_]{2,}", form))
