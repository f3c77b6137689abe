// question: What do the papers that propose something compare with?
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (c:Concept) WHERE c.iri IN $concept
MATCH (p:Paper)-[:PROPOSES]->(c)
MATCH (p)-[usage:COMPARES_WITH]->(rival:Concept)
WHERE usage.confidence >= $minConfidence
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  c.name AS name, rival.name AS other, usage.confidence AS confidence, usage.evidence AS sentence
ORDER BY coalesce(date, '') DESC, paper, name, other, confidence, sentence
LIMIT $limit
