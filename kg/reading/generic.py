"""Words behind a name that say only of what kind the named is: "SQuAD dataset", "gradient alignment techniques"."""

import re
from functools import lru_cache

from kg.identity import fold_name
from kg.reading import naming
from kg.reading.singular import singular


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WAYS = _set("algorithm approach framework method methodology paradigm procedure scheme strategy technique")
_PROBLEMS = _set("ability capability problem scenario setting task")
_OF_TYPE = {
    "Task": _set("task"),
    "Method": _set("analysis estimate estimation estimator regression"),
    "Model": _set("architecture classifier family model network"),
    "Dataset": _set("benchmark corpus dataset"),
    "Metric": _set("measure metric score"),
}
_OTHERS = _set(
    """
    backbone block criterion decoder design encoder index inference layer loss mechanism module pipeline process
    protocol rule system technology test
    """
)
_GENERIC = frozenset.union(_WAYS, _PROBLEMS, _OTHERS, *_OF_TYPE.values())
_BEHIND_PROPER = _set(
    """
    algorithm approach architecture benchmark corpus dataset framework method metric model network score task technique
    """
)
_PROPER = re.compile(r"(?:^|[\s/-])(?=[^\s/-]*[A-Z\d])[^\s/-]+s?$")
_ACTION = re.compile(r"(?:ing|[ts]ion|ment|search|control)$")
_NO_ACTIONS = _set(
    """
    direction element equation existing function information interacting moment operating organizing promising string
    varying
    """
)
_NO_DATA = _WAYS | {"model", "architecture", "classifier"}
_DATA_SET = re.compile(r"\bdata (sets?)$")


def is_generic(word: str) -> bool:
    """Whether a word can stand behind a name without being of it."""
    return singular(word.casefold()) in _GENERIC


def is_no_data(form: str) -> bool:
    """Whether a name says itself that it is no data set: "Cross-Image Reasoning Model"."""
    words = form.split()
    return bool(words) and singular(words[-1].casefold()) in _NO_DATA


@lru_cache(maxsize=1 << 14)  # the same names come again and again, in one paper and over all
def bare(form: str) -> str:
    """A name without the generic words behind it, where what is left is a name by itself; else the name as it is.

    >>> bare("SQuAD benchmark dataset"), bare("two-stage least squares estimates"), bare("Text Augmentation Methods")
    ('SQuAD', 'two-stage least squares', 'Text Augmentation')
    >>> bare("genetic algorithm"), bare("text generation models"), bare("language model"), bare("MNIST classifier")
    ('genetic algorithm', 'text generation models', 'language model', 'MNIST classifier')
    """
    name, _, last = " ".join(_DATA_SET.sub(r"data\1", form).split()).rpartition(" ")
    kind = singular(last.casefold())
    name = bare(name) if name else ""
    return name if name and _stands_alone(name, kind, proper=last.islower()) else form


def _stands_alone(name: str, kind: str, *, proper: bool) -> bool:
    """Whether a name says the same without the ``kind`` behind it.

    What is done ("pruning") does without the word for a way or a problem of doing it. A name of the list does where the
    word fits its type: a loss of a GAN or a model for a task is another thing. In title case (not ``proper``) capitals
    say nothing.
    """
    if proper and kind in _BEHIND_PROPER and _PROPER.search(name):
        return True
    way = kind in _WAYS or kind in _PROBLEMS
    if way and _ACTION.search(name) and re.split(r"[\s-]", name)[-1].casefold() not in _NO_ACTIONS:
        return True
    known = [each for each in naming.listed(name, fold_name(name)) if name not in each.weak]
    return any(way or kind in _OF_TYPE[each.type] for each in known)
