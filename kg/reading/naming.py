"""What a phrase names - a task, method, model, dataset, metric, or nothing: what is looked at to decide.

The weights of these signs are in ``naming.tsv``.
"""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.names import Name, name_index
from kg.reading import document
from kg.reading.linear import load

WEIGHTS = "naming"
NOTHING = "none"
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[^\w\s]")
_EXPLAINS = re.compile(
    r"(?:\s*\([^()]{1,40}\))?\s?(?:[,:]|,?\s(?:is|which\s+is|as))\s(?:an?|the\s+first|our)\s(?P<phrase>[^,.;:()\n]{3,90})",
    re.IGNORECASE,
)
_PHRASE_END = re.compile(
    r"\s(?:for|of|that|which|to|with|in|on|using|based|by|from|and|designed|trained|capable|consisting|comprising|where|via"
    r"|as|is|built|containing|able|aimed|called|tailored|covering)\b",
    re.IGNORECASE,
)
_IS_DATA = re.compile(
    r"(?:\s*\([^()]{1,40}\))?\s?(?:[,:]|,?\s(?:is|which\s+is|as))\s(?:an?|the|our)\s"
    r"(?:(?!\b(?:for|of|that|which|to|with|in|on|using|based|by|from|trained|via|we)\b)[^.;:\n]){0,110}?"
    r"\b(?:dataset|benchmark|corpus|data\s?set|test\s?bed|test\s?suite|data\s?base)\b"
    r"(?=\s*(?:[,.;:()]|$)|\s+(?:for|of|that|which|to|with|in|on|by|from|and|consisting|containing|comprising|built"
    r"|where|designed|collected|created|is|covering|spanning|based)\b)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[^\W_]+(?:\.\d+)?|[+@#&]")


def decide(text: str, span: tuple[int, int], extra: tuple[str, ...] = ()) -> tuple[str, float]:
    """The likeliest type of ``text[span]`` and the probability that it names anything of the five types."""
    shares = load(WEIGHTS).probabilities(signs(text, span, extra))
    nothing = shares.pop(NOTHING)
    if said_to_be_data(text, span):
        return "Dataset", 1.0 - nothing
    best = max(shares, key=lambda name: shares[name])
    return best, 1.0 - nothing


def said_to_be_data(text: str, span: tuple[int, int]) -> bool:
    """Whether the text says so right behind a name: "FooQA, a large dataset of questions"."""
    return shape(text[slice(*span)]) != "lower" and _IS_DATA.match(text, span[1], span[1] + 160) is not None


def signs(text: str, span: tuple[int, int], extra: tuple[str, ...] = ()) -> list[str]:
    """The features of a phrase: its words, its shape and what stands beside it; ``extra`` are the caller's."""
    start, end = span
    phrase = text[start:end]
    folded = fold_name(phrase)
    words = folded.split()
    head = words[-1] if words else ""
    found = [
        "always",
        f"head:{head}",
        f"first:{words[0] if words else ''}",
        f"form:{folded}",
        f"length:{min(len(words), 6)}",
    ]
    found += [f"word:{word}" for word in words[:-1]]
    found += [f"end:{head[-3:]}", f"end4:{head[-4:]}", f"shape:{shape(phrase)}"]
    if len(words) > 1:
        found.append(f"heads:{words[-2]} {head}")
    else:
        found.append(f"alone:{head}")
    found += [f"listed:{name.type}" for name in listed(phrase, folded)]
    return [*found, *_beside(text, start, end), *_explained(text, end), *extra]


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


def _beside(text: str, start: int, end: int) -> Iterator[str]:
    before = [token.casefold() for token in _TOKEN.findall(text[max(0, start - 40) : start])[-2:]]
    after = [token.casefold() for token in _TOKEN.findall(text[end : end + 40])[:2]]
    before = ["^", "^", *before][-2:]
    after = [*after, "$", "$"][:2]
    yield f"<1:{before[1]}"
    yield f"<2:{before[0]} {before[1]}"
    yield f">1:{after[0]}"
    yield f">2:{after[0]} {after[1]}"


def _explained(text: str, end: int) -> Iterator[str]:
    """What the text says that it is: "FoldNet, a simple convolutional network", "FoldNet: A Benchmark for ..."."""
    match = _EXPLAINS.match(text, end, end + 120)
    if match:
        phrase = _PHRASE_END.split(match["phrase"])[0].split()
        if phrase:
            yield f"is a:{fold_name(phrase[-1])}"
    if _IS_DATA.match(text, end, end + 160):
        yield "is data"
