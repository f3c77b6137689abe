// question: Who wrote most papers?
// param limit: integer = 20
// anchored: no
MATCH (a:Author) WHERE a.iri STARTS WITH $base
RETURN last(split(a.iri, '/')) AS author, a.name AS name, a.papers AS papers
ORDER BY papers DESC, name, author
LIMIT $limit
