"""Saved questions: files whose head says the question in words and its typed parameters.

The head is comment lines::

    # question: Which papers use a method, and in which sentence?
    # param method: concept(Method, Model) -- name, alias or abbreviation
    # param limit: integer = 100
    # anchored: yes

and below it stands the query with ``$method`` where a value goes. The folder is the table: a file there is a question.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from kg import paths
from kg.errors import QueryError
from kg.questions.parameters import TYPES, Parameter
from kg.schema import CONCEPTS

COMMENTS = {"sparql": "#", "cypher": "//"}
SUFFIXES = {"sparql": ".rq", "cypher": ".cypher"}
PLACE = re.compile(r"\$([A-Za-z]\w*)")
_PARAMETER = re.compile(
    r"(?P<name>[A-Za-z]\w*): (?P<type>[a-z]+)(?:\((?P<labels>[\w, ]+)\))?"
    r"(?: = (?P<default>[^ ]+))?(?: -- (?P<note>.+))?"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its parameters. ``text`` is the question in words ("" for a query without a head).

    ``queries`` holds its query in each language ("sparql", "cypher") in which it is written; ``anchored`` says that it
    starts from a named thing, so that its time does not grow with the graph.
    """

    name: str
    text: str
    parameters: tuple[Parameter, ...]
    queries: dict[str, str] = field(default_factory=dict)
    anchored: bool = False

    @property
    def sparql(self) -> str:
        """The query in SPARQL."""
        return self.queries["sparql"]


@cache
def saved() -> dict[str, Question]:
    """Every saved question by its name."""
    folder = paths.queries()
    questions = {}
    for file in sorted(folder.glob("*" + SUFFIXES["sparql"])):
        question = parse(_read(file), file.stem)
        other = file.with_suffix(SUFFIXES["cypher"])
        if other.is_file():
            question.queries["cypher"] = _read(other)
        questions[file.stem] = question
    return questions


def named(name: str) -> Question:
    """The saved question of this name. Raises QueryError that lists the known."""
    known = saved()
    found = known.get(name) or known.get(name.strip().casefold().replace("_", "-"))
    if not found:
        near = get_close_matches(name, known, 1, 0.5)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise QueryError(f"unknown question {name!r}{hint}: known are {', '.join(known)}")
    return found


def parse(text: str, name: str = "", language: str = "sparql") -> Question:
    """A question from the text of its file; without a head it has no words, and no parameters but those it names."""
    words, anchored, parameters = "", False, []
    for line in text.splitlines():
        key, _, rest = line.strip().removeprefix(COMMENTS[language]).strip().partition(": ")
        if not line.startswith(COMMENTS[language]):
            continue
        if key == "question":
            words = rest.strip()
        elif key == "anchored":
            anchored = rest.strip() == "yes"
        elif key.startswith("param "):
            parameters.append(_parameter(f"{key.removeprefix('param ')}: {rest}".strip(), name))
    return Question(name, words, tuple(parameters), {language: text}, anchored)


def _parameter(text: str, place: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    labels = tuple(re.split(r",\s*", match["labels"])) if match and match["labels"] else ()
    if not match or match["type"] not in TYPES or not set(labels) <= set(CONCEPTS):
        raise QueryError(
            f"{place or 'query'}: {text!r} does not describe a parameter; right is 'name: type = default -- note' with "
            f"a type of {', '.join(TYPES)}"
        )
    return Parameter(match["name"], match["type"], labels, match["default"], match["note"] or "")


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
