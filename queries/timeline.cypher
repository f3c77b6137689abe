// question: In how many papers a year is something, and in which role?
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param minConfidence: number = 0 -- between 0 and 1
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $concept
MATCH (c:Concept)-[:BROADER*0..20]->(anchor)
WITH c, count(*) AS ways
MATCH (p:Paper)-[usage:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(c)
WHERE usage.confidence >= $minConfidence AND p.year IS NOT NULL
RETURN p.year AS year, count(DISTINCT p) AS papers,
  count(DISTINCT CASE type(usage) WHEN 'PROPOSES' THEN p END) AS proposed,
  count(DISTINCT CASE type(usage) WHEN 'USES' THEN p END) AS used,
  count(DISTINCT CASE type(usage) WHEN 'COMPARES_WITH' THEN p END) AS compared,
  count(DISTINCT CASE type(usage) WHEN 'MENTIONS' THEN p END) AS mentioned
ORDER BY year
