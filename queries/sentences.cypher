// question: Which sentences name something?
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param fromYear: year = 0
// param toYear: year = 9999
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $concept
MATCH (c:Concept)-[:BROADER*0..20]->(anchor)
WITH c, count(*) AS ways
MATCH (s:Sentence)-[naming:NAMES]->(c)
WHERE naming.confidence >= $minConfidence
MATCH (p:Paper)-[:HAS_SENTENCE]->(s)
WHERE coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
RETURN DISTINCT last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  c.name AS name, naming.text AS text, naming.start AS start, naming.`end` AS `end`,
  naming.confidence AS confidence, s.text AS sentence
ORDER BY coalesce(date, '') DESC, paper, start, `end`, name, text, confidence, sentence
LIMIT $limit
