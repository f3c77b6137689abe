"""JSON lines: one object a line with ``title`` and, if known, ``id``, ``abstract``, ``authors``, ``date`` and more.

The lines that ``kg extract`` writes are such lines; ``sources`` and ``replaces`` in them say what the paper was made
from, so that the same paper comes out again. Keys that are not known are ignored.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from kg.model import Author, Origin, Record
from kg.schema import DATE_KINDS
from kg.sources import dates, identifiers
from kg.sources.source import Defect, Place, Source, by_line
from kg.sources.text import clean_abstract, clean_line, clean_title, content_key

NAME = "jsonl"

_KINDS = {
    str: "a string", bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"
}  # fmt: skip
_KEY_LIMIT = 1_000
_COUNT_LIMIT = 1_000_000
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_IRI = re.compile(r"P[0-9a-f]{20}")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


def read_line(text: str, place: Place, number: int) -> Record:
    """The record of one line. Raises Defect, which names the field."""
    row = parse(text)
    title = clean_title(string(row, "title"))
    abstract = clean_abstract(string(row, "abstract"))
    written = _id(row)
    origins = tuple(_items(row, "sources", _origin))
    ids = _ids(row, written)
    day = _date(row)
    return Record(
        source=NAME,
        location=place.location,
        key=_key(row, written, origins) or content_key(title, abstract),
        title=title,
        abstract=abstract,
        ids=ids,
        authors=tuple(_items(row, "authors", _author)),
        n_authors=_count(row, "n_authors"),
        more_authors=_flag(row, "more_authors"),
        date=day,
        date_kind=_date_kind(row) if day else None,
        urls=tuple(_items(row, "urls", _url)) if row.get("urls") is not None else identifiers.urls(ids),
        categories=tuple(_items(row, "categories", _word)),
        comments=_count(row, "comments"),
        origins=origins,
        replaces=tuple(_items(row, "replaces", _iri)),
    )


def parse(text: str) -> dict[str, Any]:
    """The object on a line. Raises Defect where there is none or where it cannot be written as UTF-8."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Defect(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise Defect(f"not a JSON object: {_kind(row)}")
    if _ESCAPED_SURROGATE.search(text):
        _check_encodable(row)
    return row


def objects(head: str) -> list[dict[str, Any]]:
    """The JSON objects among some lines."""
    found = []
    for line in head.splitlines():
        if line.lstrip("\ufeff ").startswith("{"):
            try:
                found.append(parse(line))
            except Defect:
                continue
    return found


def string(row: Mapping[str, Any], field: str) -> str:
    """A field's text, "" where it is absent or null. Raises Defect for any other type."""
    return _typed(row, field, str, "a string") or ""


def _recognises(head: str) -> bool:
    rows = (line.lstrip("\ufeff ") for line in head.splitlines())
    return any(row.startswith("{") and ('"title"' in row or '"id"' in row) for row in rows)


def _check_encodable(row: dict[str, Any]) -> None:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Defect("half a surrogate pair: the text cannot be written as UTF-8") from None


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "null")


def _typed(row: Mapping[str, Any], field: str, wanted: type, words: str) -> Any:
    value = row.get(field)
    if value is None or (isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))):
        return value
    raise Defect(f"{field} is not {words}: {_kind(value)}")


def _items(row: Mapping[str, Any], field: str, read: Callable[[Any, str], Any]) -> list[Any]:
    return [read(item, field) for item in _typed(row, field, list, "a list") or ()]


def _word(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise Defect(f"{field} holds {_kind(value)}, not a string")
    word = clean_line(value)
    if not word:
        raise Defect(f"{field} holds an empty string")
    return word


def _id(row: Mapping[str, Any]) -> str:
    value = row.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    written = clean_line(string(row, "id"))
    if len(written) > _KEY_LIMIT:
        raise Defect(f"id too long: {len(written):,} characters (at most {_KEY_LIMIT:,})")
    return written


def _key(row: Mapping[str, Any], written: str, origins: tuple[Origin, ...]) -> str:
    """The id; of a line drawn from other records its IRI, since two sources may use one id for two papers."""
    return _iri(row["iri"], "iri") if origins and row.get("iri") is not None else written


def _ids(row: Mapping[str, Any], written: str) -> dict[str, str]:
    stated: dict[str, Any] = {k: row[k] for k in ("doi", "arxiv") if row.get(k) not in (None, "")}
    stated |= {k: v for k, v in (_typed(row, "ids", dict, "an object") or {}).items() if v not in (None, "")}
    found: dict[str, str] = {} if _typed(row, "sources", list, "a list") else identifiers.parse(written)
    for kind, value in stated.items():
        plain = str(value) if type(value) is int else value
        found |= _normalised(clean_line(kind), _word(plain, kind))
    return dict(sorted(found.items()))


def _normalised(kind: str, value: str) -> dict[str, str]:
    known = identifiers.KINDS.get(kind)
    if known is None:
        return {kind: value}
    if normal := known(value):
        return {kind: normal}
    if kind == "doi" and (of_arxiv := identifiers.arxiv(value)):
        return {"arxiv": of_arxiv}
    raise Defect(f"{kind} is no such identifier: {value[:60]!r}")


def _date(row: Mapping[str, Any]) -> str | None:
    value = row.get("date")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    elif value is not None and not isinstance(value, str):
        raise Defect(f"date is not a string: {_kind(value)}")
    return dates.parse(value) if value and value.strip() else None


def _date_kind(row: Mapping[str, Any]) -> str | None:
    kind = string(row, "date_kind") or None
    if kind is not None and kind not in DATE_KINDS:
        raise Defect(f"date_kind is unknown: {kind[:60]!r} (known are {', '.join(DATE_KINDS)})")
    return kind


def _count(row: Mapping[str, Any], field: str) -> int | None:
    value: int | None = _typed(row, field, int, "a whole number")
    if value is not None and not 0 <= value <= _COUNT_LIMIT:
        raise Defect(f"{field} is out of range: {str(value)[:20]} (0 to {_COUNT_LIMIT:,})")
    return value


def _flag(row: Mapping[str, Any], field: str) -> bool:
    return bool(_typed(row, field, bool, "true or false"))


def _author(value: Any, field: str) -> Author:
    if not isinstance(value, dict):
        return Author(_word(value, field))
    name, orcid = _word(value.get("name"), f"{field}.name"), value.get("orcid")
    if orcid in (None, ""):
        return Author(name)
    normal = identifiers.orcid(_word(orcid, f"{field}.orcid"))
    if normal is None:
        raise Defect(f"{field}.orcid is no ORCID iD: {str(orcid)[:60]!r}")
    return Author(name, normal)


def _url(value: Any, field: str) -> str:
    url = _word(value, field)
    if not _URL.fullmatch(url):
        raise Defect(f"{field} holds no address: {url[:60]!r} (such as https://example.org/paper)")
    return quote(url, safe="!#$%&'()*+,-./:;=?@[]_~" + "".join(c for c in url if ord(c) > 127))


def _iri(value: Any, field: str) -> str:
    iri = _word(value, field)
    if not _IRI.fullmatch(iri):
        raise Defect(f"{field} holds no paper's IRI: {iri[:60]!r} (P and 20 hex digits)")
    return iri


def _origin(value: Any, field: str) -> Origin:
    if not isinstance(value, dict):
        raise Defect(f"{field} holds {_kind(value)}, not an object")
    return Origin(*(_word(value.get(part), f"{field}.{part}") for part in ("source", "file", "key")))


SOURCE = Source(recognises=_recognises, read=by_line(read_line))
