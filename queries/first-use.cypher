// question: Which dated papers were the first to use or propose something, and in which sentence?
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 5
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $concept
MATCH (c:Concept)-[:BROADER*0..20]->(anchor)
WITH c, count(*) AS ways
MATCH (p:Paper)-[usage:PROPOSES|USES]->(c)
WHERE usage.confidence >= $minConfidence AND p.date IS NOT NULL
RETURN DISTINCT last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  CASE type(usage) WHEN 'PROPOSES' THEN 'proposed' ELSE 'used' END AS role,
  c.name AS name, usage.confidence AS confidence, usage.evidence AS sentence
ORDER BY date, paper, name, role, confidence, sentence
LIMIT $limit
