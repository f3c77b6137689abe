// What a paperkg graph wants of a Neo4j database, before its first row. `kg load neo4j` runs this file; after a bulk
// import run it by hand: cypher-shell -f neo4j.cypher. It may be run any number of times.

// One node an IRI. Nodes of other people without `iri` are not touched by this.
CREATE CONSTRAINT kg_paper_iri IF NOT EXISTS FOR (n:Paper) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_author_iri IF NOT EXISTS FOR (n:Author) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_task_iri IF NOT EXISTS FOR (n:Task) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_method_iri IF NOT EXISTS FOR (n:Method) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_model_iri IF NOT EXISTS FOR (n:Model) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_dataset_iri IF NOT EXISTS FOR (n:Dataset) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_metric_iri IF NOT EXISTS FOR (n:Metric) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_result_iri IF NOT EXISTS FOR (n:Result) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_quantity_iri IF NOT EXISTS FOR (n:Quantity) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_sentence_iri IF NOT EXISTS FOR (n:Sentence) REQUIRE n.iri IS UNIQUE;
CREATE CONSTRAINT kg_reader_iri IF NOT EXISTS FOR (n:Reader) REQUIRE n.iri IS UNIQUE;
// Tasks, methods, models, datasets and metrics in one.
CREATE CONSTRAINT kg_concept_iri IF NOT EXISTS FOR (n:Concept) REQUIRE n.iri IS UNIQUE;

// Words: CALL db.index.fulltext.queryNodes('kg_names', 'instrumental variable') YIELD node, score
CREATE FULLTEXT INDEX kg_names IF NOT EXISTS FOR (n:Task|Method|Model|Dataset|Metric|Author) ON EACH [n.name, n.aliases];
CREATE FULLTEXT INDEX kg_titles IF NOT EXISTS FOR (n:Paper) ON EACH [n.title];

// Names as they are, and what is filtered or sorted by range.
CREATE RANGE INDEX kg_concept_name IF NOT EXISTS FOR (n:Concept) ON (n.name);
CREATE RANGE INDEX kg_author_name IF NOT EXISTS FOR (n:Author) ON (n.name);
CREATE RANGE INDEX kg_paper_date IF NOT EXISTS FOR (n:Paper) ON (n.date);
CREATE RANGE INDEX kg_paper_year IF NOT EXISTS FOR (n:Paper) ON (n.year);
CREATE RANGE INDEX kg_paper_doi IF NOT EXISTS FOR (n:Paper) ON (n.doi);
CREATE RANGE INDEX kg_paper_arxiv IF NOT EXISTS FOR (n:Paper) ON (n.arxiv);
CREATE RANGE INDEX kg_result_value IF NOT EXISTS FOR (n:Result) ON (n.value);
CREATE RANGE INDEX kg_quantity_value IF NOT EXISTS FOR (n:Quantity) ON (n.value);
