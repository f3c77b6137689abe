"""Where the files that come with paperkg lie: beside ``kg/`` in a checkout, inside it in an installed wheel."""

from pathlib import Path

_HERE = Path(__file__).parent


def schemas() -> Path:
    """The folder of the ontology, the shapes and the JSON Schema."""
    return _folder("schemas")


def queries() -> Path:
    """The folder of the saved questions."""
    return _folder("queries")


def _folder(name: str) -> Path:
    installed = _HERE / name
    return installed if installed.is_dir() else _HERE.parent / name
