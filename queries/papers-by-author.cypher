// question: Which papers did a person write?
// param author: author -- full name, or last name with initials
// param fromYear: year = 0
// param toYear: year = 9999
// param limit: integer = 100
// anchored: yes
MATCH (a:Author) WHERE a.iri IN $author
MATCH (p:Paper)-[authorship:AUTHORED_BY]->(a)
WHERE coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url, a.name AS name, authorship.position AS position
ORDER BY coalesce(date, '') DESC, paper, position
LIMIT $limit
