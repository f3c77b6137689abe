"""The store as one ordered stream of blocks: what every engine and every export is written from.

A block is a paper, a concept, an author or a reader with all that it owns. The order is by kind, then by IRI; a block
depends on nothing but the store's rows of that thing, so that equal content gives equal bytes.
"""

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from kg import __version__
from kg.identity import local_iri
from kg.linking import concepts as concept_linking
from kg.linking.people import authorships
from kg.model import Block, Edge, Node, Paper, Quantity, Reading, Result, Value
from kg.schema import NODES, ROLE_EDGES, ROLES
from kg.store import Store
from kg.store.names import Concept, Person

_CODE_HOSTS = ("github", "gitlab", "bitbucket", "huggingface", "codeberg", "sourceforge", "zenodo")
_CODE_HOST = rf"(?:{'|'.join(_CODE_HOSTS)})\.\w+|(?<![\w-])[\w-]{{1,39}}\.github\.io"
_CODE_URL = re.compile(rf"(?:https?://)?(?:www\.)?(?:{_CODE_HOST})/[^\s\"'<>{{}}\\]+", re.IGNORECASE)
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_FILES = ("graph.py", "rdf.py", "schema.py", "model.py", "identity.py")


def fingerprint() -> str:
    """Changes when blocks, or what is written from them, may: with the code and the tables that make them."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join((here / name).read_bytes() for name in _FILES)).hexdigest()[:20]


def block_hash(block: Block) -> str:
    """A hash of all that a block holds."""
    return hashlib.sha256(_canonical(block).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def blocks(store: Store) -> Iterator[Block]:
    """Every block of the graph, in order."""
    yield from (reader_block(reader) for reader in store.papers.readers())
    yield from map(concept_block, store.names.concepts())
    yield from map(author_block, store.names.authors())
    for paper, reading, reader in store.papers.all():
        yield paper_block(paper, reading, reader)


def blocks_of(store: Store, iris: Iterable[str]) -> Iterator[tuple[str, Block | None]]:
    """The blocks of these local IRIs, in the order given; None for what the graph no longer holds."""
    for iri in iris:
        yield iri, _block_of(store, iri)


def _block_of(store: Store, iri: str) -> Block | None:
    letter = iri[0]
    if letter == NODES["Paper"].letter:
        found = store.papers.get(iri)
        return paper_block(*found, store.papers.reader_of(iri)) if found else None
    if letter == NODES["Author"].letter:
        author = store.names.author(iri)
        return author_block(author) if author else None
    if letter == NODES["Reader"].letter:
        return next((b for b in map(reader_block, store.papers.readers()) if b.iri == iri), None)
    concept = store.names.concept(iri)
    return concept_block(concept) if concept else None


def reader_block(fingerprint: str) -> Block:
    """The reader that read some of the papers."""
    iri = _reader_iri(fingerprint)
    properties: dict[str, Value] = {"name": "paperkg", "version": __version__, "fingerprint": fingerprint}
    return Block("reader", iri, (Node("Reader", iri, properties),), ())


def concept_block(concept: Concept) -> Block:
    """A concept, and what it is narrower than."""
    properties: dict[str, Value] = {"name": concept.name, "papers": concept.papers}
    if concept.aliases:
        properties["aliases"] = concept.aliases
    if concept.label == "Metric" and (better := concept_linking.higher_is_better(concept.name)) is not None:
        properties["higherIsBetter"] = better
    broader = concept_linking.broader_than(concept.label, concept.name)[:1]
    edges = [Edge("BROADER", concept.label, concept.iri, b.label, b.iri, "", {}) for b in broader]
    return Block("concept", concept.iri, (Node(concept.label, concept.iri, properties),), tuple(edges))


def author_block(author: Person) -> Block:
    """An author."""
    properties: dict[str, Value] = {"name": author.name, "papers": author.papers}
    if author.aliases:
        properties["aliases"] = author.aliases
    if author.orcid:
        properties["orcid"] = author.orcid
    return Block("author", author.iri, (Node("Author", author.iri, properties),), ())


def paper_block(paper: Paper, reading: Reading | None, reader: str | None) -> Block:
    """A paper with its sentences, results and quantities, and its edges to authors and concepts."""
    reading = reading or Reading("empty", "und")
    parts = _Parts(paper, reading)
    nodes = [Node("Paper", paper.iri, _paper_properties(paper, reading)), *parts.sentences]
    edges = [*parts.author_edges(), *parts.sentence_edges(), *parts.role_edges(), *parts.naming_edges()]
    for number, result in enumerate(reading.results):
        if _is_double(result.value, result.value_high, *(result.ci or ())):
            node, links = parts.result(number, result)
            nodes.append(node)
            edges += links
    for number, quantity in enumerate(reading.quantities):
        if _is_double(quantity.value):
            node, link = parts.quantity(number, quantity)
            nodes.append(node)
            edges.append(link)
    if reader:
        edges.append(Edge("READ_BY", "Paper", paper.iri, "Reader", _reader_iri(reader), "", {}))
    return Block("paper", paper.iri, tuple(nodes), tuple(edges), paper.replaces)


def _is_double(*values: Decimal | None) -> bool:
    """Whether all fit into a double; what does not stays in the store and in `kg extract`."""
    return all(value is None or isfinite(float(value)) for value in values)


def _reader_iri(fingerprint: str) -> str:
    return local_iri(NODES["Reader"].letter, "reader", __version__, fingerprint)


def _paper_properties(paper: Paper, reading: Reading) -> dict[str, Value]:
    n_authors = paper.n_authors if paper.n_authors is not None or paper.more_authors else len(paper.authors) or None
    values: dict[str, Value | None] = {
        "title": paper.title,
        "abstract": paper.abstract,
        "date": paper.date,
        "year": int(paper.date[:4]) if paper.date else None,
        "dateKind": paper.date_kind,
        "doi": paper.ids.get("doi"),
        "arxiv": paper.ids.get("arxiv"),
        "url": url_of(paper),
        "codeUrls": code_urls(paper),
        "categories": paper.categories,
        "nAuthors": n_authors,
        "moreAuthors": paper.more_authors or None,
        "language": reading.language,
        "status": reading.status,
        "sources": tuple(sorted({f"{o.source}:{o.file}" for o in paper.origins})),
    }
    return {key: value for key, value in values.items() if value not in (None, "", ())}


def url_of(paper: Paper) -> str | None:
    """Where a person reads the paper: its own URL, else what its DOI or arXiv id resolves to."""
    own = [url for url in paper.urls if not _CODE_URL.match(url)]
    if own:
        return own[0]
    if "doi" in paper.ids:
        return f"https://doi.org/{paper.ids['doi']}"
    return f"https://arxiv.org/abs/{paper.ids['arxiv']}" if "arxiv" in paper.ids else None


def code_urls(paper: Paper) -> tuple[str, ...]:
    """Addresses of code and models that the abstract or the source gives, in order of content."""
    found = (_CODE_URL.findall(paper.text) if "/" in paper.abstract else []) + [
        u for u in paper.urls if _CODE_URL.match(u)
    ]
    return tuple(sorted({_trimmed(url) for url in found}))


def _trimmed(url: str) -> str:
    url = url.rstrip(".,;:!?*$~`")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:")
    return url if url.lower().startswith("http") else f"https://{url}"


class _Use(NamedTuple):
    target: concept_linking.Target
    role: str
    confidence: float
    evidence: str


class _Parts:
    """The parts of one paper's block. Every number it needs more than once is found once."""

    def __init__(self, paper: Paper, reading: Reading) -> None:
        self._paper, self._reading, self._text = paper, reading, paper.text
        self._starts = [start for start, _ in reading.sentences]
        self._links = concept_linking.Links(reading)
        self._targets = self._links.targets
        self.sentences = [
            Node("Sentence", local_iri("S", "sentence", paper.iri, start, end), self._sentence(number, start, end))
            for number, (start, end) in enumerate(reading.sentences)
        ]

    def author_edges(self) -> Iterator[Edge]:
        for a in authorships(self._paper):
            yield self._edge("AUTHORED_BY", "Paper", self._paper.iri, "Author", a.author, "H", {"position": a.position})

    def sentence_edges(self) -> Iterator[Edge]:
        for node in self.sentences:
            yield Edge("HAS_SENTENCE", "Paper", self._paper.iri, "Sentence", node.iri, "", {})

    def role_edges(self) -> Iterator[Edge]:
        """One edge a concept: the strongest role, the best confidence, the sentence of its best mention."""
        for use in sorted(self._uses().values(), key=lambda use: use.target.iri):
            properties: dict[str, Value] = {"confidence": use.confidence, "evidence": use.evidence}
            kind = ROLE_EDGES[use.role]
            yield self._edge(kind, "Paper", self._paper.iri, use.target.label, use.target.iri, "U", properties)

    def naming_edges(self) -> Iterator[Edge]:
        spans = {(m.start, m.end, t.label): (t, m) for e, t in self._targets for m in e.mentions}
        for (start, end, label), (target, mention) in sorted(spans.items()):
            sentence = self._sentence_at(start)
            if sentence:
                iri = local_iri("N", "naming", self._paper.iri, start, end, label)
                properties: dict[str, Value] = {"start": start, "end": end, "text": mention.text}
                properties["confidence"] = mention.confidence
                yield Edge("NAMES", "Sentence", sentence.iri, label, target.iri, iri, properties)

    def result(self, number: int, result: Result) -> tuple[Node, list[Edge]]:
        iri = local_iri("R", "result", self._paper.iri, result.value_start, result.value_end, self._ordinal(number))
        edges = [Edge("REPORTS", "Paper", self._paper.iri, "Result", iri, "", {})]
        for kind, target in self._links.of(result).items():
            edges.append(
                self._edge(kind, "Result", iri, target.label, target.iri, "L", {"confidence": result.confidence})
            )
        if sentence := self._sentence_at(result.value_start):
            span: dict[str, Value] = {"start": result.start, "end": result.end}
            edges.append(self._edge("EVIDENCED_BY", "Result", iri, "Sentence", sentence.iri, "V", span))
        return Node("Result", iri, _result_properties(result)), edges

    def quantity(self, number: int, quantity: Quantity) -> tuple[Node, Edge]:
        same = [q for q in self._reading.quantities[:number] if (q.start, q.end) == (quantity.start, quantity.end)]
        iri = local_iri("Q", "quantity", self._paper.iri, quantity.start, quantity.end, len(same))
        properties: dict[str, Value] = {
            "value": float(quantity.value),
            "valueText": f"{quantity.value:f}",
            "text": quantity.raw,
        }
        if quantity.unit:
            properties["unit"] = quantity.unit
        return Node("Quantity", iri, properties), Edge(
            "HAS_QUANTITY", "Paper", self._paper.iri, "Quantity", iri, "", {}
        )

    def _uses(self) -> dict[str, _Use]:
        found: dict[str, _Use] = {}
        for entity, target in self._targets:
            best = min(entity.mentions, key=lambda m: (m.start < len(self._paper.title), -m.confidence, m.start))
            sentence = self._sentence_at(best.start)
            text = str(sentence.properties["text"]) if sentence else best.text
            use = _Use(target, entity.role, entity.confidence, text)
            old = found.get(target.iri)
            found[target.iri] = (
                min(old, use, key=_strength)._replace(confidence=max(old.confidence, use.confidence)) if old else use
            )
        return found

    def _ordinal(self, number: int) -> int:
        results = self._reading.results
        span = (results[number].value_start, results[number].value_end)
        return sum((r.value_start, r.value_end) == span for r in results[:number])

    def _sentence(self, number: int, start: int, end: int) -> dict[str, Value]:
        return {"text": self._text[start:end], "index": number, "start": start, "end": end}

    def _sentence_at(self, offset: int) -> Node | None:
        number = bisect_right(self._starts, offset) - 1
        return self.sentences[number] if number >= 0 else None

    def _edge(
        self, kind: str, label: str, start: str, end_label: str, end: str, letter: str, properties: dict[str, Value]
    ) -> Edge:
        position = properties.get("position", 0)
        iri = local_iri(letter, "edge", kind, start, end, position if isinstance(position, int) else 0)
        return Edge(kind, label, start, end_label, end, iri, properties)


def _strength(use: _Use) -> tuple[int, float, str]:
    return ROLES.index(use.role), -use.confidence, use.evidence


def _result_properties(result: Result) -> dict[str, Value]:
    low, high = result.ci or (result.value if result.value_high is not None else None, result.value_high)
    values: dict[str, Value | None] = {
        "value": float(result.value),
        "valueText": result.value_text,
        "text": result.raw,
        "unit": result.unit or None,
        "kind": result.kind,
        "comparator": result.comparator,
        "low": float(low) if low is not None else None,
        "high": float(high) if high is not None else None,
        "confidence": result.confidence,
    }
    return {key: value for key, value in values.items() if value is not None}
