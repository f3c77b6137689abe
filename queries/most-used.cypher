// question: Which tasks, methods, models, data sets or metrics do most papers use or propose?
// param label: label = Method -- Task, Method, Model, Dataset or Metric
// param fromYear: year = 0
// param toYear: year = 9999
// param limit: integer = 20
// anchored: no
MATCH (c:Concept) WHERE $label[0] IN labels(c) AND c.iri STARTS WITH $base
MATCH (p:Paper)-[:USES|PROPOSES]->(c)
WHERE coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
WITH c, count(p) AS papers
RETURN last(split(c.iri, '/')) AS concept, c.name AS name, papers
ORDER BY papers DESC, name, concept
LIMIT $limit
