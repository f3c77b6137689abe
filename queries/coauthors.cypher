// question: With whom did a person write papers?
// param author: author -- full name, or last name with initials
// param limit: integer = 100
// anchored: yes
MATCH (anchor:Author) WHERE anchor.iri IN $author
MATCH (p:Paper)-[:AUTHORED_BY]->(anchor)
MATCH (p)-[:AUTHORED_BY]->(a:Author)
WHERE a.iri <> anchor.iri
WITH a, count(DISTINCT p) AS papers, min(p.year) AS firstYear, max(p.year) AS lastYear
RETURN last(split(a.iri, '/')) AS author, a.name AS name, papers, firstYear, lastYear
ORDER BY papers DESC, name, author
LIMIT $limit
