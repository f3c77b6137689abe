"""Where sentences begin and end: rules over the characters, so that offsets are exact and cost next to nothing.

The title is a sentence of its own. A full stop ends a sentence where white space and a fitting beginning follow,
unless it belongs to an abbreviation, an initial, or stands inside brackets or ``$...$``.
"""

import re
from bisect import bisect_right
from itertools import pairwise

from spacy.tokens import Doc

from kg.reading import document

LONGEST_PROTECTED = 1000  # characters: a bracket that opens and closes further apart is no bracket

# after these the sentence always goes on
_CONTINUING = frozenset(
    """
    e.g i.e eg ie vs cf viz fig figs eq eqs eqn ref refs sec sect dr prof mr mrs ms st no nos vol pp ca approx resp
    w.r.t wrt a.k.a i.i.d phys rev lett math commun nucl appl astron astrophys chem sci proc conf j opt ann nat inc
    al etc ed eds univ dept incl jr sr ver alg thm prop lem cor def ex b.c a.d u.s u.k u.n e.u d.c
    """.split()  # noqa: SIM905
)
# unless one of these words follows, which begin sentences (for the ones that may stand last in a sentence)
_MAY_END = frozenset(
    """
    al etc inc i.i.d jr sr u.s u.k u.n e.u b.c a.d d.c eds univ sci nat appl
    """.split()  # noqa: SIM905
)
_STARTERS = frozenset(
    """
    the this these those we our in it its they their however moreover furthermore additionally finally here there to
    a an for with as while although when since thus therefore hence by on results experiments extensive experimental
    such first second third such each both many most recent existing specifically notably importantly overall
    despite at from using unlike if one two code
    """.split()  # noqa: SIM905
)
_STOP = re.compile(r"(?P<mark>[.!?\u2026]+)(?P<close>[\"'”’)\]}]*)(?P<gap>\s+|$)|[。！？]+|\n[^\S\n]*\n\s*")
_GLUED = re.compile(r"(?<=[a-z]{3}[.!?])(?=(?:The|This|These|We|Our|In|It|However|Moreover|Experiments|Results)\s)")
_LAST_WORD = re.compile(r"[^\s(\[{\"'“‘]+$")
_NEXT_WORD = re.compile(r"[\"'“‘(\[]*([^\W\d_]+)")
_MATH = re.compile(r"\$(?![\s$])[^$\n]{1,200}(?<!\s)\$(?!\d)")
_PROSE = re.compile(r"[.!?]\s+[A-Z][a-z]+\s")
_CLOSES = {")": "(", "]": "[", "}": "{"}


def find_sentences(doc: Doc) -> Doc:
    """Set the sentences of the title and the abstract."""
    return document.set_sentences(doc, split(document.text(doc), document.title_end(doc)))


def split(text: str, title_end: int) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences of ``text``, in order, without the white space around them."""
    cuts = [0, title_end]
    protected = _protected(text)
    for match in _STOP.finditer(text, title_end + 1):
        if _ends_sentence(text, match) and not _inside(protected, match.start()):
            cuts.append(match.end())
    cuts += [m.start() for m in _GLUED.finditer(text, title_end + 1) if not _inside(protected, m.start())]
    bounds = sorted({*cuts, len(text)})
    spans = (_trim(text, start, end) for start, end in pairwise(bounds))
    return [(start, end) for start, end in spans if start < end]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    mark = match["mark"]
    if mark is None or match.end() == len(text):
        return True
    following = text[match.end()]
    if following.islower() or following in ",;:)]}":
        return False
    return mark != "." or not _is_abbreviation(text, match)


def _is_abbreviation(text: str, match: re.Match[str]) -> bool:
    before = _LAST_WORD.search(text[max(0, match.start() - 30) : match.start()])
    word = before[0].casefold() if before else ""
    starter = _NEXT_WORD.match(text, match.end(), match.end() + 30)
    starts = starter is not None and starter[1].casefold() in _STARTERS
    if word in _CONTINUING:
        return not (starts and word in _MAY_END)
    initial = len(word) == 1 and word.isalpha() and before is not None and before[0].isupper()
    return (initial or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word) is not None) and not starts


def _protected(text: str) -> list[tuple[int, int]]:
    """Spans in which no sentence ends, in order and disjoint: brackets that match, and mathematics."""
    spans = [m.span() for m in _MATH.finditer(text) if not _PROSE.search(m[0])]
    opened: list[tuple[str, int]] = []
    for match in re.finditer(r"[()\[\]{}]", text):
        if match[0] in "([{":
            opened.append((match[0], match.start()))
        elif opened and opened[-1][0] == _CLOSES[match[0]]:
            start = opened.pop()[1]
            if match.end() - start <= LONGEST_PROTECTED:
                spans.append((start, match.end()))
        else:
            opened.clear()
    return _union(spans)


def _union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _inside(spans: list[tuple[int, int]], offset: int) -> bool:
    position = bisect_right(spans, (offset, len(spans) + offset)) - 1
    return position >= 0 and spans[position][0] < offset < spans[position][1] - 1


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
