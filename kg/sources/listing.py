"""A listing of papers as text: "GNAug 17, 2023" (category and date), the title with the authors glued to it, abstract.

Nothing but the change of letters shows where a title ends and its authors begin ("...Labor MarketQin Chen, Jinfeng Ge
et al."), so the split is the first place from where on all that follows reads as a list of names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.errors import RecordError
from kg.model import Author, Record
from kg.sources import dates
from kg.sources.pages import Drafts, Keys
from kg.sources.source import Defect, Found, Line, Place, Source
from kg.sources.text import clean_abstract, clean_line, clean_title

NAME = "listing"

_HEAD = re.compile(rf"\s*([A-Za-z][A-Za-z-]*(?:\.[A-Za-z-]+)?)?({dates.MONTH} \d{{1,2}}, \d{{4}})\s*")
_HEADING_LENGTH = 200  # characters
_LINES_LIMIT = 5_000  # of one record

_ET_AL = re.compile(r",?\s+(?:et\.? al\.?|and others)\s*$", re.I)
_COMMA = re.compile(r"\s*,\s+(?:and\s+)?|\s+and\s+|\s*;\s+")

# Names are matched on their shape, one character for each: A capital, a small letter, 1 digit, c letter without case.
_WORD = r"(?:A['’])?(?:Aa*|c+)(?:['’]a+)*"
_SHAPE = re.compile(rf"(?:{_WORD}(?:-(?:{_WORD}|a+))*|(?:A\.-?)+|AA|-A\.)")
_GLUED_INITIALS = re.compile(rf"(?:A\.-?)+{_WORD}(?:-{_WORD})*")
_PARTICLE = re.compile(
    r"(?:van|von|vom|der|den|de|del|della|degli|di|da|das|do|dos|du|des|la|le|el|al|bin|ibn|ben|ten|ter|te|zu|zum|zur|af|av|"
    r"y|e|i|'t|’t)|(?:d|l|al|el|ul|ad|ash|as)['’-][^\W\d_]+(?:-[^\W\d_]+)*"
)
_CAMEL = re.compile(r"(?:Mc|Mac|De|Di|Du|Da|Del|Della|La|Le|Lo|Van|Von|Vander|Fitz|St|Ben|El|Al|Ó|Nic|Ní)(?=[^\W\d_])")
_ELIDED = re.compile(r"[ODLdl]['’]")  # O'Brien, d'Alembert
_ABBREVIATION = re.compile(r"(?:^|\s)(?:A\.)+$")  # on the shape
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV|V")
_MOST_WORDS = 7


class Split(NamedTuple):
    """A title and the authors that were glued to it; ``more`` says that there are more than those named."""

    title: str
    authors: tuple[str, ...]
    more: bool


@dataclass(slots=True)
class Draft:
    """A record as far as it was read: the line of its head, category, date, and its text."""

    number: int
    category: str = ""
    date: str = ""
    lines: list[str] = field(default_factory=list)
    error: RecordError | None = None

    @property
    def abstract(self) -> str:
        return "\n".join(self.lines[1:]).strip()


def split_authors(line: str) -> Split:
    """The title and the authors of a line in which nothing stands between them.

    >>> split_authors("Machine Learning with GPT-4Xi Wang, Ronald McDonald et al.")
    Split(title='Machine Learning with GPT-4', authors=('Xi Wang', 'Ronald McDonald'), more=True)
    >>> split_authors("The Use ofBERTJ.-P. van der Berg").authors
    ('J.-P. van der Berg',)
    """
    listed = _ET_AL.sub("", line)
    for strict in (True, False):
        for start in _boundaries(listed, strict=strict):
            names = _names(listed[start:], strict=strict)
            if names:
                return Split(listed[:start].rstrip(), names, listed != line)
    return Split(line, (), False)


def _boundaries(line: str, *, strict: bool) -> Iterator[int]:
    """Where a name could start without a blank before it."""
    shape = _shape(line)
    for at in range(1, len(line)):
        if shape[at] in "Aac" and not _inside(line, shape, at):
            particle = shape[at] == "a" and (shape[at - 1] != "a" or not strict) and _starts_with_particle(line[at:])
            if particle or shape[at] == "A" or (shape[at] == "c" and shape[at - 1] != "c"):
                yield at


def _inside(line: str, shape: str, at: int) -> bool:
    """Whether this letter goes on what stands before it: a word, "Jean-Luc", "O'Brien", "U.S.", "BERT" and "van"."""
    before = shape[at - 1]
    return (
        before.isspace()
        or before in "-–"
        or bool(_ELIDED.fullmatch(line[max(at - 2, 0) : at]))
        or bool(shape[at : at + 4] == "A.A." and _ABBREVIATION.search(shape[:at]))
        or (before == "A" and shape[at] == "A" and _starts_with_particle(line[at + 1 :]))
    )


def _starts_with_particle(text: str) -> bool:
    word, _, rest = text.partition(" ")
    return bool(rest) and len(word) > 1 and bool(_PARTICLE.fullmatch(word))


def _names(text: str, *, strict: bool) -> tuple[str, ...]:
    """The names in the text, () if it is no list of names; if ``strict``, the first must have two words."""
    names = tuple(_COMMA.split(text.strip().rstrip(",")))
    words = [name.split() for name in names]
    if strict and len(words[0]) < 2:
        return ()
    return names if all(_is_name(name, strict=strict) for name in words) else ()


def _is_name(words: list[str], *, strict: bool) -> bool:
    if not 1 <= len(words) <= _MOST_WORDS or all(_PARTICLE.fullmatch(word) for word in words):
        return False
    return all(_is_name_word(word, strict=strict) for word in words)


def _is_name_word(word: str, *, strict: bool) -> bool:
    word = _CAMEL.sub("", word, count=1) if _CAMEL.match(word) and not _shape(word)[1:].islower() else word
    shape = _shape(word)
    if _SHAPE.fullmatch(shape) or _PARTICLE.fullmatch(word) or _SUFFIX.fullmatch(word):
        return True
    return not strict and bool(_GLUED_INITIALS.fullmatch(shape))


def _shape(text: str) -> str:
    return "".join(map(_shape_of, text))


def _shape_of(char: str) -> str:
    if char.isupper() or char.istitle():
        return "A"
    if char.islower() or "\u0300" <= char <= "\u036f":
        return "a"
    if char.isalpha():
        return "c"
    return "1" if char.isdigit() else char


def read(lines: Iterable[Line], place: Place) -> Iterator[Found]:
    """The records of a listing in its order, when it has ended: only then is it known which titles come twice."""
    with Drafts[Draft]() as drafts:
        keys = Keys()
        for draft in _drafts(lines, place):
            drafts.add(draft)
            keys.add(_title(draft), draft.abstract)
        for draft in drafts:
            yield draft.error or _found(draft, keys, place)


def _title(draft: Draft) -> str:
    return split_authors(draft.lines[0]).title if draft.lines else ""


def _found(draft: Draft, keys: Keys, place: Place) -> Found:
    try:
        return _record(draft, keys, place)
    except Defect as defect:
        return RecordError(place.location, draft.number, str(defect))


def _record(draft: Draft, keys: Keys, place: Place) -> Record:
    split = split_authors(clean_title(draft.lines[0] if draft.lines else ""))
    return Record(
        source=NAME,
        location=place.location,
        key=keys.key(_title(draft), draft.abstract),
        title=clean_title(split.title),
        abstract=clean_abstract(draft.abstract),
        authors=tuple(Author(" ".join(clean_line(name).split())) for name in split.authors),
        more_authors=split.more,
        date=dates.parse(draft.date) if draft.date else None,
        date_kind="listed" if draft.date else None,
        categories=(draft.category,) if draft.category else (),
    )


def _drafts(lines: Iterable[Line], place: Place) -> Iterator[Draft]:
    """What stands from one head to the next; before the first head may stand a heading, a long text is reported."""
    draft: Draft | None = None
    for number, text in lines:
        if isinstance(text, RecordError):
            draft = draft or Draft(number)
            draft.error = draft.error or text
        elif match := _HEAD.fullmatch(text):
            if draft:
                yield draft
            draft = Draft(number, match[1] or "", match[2])
        elif draft is None and len(text) > _HEADING_LENGTH:
            draft = Draft(number, error=RecordError(place.location, number, "unread text before the first head"))
        elif draft and len(draft.lines) < _LINES_LIMIT and (draft.lines or text.strip()):
            draft.lines.append(text.strip())
    if draft:
        yield draft


def _recognises(head: str) -> bool:
    heads = [match for line in head.splitlines() if (match := _HEAD.fullmatch(line))]
    return any(match[1] for match in heads)


SOURCE = Source(recognises=_recognises, read=read)
