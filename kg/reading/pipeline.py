"""The steps of reading, in order of running: each is ``Doc -> Doc``.

The finders write mentions; everything after them works on mentions, no matter who found them.
"""

from collections.abc import Callable

from spacy.tokens import Doc

from kg import registry

Step = Callable[[Doc], Doc]

STEPS = {
    "sentences": "kg.reading.sentences:find_sentences",
    "abbreviations": "kg.reading.abbreviations:find_abbreviations",
    "phrases": "kg.reading.phrases:find_phrases",
    "shapes": "kg.reading.shapes:find_shapes",
    "listed": "kg.reading.listed:find_listed",
    "entities": "kg.reading.entities:group_mentions",
    "results": "kg.reading.results:find_results",
}


def steps() -> list[Step]:
    """The functions of the table, in order."""
    return [registry.load(STEPS, name, "reading step") for name in STEPS]
