"""Neo4j Browser as a person meets it: the style is there on connecting, and the guide's queries answer."""

import importlib.util
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.engines.neo4j import Connection, Neo4jEngine
from kg.schema import CONCEPTS, EDGES, NODES
from tests.neo4j_server import EMPTY, run

ROOT = Path(__file__).parents[1]
STYLE = (ROOT / "schemas" / "browser.grass").read_text(encoding="utf-8")
RULES = {
    head: dict(re.findall(r"([\w-]+): \"?(.*?)\"?;", body))
    for head, body in re.findall(r"([\w.]+) \{\n(.*?)\n\}", STYLE, re.DOTALL)
}


@pytest.fixture(scope="module")
def window(neo4j_server: Any, seed_graph: kg.Graph) -> Iterator[Any]:
    """A window of the Browser, connected to a server that holds the sample documents."""
    if importlib.util.find_spec("playwright") is None:
        missing("playwright is not installed: pip install -e '.[test]'")
    from tests.neo4j_browser import chromium, opened

    if chromium() is None:
        missing("chromium is not on the PATH: install it, or name it in CHROMIUM")
    neo4j_server.start()
    connection = Connection(neo4j_server.uri, password=neo4j_server.password)
    with Neo4jEngine(connection) as engine:
        run(engine, EMPTY)
    seed_graph.load_neo4j(connection)
    with opened(neo4j_server) as window:
        yield window


def missing(reason: str) -> None:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no browser: {reason}")


def test_each_type_has_its_own_colour_and_caption_whatever_other_labels_it_has(window: Any) -> None:
    labels = [label for label in NODES if label != "Author"]  # few of the samples name their authors
    frame = window.run(" UNION ".join(f"MATCH (n:{label}) RETURN n LIMIT 1" for label in labels))
    drawn = {label: node for node in window.nodes(frame) for label in node["labels"] if label in NODES}

    assert set(drawn) == set(labels)
    for label, node in drawn.items():
        rule = RULES[f"node.{label}"]
        assert (node["colour"], f"{node['diameter']}px") == (rule["color"], rule["diameter"]), label
        text = node["properties"][rule["caption"].strip("{}")]
        assert node["caption"].split()[0].rstrip("…") in text.split()[0], label


def test_the_guide_has_ten_queries_and_each_answers_with_a_picture_or_a_table(window: Any) -> None:
    answers = []
    for query in window.guide():
        frame = window.run()
        frame.locator("g.node, tbody tr").first.wait_for()
        assert "ERROR" not in frame.inner_text()
        answers.append(query)

    assert len(set(answers)) == len(answers) == 10


def test_the_style_names_what_the_schema_has_and_types_after_what_they_share() -> None:
    heads = list(RULES)
    assert {head for head in heads if head.startswith("node.")} == {f"node.{label}" for label in [*NODES, "Concept"]}
    assert {head.removeprefix("relationship.") for head in heads if "relationship." in head} <= EDGES.keys()
    for label in CONCEPTS:  # of two rules that fit, the later wins
        assert heads.index(f"node.{label}") > heads.index("node.Concept")
    for label, kind in NODES.items():
        assert RULES[f"node.{label}"]["caption"].strip("{}") in kind.properties
    colours = [RULES[f"node.{label}"]["color"] for label in NODES]
    assert len(set(colours)) == len(colours)
