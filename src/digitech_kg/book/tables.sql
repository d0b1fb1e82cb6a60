-- What is said, by number: `term` holds IRIs (`kind` 0) and literals (`kind` is their datatype or "@" and language).
-- A graph stands `aside` (1) if it holds what follows from others, or (2) if it's none of the project's: no check sees
-- what it says of the project's things.
-- The other tables hold what pages sort, count and filter by; each of their rows depends on what is said of one
-- subject, but for the places of claims.
CREATE TABLE kind (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL, kind INTEGER NOT NULL);
CREATE TABLE graph (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, document TEXT NOT NULL, aside INTEGER NOT NULL,
    derived INTEGER NOT NULL);
CREATE TABLE said (
    subject INTEGER NOT NULL, property INTEGER NOT NULL, object INTEGER NOT NULL, graph INTEGER NOT NULL,
    PRIMARY KEY (subject, property, object, graph)) WITHOUT ROWID;

CREATE TABLE claim (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, name TEXT NOT NULL, subject INTEGER, predicate INTEGER,
    object INTEGER, kind TEXT NOT NULL, certainty TEXT NOT NULL, voice TEXT NOT NULL, denied INTEGER NOT NULL,
    salience INTEGER NOT NULL, part INTEGER NOT NULL, unreserved INTEGER NOT NULL, main INTEGER, place INTEGER);

CREATE TABLE passage (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL, start INTEGER NOT NULL,
    stop INTEGER NOT NULL, hash TEXT NOT NULL, page TEXT NOT NULL, estimated INTEGER NOT NULL, repeats TEXT NOT NULL,
    cell_row INTEGER, cell_column INTEGER);

CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, is_thing INTEGER NOT NULL);
CREATE VIRTUAL TABLE word USING fts5(names, texts, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE asked USING fts5(texts, shared, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE piece USING fts5(pieces, content='', tokenize="unicode61 tokenchars '_'");
