// question: Which papers give a size, such as a number of parameters, of at least this?
// param unit: text -- as the graph has it, such as parameters
// param atLeast: number = 0
// param fromYear: year = 0
// param toYear: year = 9999
// param limit: integer = 100
// anchored: no
MATCH (q:Quantity) WHERE q.unit = $unit AND q.value >= $atLeast AND q.iri STARTS WITH $base
MATCH (p:Paper)-[:HAS_QUANTITY]->(q)
WHERE coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url, q.value AS value, q.unit AS unit, q.text AS text
ORDER BY value DESC, paper, q.iri
LIMIT $limit
