"""The words of the graph, as tables: what nodes, relationships and properties there are, and their RDF terms.

One model, two shapes. A label ``X`` is the class ``kg:X``; a relationship type ``A_B`` the property ``kg:aB``; a
relationship with properties is that same triple plus a statement node with ``kg:from``, ``kg:to`` and the properties.
``schemas/`` is checked against these tables by a test.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

BASE = "https://w3id.org/paperkg/"
ONTOLOGY = "https://w3id.org/paperkg/ontology#"

PREFIXES = {
    "kg": ONTOLOGY,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "prov": "http://www.w3.org/ns/prov#",
}

CONCEPTS = ("Task", "Method", "Model", "Dataset", "Metric")
ROLES = ("proposed", "used", "compared", "mentioned")  # strongest first
ROLE_EDGES = {"proposed": "PROPOSES", "used": "USES", "compared": "COMPARES_WITH", "mentioned": "MENTIONS"}
RESULT_KINDS = ("absolute", "delta", "ratio", "statistic")
COMPARATORS = ("=", "<", "<=", ">", ">=", "~")
DATE_KINDS = ("published", "updated", "listed")
STATUSES = ("ok", "empty", "withdrawn", "foreign")
ID_KINDS = ("doi", "arxiv", "openalex", "pmid", "acl", "s2")  # strongest first


class Property(NamedTuple):
    """A node or relationship property: its RDF term and XSD datatype; ``many`` for a list of strings."""

    term: str
    datatype: str = "string"
    many: bool = False
    required: bool = False


class NodeType(NamedTuple):
    """A label: the letter its local IRIs start with, its standard classes, its properties."""

    letter: str
    classes: tuple[str, ...]
    properties: dict[str, Property]


class EdgeType(NamedTuple):
    """A relationship type: its RDF property, the labels at both ends, its own properties.

    ``statement`` is the class of its statement node (None: it has no properties), ``letter`` that node's letter.
    ``owned`` says that the end belongs to the start and goes when it goes.
    """

    term: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    properties: Mapping[str, Property] = MappingProxyType({})
    statement: str | None = None
    letter: str = ""
    owned: bool = False


_CONCEPT = {
    "name": Property("skos:prefLabel", required=True),
    "aliases": Property("skos:altLabel", many=True),
    "papers": Property("kg:papers", "integer", required=True),
}

NODES: dict[str, NodeType] = {
    "Paper": NodeType(
        "P",
        ("schema:ScholarlyArticle",),
        {
            "title": Property("dcterms:title", required=True),
            "abstract": Property("dcterms:abstract"),
            "date": Property("schema:datePublished"),
            "year": Property("fabio:hasPublicationYear", "integer"),
            "dateKind": Property("kg:dateKind"),
            "doi": Property("kg:doi"),
            "arxiv": Property("fabio:hasArXivId"),
            "url": Property("schema:url"),
            "codeUrls": Property("kg:codeUrl", many=True),
            "categories": Property("kg:category", many=True),
            "nAuthors": Property("kg:nAuthors", "integer"),
            "moreAuthors": Property("kg:moreAuthors", "boolean"),
            "language": Property("dcterms:language"),
            "status": Property("kg:status", required=True),
            "sources": Property("kg:source", many=True, required=True),
        },
    ),
    "Author": NodeType(
        "A",
        ("schema:Person",),
        {
            "name": Property("schema:name", required=True),
            "aliases": Property("schema:alternateName", many=True),
            "orcid": Property("kg:orcid"),
            "papers": Property("kg:papers", "integer", required=True),
        },
    ),
    "Task": NodeType("T", ("skos:Concept",), _CONCEPT),
    "Method": NodeType("M", ("skos:Concept",), _CONCEPT),
    "Model": NodeType("O", ("skos:Concept",), _CONCEPT),
    "Dataset": NodeType("D", ("skos:Concept",), _CONCEPT),
    "Metric": NodeType(
        "E", ("skos:Concept",), {**_CONCEPT, "higherIsBetter": Property("kg:higherIsBetter", "boolean")}
    ),
    "Result": NodeType(
        "R",
        ("schema:Observation",),
        {
            "value": Property("kg:value", "double", required=True),
            "valueText": Property("kg:valueText", required=True),
            "text": Property("kg:text", required=True),
            "unit": Property("kg:unit"),
            "kind": Property("kg:kind", required=True),
            "comparator": Property("kg:comparator", required=True),
            "low": Property("kg:low", "double"),
            "high": Property("kg:high", "double"),
            "confidence": Property("kg:confidence", "double", required=True),
        },
    ),
    "Quantity": NodeType(
        "Q",
        ("schema:QuantitativeValue",),
        {
            "value": Property("kg:value", "double", required=True),
            "valueText": Property("kg:valueText", required=True),
            "unit": Property("kg:unit"),
            "text": Property("kg:text", required=True),
        },
    ),
    "Sentence": NodeType(
        "S",
        (),
        {
            "text": Property("kg:text", required=True),
            "index": Property("kg:index", "integer", required=True),
            "start": Property("kg:start", "integer", required=True),
            "end": Property("kg:end", "integer", required=True),
        },
    ),
    "Reader": NodeType(
        "X",
        ("prov:SoftwareAgent",),
        {
            "name": Property("schema:name", required=True),
            "version": Property("kg:version", required=True),
            "fingerprint": Property("kg:fingerprint", required=True),
        },
    ),
}

_CONFIDENCE = Property("kg:confidence", "double", required=True)
_ROLE = {"confidence": _CONFIDENCE, "evidence": Property("kg:evidence", required=True)}
_SPAN = {"start": Property("kg:start", "integer", required=True), "end": Property("kg:end", "integer", required=True)}
_LINK = {"confidence": _CONFIDENCE}

EDGES: dict[str, EdgeType] = {
    "AUTHORED_BY": EdgeType(
        "kg:authoredBy",
        ("Paper",),
        ("Author",),
        {"position": Property("kg:position", "integer", required=True)},
        "kg:Authorship",
        "H",
    ),
    "PROPOSES": EdgeType("kg:proposes", ("Paper",), CONCEPTS, _ROLE, "kg:Usage", "U"),
    "USES": EdgeType("kg:uses", ("Paper",), CONCEPTS, _ROLE, "kg:Usage", "U"),
    "COMPARES_WITH": EdgeType("kg:comparesWith", ("Paper",), CONCEPTS, _ROLE, "kg:Usage", "U"),
    "MENTIONS": EdgeType("kg:mentions", ("Paper",), CONCEPTS, _ROLE, "kg:Usage", "U"),
    "HAS_SENTENCE": EdgeType("kg:hasSentence", ("Paper",), ("Sentence",), owned=True),
    "NAMES": EdgeType(
        "kg:names",
        ("Sentence",),
        CONCEPTS,
        {**_SPAN, "text": Property("kg:text", required=True), "confidence": _CONFIDENCE},
        "kg:Naming",
        "N",
    ),
    "REPORTS": EdgeType("kg:reports", ("Paper",), ("Result",), owned=True),
    "OF_METRIC": EdgeType("kg:ofMetric", ("Result",), ("Metric",), _LINK, "kg:Link", "L"),
    "ON_DATASET": EdgeType("kg:onDataset", ("Result",), ("Dataset",), _LINK, "kg:Link", "L"),
    "OF_SUBJECT": EdgeType("kg:ofSubject", ("Result",), CONCEPTS, _LINK, "kg:Link", "L"),
    "AGAINST": EdgeType("kg:against", ("Result",), CONCEPTS, _LINK, "kg:Link", "L"),
    "EVIDENCED_BY": EdgeType("kg:evidencedBy", ("Result",), ("Sentence",), _SPAN, "kg:Evidence", "V"),
    "HAS_QUANTITY": EdgeType("kg:hasQuantity", ("Paper",), ("Quantity",), owned=True),
    "BROADER": EdgeType("kg:broader", CONCEPTS, CONCEPTS),
    "READ_BY": EdgeType("kg:readBy", ("Paper",), ("Reader",)),
}
