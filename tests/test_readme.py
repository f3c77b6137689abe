"""What the README says is what happens: its commands run, and the answer it shows is the one that is printed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split(" #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("kg ") or " | kg " in line
]
PYTHON = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the sample documents in it, as a clone has."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "seeds").symlink_to(ROOT / "seeds")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "110"}
    environment.pop("KG_GRAPH", None)
    return subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True)


def test_there_are_commands_to_run():
    assert len(COMMANDS) >= 8


def test_every_command_of_the_readme_runs_in_order(folder):
    for command in COMMANDS:
        done = run(command, folder)
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_the_answer_on_the_first_screen_is_the_one_that_is_printed(folder):
    run("kg build seeds --graph demo", folder)
    printed = run('kg ask "which papers use IV regression?" --graph demo', folder).stdout
    shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)[1]
    assert shown.split() == printed.split()


def test_the_python_of_the_readme_runs(folder):
    done = subprocess.run([sys.executable, "-c", PYTHON], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
