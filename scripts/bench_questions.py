"""How long each saved question that is anchored by a parameter takes on a graph, asked of what the graph holds most."""

import statistics
import sys
import time
from pathlib import Path

import kg
from kg.questions.saved import saved
from kg.store import Store


def measure(folder: Path, *, repeats: int = 5) -> dict[str, float]:
    """Question to milliseconds (median, warm); a question is asked of the most frequent things of its kinds."""
    with kg.open(folder) as graph:
        values = examples(graph)
        times = {}
        for name, question in saved().items():
            if question.anchored:
                chosen = {p.name: values[kind(p)] for p in question.parameters if p.default is None}
                times[name] = statistics.median(timed(graph, name, chosen) for _ in range(repeats + 1))
        return times


def kind(parameter) -> str:  # type: ignore[no-untyped-def]
    """The key in ``examples`` for a parameter: its first label, or its type."""
    return parameter.labels[0] if parameter.labels else parameter.type


def timed(graph: kg.Graph, name: str, values: dict[str, str]) -> float:
    """Milliseconds of one call, name resolution and engine included."""
    start = time.perf_counter()
    graph.query(name, values)
    return (time.perf_counter() - start) * 1000


def examples(graph: kg.Graph) -> dict[str, str]:
    """The most frequent concept of each label, the author with most papers, the paper with most uses."""
    with Store(graph.folder) as store:
        concepts = sorted(store.names.concepts(), key=lambda c: (c.papers, c.iri))
        author = max(store.names.authors(), key=lambda a: (a.papers, a.iri))
        paper = next(paper for paper, reading, _ in store.papers.all() if reading and reading.results)
    found = {concept.label: concept.name for concept in concepts}
    return {
        **found,
        "author": author.name,
        "paper": paper.iri,
        "category": "cs.CL",
        "number": "50",
        "text": "data",
        "year": "2015",
    }


def main() -> None:
    """Print the table for the graph in the folder that is named."""
    for name, milliseconds in sorted(measure(Path(sys.argv[1])).items(), key=lambda item: -item[1]):
        print(f"{name:28} {milliseconds:8.1f} ms")


if __name__ == "__main__":
    main()
