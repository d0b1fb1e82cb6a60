-- A list of claims has an index in its own order, so that its thousandth page is found as fast as its first; and claims
-- are counted by how they are put in one alone.
CREATE INDEX claim_weight ON claim(salience, document, place, name);
CREATE INDEX claim_text ON claim(document, place, name);
CREATE INDEX claim_kind ON claim(kind, salience, document, place, name);
CREATE INDEX claim_subject ON claim(subject, predicate);
CREATE INDEX claim_object ON claim(object, predicate);
CREATE INDEX claim_main ON claim(main);
CREATE INDEX claim_put ON claim(document, kind, certainty, voice, denied, salience, part);
CREATE INDEX passage_text ON passage(document, start, place);
