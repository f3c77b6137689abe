"""A thing of the graph, and the graph's numbers, for people to read."""

import textwrap
from collections.abc import Mapping
from typing import Any

from kg.printing import pairs, table

_WIDTH = 110


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
    results = [
        (
            r["metric"],
            _value(r),
            r["subject"],
            r["dataset"],
            r["baseline"],
            r["evidence"],
        )
        for r in data["results"]
    ]
    parts = [pairs({key: value for key, value in head.items() if value}), textwrap.fill(data["abstract"], _WIDTH)]
    if entities:
        parts.append(table(("type", "name", "role", "confidence", "mentions"), entities, width=_WIDTH))
    if results:
        parts.append(table(("metric", "value", "subject", "dataset", "against", "sentence"), results, width=_WIDTH))
    return "\n\n".join(parts)


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
