"""A graph made to bring out what query languages do differently: ties, gaps, equal names, odd characters, chains."""

import random
from collections.abc import Iterator
from typing import Any

from kg.identity import local_iri
from kg.model import Block, Edge, Node, Value
from kg.schema import CONCEPTS, EDGES, NODES, ROLE_EDGES

BASE = "https://example.org/parity/"
# U+1F600 sorts after U+FF5E by code point and before it by UTF-16; "a" and "A" differ in case alone.
NAMES = ("a", "A", "ab", "é", "～wave", "\U0001f600 smile", '"quoted" \\ $name', "['list']", "2020-01-01", " spaced")
TEXTS = ("First sentence.", "Second: 90 %, {braces} and \\ backslash.", "Third\nof two lines.")
CONFIDENCES = (0.25, 0.5, 0.5, 0.75, 0.9)
VALUES = (0.5, 0.9, 1.0, 1.5, 50.0, 90.0, 90.0, -1.0, 1e10, 0.1 + 0.2)
DATES = (None, "2019", "2020-05", "2020-05-01", "2020-05-01", "2021-12-31")


def key(label: str, *parts: object) -> str:
    return local_iri(NODES[label].letter, label, *map(str, parts))


def blocks(papers: int = 60, seed: int = 0) -> list[Block]:
    """The whole graph; equal seeds give equal graphs."""
    chance = random.Random(seed)
    written = [_paper(number, chance) for number in range(papers)]
    used = [edge.end for block in written for edge in block.edges if edge.type in ROLE_EDGES.values()]
    return [*_concepts(used, chance), *(_author(number) for number in range(8)), *written]


def _concepts(used: list[str], chance: random.Random) -> Iterator[Block]:
    for label in CONCEPTS:
        for number, name in enumerate(NAMES):
            iri = key(label, name)
            properties: dict[str, Value] = {"name": name, "papers": used.count(iri)}
            if label == "Metric" and number % 3:
                properties["higherIsBetter"] = number % 3 == 1
            broader = []
            if (
                number >= 4
            ):  # chains of up to three steps, all within a label but for models, which are kinds of methods
                above = ("Method" if label == "Model" else label, NAMES[number - 4])
                broader = [Edge("BROADER", label, iri, above[0], key(*above), "", {})]
            yield Block("concept", iri, (Node(label, iri, properties),), tuple(broader))


def _author(number: int) -> Block:
    name = ("Ada Lovelace", "Ada Lovelace", "Ål Turing", "Z. Ito")[number % 4]
    node = Node("Author", key("Author", number), {"name": name, "papers": 1 + number % 3})
    return Block("author", node.iri, (node,), ())


def _paper(number: int, chance: random.Random) -> Block:
    iri = key("Paper", number)
    nodes, edges = [Node("Paper", iri, _about(number, chance))], []
    for place, author in enumerate(chance.sample(range(8), chance.randint(0, 3)), 1):
        edges.append(_edge("AUTHORED_BY", "Paper", iri, "Author", key("Author", author), {"position": place}))
    sentences = [Node("Sentence", key("Sentence", number, i), _sentence(i, chance)) for i in range(3)]
    edges += [Edge("HAS_SENTENCE", "Paper", iri, "Sentence", sentence.iri, "", {}) for sentence in sentences]
    for label, name in chance.sample([(label, name) for label in CONCEPTS for name in NAMES], chance.randint(0, 12)):
        evidence: dict[str, Value] = {"confidence": chance.choice(CONFIDENCES), "evidence": chance.choice(TEXTS)}
        thing = key(label, name)
        edges.append(_edge(chance.choice(list(ROLE_EDGES.values())), "Paper", iri, label, thing, evidence))
        for _ in range(chance.randint(0, 2)):
            start = chance.randint(0, 4)
            span: dict[str, Value] = {"start": start, "end": start + 5, "text": name}
            span["confidence"] = chance.choice(CONFIDENCES)
            edges.append(_edge("NAMES", "Sentence", chance.choice(sentences).iri, label, thing, span))
    for place in range(chance.randint(0, 4)):
        node, links = _result(iri, key("Result", number, place), sentences, chance)
        nodes.append(node)
        edges += links
    for place in range(chance.randint(0, 2)):
        node = Node("Quantity", key("Quantity", number, place), _quantity(chance))
        nodes.append(node)
        edges.append(Edge("HAS_QUANTITY", "Paper", iri, "Quantity", node.iri, "", {}))
    unique = {(edge.iri or (edge.type, edge.start, edge.end)): edge for edge in edges}
    return Block("paper", iri, (*nodes, *sentences), tuple(unique.values()))


def _about(number: int, chance: random.Random) -> dict[str, Value]:
    date = chance.choice(DATES)
    values: dict[str, Any] = {
        "title": f"Title {number % 7} {chance.choice(NAMES)}",
        "status": "ok",
        "sources": ("made",),
        "date": date,
        "year": int(date[:4]) if date else None,
        "url": chance.choice((None, f"https://example.org/{number}")),
        "codeUrls": chance.choice(
            (None, None, ("https://b.example/x",), ("https://b.example/x", "https://a.example/y"))
        ),
        "categories": chance.choice((None, ("cs.CL",), ("stat.ME", "cs.CL"))),
    }
    return {name: value for name, value in values.items() if value is not None}


def _sentence(index: int, chance: random.Random) -> dict[str, Value]:
    return {"text": chance.choice(TEXTS), "index": index, "start": index * 40, "end": index * 40 + 39}


def _result(paper: str, iri: str, sentences: list[Node], chance: random.Random) -> tuple[Node, list[Edge]]:
    value = chance.choice(VALUES)
    properties: dict[str, Value] = {"value": value, "valueText": f"{value:g}", "text": f"{value:g} of it"}
    properties |= {"kind": chance.choice(("absolute", "absolute", "statistic", "delta", "ratio")), "comparator": "="}
    properties["confidence"] = chance.choice(CONFIDENCES)
    if unit := chance.choice((None, "%", "%", "points")):
        properties["unit"] = unit
    edges = [Edge("REPORTS", "Paper", paper, "Result", iri, "", {})]
    for kind, labels in (
        ("OF_METRIC", ("Metric",)),
        ("ON_DATASET", ("Dataset",)),
        ("OF_SUBJECT", ("Method", "Model")),
        ("AGAINST", ("Method", "Model")),
    ):
        if chance.random() < 0.7:
            label = chance.choice(labels)
            thing = key(label, chance.choice(NAMES))
            edges.append(_edge(kind, "Result", iri, label, thing, {"confidence": 0.5}))
    if chance.random() < 0.9:
        sentence = chance.choice(sentences).iri
        edges.append(_edge("EVIDENCED_BY", "Result", iri, "Sentence", sentence, {"start": 3, "end": 9}))
    return Node("Result", iri, properties), edges


def _quantity(chance: random.Random) -> dict[str, Value]:
    value = chance.choice((7e9, 1000.0, 1000.0, 12.0))
    properties: dict[str, Value] = {"value": value, "valueText": f"{value:g}", "text": f"{value:g}"}
    unit = chance.choice((None, "parameters", "documents"))
    return properties | ({"unit": unit} if unit else {})


def _edge(type: str, start_label: str, start: str, end_label: str, end: str, properties: dict[str, Value]) -> Edge:
    own = (properties["start"],) if type == "NAMES" else ()
    iri = local_iri(EDGES[type].letter, type, start, end, *map(str, own))
    return Edge(type, start_label, start, end_label, end, iri, properties)
