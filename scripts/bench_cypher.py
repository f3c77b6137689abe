"""How long each saved question takes in Cypher: on a Neo4j that holds the graph, or without a server.

python scripts/bench_cypher.py GRAPH [--engine cypher]     the server: NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_questions import examples, kind

import kg
from kg.engines.neo4j import Connection
from kg.questions.saved import saved

BAR = 300.0  # milliseconds, on the graph of 5,000 abstracts


def measure(
    folder: Path, connection: Connection | None = None, *, engine: str = "neo4j", repeats: int = 7
) -> dict[str, float]:
    """Question to milliseconds: the median of ``repeats`` after a first time, name resolution included.

    A question is asked of what the graph in ``folder`` holds most. The database that ``connection`` leads to (default:
    what ``NEO4J_*`` say) was loaded from that graph.
    """
    with kg.open(folder) as graph:
        values = examples(graph)
        times = {}
        for name, question in saved().items():
            chosen = {p.name: values[kind(p)] for p in question.parameters if p.default is None}
            runs = [_once(graph, name, chosen, engine, connection) for _ in range(repeats + 1)]
            times[name] = statistics.median(runs[1:])
    return times


def _once(graph: kg.Graph, name: str, values: dict[str, str], engine: str, connection: Connection | None) -> float:
    start = time.perf_counter()
    graph.query(name, values, engine=engine, connection=connection)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Print the table, slowest first, and how many are over the bar."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graph", type=Path)
    parser.add_argument("--engine", choices=("neo4j", "cypher"), default="neo4j")
    options = parser.parse_args()
    times = measure(options.graph, engine=options.engine)
    for name, milliseconds in sorted(times.items(), key=lambda item: -item[1]):
        print(f"{name:28} {milliseconds:8.1f} ms")
    print(f"{sum(t > BAR for t in times.values())} of {len(times)} over {BAR:g} ms")


if __name__ == "__main__":
    main()
