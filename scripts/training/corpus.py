"""Annotated abstracts for training: stand-off annotations joined with the texts that they annotate.

``annotations.jsonl`` and ``second_annotations.jsonl`` hold, for each abstract, its arXiv id, the SHA-256 of its text
and offsets with labels, but no text. The texts come from the files of arXiv records in a folder that the reader of
this recipe names. A text whose hash differs is refused, with its id, since every offset in it would be wrong.
"""

import bz2
import gzip
import hashlib
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from kg.reading.spotting import HEADS
from kg.reading.spotting import TYPES as TYPES
from kg.reading.words import Words, split_words
from kg.schema import ROLES as ROLES

ANNOTATIONS = Path(__file__).with_name("annotations.jsonl")
SECOND = Path(__file__).with_name("second_annotations.jsonl")  # other papers, and some of the same, by other annotators
LABELS = tuple(HEADS["tags"])
SET_APART = 300  # abstracts on which nothing is trained: cut-offs are chosen and scores reported on them
_OPENERS = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}


class Thing(NamedTuple):
    """One annotated entity: its type, the types that would do as well, its role, and whether it is a proper term."""

    type: str
    alternatives: list[str]
    role: str
    named: bool


@dataclass
class Paper:
    """A text (title, newline, abstract) with its annotation.

    ``spans`` holds (start, end, index into things), ``inside`` the same for forms that stand only inside longer ones.
    """

    id: str
    text: str
    title_end: int
    things: list[Thing] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    inside: list[tuple[int, int, int]] = field(default_factory=list)

    def words(self) -> Words:
        """Offsets of the words."""
        return split_words(self.text)


def stand_off(record: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an annotated record: everything but the text.

    ``inside`` are forms that stand only inside longer mentions, so that no span is theirs.
    """
    text = text_of(record)
    spans = [[span["start"], span["end"], span["entity"]] for span in record["spans"]]
    covered = {(text[start:end], thing) for start, end, thing in spans}
    forms = [(form, place) for place, entity in enumerate(record["entities"]) for form in entity["mentions"]]
    inside = [[text.index(form), text.index(form) + len(form), place] for form, place in forms
              if (form, place) not in covered and form in text]  # fmt: skip
    return {
        "id": record["id"],
        "sha256": hash_of(text),
        "entities": [[e["type"], e["alt_types"], e["role"], e["named"]] for e in record["entities"]],
        "spans": spans,
        "inside": inside,
    }


def text_of(record: dict[str, Any]) -> str:
    """The text to which the offsets belong: title, newline, abstract, each with single blanks for all white space."""
    return f"{flat(record['title'])}\n{flat(record['abstract'])}"


def flat(text: str) -> str:
    """A text on one line; arXiv breaks its titles and abstracts into lines."""
    return " ".join(text.split())


def hash_of(text: str) -> str:
    """The fingerprint by which a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def annotated(folder: Path, annotations: Path = ANNOTATIONS) -> tuple[list[Paper], list[str]]:
    """All papers of a file of annotations of which ``folder`` holds the text, in the file's order, and what is wrong
    with the others."""
    wanted = {record["id"]: record for record in _lines(annotations)}
    papers: dict[str, Paper] = {}
    problems: dict[str, str] = {}
    for record in records(folder):
        known = wanted.get(_arxiv(record))
        if known is None or known["id"] in papers:
            continue
        if hash_of(text_of(record)) != known["sha256"]:
            problems[known["id"]] = f"{known['id']}: the text is not the annotated one (another version of the paper?)"
            continue
        things = [Thing(*thing) for thing in known["entities"]]
        spans, inside = ([(a, b, thing) for a, b, thing in known[key]] for key in ("spans", "inside"))
        papers[known["id"]] = Paper(known["id"], text_of(record), len(flat(record["title"])), things, spans, inside)
    missing = [problems.get(id_, f"{id_}: no text") for id_ in sorted(wanted) if id_ not in papers]
    return [papers[id_] for id_ in wanted if id_ in papers], missing


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with open(path, encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _arxiv(record: dict[str, Any]) -> str:
    """A record's id as the annotations write it."""
    return f"arXiv:{str(record['id']).removeprefix('arXiv:')}"


def records(folder: Path) -> Iterator[dict[str, Any]]:
    """All JSON records with id, title and abstract in a folder's files (.jsonl or .json, maybe compressed)."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and ".json" in "".join(p.suffixes)):
        with _OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line) if line.startswith("{") else None
                if isinstance(record, dict) and {"id", "title", "abstract"} <= record.keys():
                    yield record


def split(papers: list[Paper]) -> tuple[list[Paper], list[Paper]]:
    """Papers to train on, and those that are set apart. Raises ``ValueError`` where none is left to train on."""
    chosen = set(set_apart())
    train = [p for p in papers if p.id not in chosen]
    if not train:
        raise ValueError(
            "none of the annotated papers' texts is in the data folder: see docs/model.md for what it holds"
        )
    return train, [p for p in papers if p.id in chosen]


def set_apart(annotations: Path = ANNOTATIONS) -> list[str]:
    """Of all annotated papers, whether their texts are at hand or not, the ids of the ``SET_APART`` lowest hashes."""
    return sorted((record["id"] for record in _lines(annotations)), key=hash_of)[:SET_APART]


def second_only(first: Path = ANNOTATIONS, second: Path = SECOND) -> list[str]:
    """The ids of the second annotation that the first has not, in the file's order, whether their texts are at hand
    or not: the recipe counts on it."""
    known = {record["id"] for record in _lines(first)}
    return [record["id"] for record in _lines(second) if record["id"] not in known]
