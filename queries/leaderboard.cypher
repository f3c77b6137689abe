// question: What are the best values of a metric on a data set, and in which sentences?
// param metric: concept(Metric) -- name, alias or abbreviation
// param dataset: concept(Dataset) -- name, alias or abbreviation
// param order: order = best -- best (as the metric is read; higher where that is not known), highest, lowest
// param fromYear: year = 0
// param toYear: year = 9999
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $dataset
MATCH (d:Concept)-[:BROADER*0..20]->(anchor)
WITH d, count(*) AS ways
MATCH (r:Result)-[:ON_DATASET]->(d)
WHERE r.confidence >= $minConfidence AND r.kind IN ['absolute', 'statistic']
MATCH (r)-[:OF_METRIC]->(m:Metric)
MATCH (m)-[:BROADER*0..20]->(asked:Concept)
WHERE asked.iri IN $metric
WITH d, r, m, count(*) AS ways
MATCH (p:Paper)-[:REPORTS]->(r)
WHERE coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
OPTIONAL MATCH (r)-[:OF_SUBJECT]->(s:Concept)
OPTIONAL MATCH (r)-[:EVIDENCED_BY]->(e:Sentence)
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  m.name AS metric, r.value AS value, r.unit AS unit, r.kind AS kind, d.name AS dataset, s.name AS subject,
  r.text AS text, r.confidence AS confidence, e.text AS sentence, last(split(r.iri, '/')) AS result
ORDER BY CASE WHEN $order <> 0 THEN $order WHEN coalesce(m.higherIsBetter, true) THEN 1 ELSE -1 END * r.value DESC, result
LIMIT $limit
