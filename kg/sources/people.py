"""Names of people as arXiv's metadata writes them, with TeX accents and affiliations, to plain names."""

import re
import unicodedata
from typing import NamedTuple

_COMBINING = {
    "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
}  # fmt: skip
_ACCENT = re.compile(
    r"""\\(?:(['`"^~=.])\s*(?:\{\s*(\\[ij]|[^\W\d_])\s*\}|(\\[ij])(?![A-Za-z])|([^\W\d_]))"""
    r"""|([uvHckrdb])(?:\s*\{\s*(\\[ij]|[^\W\d_])\s*\}|\s+(\\[ij](?![A-Za-z])|[^\W\d_])))"""
)
_LETTER = re.compile(r"\\(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?:\{\}|(?![A-Za-z])\s*)")
_MATH = re.compile(r"\$[^$]*\$")
_COMMAND = re.compile(r"\\[A-Za-z]+\s*")
_AND = re.compile(r"\s*(?:,\s*and\s|,|;|\s(?:and|&)\s|\s(?=(?:for|on behalf of) (?:the )?[A-Z]))\s*")
_BEHALF = re.compile(
    r"(?:(?:and|for|on behalf of|the)\s+)+(?=\S.*\b(?:collaborations?|team|group|consortium|project|initiative)\b)",
    re.I,
)
_ET_AL = re.compile(r"[\s,]*(?:\bet\.? al\b\.?|\band others\b)[\s.]*", re.I)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.I)


class People(NamedTuple):
    """Names in order; ``more`` says that the text ends in "et al."."""

    names: tuple[str, ...]
    more: bool


def split_names(text: str) -> People:
    """The names in a list with commas and "and"; what stands in parentheses (affiliations) is left out.

    >>> split_names("A. Smith (MIT), B. Jones (1) and C. Doe ((1) CERN) for the ALICE Collaboration").names
    ('A. Smith', 'B. Jones', 'C. Doe', 'ALICE Collaboration')
    """
    plain = plain_name(_without_parentheses(text))
    named = _ET_AL.sub(" , ", plain)
    names: list[str] = []
    for part in _AND.split(named):
        name = _BEHALF.sub("", part).strip(" .:") if _BEHALF.match(part) else part.strip(" :")
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f" {name}"
        elif any(c.isalpha() for c in name):
            names.append(name)
    return People(tuple(names), named != plain)


def says_more(text: str) -> bool:
    """Whether a list of names says that it is not whole."""
    return ("et" in text or "others" in text) and bool(_ET_AL.search(text))


def plain_name(text: str) -> str:
    """A name on one line without TeX: ``Poincar\\'e`` is Poincaré, "K. -H. Becker" is K.-H. Becker."""
    if "\\" in text or "$" in text or "{" in text or "~" in text:
        text = _without_tex(text)
    return " ".join(text.split()).replace(". -", ".-")


def _without_tex(text: str) -> str:
    text = _MATH.sub("", text)
    text = _LETTER.sub(lambda m: _LETTERS[m[1]], _ACCENT.sub(_accented, text))
    text = _COMMAND.sub("", text.replace("\\ ", " ").replace("\\&", "&"))
    return text.replace("{", "").replace("}", "").replace("~", " ").replace("\\", "")


def _accented(match: re.Match[str]) -> str:
    mark = match[1] or match[5]
    letter = next(group for group in (match[2], match[3], match[4], match[6], match[7]) if group).lstrip("\\")
    return unicodedata.normalize("NFC", letter + _COMBINING[mark])


def _without_parentheses(text: str) -> str:
    if "(" not in text:
        return text
    kept, depth = [], 0
    for char in text:
        depth += char == "("
        if not depth:
            kept.append(char)
        depth -= char == ")" and depth > 0
    return "".join(kept)
