// question: Which papers share most with a paper? Something rare counts more: a thousand divided by the papers that have it (none if over 500).
// param paper: paper -- title, DOI, arXiv id or key
// param limit: integer = 20
// anchored: yes
MATCH (anchor:Paper) WHERE anchor.iri IN $paper
MATCH (anchor)-[:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
WHERE c.papers <= 500
MATCH (p:Paper)-[:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(c)
WHERE p.iri <> anchor.iri
WITH p, count(DISTINCT c) AS shared, sum(1000 / c.papers) AS score
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url, shared, score
ORDER BY score DESC, paper
LIMIT $limit
