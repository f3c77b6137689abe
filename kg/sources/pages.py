"""What pages of text need that lines do not: a second look when the whole page is known, and keys from content."""

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from kg.identity import fold_title, text_hash
from kg.sources.text import content_key, title_key

T = TypeVar("T")

_IN_MEMORY = 8 << 20  # bytes, then on disk


class Drafts(AbstractContextManager["Drafts[T]"], Generic[T]):
    """What was read of a page, kept until its end; on disk where it is long."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="paperkg-")  # noqa: SIM115
        self._count = 0

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, draft: T) -> None:
        pickle.dump(draft, self._file)
        self._count += 1

    def __iter__(self) -> Iterator[T]:
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)


class Keys:
    """The keys of records on a page that gives none: from the title, and from the abstract too where several papers
    of the page bear that title. Never from the position."""

    def __init__(self) -> None:
        self._abstracts: dict[int, int | None] = {}  # hashes; None where a title stands over several abstracts

    def add(self, title: str, abstract: str) -> None:
        found = hash_of(abstract)
        if self._abstracts.setdefault(hash_of(title), found) != found:
            self._abstracts[hash_of(title)] = None

    def key(self, title: str, abstract: str) -> str:
        shared = self._abstracts.get(hash_of(title)) is None
        return content_key(title, abstract) if shared else title_key(title)


def hash_of(text: Any) -> int:
    """64 bits of a text's letters and digits."""
    return int(text_hash(fold_title(text) or text)[:16], 16)
