// question: Who writes the papers that use or propose something?
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param limit: integer = 100
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $concept
MATCH (c:Concept)-[:BROADER*0..20]->(anchor)
WITH c, count(*) AS ways
MATCH (p:Paper)-[:USES|PROPOSES]->(c)
MATCH (p)-[:AUTHORED_BY]->(a:Author)
WITH a, count(DISTINCT p) AS papers
RETURN last(split(a.iri, '/')) AS author, a.name AS name, papers
ORDER BY papers DESC, name, author
LIMIT $limit
