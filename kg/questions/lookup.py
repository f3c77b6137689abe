"""How a question finds the things that people name: what the store has to answer, and what it gives back."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Hit(NamedTuple):
    """A thing of the graph found by a name: its local IRI, label, canonical name, and in how many papers it is."""

    iri: str
    label: str
    name: str
    papers: int


class Lookup(Protocol):
    """The index of names. Names are compared in folded form, the most used things come first."""

    def find_concepts(self, name: str, labels: Sequence[str]) -> list[Hit]:
        """Concepts of these labels that go by this very name, an alias or an abbreviation."""
        ...

    def find_authors(self, name: str) -> list[Hit]:
        """Authors of this full name, or of this last name with initials."""
        ...

    def find_papers(self, reference: str) -> list[Hit]:
        """Papers by IRI or its local part, DOI, arXiv id, or exact title."""
        ...

    def suggest(self, text: str, kinds: Sequence[str], limit: int = 5) -> list[str]:
        """Names of these labels (also "Author" and "Paper") that are nearest to the text."""
        ...
