"""The values that flow through paperkg. All are frozen; this module imports nothing of ours and nothing of others.

Offsets are code points into ``Paper.text`` (title, newline, abstract), half-open: ``text[start:end]``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

Scalar = str | int | float | bool
Value = Scalar | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Author:
    """A person as one record names them."""

    name: str
    orcid: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a record was read: the name of its source, the file (its name without folders) and the source's own key."""

    source: str
    file: str
    key: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says about one paper.

    ``location`` is where it was read (absolute path, ``archive.zip!member``, ``-`` for standard input); with ``key``,
    the source's own key, it identifies the record: reading the location again replaces the records of the same key.
    ``ids`` maps a kind ("doi", "arxiv", "openalex", ...) to its normalised value. ``n_authors`` is the count the
    source gives, ``more_authors`` that it names fewer than there are ("et al."). ``date`` is ISO, as precise as
    known ("2023", "2023-08", "2023-08-17"); ``date_kind`` is one of ``schema.DATE_KINDS``. ``origins`` is set only
    where a line says that it was itself drawn from other records (``kg extract`` writes such lines), ``replaces``
    then holds the local IRIs of papers that were merged into it.
    """

    source: str
    location: str
    key: str
    title: str
    abstract: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[Author, ...] = ()
    n_authors: int | None = None
    more_authors: bool = False
    date: str | None = None
    date_kind: str | None = None
    urls: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    comments: int | None = None
    origins: tuple[Origin, ...] = ()
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: a pure function of the set of records that are about it.

    ``iri`` is the local part ("P" and 20 hex digits), ``id`` the own key of its richest record, ``replaces`` the
    local parts under which its members were or would be known alone.
    """

    iri: str
    id: str
    title: str
    abstract: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[Author, ...] = ()
    n_authors: int | None = None
    more_authors: bool = False
    date: str | None = None
    date_kind: str | None = None
    urls: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    comments: int | None = None
    origins: tuple[Origin, ...] = ()
    replaces: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Title, newline, abstract: what all offsets point into."""
        return f"{self.title}\n{self.abstract}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a paper names something: ``text == paper.text[start:end]``, always."""

    text: str
    start: int
    end: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Entity:
    """What one paper names: all its mentions of one thing.

    ``type`` is one of ``schema.CONCEPTS``, ``role`` one of ``schema.ROLES``; ``name`` the canonical name in singular;
    ``named`` is false for a thing that is only described. ``mentions`` is in order of offset, never empty.
    """

    type: str
    name: str
    role: str
    named: bool
    confidence: float
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A number that reports an outcome.

    ``value`` is exact; ``value_text`` its plain decimal notation, as in ``str(value)``. ``raw`` is the phrase as
    written, ``text[start:end]``; ``text[value_start:value_end]`` is the number in it. ``evidence`` is its sentence.
    ``kind`` is one of ``schema.RESULT_KINDS``, ``comparator`` one of ``schema.COMPARATORS``. ``value_high`` ends a
    range, ``ci`` is an interval of uncertainty. ``metric`` is a canonical name; ``dataset``, ``subject`` and
    ``baseline`` are as named in the text, or None where the abstract does not say.
    """

    metric: str | None
    value: Decimal
    value_text: str
    unit: str
    kind: str
    comparator: str
    raw: str
    start: int
    end: int
    value_start: int
    value_end: int
    evidence: str
    confidence: float
    value_high: Decimal | None = None
    ci: tuple[Decimal, Decimal] | None = None
    dataset: str | None = None
    subject: str | None = None
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that describes size: sample sizes, parameters, countries. ``value`` is in plain units."""

    value: Decimal
    unit: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one paper's text.

    ``status`` is one of ``schema.STATUSES``: only an "ok" text has facts. ``sentences`` are half-open offsets in
    order; the title is one.
    """

    status: str
    language: str
    sentences: tuple[tuple[int, int], ...] = ()
    entities: tuple[Entity, ...] = ()
    results: tuple[Result, ...] = ()
    quantities: tuple[Quantity, ...] = ()


class Node(NamedTuple):
    """A node of the graph: its label (``schema.NODES``), local IRI and properties (absent where unknown)."""

    label: str
    iri: str
    properties: dict[str, Value]


class Edge(NamedTuple):
    """A relationship: its type (``schema.EDGES``), both ends with their labels, and its properties.

    ``iri`` is the local IRI of the statement node in RDF, for the types that carry properties; else "".
    """

    type: str
    start_label: str
    start: str
    end_label: str
    end: str
    iri: str
    properties: dict[str, Value]


class Block(NamedTuple):
    """The unit in which the graph changes: a paper, a concept, an author or a reader with all that it owns.

    Every node and edge of the graph is in exactly one block, and every RDF triple too. ``replaced`` are the local
    IRIs that resolve to this block's first node (dcterms:isReplacedBy).
    """

    kind: str
    iri: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    replaced: tuple[str, ...] = ()
