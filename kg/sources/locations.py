"""Locations as people give them (folders, globs, files, ``-``) to the files that are read, in a fixed order."""

import glob
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from kg.errors import SourceError

STDIN = "-"


def expand(locations: Sequence[str]) -> Iterator[str]:
    """The files of the locations, each once, as absolute POSIX paths; ``-`` stays.

    A folder gives all its files, recursively and sorted; files and folders whose names start with a dot are skipped
    unless they are named themselves. Raises SourceError for a location that does not exist.
    """
    check(locations)
    seen: set[str] = set()
    for location in locations:
        for path in _files(location):
            if path not in seen:
                seen.add(path)
                yield path


def check(locations: Sequence[str]) -> None:
    """Raise SourceError for the first location that is neither there nor a pattern that something matches."""
    for location in locations:
        if location != STDIN and not _paths(location):
            raise SourceError(
                f"{location!r} is not there: give a file, a folder, a pattern such as 'papers/*.jsonl', "
                "or - for standard input"
            )


def covers(locations: Sequence[str]) -> Callable[[str], bool]:
    """Whether a file lies in one of the locations, also one that is no longer there."""
    roots = [STDIN if location == STDIN else os.path.abspath(os.path.expanduser(location)) for location in locations]
    plain = {Path(root).as_posix() for root in roots if os.path.lexists(root) or not glob.has_magic(root)}
    patterns = [_pattern(Path(root).as_posix()) for root in roots if glob.has_magic(root) and not os.path.lexists(root)]

    def covered(path: str) -> bool:
        folders = (parent.as_posix() for parent in Path(path).parents)
        return path in plain or any(f in plain for f in folders) or any(p.match(path) for p in patterns)

    return covered


def _pattern(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression, with what ``glob`` means: ``*`` stays in a folder, ``**`` spans folders."""
    parts = ["(?:[^/]+/)*" if part == "**" else _segment(part) + "/" for part in pattern.split("/")]
    return re.compile("".join(parts).removesuffix("/") + r"(?:/.*)?\Z", re.DOTALL)


def _segment(part: str) -> str:
    wild = {"*": "[^/]*", "?": "[^/]"}
    tokens = re.findall(r"\[!?\]?[^\]]*\]|.", part)
    return "".join(wild.get(t) or (t.replace("[!", "[^") if len(t) > 1 else re.escape(t)) for t in tokens)


def total_bytes(locations: Sequence[str]) -> int | None:
    """The size of all files of the locations, in bytes as they lie there; None where a pipe is among them."""
    total = 0
    for path in expand(locations):
        size = None if path == STDIN else _size(path)
        if size is None:
            return None
        total += size
    return total


def _size(path: str) -> int | None:
    try:
        found = os.stat(path)
    except OSError:
        return 0  # read_records reports it
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _paths(location: str) -> list[str]:
    path = os.path.abspath(os.path.expanduser(location))
    if os.path.lexists(path):
        return [path]
    return sorted(glob.glob(path, recursive=True))


def _files(location: str) -> Iterator[str]:
    if location == STDIN:
        yield STDIN
        return
    for path in _paths(location):
        if os.path.isdir(path):
            yield from _walk(path)
        else:
            yield Path(path).as_posix()


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(parent, name)
            if not name.startswith(".") and (os.path.isfile(path) or not os.path.exists(path)):  # a link to nowhere too
                yield Path(path).as_posix()
