"""Whether a text is worth reading: empty, withdrawn, not in English, or fine."""

import re

_WITHDRAWN = re.compile(
    r"\b(?:this|the)\s+(?:paper|article|manuscript|submission|preprint|work|version|note|arxiv\s+\w+)"
    r"\s+(?:has\s+been|have\s+been|is|was|is\s+being|has\s+been\s+temporarily|is\s+now|had\s+been)\s+"
    r"(?:temporarily\s+)?(?:withdrawn|retracted|removed)\b"
    r"|^\W*(?:paper\s+)?(?:withdrawn|retracted)\b(?:\W|\s+(?:by|due|because|from|pending))"
    r"|\bthe\s+authors?\s+(?:have|has)\s+withdrawn\s+(?:this|the)\b"
    r"|\b(?:has|have)\s+been\s+withdrawn\s+by\s+(?:the\s+)?(?:authors?|arxiv)\b",
    re.IGNORECASE,
)
LONGEST_NOTICE = 1500  # characters: a notice is short; a long text that speaks of withdrawn papers is none

_WORD = re.compile(r"[^\W\d_]+")
_FUNCTION_WORDS = {
    "en": "the of and to in a is that for with on are we this by as from be an which it our at can these has have or"
    " not their its such also than using between was were but",
    "fr": "le la les des du de et un une est dans pour que qui sur par avec nous au aux ce cette sont en il ne pas",
    "de": "der die das und ist von den dem des ein eine einer mit für auf im zu wir werden wird nicht als auch bei",
    "es": "el la los las de del y que en un una es por con para se como más su lo al son este esta",
    "pt": "o a os as de do da dos das e que em um uma é por com para se como mais no na não são este esta",
    "it": "il lo la gli le di del della e che in un una è per con da si come più al sono questo questa nel",
    "nl": "de het een en van is dat op te in voor met zijn aan deze wordt die niet ook door",
}
_LANGUAGES = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)


def status(title: str, abstract: str) -> tuple[str, str]:
    """The status (one of ``schema.STATUSES``) and the language code ("und" where it is not known)."""
    if not abstract.strip():
        return "empty", language(title)
    code = language(abstract)
    if len(abstract) <= LONGEST_NOTICE and _WITHDRAWN.search(abstract):
        return "withdrawn", code
    return ("ok" if code == "en" else "foreign"), code


def language(text: str) -> str:
    """The language's code by its script or function words; "en" where a text has too few words to tell.

    Texts of mathematics have few function words, so any share of English ones that no other language reaches will do.
    """
    script = _script(text)
    if script:
        return script
    words = [word.casefold() for word in _WORD.findall(text[:20_000]) if len(word) > 1]
    counts = {code: sum(word in known for word in words) for code, known in _LANGUAGES.items()}
    english = counts.pop("en")
    best = max(counts, key=lambda code: counts[code])
    if counts[best] >= 3 and counts[best] > 1.5 * english and counts[best] > 0.12 * len(words):
        return best
    return "en" if english or len(words) < 20 else "und"


def _script(text: str) -> str | None:
    if text.isascii():
        return None
    letters = sum(map(str.isalpha, text))
    for code, pattern in _SCRIPTS:
        if 3 * len(pattern.findall(text)) > letters > 0:
            return code
    return None
