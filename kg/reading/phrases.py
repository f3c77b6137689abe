"""Noun phrases by their tags, as candidates; the table of ``naming`` decides what each of them names."""

import re
from collections import Counter
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from kg.identity import fold_name
from kg.reading import document, measures, naming
from kg.reading.document import Found

LEAST = 0.3  # probability under which a phrase is left out
LONGEST = 8  # tokens, hyphens counted
_NOUNS = frozenset(("NN", "NNS", "NNP", "NNPS", "FW"))
_INNER = _NOUNS | {"JJ", "JJR", "JJS", "VBG", "VBN", "HYPH", "AFX", "CD", "VBD", "ADD"}
_LEADING = frozenset(("JJ", "JJR", "JJS", "VBG", "VBN", "VBD", "HYPH", "AFX", "CD"))
_JOINERS = frozenset("-/–")
_EMPTY = frozenset(
    """
    novel new powerful existing various several different proposed recent many other such same first second third
    second-order current previous prior important significant key main popular common well-known widely-used
    promising effective efficient simple general specific certain particular potential possible real true full
    entire whole additional further extensive comprehensive numerous diverse multiple single strong superior better
    best competitive state-of-the-art modern traditional conventional standard established emerging successful
    original own underlying corresponding respective resulting given relevant large-scale challenging complex
    crucial critical essential remarkable impressive substantial notable unified principled flexible robust accurate
    practical available good high low higher lower less more most least
    """.split()  # noqa: SIM905
)
_SHARE = re.compile(r"(?:[+\u2212-]?\d[\d.,]*\s?(?:\\?%|[x×])[\s-]*)")  # "8.7% GenEval score"
_WORDY = re.compile(r"[^\W\d_]{2}")


def find_phrases(doc: Doc) -> Doc:
    """Add the noun phrases that name something."""
    spans = list(candidates(doc))
    text = document.text(doc)
    counts = Counter(fold_name(text[start:end]) for start, end in spans)
    title_end = document.title_end(doc)
    found = []
    for start, end in spans:
        type_, score = naming.decide(text, (start, end), place_signs(text, (start, end), counts, title_end))
        if score >= LEAST:
            end = end if type_ != "Metric" else start + len(measures.without_change(text[start:end]))
            found.append(Found(start, end, type_, round(score, 4), "phrases"))
    return document.add_mentions(doc, found)


def place_signs(text: str, span: tuple[int, int], counts: Counter[str], title_end: int) -> tuple[str, ...]:
    """Where in the paper a phrase stands and how often."""
    count = counts[fold_name(text[span[0] : span[1]])]
    return (f"count:{min(count, 4)}", "in:title" if span[0] < title_end else "in:abstract")


def candidates(doc: Doc) -> Iterator[tuple[int, int]]:
    """Offsets of noun phrases, and of what is left of them without their leading modifiers."""
    text = document.text(doc)
    for run in _runs(doc):
        for start in _starts(run):
            span = (run[start].idx, run[-1].idx + len(run[-1]))
            share = _SHARE.match(text, *span)
            span = (share.end() if share else span[0], span[1])
            bracket = text.find("(", *span)
            span = (span[0], bracket if bracket > span[0] and ")" not in text[slice(*span)] else span[1])
            if span[1] - span[0] > 1 and _WORDY.search(text, *span):
                yield span


def _runs(doc: Doc) -> Iterator[list[Token]]:
    run: list[Token] = []
    for token in doc:
        if token.tag_ in _INNER or (run and token.text in _JOINERS and not run[-1].whitespace_):
            run.append(token)
            continue
        yield from _closed(run)
        run = []
    yield from _closed(run)


def _closed(run: list[Token]) -> Iterator[list[Token]]:
    """The run without what cannot end or begin a phrase."""
    start, end = 0, len(run)
    while end > start and not _can_end(run[end - 1], alone=end - start == 1):
        end -= 1
    start = max(start, end - LONGEST)
    while start < end and (run[start].text in _JOINERS or _attached(run[start]) or run[start].tag_ == "CD"):
        start += 1
    if start < end:
        yield run[start:end]


def _can_end(token: Token, *, alone: bool) -> bool:
    return token.tag_ in _NOUNS or token.tag_ == "VBG" or (token.tag_ == "CD" and not alone)


def _attached(token: Token) -> bool:
    """Whether the token hangs on one before the phrase, as "art" does in "state-of-the-art"."""
    return token.i > 0 and not token.nbor(-1).whitespace_ and token.nbor(-1).text in _JOINERS


def _starts(run: list[Token]) -> Iterator[int]:
    """Places at which the phrase may begin: at most the first three words that are no empty modifiers."""
    start = 0
    given = 0
    while start < len(run) and given < 3:
        end = _compound_end(run, start)
        empty = "".join(token.text for token in run[start : end + 1]).casefold() in _EMPTY
        last = end == len(run) - 1
        if not empty or last:
            yield start
            given += 1
        if run[start].tag_ not in _LEADING and not empty:
            return
        start = end + 1


def _compound_end(run: list[Token], start: int) -> int:
    """The last token of the hyphenated word that begins at ``start``."""
    end = start
    while end + 2 < len(run) and run[end + 1].text in _JOINERS and not run[end].whitespace_:
        end += 2
    return end
