"""What is to be known of a phrase by itself: whether it is listed, and its shape."""

import re

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.names import Name, name_index
from kg.reading import document

_PARTS = re.compile(r"[^\W_]+(?:\.\d+)?|[+@#&]")


def shape(phrase: str) -> str:
    """The pattern of capitals and digits of a phrase, in a word."""
    parts = _PARTS.findall(phrase)
    capitals = [part for part in parts if part[:1].isupper()]
    inner = any(any(map(str.isupper, part[1:])) for part in parts)
    digits = any(map(str.isdigit, phrase))
    kind = "lower" if not capitals and not inner else "all" if len(capitals) == len(parts) else "some"
    return f"{kind}{'+inner' if inner else ''}{'+digit' if digits else ''}{':1' if len(parts) == 1 else ''}"


def listed(phrase: str, folded: str) -> list[Name]:
    """The names of the list that this phrase is a form of, with its capitals where they matter."""
    return [name for name in name_index().get(folded, ()) if _written_so(phrase, folded, name)]


class Renamed:
    """The short forms that a text itself spells out, and as something else than the list does.

    Where "IV" is spelt out as "intravenous" it is no instrumental variable, and nor is "IV estimator"; where "CNN" is
    spelt out as "convolutional neural nets", it is a convolutional neural network all the same.
    """

    def __init__(self, doc: Doc) -> None:
        text = document.text(doc)
        self._forms = {
            text[pair.short_start : pair.short_end].removesuffix("s")
            for pair in document.abbreviations(doc)
            if _renamed(text[pair.short_start : pair.short_end], text[pair.long_start : pair.long_end])
        }

    def __contains__(self, phrase: str) -> bool:
        return bool(self._forms) and not self._forms.isdisjoint(word.removesuffix("s") for word in phrase.split())


def _renamed(short: str, long: str) -> bool:
    words = set(fold_name(long).split())
    names = listed(short, fold_name(short))
    return bool(names) and not any(_akin(words, form) for name in names for form in name.forms)


def _akin(words: set[str], form: str) -> bool:
    others = set(fold_name(form).split())
    return 2 * len(words & others) >= len(words | others)


def _written_so(phrase: str, folded: str, name: Name) -> bool:
    forms = [form for form in name.forms if fold_name(form) == folded]
    return any(form.islower() or form == phrase or form == phrase.removesuffix("s") for form in forms) or (
        len(folded) > 4 and not phrase.islower() and not name.weak
    )
