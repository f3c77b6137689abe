"""The arXiv metadata snapshot: one JSON object a line with arXiv's own field names.

The snapshot hard-wraps titles and abstracts; they are unwrapped here, before offsets are taken. In an abstract, a line
that starts with a blank starts a paragraph, which stays a line.
"""

import re
from collections.abc import Mapping
from typing import Any

from kg.model import Author, Record
from kg.sources import dates, identifiers
from kg.sources.jsonl import objects, parse, string
from kg.sources.people import People, plain_name, says_more, split_names
from kg.sources.source import Defect, Place, Source, by_line
from kg.sources.text import clean, clean_abstract, clean_line, clean_title, unwrap

NAME = "arxiv"

_MARKS = {"update_date", "authors_parsed", "versions", "submitter", "journal-ref", "report-no"}
_PARAGRAPH = re.compile(r"[ \t]*\r?\n[ \t\r\n]+")
_LETTER = re.compile("[A-Za-z]")
_BLANKS = re.compile(r"[ \t\r]{2,}|[\t\r]")


def read_line(text: str, place: Place, number: int) -> Record:
    """The record of one line. Raises Defect, which names the field."""
    row = parse(text)
    arxiv = identifiers.arxiv(string(row, "id"))
    if arxiv is None:
        raise Defect(f"id is no arXiv id: {string(row, 'id')[:60]!r} (such as 2508.17502 or cmp-lg/9405013)")
    dois = identifiers.dois(string(row, "doi"))
    ids = {"arxiv": arxiv, **({"doi": dois[0]} if dois else {})}
    people = _people(row)
    day, kind = _date(row)
    return Record(
        source=NAME,
        location=place.location,
        key=arxiv,
        title=clean_title(unwrap(string(row, "title"))),
        abstract=clean_abstract(_unwrap_abstract(string(row, "abstract"))),
        ids=ids,
        authors=tuple(map(Author, people.names)),
        more_authors=people.more,
        date=day,
        date_kind=kind,
        urls=(*identifiers.urls(ids), *map(identifiers.doi_url, dois[1:])),
        categories=_categories(row),
    )


def _recognises(head: str) -> bool:
    return any(
        not _MARKS.isdisjoint(row) and isinstance(row.get("id"), str) and identifiers.arxiv(row["id"])
        for row in objects(head)
    )


def _unwrap_abstract(text: str) -> str:
    text = text.strip()
    if "\n" in text:
        text = "\n".join(unwrap(paragraph) for paragraph in _PARAGRAPH.split(text))
    return text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text)


def _people(row: Mapping[str, Any]) -> People:
    parsed = row.get("authors_parsed")
    written = clean(string(row, "authors"))
    if not parsed:
        return split_names(written)
    if not isinstance(parsed, list):
        raise Defect("authors_parsed is not a list")
    return People(tuple(name for parts in parsed if (name := _joined(parts))), says_more(written))


def _joined(parts: Any) -> str:
    if not isinstance(parts, list) or not parts:
        raise Defect("authors_parsed holds what is not [last, first, suffix]")
    try:
        last, first, suffix, *_ = *parts, "", ""
        name = plain_name(clean_line(" ".join((first, last, suffix))))
    except TypeError:
        raise Defect("authors_parsed holds what is not [last, first, suffix]") from None
    return name if not name.isascii() or _LETTER.search(name) else ""


def _date(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    versions = row.get("versions")
    if isinstance(versions, list) and versions and isinstance(versions[0], dict) and versions[0].get("created"):
        return dates.parse(string(versions[0], "created")), "published"
    updated = string(row, "update_date")
    return (dates.parse(updated), "updated") if updated else (None, None)


def _categories(row: Mapping[str, Any]) -> tuple[str, ...]:
    value = row.get("categories")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = " ".join(value)
    elif value is not None and not isinstance(value, str):
        raise Defect("categories is not a string")
    return tuple(dict.fromkeys(clean_line(value or "").replace(",", " ").split()))


SOURCE = Source(recognises=_recognises, read=by_line(read_line))
