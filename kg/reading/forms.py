"""Which forms of a text mean the same thing: "visual RL", "visual reinforcement learning (RL)" and the like."""

import re

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.reading import document
from kg.reading.document import Found
from kg.reading.generic import bare
from kg.reading.singular import singular

_OF = re.compile(r"(?P<action>[\w-]*(?:ing|[ts]ion|ment)) of (?:the |an? )?(?P<what>.+)")


def pairs(doc: Doc) -> list[tuple[str, str]]:
    """Long and short form of each abbreviation that the text explains."""
    text = document.text(doc)
    return [(text[p.long_start : p.long_end], text[p.short_start : p.short_end]) for p in document.abbreviations(doc)]


class Keys:
    """A key for each thing that mentions speak of.

    Two forms have one key where they fold to the same, with or without a generic word behind them; where the text's own
    abbreviations or the list of names join them; where an abbreviation inside them is spelt out in one of them; and
    where one says "prediction of flares" and the other "flare prediction".
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
        self._join_akin(mentions)

    def of(self, form: str) -> str:
        """The key of the thing that a form means."""
        return self._root(fold_name(form))

    def _root(self, folded: str) -> str:
        while self._parent.get(folded, folded) != folded:
            folded = self._parent[folded]
        return folded

    def _join_akin(self, mentions: list[Found]) -> None:
        """Join forms that mean the same without being the same, where the network takes them for one type.

        "Scheduling problem" and "scheduling algorithm" stay apart.
        """
        known = set(self._parent)
        types: dict[str, str] = {}
        for form, type_ in {self._form(found): found.type for found in mentions if found.shares}.items():
            folded = fold_name(form)
            types.setdefault(folded, type_)
            spelt_out = self._spelt_out(form)
            for akin in () if folded in known else (form, spelt_out, _turned(spelt_out)):
                if types.setdefault(fold_name(bare(akin)), type_) == type_:
                    self._join(fold_name(bare(akin)), folded)

    def _spelt_out(self, form: str) -> str:
        """The form with the long forms of the abbreviations that stand inside it."""
        for long, short in self._pairs:
            stem = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
            if stem in form and form not in (short, stem):
                form = re.sub(rf"\s*\({re.escape(stem)}s?\)", "", form)
                form = singular(long).join(re.split(rf"(?<![\w-]){re.escape(stem)}s?(?!\w)", form))
        return form

    def _form(self, found: Found) -> str:
        return self._text[found.start : found.end]

    def _join(self, one: str, other: str) -> None:
        one, other = self._root(one), self._root(other)
        self._parent.setdefault(one, one)
        self._parent[other] = one


def _turned(form: str) -> str:
    """ "prediction of solar flares" as "solar flare prediction"; any other form as it is."""
    match = _OF.fullmatch(form)
    return f"{singular(match['what'])} {match['action']}" if match else form
