"""Answers and reports for people to read. Nothing is cut off: long cells are wrapped."""

import csv
import io
import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kg.build import Report

if TYPE_CHECKING:
    from kg.engines.neo4j import LoadReport

Row = Mapping[str, Any]

_TEXTS = ("evidence", "sentence", "abstract")  # shown under a paper's title, not in a column
_WIDTH = 110  # of what is shown of one thing
_LEAST = 12  # columns are never made narrower than this


def as_json(data: Any) -> str:
    """One JSON text, its lines indented."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Comma-separated values with a header line."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue().rstrip("\n")


def answer(columns: Sequence[str], rows: Sequence[Row], *, width: int | None = None) -> str:
    """Rows about papers as a list, each with its sentence; other rows as a table."""
    width = width or min(shutil.get_terminal_size((110, 40)).columns, 140)
    if "title" in columns and any(text in columns for text in _TEXTS):
        return "\n\n".join(_entry(number, row, width) for number, row in enumerate(rows, 1))
    return table(columns, [[row[c] for c in columns] for row in rows], width=width)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, width: int) -> str:
    """An aligned table no wider than ``width`` where its cells can be wrapped to that."""
    if not columns:
        return f"{len(rows)} rows without columns"
    cells = [[_shown(value) for value in row] for row in rows]
    widths = [max(len(c), *(len(row[i]) for row in cells)) if cells else len(c) for i, c in enumerate(columns)]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    lines = [_line(columns, widths), _line(["-" * w for w in widths], widths)]
    return "\n".join(lines + [_line(row, widths) for row in cells])


def pairs(data: Mapping[str, Any]) -> str:
    """Names and values, one pair a line, the values aligned."""
    wide = max((len(key) for key in data), default=0)
    return "\n".join(f"{key:<{wide}}  {_shown(value)}" for key, value in data.items())


def report(done: Report) -> str:
    """What a build did; every record that was read is in one of its numbers."""
    lines = [
        f"records   {done.read + done.skipped} read: {done.new} new, {done.changed} changed, {done.same} unchanged"
    ]
    lines += [f"          {done.repeated} repeated in one source under the same key (the richest kept)"] * bool(
        done.repeated
    )
    lines += [f"          {done.skipped} skipped: {_counts(done.reasons)}"] * bool(done.skipped)
    lines += [f"          {done.removed} removed"] * bool(done.removed)
    lines += [f"          {done.kept_for_errors} not dropped, as their source had errors"] * bool(done.kept_for_errors)
    papers = {kind: done.papers[kind] for kind in ("new", "changed", "removed") if done.papers[kind]}
    lines.append(f"papers    {_counts(papers) or 'none changed'}")
    odd = {kind: done.papers[kind] for kind in ("empty", "withdrawn", "foreign") if done.papers[kind]}
    lines += [f"          without facts: {_counts(odd)} (kept)"] * bool(odd)
    if done.papers_read:
        lines.append(
            f"reading   {done.papers_read} papers: {done.entities} entities "
            f"({done.described} only described, kept out of the graph), "
            f"{done.results} results, {done.quantities} quantities"
        )
    lines.append(f"graph     {done.blocks} blocks changed")
    shared = f"; {done.merged} of the records are of a paper that another is about too" if done.merged else ""
    lines += textwrap.wrap(f"in all    {_counts(done.totals)}{shared}", _WIDTH, subsequent_indent=" " * 10)
    return "\n".join(lines)


def loaded(done: "LoadReport") -> str:
    """What a load did to a database."""
    return "\n".join(
        [
            f"blocks         {done.blocks} written, {done.unchanged} unchanged, {done.removed} removed",
            f"nodes          {done.nodes_created} created, {done.nodes_deleted} deleted",
            f"relationships  {done.relationships_created} created, {done.relationships_deleted} deleted",
            f"properties     {done.properties_set} set",
            f"schema         {done.constraints_added} constraints and {done.indexes_added} indexes added",
        ]
    )


def thing(data: Mapping[str, Any]) -> str:
    """A paper, a concept or an author."""
    return _paper(data) if data["kind"] == "Paper" else _named(data)


def numbers(data: Mapping[str, Any]) -> str:
    """The counts of ``kg stats``."""
    sources = [(s["source"], s["records"], s["location"]) for s in data["sources"]]
    counts = {key: value for key, value in data.items() if not isinstance(value, list | dict)}
    waiting = {f"waiting {stage}s": n for stage, n in data["waiting"].items() if n}
    return f"{pairs({**counts, **waiting})}\n\n{table(('source', 'records', 'location'), sources, width=_WIDTH)}"


def _paper(data: Mapping[str, Any]) -> str:
    authors = ", ".join(a["name"] for a in data["authors"]) + (" et al." if data["more_authors"] else "")
    head = {
        "title": data["title"],
        "authors": authors or (f"{data['n_authors']} authors" if data["n_authors"] else ""),
        "date": " ".join(filter(None, (data["date"], data["date_kind"] and f"({data['date_kind']})"))),
        "url": data["url"],
        "code": ", ".join(data["code_urls"]),
        "categories": ", ".join(data["categories"]),
        "key": data["iri"],
        "from": ", ".join(f"{s['source']}:{s['file']}" for s in data["sources"]),
    }
    entities = [
        (e["type"], e["name"] if e["named"] else f"({e['name']})", e["role"], e["confidence"], len(e["mentions"]))
        for e in data["entities"]
    ]
    parts = [pairs({key: value for key, value in head.items() if value}), textwrap.fill(data["abstract"], _WIDTH)]
    if entities:
        parts.append(table(("type", "name", "role", "confidence", "mentions"), entities, width=_WIDTH))
    return "\n\n".join([*parts, *_results(data["results"])])


def _results(results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The results sentence by sentence."""
    columns = ("metric", "value", "kind", "of", "on", "against")
    for evidence, group in groupby(results, key=lambda result: result["evidence"]):
        rows = [(r["metric"], _value(r), r["kind"], r["subject"], r["dataset"], r["baseline"]) for r in group]
        yield f"{textwrap.fill(f'“{evidence}”', _WIDTH)}\n\n{table(columns, rows, width=_WIDTH)}"


def _value(result: Mapping[str, Any]) -> str:
    """ "41 points", "< 0.05", "16x": an equals sign says nothing, short units stand at the number."""
    comparator = "" if result["comparator"] == "=" else f"{result['comparator']} "
    space = " " if len(result["unit"]) > 1 else ""
    return f"{comparator}{result['value_text']}{space}{result['unit']}"


def _named(data: Mapping[str, Any]) -> str:
    head = {"name": data["name"], "kind": data["kind"], "also": ", ".join(data["aliases"]), "key": data["iri"]}
    papers = [(p.get("role") or p.get("position"), p["date"], p["title"], p["iri"]) for p in data["papers"]]
    first = "position" if data["kind"] == "Author" else "role"
    rows = table((first, "date", "title", "key"), papers, width=_WIDTH)
    return f"{pairs({k: v for k, v in head.items() if v})}\n\n{rows}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items())


def _entry(number: int, row: Row, width: int) -> str:
    """One paper: its title and date, what else the row says, its sentence, where to find it."""
    indent = " " * (len(str(number)) + 2)
    said = {"title", "date", "url", "paper", *_TEXTS}
    more = "   ".join(f"{key}: {_shown(value)}" for key, value in row.items() if key not in said and value is not None)
    where = "   ".join(_shown(row[key]) for key in ("url", "paper") if row.get(key))
    date = f" ({row['date']})" if row.get("date") else ""
    parts = [more, *(f"“{row[key]}”" for key in _TEXTS if row.get(key)), where]
    head = textwrap.fill(f"{number}. {row['title']}{date}", width, subsequent_indent=indent)
    return "\n".join(
        [head, *(textwrap.fill(p, width, initial_indent=indent, subsequent_indent=indent) for p in parts if p)]
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, wrapped))
    rows = ([column[i] if i < len(column) else "" for column in wrapped] for i in range(height))
    return "\n".join("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
