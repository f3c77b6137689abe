"""A graph of three papers made by hand, and an index of its names, for tests of questions."""

from collections.abc import Iterator, Sequence

from kg.identity import fold_name, fold_person, fold_title, local_iri
from kg.model import Block, Edge, Node, Value
from kg.questions import Hit
from kg.schema import EDGES, NODES

BASE = "https://example.org/small/"


def key(label: str, name: str) -> str:
    return local_iri(NODES[label].letter, label, name)


# label, name, aliases, broader
CONCEPTS = [
    ("Task", "causal inference", (), ""),
    ("Method", "instrumental variable", ("IV", "IVs"), ""),
    ("Method", "two-stage least squares", ("2SLS",), "instrumental variable"),
    ("Method", "BERT", (), ""),
    ("Model", "BERT", ("bert-base",), ""),
    ("Dataset", "ImageNet", (), ""),
    ("Metric", "accuracy", ("acc",), ""),
    ("Metric", "BLEU", (), ""),
]
AUTHORS = {"Ada Lovelace": ("one", "two"), "Alan Turing": ("two",)}
PAPERS: dict[str, dict[str, Value]] = {
    "one": {"title": "Instruments and Effects", "date": "2019-05-01", "year": 2019, "doi": "10.1000/one"},
    "two": {"title": "Stages at Scale", "date": "2024-03-02", "year": 2024, "arxiv": "2403.00001"},
    "three": {"title": 'Plain "Regression" {of} $method'},
}
MORE: dict[str, dict[str, Value]] = {
    "one": {"url": "https://doi.org/10.1000/one", "categories": ("econ.EM",)},
    "two": {
        "url": "https://arxiv.org/abs/2403.00001",
        "categories": ("cs.LG", "econ.EM"),
        "codeUrls": ("https://github.com/x/y",),
    },
    "three": {},
}
# paper, role, label, name, confidence
ROLES = [
    ("one", "USES", "Method", "instrumental variable", 0.9),
    ("one", "USES", "Task", "causal inference", 0.8),
    ("one", "USES", "Dataset", "ImageNet", 0.7),
    ("two", "PROPOSES", "Method", "two-stage least squares", 0.95),
    ("two", "USES", "Model", "BERT", 0.9),
    ("two", "USES", "Dataset", "ImageNet", 0.9),
    ("two", "COMPARES_WITH", "Method", "BERT", 0.5),
    ("two", "MENTIONS", "Task", "causal inference", 0.6),
    ("three", "MENTIONS", "Method", "instrumental variable", 0.4),
    ("three", "COMPARES_WITH", "Model", "BERT", 0.8),
]
# paper, value, text, unit, kind, metric, dataset, subject (label, name)
RESULTS: list[tuple[str, float, str, str, str, str, str, tuple[str, str] | None]] = [
    ("one", 88.0, "88% accuracy", "%", "absolute", "accuracy", "ImageNet", ("Method", "instrumental variable")),
    ("two", 91.2, "91.2% accuracy", "%", "absolute", "accuracy", "ImageNet", ("Model", "BERT")),
    ("two", 3.5, "3.5 points", "points", "delta", "accuracy", "ImageNet", ("Model", "BERT")),
    ("three", 0.76, "accuracy of 0.76", "", "absolute", "accuracy", "", None),
]
SENTENCE = {paper: f"The sentence of paper {paper} with its names and numbers." for paper in PAPERS}


def blocks() -> Iterator[Block]:
    for label, name, aliases, broader in CONCEPTS:
        count = len({paper for paper, _, *thing, _ in ROLES if thing == [label, name]})
        properties: dict[str, Value] = {"name": name, "papers": count}
        properties |= {"aliases": aliases} if aliases else {}
        properties |= {"higherIsBetter": True} if label == "Metric" else {}
        edges = [Edge("BROADER", label, key(label, name), label, key(label, broader), "", {})] if broader else []
        yield Block("concept", key(label, name), (Node(label, key(label, name), properties),), tuple(edges))
    for name, papers in AUTHORS.items():
        node = Node("Author", key("Author", name), {"name": name, "papers": len(papers)})
        yield Block("author", node.iri, (node,), ())
    yield from map(_paper, PAPERS)


def _paper(paper: str) -> Block:
    iri, sentence = key("Paper", paper), key("Sentence", paper)
    properties = {**PAPERS[paper], **MORE[paper], "status": "ok", "sources": ("test",)}
    nodes = [
        Node("Paper", iri, properties),
        Node("Sentence", sentence, {"text": SENTENCE[paper], "index": 0, "start": 0, "end": len(SENTENCE[paper])}),
    ]
    edges = [Edge("HAS_SENTENCE", "Paper", iri, "Sentence", sentence, "", {})]
    for place, name in enumerate((name for name, papers in AUTHORS.items() if paper in papers), 1):
        edges.append(_edge("AUTHORED_BY", "Paper", iri, "Author", key("Author", name), {"position": place}))
    for number, (_, role, label, name, confidence) in enumerate(row for row in ROLES if row[0] == paper):
        thing = key(label, name)
        evidence: dict[str, Value] = {"confidence": confidence, "evidence": SENTENCE[paper]}
        edges.append(_edge(role, "Paper", iri, label, thing, evidence))
        span: dict[str, Value] = {"start": number * 10, "end": number * 10 + 5, "text": name, "confidence": confidence}
        edges.append(_edge("NAMES", "Sentence", sentence, label, thing, span))
    for _, value, text, unit, kind, metric, dataset, subject in (row for row in RESULTS if row[0] == paper):
        result = key("Result", f"{paper} {text}")
        about: dict[str, Value] = {"value": value, "valueText": f"{value:g}", "text": text, "kind": kind}
        about |= {"comparator": "=", "confidence": 0.8} | ({"unit": unit} if unit else {})
        nodes.append(Node("Result", result, about))
        edges.append(Edge("REPORTS", "Paper", iri, "Result", result, "", {}))
        for kind_of_link, label, name in (
            ("OF_METRIC", "Metric", metric),
            ("ON_DATASET", "Dataset", dataset),
            ("OF_SUBJECT", *(subject or ("", ""))),
        ):
            if name:
                edges.append(_edge(kind_of_link, "Result", result, label, key(label, name), {"confidence": 0.8}))
        edges.append(_edge("EVIDENCED_BY", "Result", result, "Sentence", sentence, {"start": 3, "end": 9}))
    if paper == "two":
        quantity = key("Quantity", "1.5B parameters")
        size: dict[str, Value] = {
            "value": 1.5e9,
            "valueText": "1500000000",
            "unit": "parameters",
            "text": "1.5B parameters",
        }
        nodes.append(Node("Quantity", quantity, size))
        edges.append(Edge("HAS_QUANTITY", "Paper", iri, "Quantity", quantity, "", {}))
    return Block("paper", iri, tuple(nodes), tuple(edges))


def _edge(type: str, start_label: str, start: str, end_label: str, end: str, properties: dict[str, Value]) -> Edge:
    iri = local_iri(EDGES[type].letter, type, start, end)
    return Edge(type, start_label, start, end_label, end, iri, properties)


class Names:
    """The index of the names above."""

    def find_concepts(self, name: str, labels: Sequence[str]) -> list[Hit]:
        found = [
            Hit(key(label, known), label, known, 1)
            for label, known, aliases, _ in CONCEPTS
            if label in labels and fold_name(name) in map(fold_name, (known, *aliases))
        ]
        return sorted(found)

    def find_authors(self, name: str) -> list[Hit]:
        return [
            Hit(key("Author", known), "Author", known, len(papers))
            for known, papers in AUTHORS.items()
            if fold_person(name) in (fold_person(known), fold_person(f"{known[0]}. {known.split()[-1]}"))
        ]

    def find_papers(self, reference: str) -> list[Hit]:
        return [
            Hit(key("Paper", paper), "Paper", str(known["title"]), 1)
            for paper, known in PAPERS.items()
            if reference in (key("Paper", paper), known.get("doi"), known.get("arxiv"))
            or fold_title(reference) == fold_title(str(known["title"]))
        ]

    def suggest(self, text: str, kinds: Sequence[str], limit: int = 5) -> list[str]:
        known = [name for label, name, *_ in CONCEPTS if label in kinds] + (list(AUTHORS) if "Author" in kinds else [])
        words = fold_name(text).split()
        return [name for name in known if any(word in fold_name(name).split() for word in words)][:limit]
