"""The steps of reading, in order of running: each is ``Doc -> Doc``.

The list writes mentions, the spotter weighs them and adds its own; everything after works on what was weighed.
"""

from collections.abc import Callable

from spacy.tokens import Doc

from kg import registry

Step = Callable[[Doc], Doc]

STEPS = {
    "sentences": "kg.reading.sentences:find_sentences",
    "abbreviations": "kg.reading.abbreviations:find_abbreviations",
    "listed": "kg.reading.listed:find_listed",
    "spotting": "kg.reading.spotting:Spotter",
    "entities": "kg.reading.entities:group_mentions",
    "results": "kg.reading.results:find_results",
}


def steps(variant: str = "default", *, until: str | None = None) -> list[Step]:
    """The steps of the table, in order; those that are classes are made for the ``variant`` of the network.

    ``until`` names the first step that is left out.
    """
    names = list(STEPS)
    found = [registry.load(STEPS, name, "reading step") for name in names[: names.index(until) if until else None]]
    return [step(variant) if isinstance(step, type) else step for step in found]
