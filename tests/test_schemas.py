import copy
import csv
import json
import re
import sys
from collections.abc import Iterator

import jsonschema
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH
from rdflib.collection import Collection

from kg import paths, rdf, schema
from kg.errors import EngineError
from kg.model import Block
from kg.schema import BASE, CONCEPTS, EDGES, NODES, ONTOLOGY, PREFIXES, Property
from kg.validate import Violation, _violations, validate_graph, validate_lines
from tests.sample_blocks import READER, author, concept, paper

KG = rdflib.Namespace(ONTOLOGY)
OURS = rdflib.URIRef(ONTOLOGY.rstrip("#"))


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(paths.schemas() / "kg.ttl")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(paths.schemas() / "shapes.ttl")


def term(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(rdf.expand(name))


def statements() -> dict[str, dict[str, Property]]:
    """The statement classes and their properties."""
    return {kind.statement: kind.properties for kind in EDGES.values() if kind.statement}


def concept_or(labels: tuple[str, ...]) -> rdflib.URIRef:
    return KG.Concept if labels == CONCEPTS else KG[labels[0]]


# The ontology


def test_the_ontology_has_the_classes_of_the_schema(ontology):
    found = set(ontology.subjects(RDF.type, OWL.Class))
    assert found == {KG[label] for label in NODES} | {term(name) for name in statements()} | {KG.Concept, KG.Statement}


def test_a_class_is_under_the_standard_classes_of_the_schema(ontology):
    for label, kind in NODES.items():
        above = set(ontology.transitive_objects(KG[label], RDFS.subClassOf)) - {KG[label]}
        assert {a for a in above if not a.startswith(ONTOLOGY)} == {term(name) for name in kind.classes}
        assert (KG.Concept in above) == (label in CONCEPTS)
    for name in statements():
        assert set(ontology.objects(term(name), RDFS.subClassOf)) == {KG.Statement}


def test_the_ontology_has_the_relationships_of_the_schema_with_their_ends(ontology):
    expected = {term(k.term): ({concept_or(k.starts)}, {concept_or(k.ends)}) for k in EDGES.values()}
    expected |= {KG["from"]: ({KG.Statement}, set()), KG.to: ({KG.Statement}, set())}
    assert {
        p: (set(ontology.objects(p, RDFS.domain)), set(ontology.objects(p, RDFS.range)))
        for p in ontology.subjects(RDF.type, OWL.ObjectProperty)
    } == expected


def test_the_ontology_has_the_properties_of_the_schema_with_their_datatypes(ontology):
    uses: dict[rdflib.URIRef, tuple[set, set]] = {}
    owners = [(f"kg:{label}", kind.properties) for label, kind in NODES.items()] + list(statements().items())
    for owner, properties in owners:
        for p in properties.values():
            if p.term.startswith("kg:"):
                domain, range_ = uses.setdefault(term(p.term), (set(), set()))
                domain.add(term(owner))
                range_.add(rdflib.XSD[p.datatype])
    concepts = {KG[label] for label in CONCEPTS}
    expected = {
        p: ({KG.Concept} if domain == concepts else domain if len(domain) == 1 else set(), range_)
        for p, (domain, range_) in uses.items()
    }
    assert {
        p: (set(ontology.objects(p, RDFS.domain)), set(ontology.objects(p, RDFS.range)))
        for p in ontology.subjects(RDF.type, OWL.DatatypeProperty)
    } == expected


def test_every_word_of_the_ontology_has_a_label_a_comment_and_a_home(ontology):
    words = {s for s in ontology.subjects(RDF.type) if s.startswith(ONTOLOGY)}
    assert len(words) > 60
    for word in words:
        assert len(list(ontology.objects(word, RDFS.label))) == 1
        assert len(list(ontology.objects(word, RDFS.comment))) == 1
        assert set(ontology.objects(word, RDFS.isDefinedBy)) == {OURS}


def test_the_ontology_says_its_version(ontology):
    (version,) = ontology.objects(OURS, OWL.versionInfo)
    assert set(ontology.objects(OURS, OWL.versionIRI)) == {OURS + f"/{version}"}


def test_every_reused_term_stands_in_the_list_of_terms(ontology, shapes):
    with (paths.schemas() / "terms.tsv").open(encoding="utf-8") as file:
        known = {row["iri"] for row in csv.DictReader(file, delimiter="\t")}
    tables = [*NODES.values(), *EDGES.values()]
    names = {p.term for kind in tables for p in kind.properties.values()} | {kind.term for kind in EDGES.values()}
    names |= {name for kind in NODES.values() for name in kind.classes} | {"rdf:type", "dcterms:isReplacedBy"}
    used = {rdf.expand(name) for name in names}
    used |= {str(value) for triple in ontology for value in triple if isinstance(value, rdflib.URIRef)}
    used |= {str(path) for path in shapes.objects(None, SH.path) if isinstance(path, rdflib.URIRef)}
    reused = {iri for iri in used if not iri.startswith((ONTOLOGY, OURS)) and "apache.org" not in iri}
    assert reused - known == set()
    assert known - reused == set()


def test_prefixes_are_those_of_the_schema(ontology, shapes):
    for graph in (ontology, shapes):
        bound = {name: str(iri) for name, iri in graph.namespaces() if name in PREFIXES}
        assert bound.items() <= PREFIXES.items()
        assert {"kg", "skos", "schema"} <= bound.keys()


# The shapes


def shape_of(shapes: rdflib.Graph, class_name: str) -> rdflib.term.Node:
    (shape,) = shapes.subjects(SH.targetClass, term(class_name))
    return shape


def constraints(shapes: rdflib.Graph, class_name: str) -> dict[rdflib.term.Node, rdflib.term.Node]:
    """The property shapes of a class by their path."""
    return {shapes.value(p, SH.path): p for p in shapes.objects(shape_of(shapes, class_name), SH.property)}


def closed_words(p: Property) -> tuple[str, ...] | None:
    words = {
        "kg:status": schema.STATUSES,
        "kg:dateKind": schema.DATE_KINDS,
        "kg:kind": schema.RESULT_KINDS,
        "kg:comparator": schema.COMPARATORS,
    }
    return words.get(p.term)


def test_shapes_ask_of_properties_what_the_schema_says(shapes):
    owners = {f"kg:{label}": kind.properties for label, kind in NODES.items()} | statements()
    assert {str(c) for c in shapes.objects(None, SH.targetClass)} == {rdf.expand(owner) for owner in owners}
    for owner, properties in owners.items():
        found = constraints(shapes, owner)
        for p in properties.values():
            c = found[term(p.term)]
            assert shapes.value(c, SH.datatype) == rdflib.XSD[p.datatype]
            assert (shapes.value(c, SH.minCount) == rdflib.Literal(1)) == p.required
            assert (shapes.value(c, SH.maxCount) == rdflib.Literal(1)) != p.many
            words = shapes.value(c, SH["in"])
            assert (tuple(map(str, Collection(shapes, words))) if words else None) == closed_words(p)


def test_shapes_know_no_other_properties_than_the_schema(shapes):
    for label, kind in NODES.items():
        paths_ = {p for p in constraints(shapes, f"kg:{label}") if isinstance(p, rdflib.URIRef)}
        edges = {term(e.term) for e in EDGES.values() if label in e.starts}
        assert paths_ == {term(p.term) for p in kind.properties.values()} | edges
    for name, properties in statements().items():
        ends = {KG["from"], KG.to}
        assert set(constraints(shapes, name)) == {term(p.term) for p in properties.values()} | ends
    assert all(shapes.value(s, SH.closed) for s in shapes.subjects(SH.targetClass))


def small(block: Block) -> Block:
    """The block with its first sentence that names something, its first result, and one edge of each type."""
    naming = next(edge for edge in block.edges if edge.type == "NAMES")
    result = next(edge.end for edge in block.edges if edge.type == "REPORTS")
    nodes = [node for node in block.nodes if node.label in ("Paper", "Quantity") or node.iri in (naming.start, result)]
    kept = {node.iri for node in nodes}
    edges = {
        edge.type: edge
        for edge in block.edges
        if edge.start in kept and (edge.end in kept or not EDGES[edge.type].owned)
    }
    edges["EVIDENCED_BY"] = edges["EVIDENCED_BY"]._replace(end=naming.start)
    return block._replace(nodes=tuple(nodes), edges=tuple(edges.values()))


PAPER = small(paper(1, concepts=20))
SAMPLES = [*(concept(n, broader=n + 5) for n in range(5)), author(1), PAPER, READER]


def sound() -> rdflib.Graph:
    lines = [line for block in SAMPLES for line in rdf.triples(block, BASE)]
    return rdflib.Graph().parse(data="\n".join(lines), format="nt")


def violations(graph: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[str, str, str]]:
    """Place, path and kind of every violation."""
    import pyshacl

    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    return {(v.place, v.path, v.reason.partition(":")[0]) for v in _violations(report, rdflib)}


def breaks(shapes: rdflib.Graph) -> Iterator[tuple[str, str, str]]:
    """Every constraint of every property shape: class, path, kind."""
    kinds = {
        SH.minCount: "MinCount",
        SH.maxCount: "MaxCount",
        SH.datatype: "Datatype",
        SH["in"]: "In",
        SH.pattern: "Pattern",
        SH.minLength: "MinLength",
        SH.minInclusive: "MinInclusive",
        SH.maxInclusive: "MaxInclusive",
        SH.nodeKind: "NodeKind",
        SH["class"]: "Class",
    }
    for shape, target in shapes.subject_objects(SH.targetClass):
        for p in shapes.objects(shape, SH.property):
            for predicate in shapes.predicates(p):
                if predicate != SH.path:
                    yield target, shapes.value(p, SH.path), kinds[predicate]


ALL_BREAKS = sorted(
    (str(target), path.n3() if isinstance(path, rdflib.BNode) else str(path), kind)
    for target, path, kind in breaks(rdflib.Graph().parse(paths.schemas() / "shapes.ttl"))
    if isinstance(path, rdflib.URIRef)
)


def wrong(kind: str, old: rdflib.term.Node) -> rdflib.term.Node:
    """A value that breaks a constraint of this kind."""
    if kind == "NodeKind":
        return rdflib.Literal("not an IRI")
    if isinstance(old, rdflib.URIRef):
        return rdflib.URIRef(BASE + ("Z1" if kind == "Pattern" else old.removeprefix(BASE)[0] + "0" * 20))
    if kind == "Datatype":
        return rdflib.Literal("urn:x", datatype=rdflib.XSD.anyURI)
    value = {"MinLength": "", "MinInclusive": "-1", "MaxInclusive": "10000"}.get(kind, "?")
    return rdflib.Literal(value, datatype=old.datatype)


EXAMPLES = {
    "string": rdflib.Literal("x", datatype=rdflib.XSD.string),
    "integer": rdflib.Literal(1),
    "double": rdflib.Literal(0.5),
    "boolean": rdflib.Literal(True),
}


def test_the_samples_are_sound(shapes):
    assert violations(sound(), shapes) == set()
    assert list(validate_graph(SAMPLES, BASE)) == []


@pytest.mark.parametrize(("target", "path", "kind"), ALL_BREAKS, ids=lambda value: value.rpartition("/")[2])
def test_each_constraint_fires_on_what_breaks_it(shapes, target, path, kind):
    graph = sound()
    subject = min(graph.subjects(RDF.type, rdflib.URIRef(target)))
    predicate = rdflib.URIRef(path)
    old = graph.value(subject, predicate, any=True) or example(shapes, target, predicate)
    if kind == "MinCount":
        graph.remove((subject, predicate, None))
    elif kind == "MaxCount":
        for number in range(2):
            graph.add((subject, predicate, another(old, number)))
    else:
        graph.add((subject, predicate, wrong(kind, old)))
    assert (str(subject), path, kind) in violations(graph, shapes)


def example(shapes: rdflib.Graph, target: str, path: rdflib.URIRef) -> rdflib.term.Node:
    """A value for a property that the samples lack."""
    c = constraints(shapes, f"kg:{target.rpartition('#')[2]}")[path]
    datatype = shapes.value(c, SH.datatype)
    return EXAMPLES[datatype.rpartition("#")[2]] if datatype else rdflib.URIRef(BASE + "M" + "0" * 20)


def another(old: rdflib.term.Node, number: int) -> rdflib.term.Node:
    if isinstance(old, rdflib.URIRef):
        return rdflib.URIRef(old[:-1] + str(number))
    if old.datatype == rdflib.XSD.boolean:
        return rdflib.Literal(bool(number))
    return rdflib.Literal(f"{number}", datatype=old.datatype)


def test_a_property_that_no_shape_knows_is_a_violation(shapes):
    graph = sound()
    for target in shapes.objects(None, SH.targetClass):
        subject = min(graph.subjects(RDF.type, target))
        graph.add((subject, KG.colour, rdflib.Literal("red")))
        assert (str(subject), str(KG.colour), "Closed") in violations(graph, shapes)
        graph.remove((subject, KG.colour, None))


@pytest.mark.parametrize("edge", ["HAS_SENTENCE", "REPORTS", "HAS_QUANTITY"])
def test_what_a_paper_owns_belongs_to_exactly_one_paper(shapes, edge):
    predicate = term(EDGES[edge].term)
    graph = sound()
    (owner, owned) = min(graph.subject_objects(predicate))
    graph.remove((owner, predicate, owned))
    assert (str(owned), f"^{predicate}", "MinCount") in violations(graph, shapes)
    for letter in "ab":
        graph.add((rdflib.URIRef(BASE + "P" + letter * 20), predicate, owned))
    assert (str(owned), f"^{predicate}", "MaxCount") in violations(graph, shapes)


def test_a_broken_block_among_sound_ones_is_found(monkeypatch):
    bad = PAPER._replace(
        nodes=(PAPER.nodes[0]._replace(properties={"title": "x", "status": "odd", "sources": ("a:b",)}),)
    )
    bad = bad._replace(edges=())
    monkeypatch.setattr("kg.validate.TRIPLES_A_CHECK", 50)
    (found,) = validate_graph([*SAMPLES[:-2], bad, READER], BASE)
    assert (found.place, found.path) == (BASE + bad.iri, ONTOLOGY + "status")
    assert re.fullmatch(r"In: .*odd.*", found.reason)


# Lines of kg extract


MENTION = {"text": "IV", "start": 0, "end": 2, "confidence": 0.9}
RESULT = {
    "metric": "accuracy", "value": 92.5, "value_text": "92.5", "unit": "%", "kind": "absolute", "comparator": "=",
    "value_high": None, "value_high_text": None, "ci": [91.0, 94.0], "ci_text": ["91", "94"], "dataset": None,
    "subject": "IV", "baseline": None, "raw": "92.5%", "start": 6, "end": 11, "value_start": 6, "value_end": 10,
    "evidence": "It is 92.5%.", "confidence": 0.5,
}  # fmt: skip
ENTITY = {"type": "Method", "name": "IV", "role": "used", "named": True, "confidence": 1, "mentions": [MENTION]}
LINE = {
    "id": "x", "iri": "P" + "0" * 20, "ids": {"arxiv": "2401.00001"}, "title": "IV is", "abstract": "92.5% of 3 m",
    "authors": [{"name": "A B", "orcid": "0000-0002-1825-0097"}], "n_authors": 2, "more_authors": True,
    "date": "2024-01", "date_kind": "published", "urls": ["https://arxiv.org/abs/2401.00001"], "categories": ["cs.LG"],
    "comments": 3, "sources": [{"source": "arxiv", "file": "a.jsonl", "key": "x"}], "replaces": ["P" + "1" * 20],
    "status": "ok", "language": "en", "sentences": [[0, 5], [6, 18]],
    "entities": [ENTITY],
    "results": [RESULT],
    "quantities": [{"value": 3.0, "value_text": "3", "unit": "m", "raw": "3 m", "start": 15, "end": 18}],
}  # fmt: skip


def changed(path: str, value: object) -> dict:
    """The line with another value at a path such as ``results.0.kind``; ``DROP`` takes the key away."""
    line = copy.deepcopy(LINE)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner = line
    for part in parents:
        inner = inner[part]
    if value is DROP:
        del inner[last]
    else:
        inner[last] = value
    return line


DROP = object()


def test_the_json_schema_is_a_schema():
    text = (paths.schemas() / "paper.schema.json").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_a_sound_line_has_no_violations():
    assert list(validate_lines([json.dumps(LINE), json.dumps(LINE).encode(), "\n"])) == []


@pytest.mark.parametrize("path", ["entities.0.mentions.0.confidence", "results.0.ci_text", "authors.0.orcid"])
def test_what_a_line_may_leave_out_may_be_left_out(path):
    assert list(validate_lines([json.dumps(changed(path, DROP))])) == []


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        *((key, DROP, "$") for key in LINE),
        *((f"results.0.{key}", DROP, "$.results[0]") for key in RESULT if key not in ("value_high_text", "ci_text")),
        ("title", "", "$.title"),
        ("iri", "P1", "$.iri"),
        ("extra", 1, "$"),
        ("date", "Jan 2024", "$.date"),
        ("date_kind", "printed", "$.date_kind"),
        ("status", "odd", "$.status"),
        ("n_authors", -1, "$.n_authors"),
        ("n_authors", "2", "$.n_authors"),
        ("authors.0.name", "", "$.authors[0].name"),
        ("authors.0.orcid", "1", "$.authors[0].orcid"),
        ("authors.0.age", 3, "$.authors[0]"),
        ("ids.arxiv", 2401, "$.ids.arxiv"),
        ("sources", [], "$.sources"),
        ("sources.0.key", None, "$.sources[0].key"),
        ("sentences.0", [0], "$.sentences[0]"),
        ("entities.0.type", "Person", "$.entities[0].type"),
        ("entities.0.role", "loved", "$.entities[0].role"),
        ("entities.0.named", "yes", "$.entities[0].named"),
        ("entities.0.confidence", 1.5, "$.entities[0].confidence"),
        ("entities.0.mentions", [], "$.entities[0].mentions"),
        ("entities.0.mentions.0.start", 0.5, "$.entities[0].mentions[0].start"),
        ("entities.0.mentions.0.label", "x", "$.entities[0].mentions[0]"),
        ("results.0.kind", "odd", "$.results[0].kind"),
        ("results.0.comparator", "==", "$.results[0].comparator"),
        ("results.0.value", "92.5", "$.results[0].value"),
        ("results.0.value_text", "92,5", "$.results[0].value_text"),
        ("results.0.ci", [1.0], "$.results[0].ci"),
        ("results.0.more", 1, "$.results[0]"),
        ("quantities.0.unit", None, "$.quantities[0].unit"),
        ("quantities.0.more", 1, "$.quantities[0]"),
    ],
)
def test_a_line_that_is_not_as_the_schema_asks_is_reported(path, value, place):
    found = list(validate_lines([json.dumps(LINE), json.dumps(changed(path, value))]))
    assert [(v.place, v.path) for v in found] == [("line 2", place)]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (
            "entities.0.mentions.0.text",
            "it",
            Violation("line 1", "$.entities[0].mentions[0]", "[0, 2] is 'IV', not 'it'"),
        ),
        ("results.0.end", 10, Violation("line 1", "$.results[0]", "[6, 10] is '92.5', not '92.5%'")),
        ("quantities.0.start", 14, Violation("line 1", "$.quantities[0]", "[14, 18] is ' 3 m', not '3 m'")),
        (
            "sentences.1",
            [6, 19],
            Violation("line 1", "$.sentences[1]", "[6, 19] is no span of a text of 18 characters"),
        ),
    ],
)
def test_an_offset_that_does_not_find_its_text_is_reported(path, value, expected):
    assert list(validate_lines([json.dumps(changed(path, value))])) == [expected]


@pytest.mark.parametrize("line", ["{", b"\xff{}", "nonsense"])
def test_a_line_that_is_not_json_is_reported(line):
    (found,) = validate_lines([json.dumps(LINE), line])
    assert str(found).startswith("line 2: not JSON in UTF-8: ")


def test_the_schema_knows_the_words_of_the_tables():
    text = json.loads((paths.schemas() / "paper.schema.json").read_text(encoding="utf-8"))
    entity, result = text["$defs"]["entity"]["properties"], text["$defs"]["result"]["properties"]
    assert tuple(entity["type"]["enum"]) == CONCEPTS
    assert tuple(entity["role"]["enum"]) == schema.ROLES
    assert tuple(result["kind"]["enum"]) == schema.RESULT_KINDS
    assert tuple(result["comparator"]["enum"]) == schema.COMPARATORS
    assert tuple(text["properties"]["status"]["enum"]) == schema.STATUSES
    assert tuple(text["properties"]["date_kind"]["enum"]) == (*schema.DATE_KINDS, None)


def test_oxigraph_reads_the_schemas_too():
    for name in ("kg.ttl", "shapes.ttl"):
        text = (paths.schemas() / name).read_bytes()
        assert len(list(ox.parse(input=text, format=ox.RdfFormat.TURTLE))) == len(
            rdflib.Graph().parse(paths.schemas() / name)
        )


@pytest.mark.parametrize(
    ("package", "check"), [("pyshacl", lambda: validate_graph([], BASE)), ("jsonschema", lambda: validate_lines([]))]
)
def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch, package, check):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EngineError, match=rf"{package} is not installed: run pip install 'paperkg\[validate\]'"):
        list(check())
