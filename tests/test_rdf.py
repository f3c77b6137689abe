import math
import re
from collections import Counter

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg import rdf
from kg.errors import KgError
from kg.model import Block, Edge, Node
from kg.schema import BASE, EDGES, NODES
from tests.sample_blocks import blocks, paper, paper_iri

KG = "https://w3id.org/paperkg/ontology#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"


def block(*nodes: Node, edges: tuple[Edge, ...] = (), replaced: tuple[str, ...] = ()) -> Block:
    return Block("paper", nodes[0].iri, nodes, edges, replaced)


def method(**properties) -> Block:
    return block(Node("Method", "M1", properties))


def object_of(text: str) -> ox.Literal:
    (triple,) = ox.parse(input=f"<http://a/s> <http://a/p> {text} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    return triple.object


def test_a_concept_becomes_its_classes_and_its_properties():
    found = rdf.triples(method(papers=2, name="IV regression", aliases=("IV", "2SLS")), BASE)
    assert found == [
        f"<{BASE}M1> {TYPE} <{KG}Method> .",
        f"<{BASE}M1> {TYPE} <{KG}Concept> .",
        f"<{BASE}M1> {TYPE} <http://www.w3.org/2004/02/skos/core#Concept> .",
        f'<{BASE}M1> <http://www.w3.org/2004/02/skos/core#altLabel> "IV" .',
        f'<{BASE}M1> <http://www.w3.org/2004/02/skos/core#altLabel> "2SLS" .',
        f'<{BASE}M1> <http://www.w3.org/2004/02/skos/core#prefLabel> "IV regression" .',
        f'<{BASE}M1> <{KG}papers> "2"^^<{XSD}integer> .',
    ]


def test_an_edge_with_properties_is_a_triple_and_a_statement_node():
    edge = Edge("USES", "Paper", "P1", "Method", "M1", "U1", {"confidence": 0.925, "evidence": "We use it."})
    found = rdf.triples(block(Node("Paper", "P1", {}), edges=(edge,)), "https://example.org/#")
    here = "https://example.org/#"
    assert found[2:] == [
        f"<{here}P1> <{KG}uses> <{here}M1> .",
        f"<{here}U1> {TYPE} <{KG}Usage> .",
        f"<{here}U1> <{KG}from> <{here}P1> .",
        f"<{here}U1> <{KG}to> <{here}M1> .",
        f'<{here}U1> <{KG}confidence> "9.25E-1"^^<{XSD}double> .',
        f'<{here}U1> <{KG}evidence> "We use it." .',
    ]


def test_an_edge_without_properties_is_one_triple():
    edge = Edge("BROADER", "Method", "M1", "Method", "M2", "", {})
    found = rdf.triples(Block("concept", "M1", (Node("Method", "M1", {}),), (edge,)), BASE)
    assert found[3:] == [f"<{BASE}M1> <{KG}broader> <{BASE}M2> ."]


def test_a_replaced_name_leads_to_the_block():
    found = rdf.triples(block(Node("Paper", "P2", {}), replaced=("P1",)), BASE)
    assert found[2:] == [f"<{BASE}P1> <http://purl.org/dc/terms/isReplacedBy> <{BASE}P2> ."]


def test_a_triple_that_two_namings_share_stands_once():
    span = {"start": 0, "end": 2, "text": "IV", "confidence": 1.0}
    edges = [Edge("NAMES", "Sentence", "S1", "Method", "M1", iri, span) for iri in ("N1", "N2")]
    found = rdf.triples(block(Node("Paper", "P1", {}), edges=tuple(edges)), BASE)
    assert max(Counter(found).values()) == 1
    assert sum(f"<{KG}names>" in line for line in found) == 1


def test_the_order_of_properties_in_a_value_makes_no_difference():
    assert rdf.triples(method(name="a", papers=1), BASE) == rdf.triples(method(papers=1, name="a"), BASE)


def test_every_label_and_type_of_the_schema_can_be_written():
    example = {"string": "x", "integer": 1, "double": 0.5, "boolean": True}

    def values(properties):
        return {key: ("x", "y") if p.many else example[p.datatype] for key, p in properties.items()}

    for label, kind in NODES.items():
        found = rdf.triples(block(Node(label, "Z1", values(kind.properties))), BASE)
        assert len(found) > sum(2 if p.many else 1 for p in kind.properties.values())
    for name, kind in EDGES.items():
        edge = Edge(
            name, kind.starts[0], "Z1", kind.ends[0], "Z2", "Z3" if kind.statement else "", values(kind.properties)
        )
        found = rdf.triples(block(Node("Paper", "P1", {}), edges=(edge,)), BASE)[2:]
        assert len(found) == 1 + (3 + len(kind.properties) if kind.statement else 0)


def test_every_subject_belongs_to_exactly_one_block():
    owners: dict[str, set[str]] = {}
    stream = [*blocks(30, concepts=40), paper(99, concepts=40, replaced=(paper_iri(98), paper_iri(97)))]
    for one in stream:
        for line in rdf.triples(one, BASE):
            owners.setdefault(line.split(" ", 1)[0], set()).add(one.iri)
    assert len(owners) > 1000
    assert [subject for subject, found in owners.items() if len(found) > 1] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.0E0"),
        (1, "1.0E0"),
        (-1.0, "-1.0E0"),
        (41.0, "4.1E1"),
        (100, "1.0E2"),
        (1234567.0, "1.234567E6"),
        (0.1, "1.0E-1"),
        (0.00025, "2.5E-4"),
        (-0.05, "-5.0E-2"),
        (1e22, "1.0E22"),
        (1.5e-7, "1.5E-7"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (5e-324, "5.0E-324"),
    ],
)
def test_a_double_has_its_canonical_form(value, text):
    assert rdf.double(value) == f'"{text}"^^<{XSD}double>'


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_comes_back_as_it_was(value):
    text = object_of(rdf.double(value)).value
    assert float(text) == value
    assert re.fullmatch(r"-?(0\.0E0|[1-9]\.(0|\d*[1-9])E(0|-?[1-9]\d*))", text)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_number_that_is_not_finite_is_refused(value):
    with pytest.raises(KgError, match="no number that a graph can hold"):
        rdf.double(value)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text):
    line = f"<http://a/s> <http://a/p> {rdf.string(text)} ."
    assert not {"\n", "\r"} & set(line)
    assert object_of(rdf.string(text)).value == text
    (found,) = rdflib.Graph().parse(data=line + "\n", format="nt").objects()
    assert str(found) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_has_the_canonical_escapes(text):
    subject = ox.NamedNode("http://a/s")
    written = ox.serialize([ox.Triple(subject, subject, ox.Literal(text))], format=ox.RdfFormat.N_TRIPLES)
    assert written.decode() == f"<http://a/s> <http://a/s> {rdf.string(text)} .\n"


def test_half_a_surrogate_pair_becomes_the_replacement_character():
    assert rdf.string("a\ud800b") == '"a\ufffdb"'


def test_a_value_is_written_as_the_literal_of_its_type():
    assert [rdf.literal(v) for v in (True, 3, 0.5, 'a "b"')] == [
        f'"true"^^<{XSD}boolean>',
        f'"3"^^<{XSD}integer>',
        f'"5.0E-1"^^<{XSD}double>',
        '"a \\"b\\""',
    ]


def test_a_property_that_the_schema_does_not_know_is_refused():
    with pytest.raises(KgError, match=r"'colour'.*known are \['aliases', 'name', 'papers'\]"):
        rdf.triples(method(colour="red"), BASE)


@pytest.mark.parametrize(("kind", "iri"), [("USES", ""), ("BROADER", "U1")])
def test_a_statement_stands_exactly_where_the_schema_asks_for_one(kind, iri):
    with pytest.raises(KgError, match="not the IRI of a statement"):
        rdf.triples(block(Node("Method", "M1", {}), edges=(Edge(kind, "Paper", "P1", "Method", "M1", iri, {}),)), BASE)


@pytest.mark.parametrize("base", ["", "kg/", "http://a b/", "http://a/<x>", "http://a/\n"])
def test_a_base_from_which_no_iri_can_be_made_is_refused(base):
    with pytest.raises(KgError, match="not an absolute IRI"):
        rdf.check_iri(base)


def test_a_good_base_is_given_back():
    assert rdf.iri(rdf.check_iri("urn:kg:"), "M1") == "urn:kg:M1"
