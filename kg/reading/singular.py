"""A name in singular, where English leaves no doubt; else the name as it is written.

A wrong singular is worse to read than a plural, and names are compared in folded form anyway.
"""

import re

_IRREGULAR = {
    "matrices": "matrix", "indices": "index", "vertices": "vertex", "simplices": "simplex", "vortices": "vortex",
    "appendices": "appendix", "analyses": "analysis", "hypotheses": "hypothesis", "syntheses": "synthesis",
    "biases": "bias", "losses": "loss", "classes": "class", "processes": "process", "databases": "database",
    "corpora": "corpus", "criteria": "criterion", "echoes": "echo", "responses": "response", "cases": "case",
    "phases": "phase", "noises": "noise", "axes": "axis", "caches": "cache", "metrics": "metric", "topics": "topic",
    "heuristics": "heuristic", "characteristics": "characteristic", "videos": "video", "schemas": "schema",
    "movies": "movie", "leaves": "leaf", "shelves": "shelf", "knives": "knife", "wolves": "wolf", "lives": "life",
}  # fmt: skip
_SAME = frozenset(
    """
    series species means squares odds lens news always bayes goods diabetes rabies mars sans trans versus
    """.split()  # noqa: SIM905
)
_UNSURE = ("ss", "us", "is", "as", "os", "ews", "ics", "ses", "zes", "oes")
_HISSING = ("xes", "ches", "shes")
_LAST_WORD = re.compile(r"[^\W_]+$")


def singular(name: str, text: str = "") -> str:
    """The name with its last word in singular, or as it is: capitals and title case stay, unless ``text`` has the
    singular as well.

    >>> singular("support vector machines"), singular("LLMs"), singular("strategies"), singular("distance matrices")
    ('support vector machine', 'LLM', 'strategy', 'distance matrix')
    >>> singular("PAS analysis"), singular("TSLS"), singular("fake news"), singular("Quantum Batteries")
    ('PAS analysis', 'TSLS', 'fake news', 'Quantum Batteries')
    """
    match = _LAST_WORD.search(name)
    if not match:
        return name
    last = match[0]
    if _is_acronym_plural(last):
        return name[:-1]
    bare = name[: match.start()] + _without_plural(last)
    if last.islower() or (bare != name and re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", text)):
        return bare
    return name


def _is_acronym_plural(word: str) -> bool:
    """ "LLMs" and "MoEs", but neither "TSLS" nor "Bayes"."""
    return len(word) > 2 and word[-1] == "s" and word[-2].isupper() and word[0].isupper()


def _without_plural(word: str) -> str:
    low = word.lower()
    if low in _IRREGULAR:
        return word[0] + _IRREGULAR[low][1:] if word[0].lower() == _IRREGULAR[low][0] else _IRREGULAR[low]
    if len(low) < 4 or not low.endswith("s") or low in _SAME or low.endswith(_UNSURE):
        return word
    if low.endswith("ies"):
        return word[:-3] + "y" if len(low) > 5 else word
    return word[:-2] if low.endswith(_HISSING) else word[:-1]
