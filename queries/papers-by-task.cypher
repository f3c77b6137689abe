// question: Which papers are about a task, and in which sentence?
// param task: concept(Task) -- name, alias or abbreviation
// param role: role = any -- any, use (used or proposed), proposed, used, compared, mentioned
// param fromYear: year = 0
// param toYear: year = 9999
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $task
MATCH (c:Concept)-[:BROADER*0..20]->(anchor)
WITH c, count(*) AS ways
MATCH (p:Paper)-[usage:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(c)
WHERE type(usage) IN $role AND usage.confidence >= $minConfidence
  AND coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
RETURN DISTINCT last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  CASE type(usage) WHEN 'PROPOSES' THEN 'proposed' WHEN 'USES' THEN 'used'
    WHEN 'COMPARES_WITH' THEN 'compared' ELSE 'mentioned' END AS role,
  c.name AS name, usage.confidence AS confidence, usage.evidence AS sentence
ORDER BY coalesce(date, '') DESC, paper, name, role, confidence, sentence
LIMIT $limit
