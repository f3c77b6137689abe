"""Words behind a name that say only of what kind the named is: "SQuAD dataset", "gradient alignment techniques"."""

import re
from functools import lru_cache

from kg.identity import fold_name
from kg.reading import naming
from kg.reading.singular import singular

_PROCEDURES = frozenset(
    """
    ability algorithm approach capability domain framework method methodology paradigm problem procedure scenario scheme
    setting strategy system task technique
    """.split()  # noqa: SIM905
)
_GENERIC = _PROCEDURES | frozenset(
    """
    analysis architecture backbone benchmark block classifier corpus criterion dataset decoder design encoder estimate
    estimation estimator family index inference layer loss measure mechanism metric model module network pipeline
    process protocol regression rule score technology test
    """.split()  # noqa: SIM905
)
_BEHIND_PROPER = re.compile(
    r"\s+(?:models?|methods?|algorithms?|frameworks?|approach(?:es)?|datasets?|data\s?sets?|benchmarks?|techniques?|"
    r"architectures?|networks?|corpus|scores?|metrics?|tasks?)$"
)
_PROPER = re.compile(r"(?:^|[\s/-])(?=[^\s/-]*[A-Z\d])[^\s/-]+s?$")
_ACTION = re.compile(r"(?:ing|[ts]ion|(?<!ele)ment|search|control)$")  # no action: "finite element method"


def is_generic(word: str) -> bool:
    """Whether a word can stand behind a name without being of it."""
    return singular(word.casefold()) in _GENERIC


@lru_cache(maxsize=1 << 14)  # the same names come again and again, in one paper and over all
def bare(form: str) -> str:
    """A name without the generic word behind it, where what is left is a name by itself; else the name as it is.

    >>> bare("SQuAD dataset"), bare("two-stage least squares estimates"), bare("text augmentation methods")
    ('SQuAD', 'two-stage least squares', 'text augmentation')
    >>> bare("genetic algorithm"), bare("text generation models"), bare("language model")
    ('genetic algorithm', 'text generation models', 'language model')
    """
    name = _BEHIND_PROPER.sub("", form)
    if _PROPER.search(name):
        return name
    name, _, last = form.rpartition(" ")
    procedure = singular(last.casefold()) in _PROCEDURES
    if (procedure and _ACTION.search(name)) or (is_generic(last) and _is_listed(name, procedure=procedure)):
        return name  # what is done ("pruning") is named without the word for a way, a problem or a skill of doing it
    return form


def _is_listed(name: str, *, procedure: bool) -> bool:
    """Whether the list has the name; a model for a task is another thing than the task."""
    known = naming.listed(name, fold_name(name))
    return any(name not in each.weak and (procedure or each.type != "Task") for each in known)
