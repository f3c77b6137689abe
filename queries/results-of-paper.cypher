// question: Which results does a paper report, and in which sentence?
// param paper: paper -- title, DOI, arXiv id or key
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (p:Paper) WHERE p.iri IN $paper
MATCH (p)-[:REPORTS]->(r:Result)
WHERE r.confidence >= $minConfidence
MATCH (r)-[quote:EVIDENCED_BY]->(e:Sentence)
OPTIONAL MATCH (r)-[:OF_METRIC]->(m:Metric)
OPTIONAL MATCH (r)-[:ON_DATASET]->(d:Dataset)
OPTIONAL MATCH (r)-[:OF_SUBJECT]->(s:Concept)
OPTIONAL MATCH (r)-[:AGAINST]->(b:Concept)
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  m.name AS metric, r.value AS value, r.unit AS unit, r.kind AS kind, d.name AS dataset, s.name AS subject, b.name AS baseline,
  r.text AS text, quote.start AS start, quote.`end` AS `end`, r.confidence AS confidence, e.text AS sentence
ORDER BY paper, start, r.iri
LIMIT $limit
