// question: In which sentences does a paper name something, and where?
// param paper: paper -- title, DOI, arXiv id or key
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (p:Paper) WHERE p.iri IN $paper
MATCH (p)-[:HAS_SENTENCE]->(s:Sentence)
MATCH (s)-[naming:NAMES]->(c:Concept)
WHERE c.iri IN $concept AND naming.confidence >= $minConfidence
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  c.name AS name, naming.text AS text, naming.start AS start, naming.`end` AS `end`,
  naming.confidence AS confidence, s.text AS sentence
ORDER BY paper, start, `end`, name, text, confidence, sentence
LIMIT $limit
