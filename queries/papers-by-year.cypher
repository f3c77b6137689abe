// question: Which papers are of these years?
// param fromYear: year
// param toYear: year = 9999
// param limit: integer = 100
// anchored: no
MATCH (p:Paper) WHERE p.year >= $fromYear AND p.year <= $toYear AND p.iri STARTS WITH $base
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url
ORDER BY coalesce(date, '') DESC, paper
LIMIT $limit
