"""Numbers as they are written in abstracts, and what reads like one but is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.reading import numerals


def _found(text):
    return [(text[n.start : n.end], str(n.value), n.unit, n.comparator) for n in numerals.find(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BLEU scores of 21.7 and 17.6", [("21.7", "21.7", "", "="), ("17.6", "17.6", "", "=")]),
        ("a gain of +6.27 IWI points", [("+6.27", "6.27", "points", "=")]),
        ("by 2 percentage points", [("2", "2", "points", "=")]),
        ("by 28.82\\% on average", [("28.82", "28.82", "%", "=")]),
        ("16x and 5.2X and 4$\\times$", [("16", "16", "x", "="), ("5.2", "5.2", "x", "="), ("4", "4", "x", "=")]),
        ("an eight-fold, a two-fold gain", [("eight", "8", "x", "="), ("two", "2", "x", "=")]),
        ("it doubles, or is half", [("doubles", "2", "x", "="), ("half", "0.5", "x", "=")]),
        ("by three orders of magnitude", [("three orders of magnitude", "1000", "x", "=")]),
        ("an order of magnitude faster", [("an order of magnitude", "10", "x", "=")]),
        ("Fifty five percent of them", [("Fifty five", "55", "%", "=")]),
        ("with 1.2M and 3 billion", [("1.2M", "1200000", "", "="), ("3 billion", "3000000000", "", "=")]),
        ("of 1,234,567 and 12,500.5", [("1,234,567", "1234567", "", "="), ("12,500.5", "12500.5", "", "=")]),
        ("error $10^{-3}$", [("10^{-3}", "0.001", "", "=")]),
        ("rate 2.3\\times10^{5}", [("2.3\\times10^{5}", "230000", "", "=")]),
        ("p = 1.92e-51", [("1.92e-51", "1.92E-51", "", "=")]),
        ("p < .001, r=0.97", [(".001", "0.001", "", "<"), ("0.97", "0.97", "", "=")]),
        ("x \\geq 0.5, at most 3%", [("0.5", "0.5", "", ">="), ("3", "3", "%", "<=")]),
        ("about 7%, over 90%", [("7", "7", "%", "~"), ("90", "90", "%", ">")]),
        ("a change of −0.5", [("−0.5", "-0.5", "", "=")]),
        ("within 3 minutes", [("3", "3", "minutes", "=")]),
    ],
)
def test_a_number_has_its_exact_value_unit_and_comparator(text, expected):
    assert _found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "p 4 .001",
        "GPT-3.5",
        "ImageNet-1K",
        "2SLS and 3D",
        "the 14th",
        "version 1.2.3",
        "10^{99999}",
        "x_1 and x^2",
        "no",
    ],
)
def test_impossible_strings_and_parts_of_names_are_no_numbers(text):
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("0.46 (95% CI: [0.41, 0.52])", ("0.41", "0.52")),
        ("0.85 (95% CI 0.80-0.90)", ("0.80", "0.90")),
        ("82.25% [78.27-87.48]", ("78.27", "87.48")),
        ("0.4 ± 0.3", ("0.1", "0.7")),
        ("0.4 $\\pm$ 0.3", ("0.1", "0.7")),
        ("0.4", None),
    ],
)
def test_intervals_belong_to_their_number(text, interval):
    (number,) = numerals.find(text, 0, len(text))
    assert number.interval == (interval and tuple(map(Decimal, interval)))


@pytest.mark.parametrize(
    ("text", "joint"),
    [("6.0 to 9.5", "to"), ("between 3 and 5%", "and"), ("10%-20%", "-"), ("4--5$\\times$", "--"), ("3, 5", "")],
)
def test_ranges_know_their_joint(text, joint):
    first, second = numerals.find(text, 0, len(text))
    assert numerals.range_joint(text, first, second) == joint


def test_what_is_no_number_is_refused_with_its_text():
    with pytest.raises(ValueError, match="'twelveish' is not a number"):
        numerals.parse("twelveish")


@given(st.decimals(min_value=0, max_value=10**12, allow_nan=False, places=4))
def test_any_decimal_is_read_back_exactly(value):
    written = f"{value:f}"
    assert [str(n.value) for n in numerals.find(f"is {written} here", 0, len(written) + 8)] == [written]
