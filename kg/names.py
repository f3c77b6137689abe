"""The list of names that every reader of abstracts knows: what each is called, what it belongs to, which way is better.

``names.tsv`` has one name a line. A form that ends in ``?`` is *weak*: it is also an everyday word or stands for
several things ("IV", "MATH", "SAM"), and names this thing only beside a sign of it in the same text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import KgError
from kg.identity import fold_name
from kg.schema import CONCEPTS

FILE = Path(__file__).with_name("names.tsv")
_COLUMNS = ["type", "name", "aliases", "broader", "higher_is_better"]
_DIRECTIONS = {"": None, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Name:
    """A thing with its canonical name. ``broader`` is the name of what it is a kind of, of the same type.

    ``weak`` are those of its name and aliases that need a sign in the text; ``higher_is_better`` is for metrics.
    """

    type: str
    name: str
    aliases: tuple[str, ...] = ()
    broader: str | None = None
    higher_is_better: bool | None = None
    weak: frozenset[str] = frozenset()

    @property
    def forms(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)


@cache
def load_names() -> tuple[Name, ...]:
    """All names, in the order of the file. Raises ``KgError`` with the line that is wrong."""
    return tuple(_read(FILE))


@cache
def name_index() -> dict[str, list[Name]]:
    """Names by each of their folded forms; several where a form is shared ("gmm"), in the order of the file."""
    index: dict[str, list[Name]] = {}
    for name in load_names():
        for form in dict.fromkeys(map(fold_name, name.forms)):
            index.setdefault(form, []).append(name)
    return index


def _read(file: Path) -> Iterator[Name]:
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    if header.split("\t") != _COLUMNS:
        raise KgError(f"{file}:1: the header is {header!r}; it must be {', '.join(_COLUMNS)}, tab-separated")
    for number, line in enumerate(lines, 2):
        fields = line.split("\t")
        if len(fields) != len(_COLUMNS) or fields[0] not in CONCEPTS or fields[4] not in _DIRECTIONS:
            raise KgError(f"{file}:{number}: {line!r} must hold {len(_COLUMNS)} tab-separated fields as in the header")
        yield _name(*fields)


def _name(type_: str, name: str, aliases: str, broader: str, direction: str) -> Name:
    forms = [name, *filter(None, aliases.split("|"))]
    clean = [form.removesuffix("?") for form in forms]
    weak = frozenset(form[:-1] for form in forms if form.endswith("?"))
    return Name(type_, clean[0], tuple(clean[1:]), broader or None, _DIRECTIONS[direction], weak)
