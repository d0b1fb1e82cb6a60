"""Where documents stand on issues: computed from the claims that an issue lists, or written by a person."""

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.comparison.issues import IssueBoard, find_doubts, find_faults, place_documents
from digitech_kg.namespaces import DK, VOCABULARIES, Namespaces

NAMES = Namespaces("https://example.org/kg/")
PREFIXES = f"@prefix dk: <{VOCABULARIES['dk']}> . @prefix rdfs: <{VOCABULARIES['rdfs']}> .\n" + "".join(
    f"@prefix {name}: <https://example.org/kg/{path}/> .\n"
    for name, path in (
        ("id", "id"),
        ("one", "claim/one"),
        ("two", "claim/two"),
        ("issue", "issue"),
        ("on", "position/ownership"),
    )
)
CLAIM = "a dk:Claim ; dk:subject id:acme ; dk:predicate dk:hasOwnershipKind ; dk:object id:state-ownership"


def quads(text: str, graph: NamedNode) -> list[Quad]:
    found = parse(PREFIXES + text, format=RdfFormat.TURTLE)
    return [Quad(q.subject, q.predicate, q.object, graph) for q in found]


def board(issue: str, one: str = "", two: str = "", more: str = "") -> tuple[IssueBoard, list[str]]:
    """Return the positions on `issue:ownership`, and the faults, when documents say these things of a claim each."""
    documents = {
        name: quads(said, NAMES.graphs.document(name))
        for name, said in (("one", f"one:c {CLAIM} {one} ."), ("two", f"two:c {CLAIM} {two} ."))
    }
    text = f"issue:ownership a dk:Issue ; {issue} . {more}"
    found = place_documents(quads(text, NAMES.graphs.issues), documents, NAMES)
    return found, [message for _, message in find_faults(found)]


def answers(found: IssueBoard) -> dict[str, str]:
    shown = {}
    for position in found.positions:
        answer, firmness = found.answer(position)
        kind = answer.value.rpartition("#")[2]
        shown[position.document] = f"({kind})" if firmness == DK.withReserve else kind
    return shown


def relations(found: IssueBoard) -> set[tuple[str, str, str]]:
    return {(a.document, kind.value.rpartition("#")[2], b.document) for a, kind, b in found.relations()}


FACTUAL = "dk:issueKind dk:factual"


@pytest.mark.parametrize(
    ("kind", "said", "answer"),
    [
        ("factual", "", "affirms"),
        ("factual", "; dk:certainty dk:possible", "(affirms)"),
        ("factual", "; dk:basis dk:encoderReading", "(affirms)"),
        ("factual", "; dk:subjectQuantifier dk:many", "(affirms)"),
        ("factual", "; dk:subjectQuantifier dk:all", "affirms"),
        ("factual", "; dk:subjectQuantifier dk:all ; dk:negated true", "(affirms)"),
        ("factual", "; dk:mood dk:prediction", "(affirms)"),
        ("factual", "; dk:mood dk:order", "affirms"),
        ("factual", "; dk:mood dk:unheardOf", "(affirms)"),
        ("factual", "; dk:mood dk:norm", "touches"),
        ("factual", "; dk:mood dk:openQuestion", "touches"),
        ("factual", "; dk:heldBy id:critics", "reportsOnly"),
        ("factual", "; dk:heldBy id:critics ; dk:stance dk:endorsed", "affirms"),
        ("factual", "; dk:heldBy id:critics ; dk:stance dk:partlyEndorsed", "(affirms)"),
        ("factual", "; dk:heldBy id:critics ; dk:stance dk:disputed", "denies"),
        ("factual", "; dk:heldBy id:critics ; dk:stance dk:disputed ; dk:certainty dk:possible", "denies"),
        ("factual", "; dk:heldBy id:critics ; dk:stance dk:disputed ; dk:certainty dk:probable", "(denies)"),
        ("normative", "; dk:mood dk:norm", "affirms"),
        ("normative", "; dk:mood dk:prediction", "(affirms)"),
        ("normative", "; dk:mood dk:promise", "affirms"),
        ("prospective", "; dk:mood dk:prediction", "affirms"),
        ("prospective", "; dk:mood dk:prediction ; dk:certainty dk:probable", "(affirms)"),
    ],
)
def test_how_a_claim_is_put_decides_the_position(kind: str, said: str, answer: str) -> None:
    found, faults = board(f"dk:issueKind dk:{kind} ; dk:affirmedBy one:c", one=said)
    assert answers(found) == {"one": answer}
    assert faults == []


@pytest.mark.parametrize(
    ("kind", "sides", "one", "told"),
    [
        ("normative", "dk:affirmedBy one:c", "; dk:mood dk:norm", []),
        ("factual", "dk:affirmedBy one:c", "; dk:mood dk:norm", ["c takes no stand"]),
        ("factual", "dk:touchedBy one:c", "; dk:mood dk:norm", []),
        (
            "factual",
            "dk:affirmedBy one:c ; dk:deniedBy two:c",
            "; dk:negated true",
            ["are the sides swapped?"],
        ),
        ("factual", "dk:deniedBy one:c ; dk:affirmedBy two:c", "; dk:negated true", []),
        ("factual", "dk:deniedBy two:c ; dk:affirmedBy one:c", "; dk:heldBy id:a ; dk:stance dk:disputed", ["swapped"]),
    ],
)
def test_a_claim_that_can_hardly_stand_where_it_is_listed_is_told(
    kind: str, sides: str, one: str, told: list[str]
) -> None:
    found, _ = board(f"dk:issueKind dk:{kind} ; {sides}", one=one)
    doubts = [message for _, message in find_doubts(found)]
    assert len(doubts) == len(told)
    assert all(words in doubt for words, doubt in zip(told, doubts, strict=True))


def test_a_limit_of_the_issue_is_no_reserve() -> None:
    limited = "; dk:limitedToField id:networks"
    assert answers(board(f"{FACTUAL} ; dk:affirmedBy one:c", one=limited)[0]) == {"one": "(affirms)"}
    narrow = f"{FACTUAL} ; dk:affirmedBy one:c ; dk:issueLimit id:networks"
    assert answers(board(narrow, one=limited)[0]) == {"one": "affirms"}


def test_a_document_speaks_for_whom_it_passes_on() -> None:
    held = f"; dk:heldBy id:ministry . id:one dk:speaksFor id:ministry . one:d {CLAIM}"
    assert answers(board(f"{FACTUAL} ; dk:affirmedBy one:c", one=held)[0]) == {"one": "affirms"}


def test_a_document_on_both_sides_is_mixed() -> None:
    both = f". one:d {CLAIM} ; dk:certainty dk:probable"
    found, _ = board(f"{FACTUAL} ; dk:affirmedBy one:c ; dk:deniedBy one:d", one=both)
    assert answers(found) == {"one": "mixed"}


@pytest.mark.parametrize(
    ("sides", "two", "kind"),
    [
        ("dk:affirmedBy one:c ; dk:deniedBy two:c", "", "contradicts"),
        ("dk:affirmedBy one:c ; dk:deniedBy two:c", "; dk:certainty dk:possible", "inTensionWith"),
        ("dk:affirmedBy one:c , two:c", "", "agreesWith"),
        ("dk:affirmedBy one:c , two:c", "; dk:certainty dk:possible", "firmerThan"),
    ],
)
def test_two_positions_stand_to_each_other(sides: str, two: str, kind: str) -> None:
    assert relations(board(f"{FACTUAL} ; {sides}", two=two)[0]) == {("one", kind, "two")}


def test_who_only_reports_stands_to_nobody() -> None:
    found, _ = board(f"{FACTUAL} ; dk:affirmedBy one:c ; dk:deniedBy two:c", two="; dk:heldBy id:critics")
    assert relations(found) == set()


def test_the_main_claim_says_a_position_best() -> None:
    part = f"; dk:elaborates one:d . one:d {CLAIM}"
    found, _ = board(f"{FACTUAL} ; dk:affirmedBy one:c , one:d", one=part)
    assert [claim.iri.value.rpartition("/")[2] for claim in found.positions[0].claims] == ["d", "c"]
    best = [q for q in found.quads(NAMES) if q.predicate == DK.bestClaim]
    assert [q.object for q in best] == [NAMES.claim("one", "d")]


def test_the_documents_own_words_say_a_position_better_than_a_view_that_it_disputes() -> None:
    disputed = f"; dk:heldBy id:critics ; dk:stance dk:disputed . one:d {CLAIM} ; dk:negated true"
    found, _ = board(f"{FACTUAL} ; dk:affirmedBy one:c ; dk:deniedBy one:d", one=disputed)
    assert answers(found) == {"one": "denies"}
    assert [claim.iri.value.rpartition("/")[2] for claim in found.positions[0].best] == ["d"]


def written(answer: str, *, more: str = "") -> str:
    return f"on:one a dk:Position ; dk:answer dk:{answer} {more} ."


def test_a_person_makes_a_position_more_careful() -> None:
    more = written("leavesOpen", more='; dk:positionReason "It weighs both."@en')
    found, faults = board(f"{FACTUAL} ; dk:affirmedBy one:c", more=more)
    assert answers(found) == {"one": "leavesOpen"}
    assert faults == []
    assert not [q for q in found.quads(NAMES) if q.predicate == DK.answer]


@pytest.mark.parametrize(
    ("sides", "more", "told"),
    [
        ("dk:affirmedBy one:c", written("denies", more='; dk:positionReason "So."@en'), "firmer than the claims"),
        ("dk:touchedBy one:c", written("affirms", more='; dk:positionReason "So."@en'), "firmer than the claims"),
        ("dk:affirmedBy one:c", written("touches"), "dk:positionReason"),
        ("dk:affirmedBy one:c", "on:three a dk:Position ; dk:answer dk:touches .", "position/ISSUE/DOCUMENT"),
    ],
)
def test_a_faulty_issue_or_position_is_named(sides: str, more: str, told: str) -> None:
    _, faults = board(f"{FACTUAL} ; {sides}", more=more)
    assert [fault for fault in faults if told in fault]


def test_a_document_read_whole_and_searched_is_silent() -> None:
    found, faults = board(
        f"{FACTUAL} ; dk:affirmedBy two:c",
        one=f". id:one dk:extentRead dk:whole ; dk:extentModelled dk:whole . one:d {CLAIM}",
        more=written("silent", more='; dk:lookedFor "owner"'),
    )
    assert answers(found) == {"one": "silent", "two": "affirms"}
    assert faults == []
