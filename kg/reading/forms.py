"""Which forms of a text mean the same thing: "visual RL", "visual reinforcement learning (RL)" and the like."""

import re

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.reading import document
from kg.reading.document import Found
from kg.reading.generic import bare

_OF = re.compile(r" (?:of|for|in) (?:the |an? )?")


def pairs(doc: Doc) -> list[tuple[str, str]]:
    """Long and short form of each abbreviation that the text explains."""
    text = document.text(doc)
    return [(text[p.long_start : p.long_end], text[p.short_start : p.short_end]) for p in document.abbreviations(doc)]


class Keys:
    """A key for each thing that mentions speak of.

    Two forms have one key where they fold to the same, with or without a generic word behind them; where the text's own
    abbreviations or the list of names join them; where an abbreviation inside them is spelt out in one of them; and
    where they have the same words in another order ("prediction of flares" and "flare prediction").
    """

    def __init__(self, doc: Doc) -> None:
        self._text = document.text(doc)
        self._parent: dict[str, str] = {}
        self._pairs = pairs(doc)
        for long, short in self._pairs:
            self._join(fold_name(long), fold_name(short))
        mentions = document.mentions(doc)
        for found in mentions:
            if found.name:
                self._join(fold_name(found.name), fold_name(self._form(found)))
        self._join_akin(list(dict.fromkeys(map(self._form, mentions))))

    def of(self, form: str) -> str:
        """The key of the thing that a form means."""
        return self._root(fold_name(form))

    def _root(self, folded: str) -> str:
        while self._parent.get(folded, folded) != folded:
            folded = self._parent[folded]
        return folded

    def _join_akin(self, forms: list[str]) -> None:
        """Join the forms of which neither the text nor the list says what they mean."""
        known = set(self._parent)
        for form in forms:
            folded = fold_name(form)
            if folded in known:
                continue
            spelt_out = self._spelt_out(bare(form))
            self._join(fold_name(bare(form)), folded)
            self._join(fold_name(bare(spelt_out)), folded)
            self._join(" ".join(reversed(_OF.split(fold_name(spelt_out)))), folded)

    def _spelt_out(self, form: str) -> str:
        """The form with the long forms of the abbreviations that stand inside it."""
        for long, short in self._pairs:
            if short in form and short != form:
                form = re.sub(rf"\s*\({re.escape(short)}\)", "", form)
                form = long.join(re.split(rf"(?<![\w-]){re.escape(short)}(?!\w)", form))
        return form

    def _form(self, found: Found) -> str:
        return self._text[found.start : found.end]

    def _join(self, one: str, other: str) -> None:
        one, other = self._root(one), self._root(other)
        self._parent.setdefault(one, one)
        self._parent[other] = one
