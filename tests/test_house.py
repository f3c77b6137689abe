"""What holds the house up: every file is registered, every registered name loads, doors stay doors."""

import ast
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import click
import pytest

from kg.cli import main

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kg"
TABLES = (
    ("kg.sources", "SOURCES"),
    ("kg.engines", "ENGINES"),
    ("kg.exports", "EXPORTS"),
    ("kg.exports", "FOLDER_EXPORTS"),
)
DOORS = {
    "spacy": "kg/reading/",
    "onnxruntime": "kg/reading/network.py",
    "tokenizers": "kg/reading/network.py",
    "pyoxigraph": "kg/engines/sparql",
    "rdflib": "kg/validate.py",
    "pyshacl": "kg/validate.py",
    "networkx": ("kg/exports/", "kg/api.py"),  # the one type of others that users asked for
    "neo4j": "kg/engines/neo4j",
    "kglite": "kg/engines/cypher.py",
    "sqlite3": "kg/store/",
    "click": "kg/cli.py",
    "tqdm": "kg/cli.py",
}
HEAVY = (
    "spacy",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "rdflib",
    "pyoxigraph",
    "networkx",
    "neo4j",
    "kglite",
    "pandas",
    "sqlite3",
)
FILES = sorted(path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py"))


def imports(path: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def entries() -> list[tuple[str, str, str]]:
    return [(room, name, path) for room, table in TABLES for name, path in getattr(import_module(room), table).items()]


@pytest.mark.parametrize(("room", "name", "path"), entries())
def test_every_registered_name_loads(room, name, path):
    module, _, attribute = path.partition(":")
    assert module.startswith(room)
    assert hasattr(import_module(module), attribute)


@pytest.mark.parametrize("library", DOORS)
def test_each_foreign_library_has_one_door(library):
    users = [path for path in FILES if any(name.split(".")[0] == library for name in imports(path))]
    assert [path for path in users if not path.startswith(DOORS[library])] == []


@pytest.mark.parametrize("path", FILES)
def test_imports_go_one_way(path):
    names = imports(path)
    if path not in ("kg/cli.py",):
        assert "kg.cli" not in names
    if path == "kg/model.py":
        assert not any(name.startswith("kg") for name in names)


@pytest.mark.parametrize("path", FILES)
def test_no_function_is_longer_than_forty_lines(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    assert [f.name for f in functions if f.end_lineno - f.body[0].lineno + 1 > 40] == []


@pytest.mark.parametrize("path", FILES)
def test_every_public_function_and_class_says_what_it_is(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    public = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
    assert [n.name for n in public if not ast.get_docstring(n)] == []
    assert ast.get_docstring(tree) or path.endswith("__init__.py")


def test_the_wheel_lists_every_package():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in PACKAGE.rglob("__init__.py")}
    assert set(settings["packages"]) == folders | {"kg.schemas", "kg.queries"}


def test_help_loads_nothing_heavy():
    code = (
        "import sys; from kg.cli import main; main(['--help'], standalone_mode=False); "
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_an_example_and_every_option_help(command):
    found = main.commands[command]
    commands = found.commands.values() if isinstance(found, click.Group) else [found]
    for one in commands:
        assert one.help
        assert one.epilog
        assert "Example" in one.epilog
        assert [p.name for p in one.params if isinstance(p, click.Option) and not p.help] == []


def test_nothing_is_left_for_later():
    marks = ("TO" + "DO", "FIX" + "ME", "X" + "XX")
    files = [
        p
        for folder in ("kg", "tests", "scripts", "schemas", "queries")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in (".py", ".ttl", ".rq", ".cypher")
    ]
    assert [p.name for p in files for mark in marks if f"{mark}" in p.read_text(encoding="utf-8")] == []


def test_the_reference_is_made_from_the_code():
    command = [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
