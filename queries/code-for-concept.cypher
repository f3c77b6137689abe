// question: Which papers that use or propose something link to their code?
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param fromYear: year = 0
// param toYear: year = 9999
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $concept
MATCH (c:Concept)-[:BROADER*0..20]->(anchor)
WITH c, count(*) AS ways
MATCH (p:Paper)-[usage:PROPOSES|USES]->(c)
WHERE usage.confidence >= $minConfidence AND p.codeUrls IS NOT NULL
  AND coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
UNWIND p.codeUrls AS code
RETURN DISTINCT last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url, code,
  CASE type(usage) WHEN 'PROPOSES' THEN 'proposed' ELSE 'used' END AS role,
  usage.confidence AS confidence, usage.evidence AS sentence
ORDER BY coalesce(date, '') DESC, paper, code, role, confidence, sentence
LIMIT $limit
