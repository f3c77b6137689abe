// question: What do the papers that use or propose something use or propose besides?
// param concept: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param label: label = Method -- Task, Method, Model, Dataset or Metric
// param limit: integer = 20
// anchored: yes
MATCH (anchor:Concept) WHERE anchor.iri IN $concept
MATCH (p:Paper)-[:USES|PROPOSES]->(anchor)
MATCH (p)-[:USES|PROPOSES]->(c:Concept)
WHERE $label[0] IN labels(c) AND NOT c.iri IN $concept
WITH c, count(DISTINCT p) AS papers
RETURN last(split(c.iri, '/')) AS concept, c.name AS name, papers
ORDER BY papers DESC, name, concept
LIMIT $limit
