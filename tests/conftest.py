"""What many tests stand on: the sample documents, folders of real or generated records, small files of papers."""

import json
import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import kg
from tests.neo4j_server import neo4j, neo4j_connection, neo4j_script, neo4j_server

__all__ = ["neo4j", "neo4j_connection", "neo4j_script", "neo4j_server"]

ROOT = Path(__file__).parents[1]
# Training needs five gigabytes of packages that nobody else does.
collect_ignore = [] if find_spec("torch") and find_spec("transformers") else ["test_training_loop.py"]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))

# The same examples in every run: a test that fails, fails for everyone.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def seeds() -> list[str]:
    """The three sample documents."""
    return [str(path) for path in SEEDS]


@pytest.fixture(scope="session")
def seed_graph(seeds: list[str], tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    """The graph of the sample documents; no test changes it."""
    graph = kg.open(tmp_path_factory.mktemp("seeds") / "graph")
    graph.build(seeds, processes=1)
    return graph


@pytest.fixture(scope="session")
def arxiv_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 300 arXiv records: real ones where PAPERKG_DATA names their folder, else generated ones."""
    data = os.environ.get("PAPERKG_DATA")
    target = tmp_path_factory.mktemp("arxiv") / "records.jsonl"
    if data:
        with open(Path(data) / "arxiv_sample" / "part-0.jsonl", encoding="utf-8") as file:
            target.write_text("".join(next(file) for _ in range(300)), encoding="utf-8")
    else:
        from tests.generated import records

        target.write_text("".join(json.dumps(record) + "\n" for record in records(300)), encoding="utf-8")
    return target
