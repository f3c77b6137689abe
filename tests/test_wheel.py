"""The wheel is whole: built, installed in an empty environment elsewhere, it runs the demo."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_runs_the_demo_elsewhere(tmp_path, seeds):
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "graph", "build", "dist", "*.egg-info", "tests"))
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, source], check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = str(tmp_path / "env" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    kg = str(tmp_path / "env" / "bin" / "kg")
    subprocess.run([kg, "build", *seeds], check=True, capture_output=True, cwd=elsewhere)
    answer = subprocess.run(
        [kg, "ask", "which papers use IV regression?"], check=True, capture_output=True, text=True, cwd=elsewhere
    )
    assert "instrumental variables (IVs)" in " ".join(answer.stdout.split())
    questions = subprocess.run([kg, "query", "--csv"], check=True, capture_output=True, text=True, cwd=elsewhere)
    assert len(questions.stdout.splitlines()) > 20
