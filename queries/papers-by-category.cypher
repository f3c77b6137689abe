// question: Which papers are in a category?
// param category: category -- as the source writes it, such as cs.LG
// param fromYear: year = 0
// param toYear: year = 9999
// param limit: integer = 100
// anchored: no
MATCH (p:Paper) WHERE $category IN p.categories AND p.iri STARTS WITH $base
  AND coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url
ORDER BY coalesce(date, '') DESC, paper
LIMIT $limit
