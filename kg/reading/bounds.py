"""Bounds of mentions as people would draw them, where the network's labels of single words miss what English demands.

No name begins or ends with "for", "and" or an article, and none is without a letter or digit; "long form (SF)" is two
forms, and so is "long form (SF) method".
"""

from kg.reading.generic import is_generic
from kg.reading.words import Words

Span = tuple[int, int]  # words: first, beyond last

_LINKS = frozenset(
    """
    for of in on as and or with by to from at via than based using featuring under over the a an that which is are its
    our their into through between across & , . : ; - – — ' " ` ’ “ ” = < > ~
    """.split()  # noqa: SIM905
)
_PARTICLES = frozenset(["at", "by", "from", "in", "into", "of", "on", "over", "through", "to", "under", "with"])
_BRACKETS = {bracket: pair for pair in ("()", "[]", "{}") for bracket in pair}


def tidy(text: str, words: Words, span: Span, title_end: int = 0) -> list[Span]:
    """The span trimmed and split: none, or one or more. No name goes on from the title, up to ``title_end``, into the
    abstract."""
    found = []
    for part in (form for side in _sides(words, span, title_end) for form in _forms(text, words, side)):
        first, last = _trimmed(text, words, part)
        if any(map(str.isalnum, text[words[first][0] : words[last - 1][1]] if first < last else "")):
            found.append((first, last))
    return found


def _sides(words: Words, span: Span, title_end: int) -> list[Span]:
    first, last = span
    middle = next((n for n in range(first + 1, last) if words[n - 1][1] <= title_end < words[n][0]), None)
    return [span] if middle is None else [(first, middle), (middle, last)]


def _word(text: str, words: Words, place: int) -> str:
    return text[slice(*words[place])].casefold()


def _forms(text: str, words: Words, span: Span) -> list[Span]:
    """ "support vector machine (SVM)" or "... (SVM) classifier" as the two forms; anything else as it is."""
    first, last = span
    end = last - 1 if is_generic(_word(text, words, last - 1)) else last
    if end - first < 4 or _word(text, words, end - 1) != ")":
        return [span]
    opened = next((place for place in range(end - 2, first, -1) if _word(text, words, place) == "("), None)
    if opened is None or opened - first < 1 or opened == end - 2 or not text[words[opened][0] - 1].isspace():
        return [span]
    if end < last and _word(text, words, end - 2)[-1] == _word(text, words, end)[0]:
        return [span]  # "recurrent neural (RNN) network": the short form takes in the word behind it
    return [(first, opened), (opened + 1, end - 1)]


def _trimmed(text: str, words: Words, span: Span) -> Span:
    first, last = span
    while last > first and _hangs(text, words, (first, last), last - 1):
        last -= 1
    while first < last - 1 and _hangs(text, words, (first, last), first):
        first += 1
    return first, last


def _hangs(text: str, words: Words, span: Span, place: int) -> bool:
    """Whether the word at this end of the span is no part of a name: a link, or a bracket without its other half."""
    word = _word(text, words, place)
    if word in _PARTICLES and _hyphenated(text, words, span, place):
        return False
    if word in _BRACKETS:
        inside = [_word(text, words, n) for n in range(*span)]
        pair = _BRACKETS[word]
        return inside.count(pair[0]) != inside.count(pair[1])
    return word in _LINKS


def _hyphenated(text: str, words: Words, span: Span, place: int) -> bool:
    """Whether a hyphen joins the word to another of the span: the "on" of "try-on" and of "on-board control"."""
    first, last = span
    return (place - 2 >= first and text[words[place - 2][1] : words[place][0]] == "-") or (
        place + 2 < last and text[words[place][1] : words[place + 2][0]] == "-"
    )
