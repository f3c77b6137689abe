"""From a title and an abstract to a ``Reading``: sentences, entities, results, quantities.

Importing this loads no spaCy; making a ``Reader`` does.
"""

import hashlib
import json
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import EngineError

if TYPE_CHECKING:
    from kg.reading.reader import Reader as Reader

__all__ = ["VARIANTS", "Reader", "fingerprint"]

NAME = "paperkg"
VARIANTS = ("default", "fast")  # of the trained network
_HERE = Path(__file__).parent
_CARD = _HERE / "weights" / "model.json"  # names the hash of every file of the model
_BESIDE = ("names.tsv", "names.py", "identity.py", "model.py", "schema.py")


def __getattr__(name: str) -> Any:
    if name == "Reader":
        from kg.reading.reader import Reader

        return Reader
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def fingerprint(variant: str = "default") -> str:
    """20 hex digits that change with whatever a Reading depends on: code, tables, names, model, what runs it.

    Raises ``EngineError`` where a package or the model is missing.
    """
    whole = hashlib.sha256(json.dumps([_version(), variant, *_installed()]).encode())
    files = [p for p in _HERE.iterdir() if p.suffix in (".py", ".tsv")] + [_HERE.parent / name for name in _BESIDE]
    try:
        for file in [*sorted(files), _CARD]:
            whole.update(f"\n{file.name}\n".encode() + file.read_bytes())
    except OSError as error:
        raise EngineError(f"{error.filename} cannot be read ({error.strerror}): install paperkg again") from error
    return whole.hexdigest()[:20]


def _installed() -> list[str]:
    """The versions of what runs the model."""
    try:
        return [version(package) for package in ("spacy", "numpy", "onnxruntime", "tokenizers")]
    except PackageNotFoundError as error:
        raise EngineError(f"the package {error.name} is not installed: pip install {error.name}") from error


def _version() -> str:
    try:
        return version(NAME)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
