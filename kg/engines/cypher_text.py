"""What a Cypher text may not do, whatever engine it is for: read anything but the graph."""

import re
from itertools import pairwise

from kg.errors import QueryError

_ESCAPE = re.compile(r"\\u+([0-9A-Fa-f]{4})")  # Neo4j decodes these before it parses
_TOKEN = re.compile(
    r"'(?:[^'\\]|\\.)*' | \"(?:[^\"\\]|\\.)*\" | `(?:[^`]|``)*` | //[^\r\n]* | /\*.*?\*/ | (?P<word>[A-Za-z_]\w*) | \S",
    re.VERBOSE | re.DOTALL,
)


def refuse_files(text: str) -> None:
    """Raises QueryError for a query that would read a file or an address with LOAD CSV."""
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    tokens = [match for match in _TOKEN.finditer(plain) if match[0][:2] not in ("//", "/*")]
    for first, second in pairwise(tokens):
        if ((first["word"] or "").upper(), (second["word"] or "").upper()) == ("LOAD", "CSV"):
            line = plain.count("\n", 0, first.start()) + 1
            raise QueryError(f"line {line}: LOAD CSV is refused: a query reads this graph and nothing else")
