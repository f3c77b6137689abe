"""Locations to records: the formats that are known, how a file's format is found, and the one loop that reads.

To add a source, write ``kg/sources/x.py`` with a ``kg.sources.source.Source`` and name it in ``SOURCES``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import BinaryIO

from kg.errors import RecordError
from kg.model import Record
from kg.registry import load
from kg.sources.locations import check, covers, expand, total_bytes
from kg.sources.source import Line, Place, Source
from kg.sources.streams import lines, members

__all__ = ["SOURCES", "check", "covers", "expand", "read_records", "recognise", "total_bytes"]

# In order of asking: a format that is a special case of another comes first.
SOURCES: Mapping[str, str] = {
    "arxiv": "kg.sources.arxiv:SOURCE",
    "jsonl": "kg.sources.jsonl:SOURCE",
    "huggingface": "kg.sources.huggingface:SOURCE",
    "listing": "kg.sources.listing:SOURCE",
}

_HEAD = 1 << 16  # characters by which a format is known


def read_records(
    locations: Sequence[str],
    *,
    source: str | None = None,
    year: int | None = None,
    on_bytes: Callable[[int], None] | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Record | RecordError]:
    """The records of all files of the locations, in a fixed order and in constant memory.

    A record, member or file that cannot be read is yielded as a RecordError and the rest goes on. ``source`` names
    the format instead of recognising it, ``year`` dates what has no year, ``on_bytes`` is told of bytes consumed (in
    all ``total_bytes``), ``stdin`` stands in for standard input where a location is ``-``. Raises SourceError for a
    location that is not there and KgError for an unknown source, both before anything is read.
    """
    check(locations)
    forced = load(SOURCES, source, "source") if source is not None else None
    tell = on_bytes or (lambda count: None)
    return chain.from_iterable(_read_file(p, forced, year, tell, stdin) for p in expand(locations))


def recognise(head: str) -> str | None:
    """The name of the source whose format a file's first lines have."""
    for name in SOURCES:
        known: Source = load(SOURCES, name, "source")
        if known.recognises(head):
            return name
    return None


def _read_file(
    path: str, forced: Source | None, year: int | None, on_bytes: Callable[[int], None], stdin: BinaryIO | None
) -> Iterator[Record | RecordError]:
    for location, stream in members(path, on_bytes=on_bytes, stdin=stdin):
        if isinstance(stream, RecordError):
            yield stream
        else:
            yield from _read_lines(lines(location, stream), forced, Place(location, year))


def _read_lines(found: Iterator[Line], forced: Source | None, place: Place) -> Iterator[Record | RecordError]:
    head = list(_first(found, _HEAD))
    text = "\n".join(line for _, line in head if isinstance(line, str))
    source = forced
    if source is None and (name := recognise(text)):
        source = load(SOURCES, name, "source")
    if source is not None:
        yield from source.read(chain(head, found), place)
    elif error := _unrecognised(head, text, place):
        yield error


def _first(found: Iterator[Line], size: int) -> Iterator[Line]:
    for number, line in found:
        yield number, line
        size -= len(line) + 1 if isinstance(line, str) else 1000
        if size < 0:
            return


def _unrecognised(head: Iterable[Line], text: str, place: Place) -> RecordError | None:
    """Why nothing could be read; None for an empty file, which holds nothing to lose."""
    if text and not text.isspace():
        hint = "a JSON array: write one object a line" if text.lstrip().startswith("[") else f"{text.strip()[:40]!r}"
        return RecordError(place.location, 0, f"unrecognised content: {hint} (known are {', '.join(SOURCES)})")
    return next((line for _, line in head if isinstance(line, RecordError)), None)
