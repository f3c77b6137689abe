"""The tables of a graph's SQLite file, and how an older file becomes a new one.

``PRAGMA user_version`` holds the version of these tables. A change here needs a new version, a step in ``MIGRATIONS``
and a fixture of the old version in ``tests/data/graphs/``.
"""

VERSION = 1

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE runs (id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, command TEXT NOT NULL, report TEXT);

CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    location TEXT NOT NULL,
    key TEXT NOT NULL,
    variant TEXT NOT NULL,
    source TEXT NOT NULL,
    hash TEXT NOT NULL,
    run INTEGER NOT NULL,
    data TEXT NOT NULL,
    paper TEXT,
    UNIQUE (location, key, variant)
);
CREATE INDEX records_by_paper ON records (paper);
CREATE INDEX records_by_key ON records (key);

CREATE TABLE record_keys (
    kind TEXT NOT NULL, value TEXT NOT NULL, record INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    PRIMARY KEY (kind, value, record)
) WITHOUT ROWID;
CREATE INDEX record_keys_by_record ON record_keys (record);

CREATE TABLE papers (
    number INTEGER PRIMARY KEY,
    iri TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    folded TEXT NOT NULL,
    abstract TEXT NOT NULL,
    data TEXT NOT NULL,
    read_as TEXT,
    linked_as TEXT,
    status TEXT,
    reading TEXT
);
CREATE INDEX papers_by_title ON papers (folded);
CREATE INDEX papers_by_reader ON papers (read_as);

CREATE TABLE usages (
    concept TEXT NOT NULL,
    paper TEXT NOT NULL,
    label TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    forms TEXT NOT NULL,
    PRIMARY KEY (concept, paper)
) WITHOUT ROWID;
CREATE INDEX usages_by_paper ON usages (paper);

CREATE TABLE authorships (
    author TEXT NOT NULL,
    paper TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    orcid TEXT,
    PRIMARY KEY (author, paper, position)
) WITHOUT ROWID;
CREATE INDEX authorships_by_paper ON authorships (paper);

CREATE TABLE concepts (
    iri TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    papers INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE authors (
    iri TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    orcid TEXT,
    papers INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE names (
    number INTEGER PRIMARY KEY,
    folded TEXT NOT NULL, iri TEXT NOT NULL, label TEXT NOT NULL, shown TEXT NOT NULL,
    UNIQUE (folded, iri)
);
CREATE INDEX names_by_iri ON names (iri);

CREATE TABLE blocks (
    iri TEXT PRIMARY KEY, kind TEXT NOT NULL, hash TEXT NOT NULL, sequence INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX blocks_by_sequence ON blocks (sequence);

CREATE TABLE queue (stage TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (stage, item)) WITHOUT ROWID;

CREATE VIRTUAL TABLE paper_words USING fts5 (
    title, abstract, content = 'papers', content_rowid = 'number', columnsize = 0
);
CREATE TRIGGER papers_added AFTER INSERT ON papers BEGIN
    INSERT INTO paper_words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract);
END;
CREATE TRIGGER papers_removed AFTER DELETE ON papers BEGIN
    INSERT INTO paper_words (paper_words, rowid, title, abstract)
    VALUES ('delete', old.number, old.title, old.abstract);
END;
CREATE TRIGGER papers_changed AFTER UPDATE OF title, abstract ON papers
WHEN old.title <> new.title OR old.abstract <> new.abstract BEGIN
    INSERT INTO paper_words (paper_words, rowid, title, abstract)
    VALUES ('delete', old.number, old.title, old.abstract);
    INSERT INTO paper_words (rowid, title, abstract) VALUES (new.number, new.title, new.abstract);
END;

CREATE VIRTUAL TABLE name_words USING fts5 (
    folded, content = 'names', content_rowid = 'number', detail = none, columnsize = 0
);
CREATE TRIGGER names_removed AFTER DELETE ON names BEGIN
    INSERT INTO name_words (name_words, rowid, folded) VALUES ('delete', old.number, old.folded);
END;

CREATE VIEW entities AS
    SELECT p.iri AS paper, e.key AS entity, e.value ->> 'type' AS type, e.value ->> 'name' AS name,
        e.value ->> 'role' AS role, e.value ->> 'named' AS named, e.value ->> 'confidence' AS confidence
    FROM papers AS p, json_each(p.reading, '$.entities') AS e;
CREATE VIEW mentions AS
    SELECT p.iri AS paper, e.key AS entity, m.value ->> 'text' AS text, m.value ->> 'start' AS start,
        m.value ->> 'end' AS "end", m.value ->> 'confidence' AS confidence
    FROM papers AS p, json_each(p.reading, '$.entities') AS e, json_each(e.value, '$.mentions') AS m;
CREATE VIEW results AS
    SELECT p.iri AS paper, r.value ->> 'metric' AS metric, r.value ->> 'value_text' AS value,
        r.value ->> 'unit' AS unit,
        r.value ->> 'kind' AS kind, r.value ->> 'comparator' AS comparator, r.value ->> 'dataset' AS dataset,
        r.value ->> 'subject' AS subject, r.value ->> 'baseline' AS baseline, r.value ->> 'evidence' AS evidence,
        r.value ->> 'confidence' AS confidence
    FROM papers AS p, json_each(p.reading, '$.results') AS r;
"""

# version reached -> the statements that lead to it from the version before
MIGRATIONS: dict[int, str] = {}
