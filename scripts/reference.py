"""Write docs/reference.md from the tables of the code; ``--check`` only says whether it is up to date."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from kg.cli import main as command_line
from kg.schema import BASE, COMPARATORS, EDGES, NODES, PREFIXES, RESULT_KINDS, ROLES, STATUSES

TARGET = Path(__file__).parents[1] / "docs" / "reference.md"


def reference() -> str:
    """The whole page."""
    parts = [
        "# Reference",
        "Made from the code by `python scripts/reference.py`; a test keeps it true.",
        *_graph(),
        *_commands(),
    ]
    return "\n\n".join(parts) + "\n"


def _graph() -> list[str]:
    words = {
        "roles": ROLES,
        "kinds of results": RESULT_KINDS,
        "comparators": COMPARATORS,
        "statuses of papers": STATUSES,
    }
    return [
        "## The graph",
        f"IRIs start with `{BASE}` unless the graph was made with another base. Prefixes known to every query: "
        + ", ".join(f"`{prefix}:` <{iri}>" for prefix, iri in PREFIXES.items())
        + ".",
        "\n".join(f"- {name}: {', '.join(f'`{value}`' for value in values)}" for name, values in words.items()),
        "### Nodes",
        *(_node(label) for label in NODES),
        "### Relationships",
        "A relationship with properties is one triple and, beside it, a statement node of the class given, with "
        "`kg:from`, `kg:to` and the properties.",
        *(_edge(name) for name in EDGES),
    ]


def _node(label: str) -> str:
    node = NODES[label]
    head = f"**{label}** `kg:{label}`" + "".join(f", `{c}`" for c in node.classes)
    return "\n".join([head, "", *(_property(key, p) for key, p in node.properties.items())])


def _edge(name: str) -> str:
    edge = EDGES[name]
    statement = f" (statement: `{edge.statement}`)" if edge.statement else ""
    head = f"**{name}** `{edge.term}`: {' | '.join(edge.starts)} → {' | '.join(edge.ends)}{statement}"
    return "\n".join([head, *([""] if edge.properties else []), *(_property(k, p) for k, p in edge.properties.items())])


def _property(key: str, property_) -> str:  # type: ignore[no-untyped-def]
    kind = f"list of {property_.datatype}" if property_.many else property_.datatype
    return f"- `{key}` → `{property_.term}`, {kind}" + (", always there" if property_.required else "")


def _commands() -> list[str]:
    parts = ["## The command line"]
    for name, command in _leaves(command_line):
        context = click.Context(command, info_name=f"kg {name}", max_content_width=100, terminal_width=100)
        parts.append(f"### kg {name}\n\n```text\n{command.get_help(context).rstrip()}\n```")
    return parts


def _leaves(group: click.Group, start: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command under its full name, in the order of `kg --help`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{start}{name} ")
        else:
            yield start + name, command


def main() -> None:
    """Write the page, or check it."""
    if sys.argv[1:] == ["--check"]:
        sys.exit(
            0
            if TARGET.read_text(encoding="utf-8") == reference()
            else "docs/reference.md is stale: run scripts/reference.py"
        )
    TARGET.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
