"""The command line: parse, make one call of ``kg.api``, print. Data goes to stdout, talk and progress to stderr."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.engines import ENGINES
from kg.errors import BusyError, KgError, QueryTimeoutError

if TYPE_CHECKING:
    from kg.api import Graph
    from kg.build import Report
    from kg.engines.neo4j import Connection
    from kg.questions import Answer

F = TypeVar("F", bound=Callable[..., Any])

FAILED, SKIPPED, TIMED_OUT, BUSY = 1, 3, 4, 5  # 2 is click's own: wrong usage

EXIT_CODES = """\b
Exit codes:
  0  done
  1  refused or failed; the message says what to mend
  2  wrong usage
  3  done, but some records were skipped (they are listed)
  4  stopped at the time limit
  5  another process is writing to this graph
"""


class _Commands(click.Group):
    """Commands in the order in which they are used; our errors become a line on stderr and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(f"kg: {error}", err=True)
            code = (
                TIMED_OUT if isinstance(error, QueryTimeoutError) else BUSY if isinstance(error, BusyError) else FAILED
            )
            sys.exit(code)
        except BrokenPipeError:  # the reader of our output has gone: `kg export ntriples | head`
            sys.stderr.close()
            sys.exit(0)


@click.group(cls=_Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def main() -> None:
    """Read paper abstracts into a knowledge graph of what science used and found, and ask it.

    \b
    kg build papers.jsonl                          make the graph in ./graph
    kg ask "which papers use IV regression?"       the papers, each with its sentence
    """


def _graph_option(command: F) -> F:
    return click.option(
        "--graph",
        "folder",
        metavar="DIR",
        envvar="KG_GRAPH",
        default="graph",
        show_default=True,
        show_envvar=True,
        help="The graph's folder.",
    )(command)


def _reading_options(command: F) -> F:
    for option in (
        click.option("--progress/--no-progress", default=None, help="Show a progress bar (default: in a terminal)."),
        click.option("--processes", type=click.IntRange(1), help="Processes that read papers (default: one a core)."),
        click.option(
            "--fast/--thorough", default=None, help="Read with the lighter network, for millions of abstracts."
        ),
        click.option("--strict", is_flag=True, help="Stop at the first bad record instead of skipping it."),
        click.option("--year", type=click.IntRange(1000, 9999), help="The year of dates that have none."),
        click.option("--source", metavar="NAME", help="Read as this format instead of recognising it."),
    ):
        command = option(command)
    return command


def _output_options(command: F) -> F:
    for option in (
        click.option("--csv", "output", flag_value="csv", help="Print comma-separated values."),
        click.option("--json", "output", flag_value="json", help="Print JSON."),
    ):
        command = option(command)
    return command


def _query_options(command: F) -> F:
    for option in (
        click.option(
            "--timeout",
            type=click.FloatRange(0, min_open=True),
            default=60.0,
            show_default=True,
            help="Seconds after which the query is stopped.",
        ),
        click.option(
            "--min-confidence",
            type=click.FloatRange(0, 1),
            default=0.0,
            show_default=True,
            help="Leave out facts that are less sure than this.",
        ),
    ):
        command = option(command)
    return command


def _neo4j_options(command: F) -> F:
    for option in (
        click.option(
            "--password-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="A file that holds the password (default: NEO4J_PASSWORD, else a prompt).",
        ),
        click.option("--database", metavar="NAME", help="Database (default: NEO4J_DATABASE, else the user's own)."),
        click.option("--user", metavar="NAME", help="User (default: NEO4J_USERNAME, else neo4j)."),
        click.option("--uri", metavar="URI", help="Server (default: NEO4J_URI, else neo4j://localhost:7687)."),
    ):
        command = option(command)
    return command


def _engine_options(command: F) -> F:
    engine = click.option(
        "--engine",
        type=click.Choice(list(ENGINES)),
        default="sparql",
        show_default=True,
        help="Who answers: SPARQL here, a Neo4j that `kg load neo4j` filled, or Cypher here without a server.",
    )
    return engine(_neo4j_options(command))


@main.command(
    short_help="Read sources into the graph.",
    epilog="\b\nExample:\n  kg build seeds/*.txt more/ --graph mine\n  kg extract big.jsonl.gz | kg build -",
)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@_graph_option
@click.option("--base", metavar="IRI", help="Start of every IRI of a new graph (default https://w3id.org/paperkg/).")
@click.option("--sync", is_flag=True, help="Also drop what these sources held before and hold no longer.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@_reading_options
def build(sources: Sequence[str], folder: str, base: str | None, sync: bool, as_json: bool, **options: Any) -> None:
    """Read SOURCE... (files, folders, globs, - for stdin; .gz .xz .bz2 .zip .zst) into the graph.

    Only what is new or changed is done. Without SOURCE: finish what an interrupted build left, or
    refresh after an upgrade.
    """
    from kg import printing

    shown = options.pop("progress")
    with _opened(folder, base=base) as graph, _bar(shown) as progress:
        report = graph.build(sources, sync=sync, progress=progress, **options)
    click.echo(printing.as_json(report.to_dict()) if as_json else printing.report(report))
    _list_errors(report)


@main.command(
    short_help="Print what is read from papers as JSON lines.",
    epilog="\b\nExample:\n  kg extract seeds/*.txt > extracted.jsonl",
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@_reading_options
def extract(sources: Sequence[str], **options: Any) -> None:
    """Print what is read from each paper of SOURCE..., one JSON object a line; no graph is made."""
    from kg import api
    from kg.build import Report

    report, shown = Report(), options.pop("progress")
    with _bar(shown) as progress:
        for line in api.extract(sources, report=report, progress=progress, **options):
            click.echo(json.dumps(line, ensure_ascii=False))
    _list_errors(report)


@main.command(
    short_help="Answer a question in English.",
    epilog='\b\nExample:\n  kg ask "which papers use IV regression?"\n  kg ask "best BLEU on WMT16 En-Ro"',
)
@click.argument("question")
@_graph_option
@_query_options
@_engine_options
@click.option("--show-query", is_flag=True, help="Also print the query that was run.")
@_output_options
def ask(question: str, folder: str, show_query: bool, output: str | None, **options: Any) -> None:
    """Answer a QUESTION in English: the papers, each with the sentence that says so."""
    with _opened(folder) as graph:
        answer = graph.ask(question, **_with_connection(options))
    if output is None:
        click.echo(
            f"{answer.interpretation}: {answer.count if answer.count is not None else len(answer.rows)}", err=True
        )
    if answer.count is not None and output is None:
        click.echo(answer.count)
    if show_query and output != "json":
        click.echo(f"{answer.query}\n")
    head = {"question": question, "interpretation": answer.interpretation, "query": answer.query}
    _print_answer(answer, output, head if answer.count is None else {**head, "count": answer.count})


@main.command(
    short_help="Run a saved question, or SPARQL or Cypher of your own.",
    epilog="\b\nExample:\n  kg query                                   list the saved questions\n"
    '  kg query papers_by_method -p method="IV regression"\n  kg query mine.rq --csv\n'
    '  echo "SELECT ..." | kg query -\n  kg query mine.cypher --engine neo4j --uri bolt://localhost:7687',
)
@click.argument("query", required=False, metavar="NAME|FILE|-")
@click.option("-p", "parameters", multiple=True, metavar="KEY=VALUE", help="A parameter of the question; repeatable.")
@_graph_option
@_query_options
@_engine_options
@click.option("--show-query", is_flag=True, help="Also print the query that was run.")
@_output_options
def query(
    query: str | None, parameters: Sequence[str], folder: str, show_query: bool, output: str | None, **options: Any
) -> None:
    """Run a saved question by NAME, a query in a FILE, or one from stdin (-); without any, list the saved questions.

    A query of your own is SPARQL, or Cypher with --engine neo4j or cypher; it only reads.
    """
    from kg import questions

    if query is None:
        _list_questions(output)
        return
    with _opened(folder) as graph:
        answer = graph.query(
            _query_text(query, questions.saved()), _key_values(parameters), **_with_connection(options)
        )
    if show_query and output != "json":
        click.echo(f"{answer.query}\n")
    _print_answer(answer, output, {"query": answer.query})


@main.command(
    short_help="Show all that is known of one thing.",
    epilog='\b\nExample:\n  kg show "instrumental variable"\n  kg show 10.1000/xyz123',
)
@click.argument("reference", metavar="ENTITY|PAPER")
@_graph_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(reference: str, folder: str, as_json: bool) -> None:
    """Show all that is known of a paper, a method, model, dataset, task, metric, or author."""
    from kg import printing

    with _opened(folder) as graph:
        found = graph.show(reference)
    click.echo(printing.as_json(found) if as_json else "\n\n".join(map(printing.thing, found["found"])))


@main.command(short_help="Count what the graph holds.", epilog="\b\nExample:\n  kg stats --json")
@_graph_option
@click.option("--runs", is_flag=True, help="List the builds instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stats(folder: str, runs: bool, as_json: bool) -> None:
    """Count what the graph holds, and where it came from."""
    from kg import printing

    with _opened(folder) as graph:
        data: Any = graph.runs() if runs else graph.stats()
    click.echo(printing.as_json(data) if as_json or runs else printing.numbers(data))


@main.group(cls=_Commands)
def load() -> None:
    """Write the graph into the database of a server."""


@load.command(
    "neo4j",
    short_help="Write the graph into a Neo4j database.",
    epilog="\b\nExample:\n  export NEO4J_PASSWORD\n  kg load neo4j --uri bolt://localhost:7687 --prune",
)
@_graph_option
@_neo4j_options
@click.option("--prune", is_flag=True, help="Also remove what this graph no longer holds; nobody else's nodes.")
@click.option("--progress/--no-progress", default=None, help="Show a progress bar (default: in a terminal).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def load_neo4j(folder: str, prune: bool, progress: bool | None, as_json: bool, **options: Any) -> None:
    """Write the graph into a Neo4j database: constraints and indexes first, then what has changed since the last load.

    The password comes from --password-file, NEO4J_PASSWORD or a prompt. A load that was stopped goes on
    where it was when it is run again.
    """
    from kg import printing

    with _opened(folder) as graph, _bar(progress) as bar:
        report = graph.load_neo4j(_neo4j_connection(**options), prune=prune, progress=bar)
    click.echo(printing.as_json(report.to_dict()) if as_json else printing.loaded(report))


@main.command(
    short_help="Write the graph to files.",
    epilog="\b\nExample:\n  kg export ntriples -o graph.nt\n  kg export graphml | gzip > graph.graphml.gz\n"
    "  kg export neo4j-csv -o csv",
)
@click.argument("format", metavar="FORMAT")
@_graph_option
@click.option("-o", "--output", "target", metavar="PATH", default="-", help="Where to write (default: stdout).")
def export(format: str, folder: str, target: str) -> None:
    """Write the graph as FORMAT: ntriples, turtle, nodelink or graphml; or neo4j-csv, a folder with its import.sh."""
    with _opened(folder) as graph:
        graph.export(format, sys.stdout.buffer if target == "-" else target)


@main.command(
    short_help="Remove papers or a whole source.",
    epilog="\b\nExample:\n  kg remove 10.1000/xyz123\n  kg remove --source old-page.txt",
)
@click.argument("papers", nargs=-1, metavar="PAPER...")
@click.option("--source", metavar="NAME", help="Remove every record of this source: its name, a location or a file.")
@_graph_option
def remove(papers: Sequence[str], source: str | None, folder: str) -> None:
    """Remove PAPER... (key, IRI, DOI, arXiv id or exact title), or a whole source, and all that came of it.

    A paper that a source still holds comes back when that source is built again.
    """
    from kg import printing

    if not papers and source is None:
        raise click.UsageError("name a PAPER or a --source")
    with _opened(folder) as graph:
        click.echo(printing.report(graph.remove(papers, source=source)))


@main.command(
    short_help="Check the graph against its shapes.",
    epilog="\b\nExample:\n  kg validate\n  kg extract seeds/*.txt | kg validate --lines -",
)
@_graph_option
@click.option("--lines", type=click.File("rb"), help="Check lines of `kg extract` in this file (- for stdin) instead.")
def validate(folder: str, lines: Any) -> None:
    """Check the graph against its SHACL shapes, or extracted lines against their JSON Schema."""
    if lines is not None:
        from kg.validate import validate_lines

        broken = [str(violation) for violation in validate_lines(lines)]
    else:
        with _opened(folder) as graph:
            broken = [str(violation) for violation in graph.validate()]
    for violation in broken:
        click.echo(violation)
    click.echo(f"{len(broken)} violations" if broken else "valid", err=True)
    sys.exit(FAILED if broken else 0)


@main.command(
    "eval", epilog="\b\nExample:\n  kg eval gold.jsonl\n  kg eval gold.jsonl --predicted extracted.jsonl --errors 20"
)
@click.argument("gold", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--predicted",
    type=click.Path(exists=True, dir_okay=False),
    help="Score these lines instead of reading GOLD's texts.",
)
@click.option("--errors", type=click.IntRange(0), default=0, help="List so many errors.")
@click.option("--fast", is_flag=True, help="Read with the lighter network.")
@click.option("--intervals", is_flag=True, help="Add where each F1 lies in 95 of 100 draws of as many papers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(gold: str, predicted: str | None, errors: int, fast: bool, intervals: bool, as_json: bool) -> None:
    """Score what is extracted against GOLD annotations (JSON lines with title, abstract, entities, results)."""
    from kg import api, evaluate, printing

    with open(gold, encoding="utf-8") as file:
        wanted = [json.loads(line) for line in file if line.strip()]
    if predicted:
        with open(predicted, encoding="utf-8") as file:
            found = [json.loads(line) for line in file if line.strip()]
    else:
        found = list(api.extract(gold, source="jsonl", fast=fast))
    scores = evaluate.evaluate(wanted, found)
    within = evaluate.intervals(wanted, found) if intervals else None
    shown = {**scores.to_json(), **({"intervals": within} if within else {})}
    click.echo(printing.as_json(shown) if as_json else scores.table(within))
    for difference in scores.differences[:errors]:
        click.echo("\t".join(map(str, difference)))


@contextmanager
def _opened(folder: str, *, base: str | None = None) -> Iterator["Graph"]:
    from kg import api

    with api.open(folder, base=base) as graph:
        yield graph


def _neo4j_connection(**options: Any) -> "Connection":
    """Where the options and the environment say; whoever sits at a terminal is asked for a missing password."""
    from kg.engines import neo4j

    def ask(prompt: str) -> str:
        return str(click.prompt(prompt, hide_input=True, err=True))

    return neo4j.connection(**options, ask=ask if sys.stdin.isatty() else None)


def _with_connection(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a query, those that say where a Neo4j server is as one connection."""
    where = {name: options.pop(name) for name in ("uri", "user", "database", "password_file")}
    if options["engine"] == "neo4j":
        return {**options, "connection": _neo4j_connection(**where)}
    for name, value in where.items():
        if value is not None:
            raise click.UsageError(f"--{name.replace('_', '-')} says where a Neo4j server is: it needs --engine neo4j")
    return options


@contextmanager
def _bar(shown: bool | None) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar a stage on stderr, with rate and time left."""
    from kg.build import silent

    if not (sys.stderr.isatty() if shown is None else shown):
        yield silent
        return
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def progress(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            unit = {"records": "B", "reading": " papers", "papers": " records"}.get(stage, "")
            bars[stage] = tqdm(
                desc=f"{stage:8}", total=total or None, unit=unit, unit_scale=stage == "records", leave=False
            )
        bars[stage].total = max(total, done) or None
        bars[stage].update(done - bars[stage].n)

    try:
        yield progress
    finally:
        for bar in bars.values():
            bar.close()


def _list_errors(report: "Report") -> None:
    for error in report.errors:
        click.echo(f"skipped  {error}", err=True)
    if report.skipped > len(report.errors):
        click.echo(f"skipped  ... and {report.skipped - len(report.errors)} more", err=True)
    if report.skipped:
        sys.exit(SKIPPED)


def _list_questions(output: str | None) -> None:
    from kg import printing, questions

    rows = [(name, q.text, ", ".join(p.name for p in q.parameters)) for name, q in sorted(questions.saved().items())]
    columns = ("name", "question", "parameters")
    if output == "json":
        click.echo(printing.as_json([dict(zip(columns, row, strict=True)) for row in rows]))
    else:
        click.echo(
            printing.as_csv(columns, rows)
            if output == "csv"
            else printing.answer(columns, [dict(zip(columns, r, strict=True)) for r in rows])
        )


def _query_text(query: str, known: Mapping[str, Any]) -> str:
    """The name of a saved question, or the text of a file or of stdin."""
    if query == "-":
        text = sys.stdin.read()
        if not text.strip():
            raise click.UsageError("there is no query on stdin")
        return text + "\n"
    if query not in known and query.endswith((".rq", ".cypher", ".sparql")) and not Path(query).is_file():
        raise click.UsageError(f"there is no file {query!r}")
    if query in known or not Path(query).is_file():
        return query
    return Path(query).read_text(encoding="utf-8") + "\n"


def _key_values(parameters: Sequence[str]) -> dict[str, str]:
    for parameter in parameters:
        if "=" not in parameter:
            raise click.BadParameter(f"{parameter!r} is not KEY=VALUE", param_hint="-p")
    return dict(p.split("=", 1) for p in parameters)


def _print_answer(answer: "Answer", output: str | None, head: dict[str, Any]) -> None:
    from kg import printing

    for note in answer.notes if output != "json" else ():
        click.echo(f"note: {note}", err=True)
    if output == "json":
        click.echo(
            printing.as_json(
                {**head, "columns": list(answer.columns), "notes": list(answer.notes), "rows": answer.records}
            )
        )
    elif output == "csv":
        click.echo(printing.as_csv(answer.columns, answer.rows))
    elif not answer.rows:
        click.echo("No rows: the graph holds nothing that answers this.", err=True)
    else:
        click.echo(printing.answer(answer.columns, answer.records))


if __name__ == "__main__":
    main()
