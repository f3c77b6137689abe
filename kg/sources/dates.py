"""Dates as sources write them, to ISO dates as precise as the source is."""

import re
from datetime import date

from kg.sources.source import Defect

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = "(?:" + "|".join(sorted(map(str.capitalize, _MONTHS), key=len, reverse=True)) + ")"

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}\S*)?)?)?", re.A)
_AMERICAN = re.compile(rf"({MONTH})\.? (\d{{1,2}}), (\d{{4}})", re.A)
_EUROPEAN = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d{{1,2}}) ({MONTH}) (\d{{4}})(?: \d{{2}}:\d{{2}}(?::\d{{2}})? \S+)?", re.A
)


def parse(text: str) -> str:
    """An ISO date: "2023", "2023-08" or "2023-08-17".

    Understood are these three, ISO times, "Sep 29, 2024" and "Mon, 2 Apr 2007 19:18:42 GMT". Raises Defect else.

    >>> parse("Sep 29, 2024"), parse("Mon, 2 Apr 2007 19:18:42 GMT"), parse("2024-09")
    ('2024-09-29', '2007-04-02', '2024-09')
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        return iso(text, int(year), _int(month), _int(day))
    if match := _AMERICAN.fullmatch(text):
        return iso(text, int(match[3]), month_number(match[1]), int(match[2]))
    if match := _EUROPEAN.fullmatch(text):
        return iso(text, int(match[3]), month_number(match[2]), int(match[1]))
    raise Defect(f"not a date: {text[:60]!r} (such as 2024-09-29, 2024-09, 2024 or Sep 29, 2024)")


def _int(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def month_number(name: str) -> int:
    """1 to 12 for an English month, whole or short."""
    return _MONTHS[name.casefold()]


def iso(written: str, year: int, month: int | None = None, day: int | None = None) -> str:
    """The ISO date of numbers. Raises Defect, which shows the date as ``written``, where no calendar has it."""
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise Defect(f"impossible date: {written!r} ({error})") from None
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])
