"""What a source is: a test of content and a way from lines to records. Everything else is shared by all sources."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.errors import RecordError
from kg.model import Record

Line = tuple[int, str | RecordError]
"""A line's number, counted from 1, and its text without the line end; or what is wrong with it."""

Found = Record | RecordError


@dataclass(frozen=True, slots=True)
class Place:
    """What a reader must know beside the lines: the file's ``location`` and the ``year`` for dates without one."""

    location: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One format. ``recognises`` is asked with the first lines of a file, ``read`` gives its records.

    A bad record is yielded as a ``RecordError`` and reading goes on; ``read`` itself never raises one.
    """

    recognises: Callable[[str], bool]
    read: Callable[[Iterable[Line], Place], Iterator[Found]]


def by_line(read_line: Callable[[str, Place, int], Record]) -> Callable[[Iterable[Line], Place], Iterator[Found]]:
    """The reader of a format with one record a line, from a function that makes a record or raises RecordError."""

    def read(lines: Iterable[Line], place: Place) -> Iterator[Found]:
        for number, text in lines:
            if isinstance(text, RecordError):
                yield text
            elif text and not text.isspace():
                yield _attempt(read_line, text, place, number)

    return read


def _attempt(read_line: Callable[[str, Place, int], Record], text: str, place: Place, number: int) -> Found:
    try:
        return read_line(text, place, number)
    except Defect as defect:
        return RecordError(place.location, number, str(defect))


class Defect(ValueError):  # noqa: N818
    """What is wrong with one record: its kind, a colon, the value in question. Never leaves ``kg.sources``."""
