// question: Which tasks, methods, models, data sets or metrics were proposed in these years, and by which papers?
// param label: label = Method -- Task, Method, Model, Dataset or Metric
// param fromYear: year = 0
// param toYear: year = 9999
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: no
MATCH (p:Paper) WHERE p.iri STARTS WITH $base
  AND coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
MATCH (p)-[usage:PROPOSES]->(c:Concept)
WHERE $label[0] IN labels(c) AND usage.confidence >= $minConfidence
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url, c.name AS name, usage.confidence AS confidence, usage.evidence AS sentence
ORDER BY coalesce(date, '') DESC, paper, name, confidence, sentence
LIMIT $limit
