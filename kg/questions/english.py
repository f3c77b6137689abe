"""The English that questions are asked in: tidying, years, and the spellings under which a thing may be known."""

import re
from typing import NamedTuple

_YEAR = r"((?:19|20)\d\d)"
_LEAD = r"(?:,? ?(?:and |that |which |were |are |was |is )*(?:published|written|posted|released|dated))?,? "
_PERIODS = tuple(
    (re.compile(_LEAD + pattern, re.IGNORECASE), first, last)
    for pattern, first, last in (
        (rf"(?:between|from) {_YEAR} (?:and|to|until|through) {_YEAR}\b", (1, 0), (2, 0)),
        (rf"from {_YEAR} on(?:wards?)?\b", (1, 0), None),
        (rf"since {_YEAR}\b", (1, 0), None),
        (rf"(?:after|later than) {_YEAR}\b", (1, 1), None),
        (rf"(?:before|earlier than) {_YEAR}\b", None, (1, -1)),
        (rf"(?:until|up to|by|till) {_YEAR}\b", None, (1, 0)),
        (rf"(?:in|of|from|during)(?: the year)? {_YEAR}\b", (1, 0), (1, 0)),
    )
)
_QUOTES = "\"'`‘’“”«»"
_DETERMINER = re.compile(r"^(?:an?|the|some|any|all|both|this|these|those|of)\s+", re.IGNORECASE)
_GENERIC = re.compile(
    r"[\s-]+(?:regressions?|methods?|methodolog(?:y|ies)|models?|algorithms?|approach(?:es)?|techniques?|frameworks?|"
    r"estimators?|estimations?|analys[ie]s|data\s?sets?|benchmarks?|corp(?:us|ora)|scores?|values?|metrics?|numbers?|"
    r"results?|tasks?|problems?|systems?|architectures?|networks?|suite|embeddings?)$",
    re.IGNORECASE,
)


class Period(NamedTuple):
    """The years that a question asks for, both included; None where it does not say."""

    first: int | None = None
    last: int | None = None

    @property
    def values(self) -> dict[str, str]:
        """As parameters of a saved question."""
        pairs = (("fromYear", self.first), ("toYear", self.last))
        return {name: str(year) for name, year in pairs if year is not None}

    def __str__(self) -> str:
        if self.first == self.last:
            return f" of {self.first}" if self.first else ""
        return "".join([f" from {self.first} on" if self.first else "", f" until {self.last}" if self.last else ""])


def tidy(question: str) -> str:
    """The question in one line, without marks at its ends and words of politeness."""
    text = re.sub(r"\s+", " ", question).strip().rstrip("?!. ").strip()
    text = re.sub(r"^(?:please|hi|hello|can you|could you|tell me(?! about)|i want to know)[, ]+", "", text, flags=re.I)
    return re.sub(r"[, ]+please$", "", text, flags=re.I)


def split_period(text: str) -> tuple[str, Period]:
    """The question without its restriction to years, and that restriction."""
    for pattern, first, last in _PERIODS:
        if match := pattern.search(text):
            years = [int(match[end[0]]) + end[1] if end else None for end in (first, last)]
            return (text[: match.start()] + text[match.end() :]).strip(), Period(*years)
    return text, Period()


def spellings(text: str) -> list[str]:
    """The name as written, then without quotes, article, and one general word after another at its end."""
    text = text.strip(" ,;:?!.")
    bare = _DETERMINER.sub("", text.strip(_QUOTES + " ")).strip(_QUOTES)
    found = [text, bare]
    while match := _GENERIC.search(bare):
        bare = bare[: match.start()].strip(_QUOTES)
        found.append(bare)
    if re.fullmatch(r"\w\ws", bare):  # "ivs": longer plurals are folded, in a word this short only capitals tell
        found.append(bare[:-1])
    if " " in text and text.isupper():  # a question in capitals: its plurals are no acronyms
        found += [name.casefold() for name in found]
    return [name for name in dict.fromkeys(found) if name]


def _verbs(words: str) -> str:
    """A pattern for verbs in all their forms; ``_`` stands for the space in "rely_on"."""
    return "(?:" + "|".join(_verb(*word.split("_", 1)) for word in words.split()) + ")"


def _verb(stem: str, *particle: str) -> str:
    if stem.endswith("e"):
        forms = f"{stem[:-1]}(?:e|es|ed|ing)"
    elif stem.endswith("y") and stem[-2] not in "aeo":
        forms = f"{stem[:-1]}(?:y|ies|ied|ying)"
    else:
        forms = f"{stem}(?:s|es|ed|ing)?"
    return " ".join([forms, *(part.replace("_", " ") for part in particle)])


_ASK = r"(?:(?:which|what|all|any|list|show(?: me)?|find(?: me)?|give me|are there(?: any)?|get)\s+)*"
_BE = r"(?:(?:that|which|who|have|has|had|do|does|did|are|were|is|was|also|actually|ever|it)\s+)*"
_PEOPLE = r"authors?|researchers?|people|who"
_WORKS = r"papers?|works?|studies|study|articles?|publications?|abstracts?|preprints?"
_SOTA = r"state[- ]of[- ]the[- ]art|sota"
_GETS = r"(?:has|have|had|reach\w*|achiev\w*|report\w*|gets?|gives?|is|are|holds?|obtain\w*|with)"

VOCABULARY = {
    "x": r"(?P<x>.+?)",
    "y": r"(?P<y>.+?)",
    "number": r"(?P<number>[+-]?[\d.]+ ?%?)",
    "kind": r"(?P<kind>methods?|models?|data ?sets?|tasks?|metrics?)",
    "order": rf"(?P<order>best|top|highest|lowest|largest|smallest|record|{_SOTA})",
    "than": r"(?P<than>(?:above|over|at least|exceeding|>=?|below|under|at most|<=?"
    r"|(?:greater|higher|more|better|larger|less|lower|smaller) than))",
    "sota": _SOTA,
    "ask": _ASK,
    "who": rf"(?:which |what )?(?:{_PEOPLE})",
    "papers": rf"{_ASK}(?:of )?(?:the |all |other )*(?:(?:{_WORKS}|{_PEOPLE})\s+)?{_BE}",
    "things": r"(?:papers|authors|methods|models|data ?sets|tasks|metrics|results)",
    "what": rf"(?:what (?:is|are|was) |(?:which|what|who) (?:(?:{_WORKS}|models?|methods?) )?{_GETS} |show(?: me)? )?",
    "show": r"(?:show |list |all |what are |the )*",
    "work": _verbs("work collaborate cooperate"),
    "write": _verbs("publish author co-author coauthor") + "?|writ(?:e|es|ing|ten)|wrote",
    "use": _verbs(
        "use apply employ utilise utilize leverage adopt exploit rely_on base_on build_on work_with fine-tune finetune"
    )
    + "|built on|run(?:s|ning)?",
    "propose": _verbs("propose introduce present develop invent release suggest create design describe"),
    "compare": _verbs("compare outperform surpass exceed beat"),
    "mention": _verbs(
        "mention discuss name cite refer_to talk_about study investigate explore address deal_with focus_on analyse "
        "analyze tackle consider cover concern work_on"
    ),
    "evaluate": _verbs("evaluate test benchmark train experiment validate measure"),
    "report": _verbs("report achieve reach obtain give measure") + "|gets?",
}
VOCABULARY |= {name: f"(?:{pattern})" for name, pattern in VOCABULARY.items() if name in ("use", "write", "report")}


def compiled(pattern: str) -> re.Pattern[str]:
    """A form of question as a regular expression; ``{use}`` and the like stand for words of VOCABULARY."""
    plain = re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
    return re.compile(re.sub(r"\{(\w+)\}", lambda match: VOCABULARY[match[1]], plain), re.IGNORECASE)
