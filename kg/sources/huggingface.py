"""The text of a Hugging Face "Daily Papers" page: title, abstract, "• N authors", "·", date and number of comments.

The page gives no keys, so they follow from the title. A date without a year lies in the year after the latest year
that the page names. A record may end with its abstract, without authors and date.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from kg.errors import RecordError
from kg.model import Record
from kg.sources.dates import MONTH, iso, month_number
from kg.sources.pages import Drafts, Keys
from kg.sources.source import Defect, Found, Line, Place, Source
from kg.sources.text import clean_abstract, clean_title

NAME = "huggingface"

_AUTHORS = re.compile(r"\s*•\s*(\d[\d,]*) authors?\s*")
_SEPARATOR = re.compile(r"\s*·\s*")
_DATE = re.compile(rf"\s*({MONTH}) (\d{{1,2}})(?:, (\d{{4}}))?(?: (\d{{1,6}}))?\s*")
_HEADING = "daily papers"
_PREAMBLE = {"new", "get trending papers in your email inbox!", "subscribe", _HEADING}
_BYLINE = re.compile(r"by\s?.*research community", re.I)
_TITLE_LENGTH = 300  # characters; longer texts are no titles
_ABSTRACT_LENGTH = 200  # characters; shorter texts do not make the line before them a title
_LINES_LIMIT = 5_000  # of one record
_SENTENCE_END = (".", "!", ",", ";", ":")


@dataclass(slots=True)
class Draft:
    """A record as far as it was read; ``lines`` are its texts with whether a blank line stands before each."""

    number: int = 0
    lines: list[tuple[bool, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    n_authors: int | None = None
    month: int | None = None
    day: int | None = None
    year: int | None = None
    comments: int | None = None
    written: str = ""
    ending: bool = False
    error: RecordError | None = None

    @property
    def title(self) -> str:
        return self.lines[0][1] if self.lines else ""

    @property
    def abstract(self) -> str:
        return "".join(("\n\n" if apart else "\n") + text for apart, text in self.lines[1:]).strip()


def read(lines: Iterable[Line], place: Place) -> Iterator[Found]:
    """The records of a page, in its order, when the page has ended: only then is the year of every date known."""
    with Drafts[Draft]() as drafts:
        keys, latest = Keys(), None
        for draft in _drafts(lines, place):
            drafts.add(draft)
            keys.add(draft.title, draft.abstract)
            latest = max(filter(None, (latest, draft.year)), default=None)
        year = place.year if place.year is not None else latest and latest + 1
        for draft in drafts:
            yield draft.error or _found(draft, keys, year, place)


def _found(draft: Draft, keys: Keys, year: int | None, place: Place) -> Found:
    try:
        return _record(draft, keys, year, place)
    except Defect as defect:
        return RecordError(place.location, draft.number, str(defect))


def _record(draft: Draft, keys: Keys, year: int | None, place: Place) -> Record:
    title, abstract = clean_title(draft.title), clean_abstract(draft.abstract)
    date = _date(draft, year)
    return Record(
        source=NAME,
        location=place.location,
        key=keys.key(draft.title, draft.abstract),
        title=title,
        abstract=abstract,
        n_authors=draft.n_authors,
        date=date,
        date_kind="published" if date else None,
        comments=draft.comments,
    )


def _date(draft: Draft, year: int | None) -> str | None:
    if draft.month is None:
        return None
    if draft.year is None and year is None:
        raise Defect(f"no year: {draft.written!r}, and the page names none (give it with --year)")
    return iso(draft.written, draft.year or year or 0, draft.month, draft.day)


def _drafts(lines: Iterable[Line], place: Place) -> Iterator[Draft]:
    for draft in _between_dates(lines, place):
        yield from _apart(draft)


def _between_dates(lines: Iterable[Line], place: Place) -> Iterator[Draft]:
    """What stands up to a date, or up to the next text after a number of authors. It may be several records."""
    draft, blank, first, in_heading = Draft(), False, True, False
    for number, text in lines:
        if isinstance(text, RecordError):
            draft.error = draft.error or text
        elif not text or text.isspace():
            blank = True
        elif text.strip().casefold() == _HEADING:
            if left := _before_heading(draft, place, first=first):
                yield left
            draft, first, in_heading = Draft(), False, True
        elif in_heading and (_BYLINE.fullmatch(text.strip()) or _DATE.fullmatch(text)):
            blank = True
        else:
            in_heading = False
            if draft.ending and not _is_footer(text):
                yield draft
                draft, first = Draft(), False
            _add(draft, number, text, blank)
            blank = False
            if draft.month is not None:
                yield draft
                draft, first = Draft(), False
    if draft.lines or draft.error or draft.ending:
        yield draft


def _is_footer(text: str) -> bool:
    return bool(_AUTHORS.fullmatch(text) or _SEPARATOR.fullmatch(text) or _DATE.fullmatch(text))


def _before_heading(draft: Draft, place: Place, *, first: bool) -> Draft | None:
    """What belongs to a record although a page's heading follows: between pages the last, at the start nothing.

    Long texts before the first heading are no preamble: they are reported, so that nothing is lost in silence.
    """
    draft.lines = [line for line in draft.lines if line[1].strip().casefold() not in _PREAMBLE]
    if first and any(len(text) > _ABSTRACT_LENGTH for _, text in draft.lines):
        draft.error = draft.error or RecordError(place.location, draft.number, "unread text before the page's heading")
    elif first:
        return None
    return draft if draft.lines or draft.error else None


def _add(draft: Draft, number: int, text: str, blank: bool) -> None:
    draft.number = draft.number or number
    if match := _AUTHORS.fullmatch(text):
        draft.n_authors, draft.ending = int(match[1].replace(",", "")), True
    elif _SEPARATOR.fullmatch(text):
        draft.ending = True
    elif match := _DATE.fullmatch(text):
        draft.written = text.strip()
        draft.month, draft.day = month_number(match[1]), int(match[2])
        draft.year = int(match[3]) if match[3] else None
        draft.comments = int(match[4]) if match[4] else None
    elif len(draft.lines) < _LINES_LIMIT:
        draft.lines.append((blank, text.strip()))
        draft.numbers.append(number)


def _apart(draft: Draft) -> Iterator[Draft]:
    """The records of what stands between two dates: all but the last lack authors and date."""
    starts = [0, *(i for i in range(2, len(draft.lines)) if not draft.error and _starts_record(draft.lines, i))]
    for start, end in pairwise(starts):
        if end - start > 1:
            yield Draft(number=draft.numbers[start], lines=draft.lines[start:end])
    if draft.lines:
        draft.number = draft.numbers[starts[-1]]
        draft.lines = draft.lines[starts[-1] :]
    draft.numbers = []
    yield draft


def _starts_record(lines: list[tuple[bool, str]], index: int) -> bool:
    apart, text = lines[index]
    follows = lines[index + 1] if index + 1 < len(lines) else (False, "")
    short = len(text) <= _TITLE_LENGTH and not text.endswith(_SENTENCE_END) and "://" not in text
    return apart and short and follows[0] and len(follows[1]) > max(len(text), _ABSTRACT_LENGTH)


def _recognises(head: str) -> bool:
    lines = head.splitlines()
    if any(line.lstrip().startswith("{") for line in lines):
        return False
    dated = any(_SEPARATOR.fullmatch(a) and _DATE.fullmatch(b) for a, b in pairwise(lines))
    return dated or any(map(_AUTHORS.fullmatch, lines)) or any(line.strip().casefold() == _HEADING for line in lines)


SOURCE = Source(recognises=_recognises, read=read)
