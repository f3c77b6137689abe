import hashlib
import io
import json
from collections.abc import Iterable

import networkx
import pyoxigraph as ox
import pytest
import rdflib

from kg import rdf
from kg.errors import KgError
from kg.exports import EXPORTS
from kg.exports.graphml import LIST_BREAK, attribute_types
from kg.exports.networks import to_networkx
from kg.model import Block, Edge, Node
from kg.registry import load
from kg.schema import BASE, EDGES, NODES
from tests.sample_blocks import author, blocks, paper, paper_iri

TWICE = {"start": 0, "end": 2, "text": "IV", "confidence": 0.5}
ODD = Block(
    "paper",
    "P1",
    (
        Node("Paper", "P1", {"title": 'a "b" <c> & ]]> \n\r\t\\d naïve 𝔸 "2"^^', "year": 2020, "moreAuthors": True}),
        Node("Sentence", "S1", {"text": "x", "index": 0, "start": 0, "end": 1}),
        Node("Result", "R1", {"value": 1e22, "text": "10"}),
    ),
    (
        Edge("HAS_SENTENCE", "Paper", "P1", "Sentence", "S1", "", {}),
        Edge("NAMES", "Sentence", "S1", "Method", "M1", "N1", TWICE),
        Edge("NAMES", "Sentence", "S1", "Method", "M1", "N2", {**TWICE, "start": 4}),
    ),
    ("P0",),
)
METHOD = Block("concept", "M1", (Node("Method", "M1", {"name": "IV", "aliases": ("a", "b"), "papers": 1}),), ())


def written(format: str, stream: Iterable[Block], base: str = BASE) -> bytes:
    target = io.BytesIO()
    load(EXPORTS, format, "export format")(stream, target, base=base)
    return target.getvalue()


def triples(text: bytes, format: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(input=text, format=format)}


def graph() -> list[Block]:
    return [*blocks(4, concepts=20), ODD, METHOD]


@pytest.mark.parametrize("format", EXPORTS)
def test_the_same_graph_gives_the_same_bytes(format):
    first, second = written(format, graph()), written(format, iter(graph()))
    assert first == second
    assert written(format, [*graph(), author(99)]) != first


@pytest.mark.parametrize("format", EXPORTS)
def test_an_export_writes_as_it_reads(format):
    """Nothing of the stream is held back: a file that is closed early stops it."""
    read = []

    class Full(io.BytesIO):
        def write(self, data):
            if self.tell() > 100_000:
                raise OSError("disk full")
            return super().write(data)

    def stream():
        for number in range(1000):
            read.append(number)
            yield paper(number)

    with pytest.raises(OSError, match="disk full"):
        load(EXPORTS, format, "export format")(stream(), Full(), base=BASE)
    assert len(read) < 60


@pytest.mark.parametrize("format", EXPORTS)
def test_an_empty_graph_can_be_exported(format):
    assert written(format, []) == written(format, [])


def test_an_unknown_format_is_refused_with_the_known():
    with pytest.raises(
        KgError, match=r"unknown export format 'pdf': known are .*graphml, .*nodelink, ntriples, turtle"
    ):
        load(EXPORTS, "pdf", "export format")


def test_ntriples_is_the_stream_line_by_line():
    expected = "".join(f"{line}\n" for block in graph() for line in rdf.triples(block, BASE))
    assert written("ntriples", graph()).decode() == expected


@pytest.mark.parametrize("base", [BASE, "https://example.org/kg#", "urn:kg:"])
def test_turtle_says_what_ntriples_says(base):
    turtle = written("turtle", graph(), base)
    assert triples(turtle, ox.RdfFormat.TURTLE) == triples(written("ntriples", graph(), base), ox.RdfFormat.N_TRIPLES)


def test_rdflib_reads_the_turtle():
    found = rdflib.Graph().parse(data=written("turtle", graph()), format="turtle")
    assert len(found) == len(triples(written("ntriples", graph()), ox.RdfFormat.N_TRIPLES))


def test_turtle_is_made_for_reading():
    assert written("turtle", [METHOD]).decode().partition("\n\n")[2] == (
        ":M1 a kg:Method, kg:Concept, skos:Concept ;\n"
        '    skos:altLabel "a", "b" ;\n'
        '    skos:prefLabel "IV" ;\n'
        "    kg:papers 1 .\n"
    )


def test_networkx_has_every_node_and_edge():
    found = to_networkx([ODD, METHOD])
    assert found.nodes["M1"] == {"label": "Method", "name": "IV", "aliases": ["a", "b"], "papers": 1}
    assert found.nodes["R1"] == {"label": "Result", "value": 1e22, "text": "10"}
    assert list(found.edges(keys=True, data=True)) == [
        ("P1", "S1", "HAS_SENTENCE", {"type": "HAS_SENTENCE"}),
        ("S1", "M1", "NAMES/N1", {"type": "NAMES", "iri": "N1", **TWICE}),
        ("S1", "M1", "NAMES/N2", {"type": "NAMES", "iri": "N2", **TWICE, "start": 4}),
    ]
    assert found["P1"]["S1"]["HAS_SENTENCE"] == {"type": "HAS_SENTENCE"}


def test_the_same_nodes_and_edges_stand_in_networkx_as_in_the_stream():
    found = to_networkx(graph())
    assert found.number_of_nodes() == sum(len(block.nodes) for block in graph())
    assert found.number_of_edges() == sum(len(block.edges) for block in graph())
    assert found.nodes[paper_iri(0)]["label"] == "Paper"


def test_networkx_reads_the_node_link_file():
    data = json.loads(written("nodelink", graph()))
    assert data["graph"] == {"base": BASE}
    found, expected = networkx.node_link_graph(data, edges="edges"), to_networkx(graph())
    assert dict(found.nodes(data=True)) == dict(expected.nodes(data=True))
    assert sorted(found.edges(keys=True)) == sorted(expected.edges(keys=True))
    assert all(found.edges[edge] == expected.edges[edge] for edge in expected.edges(keys=True))


def test_networkx_reads_the_graphml_file():
    found, expected = networkx.read_graphml(io.BytesIO(written("graphml", graph()))), to_networkx(graph())
    joined = {
        key: {name: LIST_BREAK.join(v) if isinstance(v, list) else v for name, v in data.items()}
        for key, data in expected.nodes(data=True)
    }
    assert dict(found.nodes(data=True)) == joined
    edges = {f"{start}/{end}/{key}": data for start, end, key, data in expected.edges(keys=True, data=True)}
    assert {key: data for _, _, key, data in found.edges(keys=True, data=True)} == edges


def test_an_attribute_has_one_type_in_graphml():
    for domain, kinds in (("node", NODES.values()), ("edge", EDGES.values())):
        for kind in kinds:
            for name, p in kind.properties.items():
                assert attribute_types(domain)[name] == {"integer": "long"}.get(p.datatype, p.datatype)


def test_characters_that_a_file_cannot_hold_are_replaced():
    odd = Block("concept", "M1", (Node("Method", "M1", {"name": "a\x00\x0b\ud800b", "papers": 1}),), ())
    assert networkx.read_graphml(io.BytesIO(written("graphml", [odd]))).nodes["M1"]["name"] == "a\ufffd\ufffd\ufffdb"
    assert json.loads(written("nodelink", [odd]))["nodes"][0]["name"] == "a\x00\x0b?b"
    assert b"a\\u0000\\u000B\xef\xbf\xbdb" in written("ntriples", [odd])


def test_the_bytes_of_ntriples_stay_as_they_are_from_version_to_version():
    digest = hashlib.sha256(written("ntriples", [ODD, METHOD])).hexdigest()
    assert digest == "09e7336a48668555d604a0665e469b06db79e2e9613ee27a570e59543d96fa6d"
