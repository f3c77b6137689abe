// question: Which papers use, propose, compare with or mention two things, and in which sentences?
// param first: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param second: concept(Task, Method, Model, Dataset, Metric) -- name, alias or abbreviation
// param fromYear: year = 0
// param toYear: year = 9999
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 100
// anchored: yes
MATCH (first:Concept) WHERE first.iri IN $first
MATCH (p:Paper)-[one:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(first)
WHERE one.confidence >= $minConfidence
  AND coalesce(p.year, 0) >= $fromYear AND coalesce(p.year, 9999) <= $toYear
MATCH (p)-[two:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(second:Concept)
WHERE second.iri IN $second AND two.confidence >= $minConfidence
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url,
  first.name AS firstName, second.name AS secondName,
  CASE WHEN one.confidence < two.confidence THEN one.confidence ELSE two.confidence END AS confidence,
  one.evidence AS sentence, two.evidence AS secondSentence
ORDER BY coalesce(date, '') DESC, paper, firstName, secondName, confidence, sentence, secondSentence
LIMIT $limit
