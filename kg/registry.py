"""The one way a name becomes an object: a table maps it to ``"module:attribute"``, imported only when asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from kg.errors import KgError


def load(table: Mapping[str, str], name: str, what: str) -> Any:
    """The object that ``table`` lists under ``name``; ``what`` is the word for it in the error ("source", "engine")."""
    if name not in table:
        raise KgError(f"unknown {what} {name!r}: known are {', '.join(sorted(table))}")
    module, _, attribute = table[name].partition(":")
    return getattr(import_module(module), attribute)
