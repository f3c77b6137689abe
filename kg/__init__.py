"""paperkg: paper abstracts into a knowledge graph of what science used and found.

>>> import kg
>>> g = kg.open("graph")                                  # doctest: +SKIP
>>> g.build(["papers.jsonl"])                             # doctest: +SKIP
>>> g.ask("which papers use IV regression?").rows         # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Graph", "KgError", "__version__", "extract", "open"]

if TYPE_CHECKING:
    from kg.api import Graph, extract, open
    from kg.errors import KgError


def __getattr__(name: str) -> Any:
    """The public names, imported when first asked for: ``import kg`` alone loads nothing."""
    if name in ("Graph", "open", "extract"):
        from kg import api

        return getattr(api, name)
    if name == "KgError":
        from kg.errors import KgError

        return KgError
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
