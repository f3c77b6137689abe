"""A build killed at any moment and run again gives the graph of an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import kg
from tests.test_build import ntriples, projected

KILLS = 10


def command(graph: Path, sources: list[str]) -> list[str]:
    return [sys.executable, "-m", "kg.cli", "build", *sources, "--graph", str(graph), "--processes", "2"]


def run_and_kill(graph: Path, sources: list[str], after: float) -> bool:
    """Start a build and kill it with all its workers; whether it was still running."""
    process = subprocess.Popen(
        command(graph, sources), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def test_ten_kills_at_random_moments_change_nothing(tmp_path, seeds, arxiv_records):
    sample = tmp_path / "sample.jsonl"
    sample.write_text("".join(arxiv_records.read_text(encoding="utf-8").splitlines(keepends=True)), encoding="utf-8")
    sources = [*seeds, str(sample)]
    start = time.monotonic()
    subprocess.run(command(tmp_path / "whole", sources), check=True, capture_output=True)
    whole = time.monotonic() - start
    moments = random.Random(7)
    killed = sum(run_and_kill(tmp_path / "killed", sources, moments.uniform(0.3, 0.95) * whole) for _ in range(KILLS))
    subprocess.run(command(tmp_path / "killed", sources), check=True, capture_output=True)
    assert killed >= 1
    assert ntriples(kg.open(tmp_path / "killed")) == ntriples(kg.open(tmp_path / "whole"))
    assert projected(kg.open(tmp_path / "killed")) == projected(kg.open(tmp_path / "whole"))
    assert kg.open(tmp_path / "killed").stats()["waiting"] == dict.fromkeys(
        ("record", "paper", "concept", "author", "block"), 0
    )


def test_ten_kills_of_an_incremental_build_change_nothing(tmp_path, seeds):
    """Each round the same graph gets one more document; the kill falls into any stage of a small change."""
    for name in ("whole", "killed"):
        subprocess.run(command(tmp_path / name, seeds[:2]), check=True, capture_output=True)
    start = time.monotonic()
    subprocess.run(command(tmp_path / "whole", seeds), check=True, capture_output=True)
    whole = time.monotonic() - start
    moments = random.Random(11)
    for _ in range(KILLS):
        run_and_kill(tmp_path / "killed", seeds, moments.uniform(0.2, 1.0) * whole)
        assert (
            kg.open(tmp_path / "killed").ask("which papers use IV regression?").rows
        )  # never a graph that cannot answer
    subprocess.run(command(tmp_path / "killed", seeds), check=True, capture_output=True)
    assert ntriples(kg.open(tmp_path / "killed")) == ntriples(kg.open(tmp_path / "whole"))
