// question: Which methods do the papers about a task use or propose?
// param task: concept(Task) -- name, alias or abbreviation
// param limit: integer = 100
// anchored: yes
MATCH (task:Concept) WHERE task.iri IN $task
MATCH (p:Paper)-[:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(task)
MATCH (p)-[:USES|PROPOSES]->(c:Method)
WITH c, count(DISTINCT p) AS papers
RETURN last(split(c.iri, '/')) AS concept, c.name AS name, papers
ORDER BY papers DESC, name, concept
LIMIT $limit
