"""A Reading as plain values for JSON and back: the keys of ``kg extract`` and of the store."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kg.model import Entity, Mention, Quantity, Reading, Result


def to_json(reading: Reading) -> dict[str, Any]:
    """Plain values. Numbers are floats for programs; every exact one stands beside it as text."""
    return {
        "status": reading.status,
        "language": reading.language,
        "sentences": [list(span) for span in reading.sentences],
        "entities": [_entity(entity) for entity in reading.entities],
        "results": [_result(result) for result in reading.results],
        "quantities": [_quantity(quantity) for quantity in reading.quantities],
    }


def from_json(line: Mapping[str, Any]) -> Reading:
    """The inverse of ``to_json``: ``from_json(to_json(r)) == r``."""
    return Reading(
        status=line["status"],
        language=line["language"],
        sentences=tuple((start, end) for start, end in line["sentences"]),
        entities=tuple(_read_entity(entity) for entity in line["entities"]),
        results=tuple(_read_result(result) for result in line["results"]),
        quantities=tuple(
            Quantity(Decimal(q["value_text"]), q["unit"], q["raw"], q["start"], q["end"]) for q in line["quantities"]
        ),
    )


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "type": entity.type,
        "name": entity.name,
        "role": entity.role,
        "named": entity.named,
        "confidence": entity.confidence,
        "mentions": [
            {"text": m.text, "start": m.start, "end": m.end, "confidence": m.confidence} for m in entity.mentions
        ],
    }


def _read_entity(entity: Mapping[str, Any]) -> Entity:
    mentions = tuple(
        Mention(m["text"], m["start"], m["end"], float(m.get("confidence", 1.0))) for m in entity["mentions"]
    )
    return Entity(
        entity["type"], entity["name"], entity["role"], entity["named"], float(entity["confidence"]), mentions
    )


def _result(result: Result) -> dict[str, Any]:
    return {
        "metric": result.metric,
        "value": float(result.value),
        "value_text": result.value_text,
        "unit": result.unit,
        "kind": result.kind,
        "comparator": result.comparator,
        "value_high": None if result.value_high is None else float(result.value_high),
        "value_high_text": None if result.value_high is None else str(result.value_high),
        "ci": None if result.ci is None else [float(bound) for bound in result.ci],
        "ci_text": None if result.ci is None else [str(bound) for bound in result.ci],
        "dataset": result.dataset,
        "subject": result.subject,
        "baseline": result.baseline,
        "raw": result.raw,
        "start": result.start,
        "end": result.end,
        "value_start": result.value_start,
        "value_end": result.value_end,
        "evidence": result.evidence,
        "confidence": result.confidence,
    }


def _read_result(line: Mapping[str, Any]) -> Result:
    high, ci = line.get("value_high_text"), line.get("ci_text")
    return Result(
        metric=line["metric"],
        value=Decimal(line["value_text"]),
        value_text=line["value_text"],
        unit=line["unit"],
        kind=line["kind"],
        comparator=line["comparator"],
        raw=line["raw"],
        start=line["start"],
        end=line["end"],
        value_start=line["value_start"],
        value_end=line["value_end"],
        evidence=line["evidence"],
        confidence=float(line["confidence"]),
        value_high=None if high is None else Decimal(high),
        ci=None if ci is None else (Decimal(ci[0]), Decimal(ci[1])),
        dataset=line["dataset"],
        subject=line["subject"],
        baseline=line["baseline"],
    )


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {
        "value": float(quantity.value),
        "value_text": str(quantity.value),
        "unit": quantity.unit,
        "raw": quantity.raw,
        "start": quantity.start,
        "end": quantity.end,
    }
