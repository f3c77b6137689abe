"""Identifiers and dates as they stand in the wild, to the one form in which they are compared."""

import doctest
from importlib import import_module

import pytest

from kg.sources import dates, identifiers
from kg.sources.source import Defect


@pytest.mark.parametrize("module", ["dates", "identifiers", "listing", "people"])
def test_the_examples_in_the_documentation_hold(module: str) -> None:
    failed, tried = doctest.testmod(import_module(f"kg.sources.{module}"))
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize(("written", "normal"), [
    ("10.1109/HUMANOIDS.2014.7041369", "10.1109/humanoids.2014.7041369"),
    ("https://doi.org/10.1000/ABC", "10.1000/abc"),
    ("http://dx.doi.org/10.1000/a%3Cb%3E", "10.1000/a<b>"),
    ("doi: 10.1000/abc.", "10.1000/abc"),
    (" 10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2 ",
     "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2"),
    ("10.1000/a b", None),
    ("10.1/abc", None),
    ("10.48550/arXiv.2301.00001", None),
    ("", None),
])  # fmt: skip
def test_a_doi_has_one_form(written: str, normal: str | None) -> None:
    assert identifiers.doi(written) == normal


@pytest.mark.parametrize(("written", "normal"), [
    ("2508.17502", "2508.17502"),
    ("0704.0001v12", "0704.0001"),
    ("arXiv:2508.17502v2", "2508.17502"),
    ("https://arxiv.org/abs/2508.17502v1", "2508.17502"),
    ("http://www.arxiv.org/pdf/2508.17502v1.pdf", "2508.17502"),
    ("https://ar5iv.labs.arxiv.org/html/2508.17502", "2508.17502"),
    ("https://doi.org/10.48550/ARXIV.2301.00001", "2301.00001"),
    ("cmp-lg/9405013", "cmp-lg/9405013"),
    ("math.GT/0309136v3", "math/0309136"),
    ("https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
    ("2513.00001", None),
    ("3.14159", None),
    ("２508.17502", None),
    ("paper/0001", None),
    ("", None),
])  # fmt: skip
def test_an_arxiv_id_has_one_form(written: str, normal: str | None) -> None:
    assert identifiers.arxiv(written) == normal


@pytest.mark.parametrize(("written", "found"), [
    ("arXiv:2508.17502", {"arxiv": "2508.17502"}),
    ("https://doi.org/10.1000/ABC", {"doi": "10.1000/abc"}),
    ("10.48550/arXiv.2301.00001", {"arxiv": "2301.00001"}),
    ("https://openalex.org/W2741809807", {"openalex": "W2741809807"}),
    ("https://pubmed.ncbi.nlm.nih.gov/123456/", {"pmid": "123456"}),
    ("pmid:123456", {"pmid": "123456"}),
    ("https://aclanthology.org/P18-1001.pdf", {"acl": "P18-1001"}),
    ("https://aclanthology.org/2020.acl-main.1/", {"acl": "2020.acl-main.1"}),
    ("https://www.semanticscholar.org/paper/A-Title/" + "0a" * 20, {"s2": "0a" * 20}),
    ("https://example.org/1", {}),
    ("123456", {}),
    ("W12", {}),
    ("s000-000", {}),
])  # fmt: skip
def test_a_reference_is_known_by_its_form(written: str, found: dict[str, str]) -> None:
    assert identifiers.parse(written) == found


def test_addresses_follow_from_identifiers_and_hold_no_character_that_an_iri_may_not() -> None:
    assert identifiers.urls({"doi": "10.1002/(sici)17:15<1::aid>3.0.co;2-2", "arxiv": "math/0309136", "pmid": "1"}) == (
        "https://arxiv.org/abs/math/0309136",
        "https://doi.org/10.1002/(sici)17:15%3C1::aid%3E3.0.co;2-2",
    )


def test_an_address_of_a_doi_gives_the_doi_back() -> None:
    written = "10.1002/(sici)17:15<1::aid>3.0.co;2-2"
    assert identifiers.doi(identifiers.doi_url(written)) == written


@pytest.mark.parametrize(("written", "date"), [
    ("Sep 29, 2024", "2024-09-29"),
    ("September 9, 2024", "2024-09-09"),
    ("Sept. 9, 2024", "2024-09-09"),
    ("2024-09-29", "2024-09-29"),
    ("2024-09-29T10:00:00Z", "2024-09-29"),
    ("2024-09", "2024-09"),
    (" 2024 ", "2024"),
    ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02"),
    ("2 Apr 2007", "2007-04-02"),
    ("Feb 29, 2024", "2024-02-29"),
])  # fmt: skip
def test_a_date_is_as_precise_as_its_source(written: str, date: str) -> None:
    assert dates.parse(written) == date


@pytest.mark.parametrize("written", ["Feb 30, 2024", "2023-02-29", "2024-13", "0000", "2024-00-10", "31 Jun 2020"])
def test_a_date_that_no_calendar_has_is_impossible(written: str) -> None:
    with pytest.raises(Defect, match=rf"^impossible date: {written!r}"):
        dates.parse(written)


@pytest.mark.parametrize("written", ["", "soon", "24-09-29", "2024-9-1", "09/29/2024", "Sep 29", "２０２４"])
def test_other_forms_are_no_dates(written: str) -> None:
    with pytest.raises(Defect, match=r"^not a date"):
        dates.parse(written)
