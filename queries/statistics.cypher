// question: How many papers, authors, things and results are in the graph?
// anchored: no
CALL {
  MATCH (n:Paper) WHERE n.iri STARTS WITH $base RETURN 'Paper' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Author) WHERE n.iri STARTS WITH $base RETURN 'Author' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Task) WHERE n.iri STARTS WITH $base RETURN 'Task' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Method) WHERE n.iri STARTS WITH $base RETURN 'Method' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Model) WHERE n.iri STARTS WITH $base RETURN 'Model' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Dataset) WHERE n.iri STARTS WITH $base RETURN 'Dataset' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Metric) WHERE n.iri STARTS WITH $base RETURN 'Metric' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Result) WHERE n.iri STARTS WITH $base RETURN 'Result' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Quantity) WHERE n.iri STARTS WITH $base RETURN 'Quantity' AS what, count(n) AS count
  UNION ALL
  MATCH (n:Sentence) WHERE n.iri STARTS WITH $base RETURN 'Sentence' AS what, count(n) AS count
}
WITH what, count
WHERE count > 0
RETURN what, count
ORDER BY what
