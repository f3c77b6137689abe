// question: Which papers report a value of a metric below a number, and in which sentence?
// param metric: concept(Metric) -- name, alias or abbreviation
// param below: number -- a share as 0.9 or 90%: percentages are compared as shares where this number is at most 1
// param fromYear: year = 0
// param toYear: year = 9999
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $metric
MATCH (m:Concept)-[:BROADER*0..20]->(anchor)
WITH m, count(*) AS ways
MATCH (r:Result)-[:OF_METRIC]->(m)
WHERE r.confidence >= $minConfidence AND r.kind IN ['absolute', 'statistic']
  AND CASE WHEN r.unit = '%' AND $below <= 1 THEN r.value / 100 ELSE r.value END < $below
MATCH (p:Paper)-[:REPORTS]->(r)
WHERE coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
OPTIONAL MATCH (r)-[:ON_DATASET]->(d:Dataset)
OPTIONAL MATCH (r)-[:OF_SUBJECT]->(s:Concept)
OPTIONAL MATCH (r)-[:EVIDENCED_BY]->(e:Sentence)
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  m.name AS metric, r.value AS value, r.unit AS unit, r.kind AS kind, d.name AS dataset, s.name AS subject,
  r.text AS text, r.confidence AS confidence, e.text AS sentence, last(split(r.iri, '/')) AS result
ORDER BY value, result
LIMIT $limit
