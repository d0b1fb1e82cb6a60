-- The claims of documents between two things that have one of some things as either.
WITH wanted(id) AS (
    SELECT term.id FROM json_each(:things) this JOIN term ON term.text = this.value AND term.kind = 0)
SELECT iri.text
FROM (
    SELECT claim.* FROM wanted JOIN claim ON claim.subject = wanted.id
    UNION SELECT claim.* FROM wanted JOIN claim ON claim.object = wanted.id) claim
JOIN term iri ON iri.id = claim.id
JOIN term subject ON subject.id = claim.subject
JOIN term object ON object.id = claim.object AND object.kind = 0
WHERE subject.text BETWEEN :first AND :last AND object.text BETWEEN :first AND :last AND claim.voice != 'outside'
ORDER BY iri.text
LIMIT :limit
