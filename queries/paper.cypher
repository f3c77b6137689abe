// question: What is known of a paper?
// param paper: paper -- title, DOI, arXiv id or key
// param minConfidence: number = 0 -- between 0 and 1
// param limit: integer = 1000
// anchored: yes
CALL {
  MATCH (p:Paper) WHERE p.iri IN $paper
  MATCH (p)-[authorship:AUTHORED_BY]->(a:Author)
  RETURN p, 1 AS rank, 'author' AS part, a.name AS name, null AS type, authorship.position AS value,
    null AS confidence, null AS sentence
  UNION ALL
  MATCH (p:Paper) WHERE p.iri IN $paper
  MATCH (p)-[usage:PROPOSES|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
  WHERE usage.confidence >= $minConfidence
  WITH p, usage, c, CASE type(usage) WHEN 'PROPOSES' THEN 2 WHEN 'USES' THEN 3 WHEN 'COMPARES_WITH' THEN 4 ELSE 5 END AS rank
  RETURN p, rank AS rank, ['proposed', 'used', 'compared', 'mentioned'][rank - 2] AS part, c.name AS name, head([label IN labels(c) WHERE label <> 'Concept']) AS type, null AS value,
    usage.confidence AS confidence, usage.evidence AS sentence
  UNION ALL
  MATCH (p:Paper) WHERE p.iri IN $paper
  MATCH (p)-[:REPORTS]->(r:Result)
  WHERE r.confidence >= $minConfidence
  OPTIONAL MATCH (r)-[:EVIDENCED_BY]->(e:Sentence)
  RETURN p, 6 AS rank, 'result' AS part, r.text AS name, r.kind AS type, r.value AS value,
    r.confidence AS confidence, e.text AS sentence
  UNION ALL
  MATCH (p:Paper) WHERE p.iri IN $paper
  MATCH (p)-[:HAS_QUANTITY]->(q:Quantity)
  RETURN p, 7 AS rank, 'quantity' AS part, q.text AS name, q.unit AS type, q.value AS value,
    null AS confidence, null AS sentence
  UNION ALL
  MATCH (p:Paper) WHERE p.iri IN $paper
  UNWIND p.categories AS category
  RETURN p, 8 AS rank, 'category' AS part, category AS name, null AS type, null AS value,
    null AS confidence, null AS sentence
  UNION ALL
  MATCH (p:Paper) WHERE p.iri IN $paper
  UNWIND p.codeUrls AS code
  RETURN p, 9 AS rank, 'code' AS part, code AS name, null AS type, null AS value,
    null AS confidence, null AS sentence
}
RETURN last(split(p.iri, '/')) AS paper, p.title AS title, p.date AS date, p.url AS url, part, name, type, value, confidence, sentence
ORDER BY paper, rank, coalesce(value, 0), name, coalesce(type, ''), coalesce(confidence, 0), coalesce(sentence, '')
LIMIT $limit
