"""Numbers as they are written: where they stand and what they are worth, exactly.

Digits with separators, exponents and multipliers ("1.2M", "$10^{-3}$", "3 million"), words ("eight-fold", "half",
"an order of magnitude"), ranges ("6.0 to 9.5"), intervals ("[0.41, 0.52]"), units and comparators.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_ONES = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
""".split()  # noqa: SIM905
_WORDS = {word: n for n, word in enumerate(_ONES, 1)} | {
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_TIMES = {"double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "twice": 2, "triple": 3, "triples": 3, "tripled": 3,
          "tripling": 3, "thrice": 3, "quadruple": 4, "quadruples": 4, "quadrupled": 4}  # fmt: skip
_PARTS = {"half": Decimal("0.5"), "halves": Decimal("0.5"), "halved": Decimal("0.5"), "halving": Decimal("0.5")}
_MULTIPLIERS = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12, "trillion": 12,
}  # fmt: skip
_LARGEST_EXPONENT = 300  # a double goes no further, and nor does anything that is measured

_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_MINUS = "\u2212\u2013-"
NUMERAL = re.compile(
    rf"""(?<![\w.^_/])(?<!\d,)(?<![^\W\d]-)(?<!\^\{{)
    (?P<sign>(?<![\d%\\xX){_MINUS}])[+{_MINUS}]\s?(?=[\d.]))?
    (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![\d]) | \d+(?:\{{,\}}\d{{3}})+ | \d+(?:\.\d+)? | \.\d+)
    (?P<power>\s?(?:\\times|\\cdot|×|x|·|\*)\s?10\s?\^?\s?(?:\{{\s?)?\(?(?P<exponent>[+{_MINUS}]?\s?\d{{1,3}})\)?(?:\s?\}})?
       | [eE](?P<e>[+-]?\d{{1,3}})(?!\w)
       | \^\{{?(?P<hat>[+{_MINUS}]?\d{{1,3}})\}}? )?
    (?P<multiplier>(?:\s(?:thousand|million|billion|trillion)|\s?(?:mn|bn)|[kKMBT])(?![\w]))?
    (?!\d|\.\d|,\d{{3}}|\s?\^|\s\.\d)""",
    re.VERBOSE,
)
_LOST_SIGN = re.compile(r"\d\s+$")  # "p 4 .001": what stood there was no digit
_FOLD = rf"(?P<fold>{_WORD})[-\s]?(?:fold\b|times\b)"
_MAGNITUDE = (
    r"(?:(?P<orders>an?|one|two|three|four|five|six|seven|eight|\d+)[\s-]+)?"
    r"(?P<magnitude>orders?[\s-]of[\s-]magnitudes?)"
)
_PERCENT_WORD = (
    rf"(?P<tens>(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?[\s-]?(?:{_WORD}))(?=[\s-]per\s?cent\b)"
)
_OTHER = rf"\b(?P<times>{'|'.join(_TIMES)})\b|\b(?P<part>{'|'.join(_PARTS)})\b"
_WRITTEN = re.compile(rf"\b(?:{_FOLD}|{_MAGNITUDE}|{_PERCENT_WORD})|{_OTHER}", re.IGNORECASE)
_IN_WRITTEN = ("fold", "times", "magnitude", "cent", "doubl", "twice", "tripl", "thrice", "quadrupl", "hal")

_GAP = r"[\s~]{0,2}(?:\\[,;:! ]|\$|\{|\}){0,3}[\s~]?"
_UNITS = tuple(
    (unit, re.compile(_GAP + pattern, re.IGNORECASE))
    for unit, pattern in (
        ("points", r"(?:\\?%|percent(?:age)?|per\s?cent|absolute|\w+)?[\s-]?(?:percentage[\s-])?points?\b"),
        ("%", r"(?:\\?%|percent(?:ages?)?\b|per\s?cent\b|pct\b)(?:\$)?"),
        ("x", r"(?:\\times\b|×|[xX](?![\w^])|[-\s]?fold\b|[-\s]?times\b)(?:\$|\})?"),
    )
)
_MEASURES = re.compile(
    r"[\s~-]{0,2}(?:\\[,;: ]|\$)?(?P<unit>(?:ms|ns|µs|μs|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|weeks?"
    r"|months?|years?|fps|FPS|Hz|kHz|MHz|GHz|THz|eV|keV|MeV|GeV|TeV|meV|mm|cm|nm|µm|μm|km|m|kg|mg|g|dB|dBm|K|mK|°C|kPa|MPa|GPa|Pa|W|kW|MW|mW|J|kJ|V|mV|A|mA|"
    r"GB|MB|KB|TB|GFLOPs|FLOPs|GPUs?|bits?|bytes?|tokens?|degrees?|bpm|pc|kpc|Mpc|T|pJ|fJ|cm\^-1|rad|mol|ppm|ppb))(?![\w^])"
)
_RANGE = re.compile(
    r"(?:\s?(?:\\?%|percent|x|X|×|\\times|\$)?\$?)\s?(?P<joint>--?-?|[\u2013\u2014\u2212~]|\\sim|\bto\b|\band\b)\s?(?:\$\s?)?"
)
_INTERVAL = re.compile(
    r"[^\d\n]{0,6}?(?:\$?\\pm\$?|±|\+/-)\s?\$?(?P<error>\d*\.?\d+)"
    r"|[^\d\n]{0,4}?[(\[,;]?\s?(?:9\d(?:\.\d)?\s?\\?%[\s-]?)"
    r"(?:CI|CrI|HDI|confidence intervals?|credible intervals?)[^\d\n\u2212+-]{0,8}"
    r"(?P<low>[\u2212-]?\d*\.?\d+)\s?\\?%?\s?(?:,|to|;|-|\u2013|\u2014)\s?(?P<high>[\u2212-]?\d*\.?\d+)\s?\\?%?"
    r"|\s?\\?%?\s?\[(?P<low2>[\u2212-]?\d*\.?\d+)\s?\\?%?\s?(?:,|-|\u2013|to)\s?(?P<high2>[\u2212-]?\d*\.?\d+)\s?\\?%?\]",
)
_COMPARATORS = tuple(
    (sign, re.compile(rf"(?:{pattern})[\s${{]*$", re.IGNORECASE))
    for sign, pattern in (
        ("<=", r"\\leq?q?(?:slant)?|≤|⩽|<=|\bat\s+most|\bup\s+to|\bno\s+more\s+than|\bas\s+much\s+as"),
        (">=", r"\\geq?q?(?:slant)?|≥|⩾|>=|\bat\s+least|\bno\s+less\s+than"),
        ("~", r"\\sim(?:eq)?|\\approx|~|∼|≈|\b(?:about|around|approximately|roughly|nearly|almost|ca\.|close\s+to)"),
        ("<", r"<|\\lt\b|\b(?:less|fewer|lower|smaller)\s+than|\bbelow|\bunder"),
        (
            ">",
            r">|\\gt\b|\b(?:more|greater|higher|larger|better)\s+than(?:\s+an?)?|\b(?:over|above|exceeding|exceeds?|beyond)",
        ),
    )
)


class Numeral(NamedTuple):
    """A number in a text. ``start`` and ``end`` are its own bounds, ``unit_end`` is where its unit ends.

    ``unit`` is "%", "points", "x", a unit of measure, or "". ``joint`` is the word that joins it to the number before
    it in a range, ``partner`` that number's place in the list.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    unit_end: int
    comparator: str
    interval: tuple[Decimal, Decimal] | None = None
    interval_end: int = 0


def parse(written: str) -> Decimal:
    """The exact value of a number as written: "1.2M", "+6.27", "10^{-3}", "eight".

    Raises ``ValueError`` where the string is no number.
    """
    match = NUMERAL.fullmatch(written)
    if match:
        value = _value(match)
        if value is not None:
            return value
    spoken = _spoken(written)
    if spoken is None:
        raise ValueError(f"{written!r} is not a number; digits or a number word were expected")
    return spoken


def find(text: str, start: int, end: int) -> list[Numeral]:
    """All numbers of ``text[start:end]`` in order, disjoint."""
    apart: list[Numeral] = []
    free = start
    for numeral in sorted([*_digits(text, start, end), *_words(text, start, end)]):
        if numeral.start >= free:
            apart.append(numeral)
            free = max(numeral.end, numeral.interval_end if numeral.interval else 0)
    return apart


def range_joint(text: str, first: Numeral, second: Numeral) -> str:
    """The word or dash that makes two neighbouring numbers a range; "" where they are none."""
    match = _RANGE.fullmatch(text, first.end, second.start)
    return match["joint"] if match else ""


def _digits(text: str, start: int, end: int) -> Iterator[Numeral]:
    for match in NUMERAL.finditer(text, start, end):
        value = _value(match)
        if value is None or (
            match["digits"][0] == "." and _LOST_SIGN.search(text[max(0, match.start() - 4) : match.start()])
        ):
            continue
        numeral = _measured(text, match.start(), match.end(), value, end)
        if numeral.unit or not text[numeral.end : numeral.end + 1].isalpha():
            yield numeral


def _words(text: str, start: int, end: int) -> Iterator[Numeral]:
    lowered = text[start:end].lower()
    if not any(part in lowered for part in _IN_WRITTEN):  # most sentences have none, and this is told sooner so
        return
    for match in _WRITTEN.finditer(text, start, end):
        kind = next(name for name in ("fold", "magnitude", "tens", "times", "part") if match[name])
        span = match.span("orders" if match["orders"] else kind)
        value = _spoken(text[span[0] : match.end("magnitude") if match["magnitude"] else span[1]])
        if value is None:
            continue
        if kind == "magnitude":
            span = (span[0], match.end())
        unit = "%" if kind == "tens" else "x"
        unit_end = match.end() if kind != "tens" else span[1] + 8
        yield Numeral(span[0], span[1], value, unit, min(unit_end, end), _comparator(text, start, span[0]))


def _measured(text: str, start: int, stop: int, value: Decimal, end: int) -> Numeral:
    unit, unit_end = _unit(text, stop, end)
    interval, interval_end = _interval(text, unit_end, end, value)
    comparator = _comparator(text, max(0, start - 30), start)
    return Numeral(start, stop, value, unit, unit_end, comparator, interval, interval_end)


def _unit(text: str, start: int, end: int) -> tuple[str, int]:
    for unit, pattern in _UNITS:
        match = pattern.match(text, start, end)
        if match:
            return unit, match.end()
    match = _MEASURES.match(text, start, end)
    return (match["unit"], match.end()) if match else ("", start)


def _interval(text: str, start: int, end: int, value: Decimal) -> tuple[tuple[Decimal, Decimal] | None, int]:
    match = _INTERVAL.match(text, start, end)
    if not match:
        return None, 0
    if match["error"]:
        error = Decimal(match["error"])
        return (value - error, value + error), match.end()
    low, high = (match["low"] or match["low2"]), (match["high"] or match["high2"])
    bounds = tuple(Decimal(bound.replace("\u2212", "-")) for bound in (low, high))
    return (bounds[0], bounds[1]) if bounds[0] <= bounds[1] else None, match.end()


def _comparator(text: str, start: int, end: int) -> str:
    before = text[max(start, end - 30) : end]
    return next((sign for sign, pattern in _COMPARATORS if pattern.search(before)), "=")


def _value(match: re.Match[str]) -> Decimal | None:
    digits = match["digits"].replace("{,}", "").replace(",", "")
    if len(digits) > 40:
        return None
    value = Decimal(digits)
    exponent = match["exponent"] or match["e"]
    if exponent:
        value = value.scaleb(_integer(exponent))
    elif match["hat"]:
        power = _integer(match["hat"])
        if abs(power) > _LARGEST_EXPONENT // max(1, len(digits)) or (power < 0 and digits != "10") or "." in digits:
            return None
        value = Decimal(int(digits) ** power) if power >= 0 else Decimal(1).scaleb(power)
    if match["multiplier"]:
        value = value.scaleb(_MULTIPLIERS[match["multiplier"].strip().casefold()])
    if value and abs(value.adjusted()) > _LARGEST_EXPONENT:
        return None
    negative = bool(match["sign"]) and match["sign"][0] != "+"
    return _plain(-value if negative else value)


def _integer(written: str) -> int:
    return int(written.replace(" ", "").replace("\u2212", "-").replace("\u2013", "-"))


def _plain(value: Decimal) -> Decimal:
    """Without an exponent in its notation, where that is short enough to read."""
    exponent = value.as_tuple().exponent
    return Decimal(format(value, "f")) if isinstance(exponent, int) and abs(exponent) < 40 else value


def _spoken(written: str) -> Decimal | None:
    word = re.sub(r"[\s-]+", " ", written.casefold()).strip()
    if word in _PARTS:
        return _PARTS[word]
    if word in _TIMES or word in _WORDS:
        return Decimal(_TIMES.get(word) or _WORDS[word])
    count, _, rest = word.partition(" ")
    if rest.startswith("order") or word.startswith("order"):
        power = _orders(count)
        return None if power is None else Decimal(10) ** power
    if count in _WORDS and rest in _WORDS:
        return Decimal(_WORDS[count] + _WORDS[rest])
    return None


def _orders(count: str) -> int | None:
    if count in ("a", "an", "order"):
        return 1
    if count == "orders":
        return None
    power = _WORDS.get(count) or (int(count) if count.isascii() and count.isdigit() and len(count) < 3 else None)
    return power if power is None or power <= 99 else None
