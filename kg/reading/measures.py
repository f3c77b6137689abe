"""What the name of a measure can be: "GenEval score", but neither "and 3.7 points" nor "achieving the speed"."""

import re

_CHANGE = re.compile(
    r"[\s-]+(?:improvements?|increases?|gains?|reductions?|decreases?|drops?|declines?|boosts?|savings?|enhancements?"
    r"|degradations?|uplifts?)$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:[+\u2212-]?\d[\d.,]*\s?(?:\\?%|[x×])?|\\?%|the|an?|our|its|their|this|these|relative|absolute|average|overall|mean"
    r"|improved|higher|lower|better|best|state-of-the-art|percentage|points?|respectively)[\s-]+)+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:^|[\s$])[+\u2212-]?\d[\d.,]*(?:\s?(?:\\?%|x|×|ms|s|points?|fps|dB))?(?=$|\s)", re.IGNORECASE)
_NOT_FIRST = frozenset(
    """
    from to by at of on in for with and or but when while where if as than over under up down out about around
    between across among against per via using without within after before during until since because although
    though not no only just even also then thus which that who whose what there here it they we he she is are was
    were be been being has have had do does did can could may might will would should achieving achieve achieves
    achieved obtaining obtain obtains obtained reaching reach reaches reached improving improve improves improved
    reducing reduce reduces reduced increasing increase increases increased decreasing decrease decreases
    outperforming outperform outperforms surpassing surpasses yielding yields yielded showing shows shown giving
    gives gaining gains making makes delivering delivers attaining attains attained providing provides resulting
    compared relative times fewer more less faster slower smaller larger greater lower higher cheaper efficient
    respectively all both each every some any such further based given sota cutting
    """.split()  # noqa: SIM905
)
_NOT_LAST = frozenset(
    """
    from to by at of on in for with and or but when while if as than over under is are was were be been the a an its
    our their efficient effective better worse faster slower higher lower larger smaller more less fewer
    respectively achieved obtained reported observed compared improved reduced significantly results result it them
    this that while points point percent users patients participants dataset datasets benchmark benchmarks task
    tasks problems instances points point percent based given rated one ones proposed min respectively up down
    baseline baselines
    """.split()  # noqa: SIM905
)
_REST = re.compile(
    r"\s(?:with|that|which|when|while|by|than|from|using|compared|over|on|for|is|are|was|were|to|as)\s.*", re.DOTALL
)
_UNIT = re.compile(
    r"[mnµμk]?s|secs?|dB|[GMKT]B|USD|EUR|[kMGTm]?eV|[kMG]?Hz|hours?|minutes?|seconds?|days?", re.IGNORECASE
)
_VERBS = frozenset(
    """
    achieves achieve achieved achieving reaches reached obtains obtained attains attained cuts increases improves
    improved reduces reduced decreases outperforms surpasses exceeds supports support yields shows has have is are
    was were be rated replicated receive receives remains drops gives provides produces
    """.split()  # noqa: SIM905
)
LONGEST = 7  # words


def clean(phrase: str) -> str | None:
    """The name in the phrase, without figures before it and without "improvement" behind it; None where there is none.

    >>> clean("8.7% GenEval score improvement"), clean("WER reduction."), clean("top-5 accuracy")
    ('GenEval score', 'WER', 'top-5 accuracy')
    >>> clean("from 53.9"), clean("when MFCC"), clean("result."), clean("achieving the speed")
    (None, None, None, None)
    """
    name = _BEFORE.sub("", phrase.strip(" \t\n.,;:-–—'\""))
    name = without_change(_REST.sub("", name))
    words = name.casefold().split()
    if not words or len(words) > LONGEST or words[0] in _NOT_FIRST or words[-1] in _NOT_LAST:
        return None
    if not _VERBS.isdisjoint(words) or (len(words) == 1 and name.endswith("ing")):
        return None
    if (
        not any(map(str.isalpha, name))
        or _NUMBER.search(name)
        or set(name) & set("$\\{}%")
        or len(name) < 2
        or _UNIT.fullmatch(name)
    ):
        return None
    return name if name.count("(") == name.count(")") else None


def without_change(phrase: str) -> str:
    """The phrase without the words for a change at its end: these are the kind of a result, not its measure.

    >>> without_change("WER reduction"), without_change("reduction")
    ('WER', 'reduction')
    """
    return _CHANGE.sub("", phrase)
