-- What a book is asked, each statement by its name. In a statement, `${name}` stands for an earlier one of that name,
-- for the address of the ontology (`${terms}`), or for what the program puts there, and `<dk:heldBy>` for the number of
-- a term. Lists of values come as JSON.


-- Terms, and what is said of them (tables.py).

-- name: numbers
SELECT text, id FROM term WHERE text IN (SELECT value FROM json_each(?)) AND kind = 0;

-- name: is_known
SELECT 1 FROM said WHERE subject = ? LIMIT 1;

-- name: names_between
SELECT text FROM term
WHERE kind = 0 AND text >= ? AND text < ? AND EXISTS (SELECT 1 FROM said WHERE subject = term.id)
LIMIT ?;

-- name: facts
SELECT property.text, object.text, kind.text, graph.iri, graph.document, graph.aside, graph.derived
FROM said
JOIN term property ON property.id = said.property
JOIN term object ON object.id = said.object
JOIN kind ON kind.id = object.kind
JOIN graph ON graph.id = said.graph
WHERE said.subject = :this ${these}
ORDER BY property.text, object.kind != 0, object.text, kind.text, graph.iri
LIMIT :limit;

-- name: values
SELECT subject.text, property.text, object.text, kind.text
FROM json_each(:iris) wanted
JOIN term subject ON subject.text = wanted.value AND subject.kind = 0
JOIN said ON said.subject = subject.id ${these}
JOIN term property ON property.id = said.property
JOIN term object ON object.id = said.object
JOIN kind ON kind.id = object.kind
JOIN graph ON graph.id = said.graph
WHERE NOT graph.aside;

-- name: linked
SELECT DISTINCT said.subject, term.text
FROM json_each(?) wanted
JOIN said ON said.subject = wanted.value AND said.property = ?
JOIN graph ON graph.id = said.graph
JOIN term ON term.id = said.object
WHERE NOT aside;

-- name: pointing
SELECT DISTINCT subject.text, property.text
FROM said
JOIN term subject ON subject.id = said.subject
JOIN term property ON property.id = said.property
JOIN graph ON graph.id = said.graph
WHERE said.object = :this AND NOT graph.derived ${these}
    AND NOT (graph.aside AND substr(subject.text, 1, length(:base)) = :base)
    AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.id = said.subject AND claim.predicate IS NOT NULL)
ORDER BY property.text, subject.text
LIMIT :limit;

-- What stands for `${these}` if only some properties are asked for.
-- name: these_properties
AND said.property IN (SELECT value FROM json_each(:properties));

-- name: having
SELECT DISTINCT term.text FROM said JOIN term ON term.id = said.subject WHERE property = ? ORDER BY 1;

-- name: classes_below
WITH RECURSIVE below(id) AS (
    SELECT value FROM json_each(:classes)
    UNION SELECT said.subject FROM below JOIN said ON said.object = below.id AND said.property = <rdfs:subClassOf>)
SELECT term.text FROM below JOIN term ON term.id = below.id;

-- name: classes_above
WITH RECURSIVE above(id) AS (
    SELECT value FROM json_each(:classes)
    UNION SELECT said.object FROM above JOIN said ON said.subject = above.id AND said.property = <rdfs:subClassOf>)
SELECT class.text, over.text
FROM above
JOIN said ON said.subject = above.id AND said.property = <rdfs:subClassOf>
JOIN term class ON class.id = above.id
JOIN term over ON over.id = said.object;

-- name: class_counts
SELECT class.text, count(DISTINCT thing.id)
FROM term thing
JOIN said ON said.subject = thing.id AND said.property = <rdf:type>
JOIN graph ON graph.id = said.graph
JOIN term class ON class.id = said.object
WHERE thing.text >= ? AND thing.text < ? AND thing.kind = 0 AND NOT aside
GROUP BY class.text;

-- name: instances
SELECT DISTINCT subject.text, class.text
FROM json_each(:classes) wanted
JOIN said ON said.object = wanted.value AND said.property = <rdf:type>
JOIN term subject ON subject.id = said.subject
JOIN term class ON class.id = said.object
JOIN graph ON graph.id = said.graph
WHERE graph.aside <= :inferred
ORDER BY 1, 2;

-- name: called
SELECT object.text, kind.text, subject.text
FROM json_each(:texts) wanted
JOIN term object ON object.text = wanted.value
JOIN kind ON kind.id = object.kind
JOIN said ON said.object = object.id AND said.property IN (SELECT value FROM json_each(:properties))
JOIN term subject ON subject.id = said.subject
JOIN graph ON graph.id = said.graph
WHERE graph.aside < 2;


-- Documents and passages (passages.py).

-- name: documents
SELECT document, text
FROM graph
JOIN term ON text = ? || document AND kind = 0
WHERE document != '' AND NOT derived AND EXISTS (
    SELECT 1 FROM said WHERE said.object = term.id AND said.property = <dk:isPartOf> AND said.graph = graph.id)
ORDER BY document;

-- name: uncovered
SELECT document, sum(repeats = '' AND NOT EXISTS (
    SELECT 1 FROM said
    WHERE said.object = passage.id AND said.property IN (<dk:statedIn>, <dk:describedIn>))), count(*)
FROM passage
WHERE kind IN (SELECT value FROM json_each(?))
GROUP BY document;

-- name: passages
SELECT
    term.text, passage.kind, place, start, stop, hash, page, estimated, repeats, cell_row, cell_column, passage.id
FROM passage
JOIN term ON term.id = passage.id;

-- name: passages_of
${passages}
WHERE document = ?
ORDER BY start, place, term.text;

-- name: find_passages
${passages}
WHERE term.kind = 0 AND term.text IN (SELECT value FROM json_each(?))
ORDER BY document, start, place, term.text;

-- The nearest section of a passage comes last. A cell is in a row of a table of a section, and sections may be nested.
-- name: sections_of
WITH RECURSIVE part(passage, whole, steps) AS (
    SELECT term.id, term.id, 0 FROM json_each(?) JOIN term ON term.text = value AND term.kind = 0
    UNION SELECT part.passage, said.object, steps + 1
    FROM part JOIN said ON said.subject = part.whole AND said.property = <dk:isPartOf> WHERE steps < 12)
SELECT passage.text, section.text
FROM part
JOIN passage held ON held.id = part.whole
JOIN term passage ON passage.id = part.passage
JOIN term section ON section.id = part.whole
WHERE held.kind = '${terms}Section' AND steps > 0
ORDER BY steps DESC, section.text DESC;


-- Claims (claim_reader.py).

-- What speaks of things: a main claim, by its document, does if it or a part of it has the thing as subject, as object
-- or beside what it says. `own` is a main claim of which the thing is the subject.
-- name: speaking
SELECT subject AS thing, coalesce(main, id) AS main, document, iif(part, NULL, id) AS own FROM claim
UNION ALL SELECT object, coalesce(main, id), document, NULL FROM claim
UNION ALL SELECT said.object, coalesce(main, claim.id), claim.document, NULL
FROM claim
JOIN said ON said.subject = claim.id AND property IN (SELECT value FROM json_each(:standing))
JOIN graph ON graph.id = said.graph
WHERE NOT aside;

-- name: claims_about
SELECT main FROM (${speaking}) WHERE thing = :about;

-- name: claims_with_words
SELECT rowid FROM word WHERE word MATCH :words;

-- The claims on each topic: what is on one is on those above it too.
-- name: on_topic
WITH RECURSIVE on_topic(claim, topic) AS (
    SELECT subject, object FROM said WHERE property = <dk:hasTopic>
    UNION SELECT claim, object FROM on_topic JOIN said ON subject = topic AND property = <skos:broader>);

-- name: claims_on_topic
${on_topic} SELECT claim FROM on_topic WHERE topic = :topic;

-- The claims that one of some properties leads to something; `${role}` is how these are called where claims are asked.
-- name: claims_leading_to
SELECT subject
FROM said
JOIN graph ON graph.id = said.graph
WHERE object IN (SELECT value FROM json_each(:${role}))
  AND property IN (SELECT value FROM json_each(:${role}_by))
  AND NOT aside;

-- The place of a claim's document where documents come in an order of their own.
-- name: in_turn
(SELECT key FROM json_each(:in_turn) WHERE value = claim.document);

-- name: claims
SELECT term.text FROM claim JOIN term ON term.id = claim.id WHERE ${where} ORDER BY ${order} LIMIT :limit;

-- name: claim_count
SELECT count(*) FROM claim WHERE ${where};

-- name: count_by_document
SELECT document, count(*) FROM claim WHERE ${where} GROUP BY document;

-- How a claim is put.
-- name: put
document, claim.kind, certainty, voice, denied, salience, part;

-- name: claim_groups
SELECT ${put}, count(*) FROM claim WHERE document != '' GROUP BY ${put};

-- name: entries
SELECT
    claim.id, coalesce(main.text, ''), term.text, subject.text, predicate.text, object.text, kind.text,
    claim.unreserved AND claim.document != '', ${put}, 1
FROM claim
JOIN term ON term.id = claim.id
LEFT JOIN term subject ON subject.id = claim.subject
LEFT JOIN term predicate ON predicate.id = claim.predicate
LEFT JOIN term object ON object.id = claim.object
LEFT JOIN kind ON kind.id = object.kind
LEFT JOIN term main ON main.id = claim.main
${rest};

-- name: these_entries
WHERE term.text IN (SELECT value FROM json_each(:iris)) AND term.kind = 0;

-- name: reserved
SELECT term.text, count(*)
FROM claim
JOIN term ON term.id = claim.predicate
WHERE NOT claim.unreserved
GROUP BY claim.predicate;

-- name: stated_passages
SELECT document, count(DISTINCT said.object)
FROM claim
JOIN said ON said.subject = claim.id AND said.property = <dk:statedIn>
WHERE document != ''
GROUP BY document;

-- name: spoken_of
SELECT term.text, count(DISTINCT document), count(DISTINCT main), count(DISTINCT own)
FROM (${speaking})
JOIN term ON term.id = thing
WHERE document != '' AND term.kind = 0 AND term.text >= :root AND term.text < :end
GROUP BY term.text
ORDER BY 2 DESC, 3 DESC, term.text;

-- name: mains_on
SELECT DISTINCT spoken.text, term.text
FROM (${speaking}) told
JOIN claim ON claim.id = told.main
JOIN term ON term.id = claim.id
JOIN term spoken ON spoken.id = told.thing
WHERE claim.document != '' AND told.thing IN (SELECT value FROM json_each(:things))
ORDER BY claim.salience, claim.document, claim.place, claim.name;

-- name: alike
SELECT term.text
FROM (SELECT DISTINCT predicate, object FROM claim WHERE subject = :this AND document != '' LIMIT 100) told
JOIN term value ON value.id = told.object AND value.kind = 0
JOIN claim other ON other.object = told.object AND other.predicate = told.predicate
JOIN term ON term.id = other.subject
WHERE other.subject != :this AND other.document != ''
GROUP BY term.text
ORDER BY count(DISTINCT other.id) DESC, term.text
LIMIT 24;

-- name: claims_on_objects
SELECT DISTINCT term.text
FROM claim own
JOIN claim other ON other.subject = own.object
JOIN term ON term.id = other.id
WHERE own.subject = ? AND own.predicate = ?
ORDER BY 1;

-- name: told_plainly
SELECT DISTINCT thing.text, predicate.text, object.text, kind.text, coalesce(whole.text, source.text, '')
FROM json_each(?) wanted
JOIN claim ON claim.subject = wanted.value
JOIN term thing ON thing.id = claim.subject
JOIN term predicate ON predicate.id = claim.predicate
JOIN term object ON object.id = claim.object
JOIN kind ON kind.id = object.kind
LEFT JOIN said ON document = '' AND said.subject = claim.id AND said.property = <dk:attestedBy>
LEFT JOIN term source ON source.id = said.object
LEFT JOIN said part ON part.subject = source.id AND part.property = <dk:isPartOf>
LEFT JOIN term whole ON whole.id = part.object
WHERE unreserved AND NOT denied AND (document != '' OR source.id IS NOT NULL) AND NOT EXISTS (
    SELECT 1 FROM said pair
    WHERE pair.subject = claim.id AND pair.property IN (<dk:contradicts>, <dk:inTensionWith>));

-- name: parts_of
SELECT main.text, term.text
FROM json_each(?) wanted
JOIN claim ON claim.main = wanted.value
JOIN term main ON main.id = claim.main
JOIN term ON term.id = claim.id
ORDER BY claim.document, claim.place, claim.name;

-- name: outside_claims
SELECT term.text
FROM claim
JOIN term ON term.id = claim.id
JOIN term value ON value.id = claim.object AND value.kind = 0
WHERE claim.document = '' AND claim.subject IN (SELECT value FROM json_each(?))
ORDER BY 1;

-- name: predicates
SELECT DISTINCT term.text FROM claim JOIN term ON term.id = claim.predicate WHERE (document = '') = ?;

-- name: speakers
WITH RECURSIVE
  told AS NOT MATERIALIZED (
    SELECT subject, property, object FROM said JOIN graph ON graph.id = said.graph WHERE NOT aside
  ),
  body (id) AS (SELECT subject FROM told WHERE property = <rdf:type> AND object = <dk:PublicBody>),
  above (lower, upper) AS (
    SELECT subject, object FROM told WHERE property = <dk:isPartOf> AND subject IN body
    UNION
    SELECT subject, object FROM told WHERE property = <dk:isAffiliatedWith> AND object IN body
  ),
  speaks (id, spoken) AS (
    SELECT told.object, told.object
    FROM told
    JOIN claim ON claim.id = told.subject AND claim.document != '' AND claim.part = '0'
    WHERE told.property = <dk:heldBy>
    UNION
    SELECT value, value FROM json_each(?)
    UNION
    SELECT speaks.id, above.upper FROM speaks JOIN above ON above.lower = speaks.spoken
  )
SELECT one.text, other.text
FROM speaks
JOIN term AS one ON one.id = speaks.id
JOIN term AS other ON other.id = speaks.spoken;

-- name: uses_of_predicates
SELECT term.text, count(*) FROM claim JOIN term ON term.id = claim.predicate GROUP BY term.text;

-- name: told_to_have
SELECT DISTINCT term.text
FROM claim
JOIN term ON term.id = claim.subject
WHERE unreserved AND NOT denied AND claim.object IN (
    SELECT value FROM json_each(?)
    UNION SELECT id FROM term WHERE text = ? AND kind != 0);

-- name: comparisons_of
SELECT DISTINCT text
FROM said
JOIN term ON term.id = subject
WHERE object IN (SELECT value FROM json_each(?)) AND property IN (<dk:firstClaim>, <dk:secondClaim>);


-- Issues and topics (issues.py).

-- name: mains_of
SELECT own.text, coalesce(main.text, own.text)
FROM claim
JOIN term own ON own.id = claim.id
LEFT JOIN term main ON main.id = claim.main
WHERE own.text IN (SELECT value FROM json_each(?));

-- name: topic_counts
${on_topic}
SELECT term.text, document, count(*)
FROM claim
JOIN on_topic ON on_topic.claim = claim.id
JOIN term ON term.id = topic
WHERE NOT part AND document != ''
GROUP BY 1, 2;


-- What is found by words (searching.py).

-- name: having_words
SELECT rowid FROM word WHERE word MATCH ? ORDER BY bm25(word, 10.0, 1.0), rowid LIMIT ?;

-- name: having_pieces
SELECT rowid FROM piece WHERE piece MATCH ? ORDER BY rank LIMIT ?;

-- Of whole names, which only few entries have, the rarest need not be told.
-- name: called_so
SELECT rowid FROM piece WHERE piece MATCH ? LIMIT ?;

-- The entries that one of these finds, in its order, which CROSS JOIN keeps: only these are joined.
-- name: found_entries
WITH best AS MATERIALIZED (${found})
SELECT term.text, entry.kind, is_thing, names
FROM best
CROSS JOIN entry ON entry.id = best.rowid
CROSS JOIN word ON word.rowid = best.rowid
CROSS JOIN term ON term.id = best.rowid;

-- Numbers of claims that have words in their sentence or in what they are asked by, say something of a thing, or stand
-- in a document; each with its place and how well it fits.
-- name: in_sentence
SELECT ?, ?, rowid FROM word WHERE word MATCH ?;

-- name: in_asked
SELECT ?, ?, rowid >> ${asked_bits} FROM asked WHERE asked MATCH ?;

-- name: saying
SELECT ?, 1.0, said.subject
FROM json_each(?) AS thing
JOIN term ON term.text = thing.value AND term.kind = 0
JOIN said ON said.object = term.id;

-- name: unsaid
SELECT DISTINCT term.text
FROM said JOIN term ON term.id = said.object
WHERE said.property = <dk:saysNothingOf>
AND NOT EXISTS (SELECT 1 FROM said other JOIN claim ON claim.id = other.subject WHERE other.object = term.id);

-- name: standing_in
SELECT ?, ?, claim.id FROM json_each(?) AS own JOIN claim ON claim.document = own.value;

-- name: claims_meeting
WITH met(place, share, id) AS (${parts}),
best AS MATERIALIZED (SELECT place, max(share) AS share, id FROM met GROUP BY place, id)
SELECT best.place, share, own.text, main.text, whole.document, whole.place
FROM best
JOIN claim USING (id)
JOIN term own ON own.id = claim.id
JOIN claim whole ON whole.id = coalesce(claim.main, claim.id)
JOIN term main ON main.id = whole.id
WHERE claim.document != ''
ORDER BY claim.salience, claim.id;

-- The texts that are most like a question, and how well each main claim does by the best of its own.
-- name: claims_asked_like
WITH near AS (
    SELECT rowid >> ${asked_bits} AS id, -rank AS score FROM asked WHERE asked MATCH ? ORDER BY rank LIMIT ?),
placed AS (
    SELECT coalesce(claim.main, claim.id) AS main, score,
        row_number() OVER (PARTITION BY coalesce(claim.main, claim.id) ORDER BY score DESC) AS place
    FROM near JOIN claim ON claim.id = near.id)
SELECT text, sum(score) FROM placed JOIN term ON term.id = main WHERE place <= ? GROUP BY main;

-- name: list_words
CREATE VIRTUAL TABLE IF NOT EXISTS temp.of_${table} USING fts5vocab(main, ${table}, row);

-- name: listed_words
SELECT term FROM temp.of_${table};

-- name: names_by_kind
SELECT entry.kind, names FROM entry JOIN word ON word.rowid = entry.id WHERE is_thing;

-- name: named_things
SELECT DISTINCT term.text, label.text
FROM term
JOIN said ON said.subject = term.id AND said.property = <rdfs:label>
JOIN term label ON label.id = said.object AND label.kind != 0
WHERE term.kind = 0 AND term.text >= :root AND term.text < :end
ORDER BY 1, 2;


-- Rows that follow from what is said of a subject (rows.py).

-- name: subjects
SELECT said.subject, subject.text, said.property, object.text, object.kind, said.object, said.graph
FROM said
JOIN term subject ON subject.id = said.subject
JOIN term object ON object.id = said.object
${where}
ORDER BY said.subject;

-- name: words_of
SELECT word.rowid, names, text
FROM word
JOIN term ON term.id = word.rowid
WHERE word.rowid IN (SELECT value FROM json_each(?));

-- A table without content must be told what to forget (section 4.4.3 of FTS5's documentation).
-- name: forget_pieces
INSERT INTO piece(piece, rowid, pieces) VALUES ('delete', ?, ?);

-- name: delete_rows
DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?));

-- name: claims_citing
SELECT subject
FROM said
WHERE property = <dk:statedIn>
    AND object IN (SELECT value FROM json_each(?));

-- The place of a claim (?1): where its first passage begins in the text, or the last one if they state it together, and
-- `dk:orderInPassage` further. No passage is as short as its claims are many.
-- name: place_of_claim
SELECT iif(
        EXISTS (
            SELECT 1 FROM said
            WHERE subject = ?1
                AND property = <dk:passagesStateIt>
                AND object = <dk:together>),
        max(CAST(start.text AS INTEGER)), min(CAST(start.text AS INTEGER)))
    + coalesce((
        SELECT CAST(term.text AS INTEGER) FROM said JOIN term ON term.id = said.object
        WHERE subject = ?1
            AND property = <dk:orderInPassage>), 0)
FROM said cited
JOIN said place ON place.subject = cited.object
    AND place.property = <dk:startOffset>
JOIN term start ON start.id = place.object
WHERE cited.subject = ?1 AND cited.property = <dk:statedIn>;


-- Indexes of what is said, and quads that come and go (writing.py).

-- name: index_said
CREATE UNIQUE INDEX term_text ON term(text, kind);
CREATE INDEX said_object ON said(object, property);

-- name: number_of_term
SELECT term.id FROM term JOIN kind ON kind.id = term.kind WHERE term.text = ? AND kind.text = ?;

-- name: delete_said
DELETE FROM said WHERE subject = ? AND property = ? AND object = ? AND graph = ?;
