// question: Which papers link to their code?
// param fromYear: year = 0
// param toYear: year = 9999
// param limit: integer = 100
// anchored: no
MATCH (p:Paper) WHERE p.codeUrls IS NOT NULL AND p.iri STARTS WITH $base
  AND coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
UNWIND p.codeUrls AS code
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url, code
ORDER BY coalesce(date, '') DESC, paper, code
LIMIT $limit
