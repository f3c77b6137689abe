"""Every saved question gives the same rows in SPARQL, in Cypher on a real Neo4j, and in Cypher without a server."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

import kg
from kg import graph as streams
from kg import questions
from kg.engines import Engine, cypher, sparql
from kg.engines.neo4j import Neo4jEngine, connection
from kg.model import Block
from kg.questions import Parameter, saved
from kg.questions.parameters import ORDERS, ROLES, Resolved
from kg.questions.saved import COMMENTS
from kg.schema import CONCEPTS, NODES, ROLE_EDGES
from kg.store import Store
from tests import parity_graph
from tests.neo4j_graph import Graph
from tests.neo4j_server import run as write

QUESTIONS = saved()
CASES = 10  # how many sets of values a question is asked with
# Whatever else lives in a database: it is in no answer.
STRANGERS = (
    "CREATE (p:Paper {title: 'Not ours', date: '2022-01-01', year: 2022, categories: ['cs.CL'], codeUrls: ['x']}) "
    "CREATE (p)-[:PROPOSES {confidence: 1.0}]->(:Concept:Method {name: 'a stranger', iri: 'https://example.net/M'}) "
    "CREATE (:Author {name: 'A. Stranger', papers: 99}) "
    "CREATE (p)-[:HAS_QUANTITY]->(:Quantity {unit: 'parameters', value: 1.0})"
)


@dataclass(frozen=True, eq=False)
class World:
    """A graph: its blocks, and the two engines that need no server."""

    name: str
    base: str
    blocks: list[Block]
    sparql: Engine
    cypher: Engine


@pytest.fixture(scope="module", params=["made", "seeds", "arxiv"])
def world(request: Any, tmp_path_factory: Any, seeds: list[str], arxiv_records: Path) -> Iterator[World]:
    folder = tmp_path_factory.mktemp(request.param)
    sources = {"seeds": seeds, "arxiv": [str(arxiv_records)]}
    base = f"https://example.org/{request.param}/"
    blocks = parity_graph.blocks()
    if request.param in sources:
        blocks = _built(folder / "graph", sources[request.param], base)
    sparql.rebuild(folder / "rdf", blocks, base)
    cypher.rebuild(folder / "cypher.kgl", blocks, base)
    with (
        sparql.SparqlEngine(folder / "rdf", base=base) as first,
        cypher.CypherEngine(folder / "cypher.kgl", base=base) as second,
    ):
        yield World(request.param, base, blocks, first, second)


def _built(folder: Path, sources: list[str], base: str) -> list[Block]:
    kg.open(folder, base=base).build(sources, processes=1)
    with Store(folder) as store:
        return list(streams.blocks(store))


@pytest.fixture(scope="module")
def database(neo4j_server: Any) -> Iterator[Neo4jEngine]:
    """An engine on a database that holds other people's nodes only, at first; each world's graph joins them."""
    neo4j_server.start()
    where = connection(uri=neo4j_server.uri, password_file=neo4j_server.password_file, environment={})
    with Neo4jEngine(where) as engine:
        write(engine, "MATCH (node) CALL (node) { DETACH DELETE node } IN TRANSACTIONS OF 5000 ROWS")
        write(engine, STRANGERS)
        yield engine


@pytest.fixture(scope="module")
def neo4j_world(world: World, database: Neo4jEngine) -> Iterator[Neo4jEngine]:
    stored = Graph(world.blocks)
    with Neo4jEngine(database.connection, base=world.base) as engine:
        engine.load(stored.stamps(), stored.fetch, graph=world.name, base=world.base)
        yield engine


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_gives_the_same_rows_in_cypher_without_a_server(world: World, name: str) -> None:
    _compare(world, world.cypher, name)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_gives_the_same_rows_in_neo4j(world: World, neo4j_world: Neo4jEngine, name: str) -> None:
    _compare(world, neo4j_world, name)


def test_the_cases_give_rows_and_no_rows(world: World) -> None:
    """Else the comparison would compare nothing: each question has both among its cases, where the graph has both."""
    full = {name: [bool(rows) for _, (_, rows) in _expected(world, name)] for name in QUESTIONS}
    always = {"statistics", "authors-by-papers", "most-used"}
    assert [name for name, found in full.items() if all(found) and name not in always] == []
    if world.name == "made":
        assert [name for name, found in full.items() if not any(found)] == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_one_head_in_both_languages(name: str) -> None:
    heads = {
        language: [
            line.removeprefix(mark)
            for line in QUESTIONS[name].queries[language].splitlines()
            if line.startswith(f"{mark} ")
        ]
        for language, mark in COMMENTS.items()
    }
    assert heads["sparql"] == heads["cypher"]


def _compare(world: World, engine: Engine, name: str) -> None:
    for values, expected in _expected(world, name):
        assert _ask(engine, name, values) == expected, values


@cache
def _expected(world: World, name: str) -> list[tuple[dict[str, Any], tuple[Any, ...]]]:
    """Each case of a question with what SPARQL answers."""
    return [(values, _ask(world.sparql, name, values)) for values in cases(world, name)]


def _ask(engine: Engine, name: str, values: dict[str, Any]) -> tuple[Any, ...]:
    """Columns and rows, types told apart: 1, 1.0 and True are equal in Python."""
    answer = questions.run(name, values, engine=engine, lookup=None, timeout=60)  # type: ignore[arg-type]
    return answer.columns, [[(type(cell).__name__, cell) for cell in row] for row in answer.rows]


def cases(world: World, name: str) -> Iterator[dict[str, Any]]:
    """Sets of values for a question, drawn from the graph; in the last one nothing is found."""
    parameters = QUESTIONS[name].parameters
    drawn = {parameter.name: cycle(_values(world, parameter)) for parameter in parameters}
    for _, *values in islice(zip(range(CASES), *drawn.values(), strict=False), CASES if parameters else 1):
        yield dict(zip(drawn, values, strict=True))
    yield {parameter.name: _nothing(parameter) for parameter in parameters}


def _values(world: World, parameter: Parameter) -> list[Any]:
    """What to ask for; lists of different lengths, so that values meet in ever new pairs."""
    fixed: dict[str, list[Any]] = {
        "role": [Resolved(value, name) for name, value in ROLES.items()],
        "order": [Resolved(value, name) for name, value in ORDERS.items()],
        "label": [Resolved((label,), label) for label in CONCEPTS],
        "number": ["0.5", "0", "90", "0.9"] if parameter.default is None else ["0", "0.5", "0", "0.75"],
        "year": ["0", "2010", "2020"] if parameter.name == "fromYear" else ["9999", "9999", "2020", "2023", "9999"],
        "integer": ["100", "3", "1000000"],
    }
    if parameter.type in fixed:
        return fixed[parameter.type]
    if parameter.type in ("text", "category"):
        return _frequent(world, "categories" if parameter.type == "category" else "unit")
    labels = {"author": ("Author",), "paper": ("Paper",)}.get(parameter.type, parameter.labels)
    return [Resolved(value, "drawn") for value in _things(world, labels)]


def _nothing(parameter: Parameter) -> Any:
    """A value that nothing in the graph has."""
    if parameter.type in ("concept", "author", "paper"):
        label = {"author": "Author", "paper": "Paper"}.get(parameter.type, parameter.labels[:1])
        return Resolved((NODES["".join(label)].letter + "0" * 20,), "nothing")
    return {"year": "9998", "text": "no such unit", "category": "no.such", "number": "1", "integer": "0"}.get(
        parameter.type, parameter.default
    )


@cache
def _frequent(world: World, key: str) -> list[str]:
    found: Counter[str] = Counter()
    for block in world.blocks:
        for node in block.nodes:
            value = node.properties.get(key, ())
            found.update([value] if isinstance(value, str) else value)  # type: ignore[arg-type]
    return [value for value, _ in found.most_common(3)] or ["none"]


@cache
def _things(world: World, labels: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The most frequent, a rare one, what others are narrower than, and several at once (a name of many things)."""
    roots = {block.iri: block.nodes[0].label for block in world.blocks}
    ends: Counter[str] = Counter()
    above: list[str] = []
    for edge in (edge for block in world.blocks for edge in block.edges):
        if edge.type == "BROADER":
            above.append(edge.end)
        elif edge.type in ("AUTHORED_BY", *ROLE_EDGES.values()):
            ends.update((edge.start, edge.end))
        elif edge.start_label == "Result":
            ends.update({edge.end: 50})  # what results are about comes first: few things are
        elif edge.type == "REPORTS":
            ends.update({edge.start: 50})
    of_kind = sorted((iri for iri, label in roots.items() if label in labels), key=lambda iri: (-ends[iri], iri))
    broad = [iri for iri in above if roots.get(iri) in labels][:2]
    return [*((iri,) for iri in (*of_kind[:3], *broad, *of_kind[-1:])), tuple(of_kind[:2]), tuple(of_kind[:40])]
