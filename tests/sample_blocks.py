"""Blocks as a build makes them, generated from a seed: same seed, same blocks."""

from collections.abc import Iterator
from random import Random

from kg.identity import local_iri
from kg.model import Block, Edge, Node, Value
from kg.schema import CONCEPTS, NODES, ROLE_EDGES

_TEXT = (
    "we estimate the effect of a policy with an instrumental variable regression and compare it against propensity "
    "score matching on five data sets naïve Bayes “quoted” β-VAE accuracy of 92.5 % improves by 3.1 points"
)
WORDS = _TEXT.split()
_READER_IRI = local_iri("X", 0)
READER = Block(
    "reader", _READER_IRI, (Node("Reader", _READER_IRI, {"name": "r", "version": "1", "fingerprint": "f"}),), ()
)


def phrase(random: Random, length: int) -> str:
    return " ".join(random.choices(WORDS, k=length))


def concept(number: int, *, papers: int = 1, broader: int | None = None) -> Block:
    label = CONCEPTS[number % len(CONCEPTS)]
    properties: dict[str, Value] = {
        "name": f"thing {number}",
        "aliases": (f"T{number}", f"th. {number}"),
        "papers": papers,
    }
    edges = () if broader is None else (_edge("BROADER", label, concept_iri(number), *_concept_end(broader), {}),)
    return Block("concept", concept_iri(number), (Node(label, concept_iri(number), properties),), edges)


def concept_iri(number: int) -> str:
    label = CONCEPTS[number % len(CONCEPTS)]
    return local_iri(NODES[label].letter, number)


def author(number: int, *, papers: int = 1) -> Block:
    iri = local_iri("A", number)
    return Block("author", iri, (Node("Author", iri, {"name": f"Author {number}", "papers": papers}),), ())


def paper_iri(number: int) -> str:
    return local_iri("P", number)


def paper(number: int, *, version: int = 0, concepts: int = 500, replaced: tuple[str, ...] = ()) -> Block:
    """A paper with 8 sentences, 22 namings, 15 roles, 4 authors and 2 results; another version has another text."""
    random = Random(f"{number} {version}")
    iri = paper_iri(number)
    sentences = [_sentence(iri, index, phrase(random, 24)) for index in range(8)]
    found = random.sample(range(concepts), 15)
    edges = [
        _edge("AUTHORED_BY", "Paper", iri, "Author", local_iri("A", random.randrange(concepts)), {"position": n})
        for n in range(4)
    ]
    edges += [_edge("HAS_SENTENCE", "Paper", iri, "Sentence", s.iri, {}) for s in sentences]
    for n in found:
        role = random.choice(list(ROLE_EDGES.values()))
        edges.append(
            _edge(
                role,
                "Paper",
                iri,
                *_concept_end(n),
                {"confidence": _confidence(random), "evidence": phrase(random, 24)},
            )
        )
    for n in range(22):
        span = {"start": n, "end": n + 9, "text": phrase(random, 2), "confidence": _confidence(random)}
        edges.append(
            _edge("NAMES", "Sentence", random.choice(sentences).iri, *_concept_end(random.choice(found)), span)
        )
    results = [_result(iri, n, random) for n in range(2)]
    for result in results:
        edges.append(_edge("REPORTS", "Paper", iri, "Result", result.iri, {}))
        metric, dataset, method = (
            5 * random.randrange(concepts // 5) + 4,
            5 * random.randrange(concepts // 5) + 3,
            5 * random.randrange(concepts // 5) + 1,
        )
        for kind, end in (("OF_METRIC", metric), ("ON_DATASET", dataset), ("OF_SUBJECT", method)):
            edges.append(_edge(kind, "Result", result.iri, *_concept_end(end), {"confidence": _confidence(random)}))
        edges.append(_edge("EVIDENCED_BY", "Result", result.iri, "Sentence", sentences[3].iri, {"start": 3, "end": 8}))
    quantity = Node(
        "Quantity",
        local_iri("Q", iri),
        {"value": 1.5e6, "valueText": "1500000", "unit": "images", "text": "1.5M images"},
    )
    edges.append(_edge("HAS_QUANTITY", "Paper", iri, "Quantity", quantity.iri, {}))
    edges.append(_edge("READ_BY", "Paper", iri, "Reader", READER.iri, {}))
    nodes = (_paper_node(iri, number, random), *sentences, *results, quantity)
    return Block("paper", iri, nodes, tuple(edges), replaced)


def blocks(papers: int, *, concepts: int = 500) -> Iterator[Block]:
    """The whole stream: papers, then the concepts and authors they point at, then the reader."""
    yield from (paper(n, concepts=concepts) for n in range(papers))
    yield from (concept(n, broader=n + 5 if n % 3 and n + 5 < concepts else None) for n in range(concepts))
    yield from (author(n) for n in range(concepts))
    yield READER


def _confidence(random: Random) -> float:
    return round(random.random(), 2)


def _concept_end(number: int) -> tuple[str, str]:
    return CONCEPTS[number % len(CONCEPTS)], concept_iri(number)


def _edge(type: str, start_label: str, start: str, end_label: str, end: str, properties: dict[str, Value]) -> Edge:
    iri = local_iri("N", type, start, end, sorted(properties.items())) if properties else ""
    return Edge(type, start_label, start, end_label, end, iri, properties)


def _sentence(paper: str, index: int, text: str) -> Node:
    span: dict[str, Value] = {"text": text, "index": index, "start": index * 200, "end": index * 200 + len(text)}
    return Node("Sentence", local_iri("S", paper, index), span)


def _result(paper: str, ordinal: int, random: Random) -> Node:
    value = round(random.uniform(0, 100), 1)
    properties: dict[str, Value] = {
        "value": value,
        "valueText": str(value),
        "text": f"accuracy of {value} %",
        "unit": "%",
    }
    properties |= {"kind": "absolute", "comparator": "=", "confidence": _confidence(random)}
    return Node("Result", local_iri("R", paper, ordinal), properties)


def _paper_node(iri: str, number: int, random: Random) -> Node:
    properties: dict[str, Value] = {"title": phrase(random, 10), "abstract": phrase(random, 180), "date": "2023-08-17"}
    properties |= {
        "year": 2023,
        "dateKind": "published",
        "arxiv": f"2308.{number:05}",
        "categories": ("cs.CL", "cs.LG"),
    }
    properties |= {"nAuthors": 4, "moreAuthors": False, "language": "en", "status": "ok", "sources": ("arxiv:sample",)}
    return Node("Paper", iri, properties)
