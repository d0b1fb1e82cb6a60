"""Which passages of each document are cited."""

from claims.given import NAMES, read
from digitech_kg.claims.derivation import Coverage, measure_coverage


def coverage(turtle: str) -> tuple[Coverage, ...]:
    return measure_coverage(read(turtle), NAMES)


def names(iris: object) -> list[str]:
    return [iri.rsplit("/", 1)[1] for iri in iris]  # type: ignore[attr-defined]


def test_claims_things_and_repeats_cover_a_passage() -> None:
    (found,) = coverage("""
    note:s1 a dk:Sentence ; dk:orderInDocument 1 .
    note:s2 a dk:Sentence ; dk:orderInDocument 2 ; dk:repeatsPassage note:s1 .
    note:h1 a dk:HeaderCell . note:s3 a dk:TableCell ; dk:orderInDocument 3 .
    note:s4 a dk:Sentence ; dk:orderInDocument 4 . note:p1 a dk:Paragraph .
    note-claim:c dk:statedIn note:s1 . id:x dk:describedIn note:s3 .
    """)
    assert names(found.claims) == ["s1", "s2", "s3", "s4"]
    assert names(found.uncovered) == ["s4"]


def test_each_document_is_measured_apart() -> None:
    found = coverage("""
    other:s1 a dk:Sentence . note:s1 a dk:Sentence . note-claim:c dk:statedIn note:s1 .
    """)
    assert [(each.document, len(each.uncovered)) for each in found] == [("note", 0), ("other", 1)]


def test_claim_in_two_graphs_is_counted_once() -> None:
    quads = read("note:s1 a dk:Sentence . note-claim:c dk:statedIn note:s1 .")
    again = read("note-claim:c dk:statedIn note:s1 .", NAMES.graphs.document("other"))
    (found,) = measure_coverage([*quads, *again], NAMES)
    assert [names(claims) for claims in found.claims.values()] == [["c"]]


def test_order_that_is_no_number_is_none() -> None:
    (found,) = coverage('note:s1 a dk:Sentence ; dk:orderInDocument "first" .')
    assert names(found.claims) == ["s1"]


def test_dataset_without_passages_has_no_coverage() -> None:
    assert coverage("id:x dk:describedIn note:s3 .") == ()
