"""What a question comes back with."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.errors import EngineError

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that answer a question, and how it was understood.

    ``question`` is what was asked, ``interpretation`` what it was taken to mean, ``name`` the saved question that was
    run ("" for a query of one's own) and ``query`` the text that ran. A row's cells stand in the order of ``columns``;
    in the answer of a saved question ``paper``, ``author`` and ``concept`` are keys: local parts of IRIs. ``notes``
    say what a reader should know besides. ``count`` is how many papers there are, where that was the question.
    """

    question: str
    interpretation: str
    name: str
    query: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    notes: tuple[str, ...] = field(default=())
    count: int | None = None

    @property
    def records(self) -> list[dict[str, Any]]:
        """Each row as a mapping from its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> "DataFrame":
        """The rows as a pandas DataFrame. Raises EngineError where pandas is not installed."""
        try:
            from pandas import DataFrame
        except ImportError as error:
            raise EngineError("pandas is not installed: pip install 'paperkg[pandas]'") from error
        return DataFrame(self.rows, columns=list(self.columns))
