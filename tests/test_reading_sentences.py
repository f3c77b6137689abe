"""Where sentences end, and where they only seem to."""

import pytest

from kg.reading.sentences import split


def _sentences(abstract, title="A title. With a stop"):
    text = f"{title}\n{abstract}"
    first, *rest = split(text, len(title))
    assert text[slice(*first)] == title
    return [text[start:end] for start, end in rest]


@pytest.mark.parametrize(
    "sentence",
    [
        "We use e.g. BERT and i.e. GPT.",
        "This follows Smith et al. (2020) closely.",
        "See Fig. 3 and Eq. 4 vs. Table 2.",
        "As in Phys. Rev. Lett. 131, 030402 (2023) and Dr. J. R. Smith.",
        "The samples are i.i.d. Gaussian with p = 0.05.",
        "It reaches 3.5 points at www.example.org/a.b today.",
        "We test it (on A. Then on B.) and [C. D. E.] too.",
        "In $x. Y$ we see no end.",
        "Does it work for u.s. data?",
    ],
)
def test_a_sentence_with_dots_in_it_is_one(sentence):
    assert _sentences(f"{sentence} We agree.") == [sentence, "We agree."]


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("It works! Does it? Yes.", ["It works!", "Does it?", "Yes."]),
        ("Done by Smith et al. The rest follows.", ["Done by Smith et al.", "The rest follows."]),
        ('He said "it works." Then he left.', ['He said "it works."', "Then he left."]),
        ("A new paragraph\n\nis a new sentence.", ["A new paragraph", "is a new sentence."]),
        ("A line\nbreak is none.", ["A line\nbreak is none."]),
        ("It costs $5. It was $6 before.", ["It costs $5.", "It was $6 before."]),
        ("This is glued.We see it.", ["This is glued.", "We see it."]),
        ("  Space   stays.  Inside. ", ["Space   stays.", "Inside."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(abstract, expected):
    assert _sentences(abstract) == expected
