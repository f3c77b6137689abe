// question: Which models do the papers that use or propose a data set use, propose or compare with?
// param dataset: concept(Dataset) -- name, alias or abbreviation
// param limit: integer = 100
// anchored: yes
MATCH (dataset:Concept) WHERE dataset.iri IN $dataset
MATCH (p:Paper)-[:USES|PROPOSES]->(dataset)
MATCH (p)-[:USES|PROPOSES|COMPARES_WITH]->(c:Model)
WITH c, count(DISTINCT p) AS papers
RETURN last(split(c.iri, '/')) AS concept, c.name AS name, papers
ORDER BY papers DESC, name, concept
LIMIT $limit
