"""Which claims of two documents contradict each other, and what softens it."""

import pytest

from comparison.fixtures import NAMES, ONTOLOGY, compare, document_quads, kind, quads_of, reason
from digitech_kg.comparison.documents import compare_documents
from digitech_kg.namespaces import SKOS

PLAIN, DENIAL = "id:acme id:knows id:bob", "not id:acme id:knows id:bob"


def test_a_statement_and_its_denial_contradict_each_other() -> None:
    found = compare(PLAIN, DENIAL)
    assert kind(found) == "contradicts"
    assert reason(found) == "“other” denies what “one” says."
    assert reason(found, "nb") == "«other» benekter det «one» sier."


def test_claims_of_one_document_are_not_compared() -> None:
    assert compare([PLAIN, DENIAL], "id:acme id:knows id:carol") == []


def test_claims_about_different_things_are_not_compared() -> None:
    assert compare(PLAIN, "not id:acme id:knows id:carol") == []


@pytest.mark.parametrize(
    ("claim", "denial"),
    [
        ("id:acme id:cares-for id:bob", DENIAL),
        ("id:bob id:is-known-by id:acme", DENIAL),
        ("id:acme id:is-rival-of id:bob", "not id:bob id:is-rival-of id:acme"),
    ],
    ids=["narrower property", "inverse", "symmetric"],
)
def test_a_denial_meets_whatever_entails_what_it_denies(claim: str, denial: str) -> None:
    assert kind(compare(claim, denial)) == "contradicts"


def test_the_denial_of_something_narrower_leaves_the_broader_open() -> None:
    assert compare(PLAIN, "not id:acme id:cares-for id:bob") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("id:acme id:has-status id:planned", "id:acme id:has-status id:done"),
        ("id:acme id:is-seated-in id:norway", "id:acme id:is-seated-in id:sweden"),
        ('id:acme id:founded-on "2019"^^xsd:gYear', 'id:acme id:founded-on "2020-05"^^xsd:gYearMonth'),
        ("id:acme id:has-head-count 12", "id:acme id:has-head-count 13"),
    ],
    ids=["functional", "exclusive", "date", "number"],
)
def test_two_values_of_an_exclusive_property_contradict_each_other(one: str, other: str) -> None:
    assert kind(compare(one, other)) == "contradicts"


def test_the_reason_names_both_values() -> None:
    found = compare("id:acme id:is-seated-in id:norway", "id:acme id:is-seated-in id:sweden")
    assert reason(found) == "Only one value can be right: “one” says Norway, “other” says Sweden."
    assert reason(found, "nb") == "Bare én verdi kan være riktig: «one» sier Norge, «other» sier Sverige."


def test_with_a_reserve_two_values_pull_apart_and_none_is_said_to_be_wrong() -> None:
    found = compare("id:acme id:is-seated-in id:norway ; certainty possible", "id:acme id:is-seated-in id:sweden")
    assert kind(found) == "inTensionWith"
    told = "“one” speaks of Norway, “other” of Sweden, and the one goes against the other."
    assert reason(found) == f"{told} “one” puts it only as possible."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("id:acme id:has-head-count 12", "id:acme id:has-head-count 12.0"),
        ('id:acme id:founded-on "Mai"@nb', 'id:acme id:founded-on "May"@en'),
        ("id:acme id:knows id:bob", "id:acme id:knows id:carol"),
    ],
    ids=["equal numbers", "two languages", "property with several values"],
)
def test_values_that_can_stand_beside_each_other_do_not_contradict(one: str, other: str) -> None:
    assert kind(compare(one, other)) in ("", "corroborates")


def test_relations_that_exclude_each_other_contradict() -> None:
    assert kind(compare("id:acme id:is-ally-of id:bob", "id:bob id:is-rival-of id:acme")) == "contradicts"


def test_a_relation_of_one_direction_contradicts_its_reverse() -> None:
    assert kind(compare("id:acme id:precedes id:bob", "id:bob id:precedes id:acme")) == "contradicts"


@pytest.mark.parametrize(
    ("reserve", "told"),
    [
        ("certainty probable", "“other” puts it only as probable."),
        ("certainty possible", "“other” puts it only as possible."),
        ("heldBy id:analysts", "“other” reports it as the view of analysts, without sharing or disputing it."),
        (
            "heldBy id:analysts ; stance partlyEndorsed",
            "“other” reports it as the view of analysts and shares it in part.",
        ),
        ("basis hearsay", "“other” has it only from hearsay."),
        ("basis encoderReading", "“other” does not say it in so many words: it is our reading of the text."),
        ("generality sometimes", "“other” says that it is so only sometimes."),
        ("degree partly", "“other” says it only in part."),
        ("subjectQuantifier many", "“other” says it of many, not all: Acme."),
        ("subjectCount 3", "“other” says it of a number: 3, Acme."),
        ("limitedToPlace id:norway , id:sweden", "“other” speaks here only of Norway and Sweden."),
        ("limitedToGroup id:norway", "“other” says it only of Norway."),
        ("limitedToViewpoint id:analysts", "“other” says it only from the viewpoint of analysts."),
        ('limitedToTime "2020"', "“other” says it only for the time 2020."),
        ("condition id:peace", "“other” says it on a condition: peace."),
        ("condition id:peace , id:war", "“other” says it on conditions that must all be met: (1) peace; (2) the war."),
        (
            f'basis encoderReading ; <{SKOS.scopeNote.value}> "Inferred."@en',
            "“other” does not say it in so many words: it is our reading of the text. Inferred.",
        ),
        ("mood definition", "“other” says it as a definition."),
    ],
)
def test_a_reserve_of_one_side_makes_a_tension_of_a_contradiction_and_is_told(reserve: str, told: str) -> None:
    found = compare(PLAIN, f"{DENIAL} ; {reserve}")
    assert kind(found) == "inTensionWith"
    assert reason(found) == f"What “other” says goes against what “one” says. {told}"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("certainty probable", "certainty possible"),
        ("certainty possible", "certainty possible"),
        ("certainty doubtful", "salience key"),
        ("generality often", "generality sometimes"),
        ("subjectQuantifier some", "subjectQuantifier many"),
        ("subjectCount 3", "subjectQuantifier most"),
        ("degree partly", "degree partly"),
        ("precision atLeast", "salience key"),
        ("limitedToPlace id:norway", "limitedToPlace id:sweden"),
        ('limitedToTime "2019"', 'limitedToTime "2021/2023"'),
        ("condition id:peace", "condition id:war"),
        ('time "2019"', 'time "2021"'),
        ("heldBy id:analysts", "heldBy id:critics"),
        ("salience key", "degree heavily"),
        ("salience key", "focus mainly"),
        ("focus only", "focus mainly"),
    ],
)
def test_opposite_claims_that_leave_room_for_each_other_differ(ours: str, theirs: str) -> None:
    found = compare(f"{PLAIN} ; {ours}", f"{DENIAL} ; {theirs}")
    assert kind(found) == "differsFrom"
    assert reason(found).endswith("As they are put, both can be right.")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("certainty probable", "certainty probable"),
        ("subjectQuantifier most", "subjectQuantifier most"),
        ("limitedToPlace id:oslo", "limitedToPlace id:norway"),
        ('limitedToTime "2019-05"', 'limitedToTime "2018/2020"'),
        ("condition id:peace", "condition id:peace"),
        ("heldBy id:analysts", "heldBy id:analysts"),
        ("degree heavily", "degree considerably"),
        ("focus mainly", "focus mainly"),
        ("degree lesser ; comparedWith id:bob", "degree lesser ; comparedWith id:bob"),
        ("mood prediction", "mood promise"),
        ("mood norm", "mood recommendation"),
    ],
)
def test_reserves_of_both_sides_that_meet_leave_a_tension(ours: str, theirs: str) -> None:
    assert kind(compare(f"{PLAIN} ; {ours}", f"{DENIAL} ; {theirs}")) == "inTensionWith"


@pytest.mark.parametrize("mood", ["prediction", "promise", "recommendation", "norm", "definition", "order"])
def test_two_that_assert_the_opposite_in_one_mood_contradict_each_other(mood: str) -> None:
    assert kind(compare(f"{PLAIN} ; mood {mood}", f"{DENIAL} ; mood {mood}")) == "contradicts"


def test_a_document_speaks_for_whose_words_it_passes_on() -> None:
    held = f"{DENIAL} ; heldBy id:analysts ; stance reported"
    assert kind(compare(PLAIN, held)) == "inTensionWith"
    spoken = document_quads("other", held, more="id:other dk:speaksFor id:analysts .\n")
    documents = {"one": document_quads("one", PLAIN), "other": spoken}
    found = compare_documents(documents, quads_of(ONTOLOGY, "ontology"), NAMES)
    assert kind(found) == "contradicts"
    assert "“other” speaks for analysts." in reason(found)


def test_what_the_author_and_another_say_is_in_the_words_of_the_other() -> None:
    held = f"{DENIAL} ; heldBy id:analysts , id:critics ; stance endorsed ; basis report"
    own = document_quads("other", held, more="id:other dcterms:creator id:critics .\n")
    found = compare_documents(
        {"one": document_quads("one", PLAIN), "other": own}, quads_of(ONTOLOGY, "ontology"), NAMES
    )
    assert "“other” gives it in the words of analysts." in reason(found)
    assert "«other» gjengir det med ordene til analytikere." in reason(found, "nb")


def test_what_one_of_two_compares_with_is_told() -> None:
    found = compare(f"{PLAIN} ; degree greater ; comparedWith id:peace", f"{DENIAL} ; basis encoderReading")
    assert "“one” compares with peace." in reason(found)
    assert "«one» sammenligner med fred." in reason(found, "nb")


def test_to_say_it_of_all_is_no_reserve() -> None:
    assert kind(compare(f"{PLAIN} ; subjectQuantifier all", DENIAL)) == "contradicts"


def test_a_view_that_the_author_shares_contradicts_its_denial() -> None:
    assert kind(compare(f"{PLAIN} ; heldBy id:analysts ; stance endorsed", DENIAL)) == "contradicts"


def test_a_comparative_leaves_room_for_the_denial_of_the_quality() -> None:
    quality = "id:rules dk:hasCharacteristic id:strict"
    found = compare(f"{quality} ; degree greater", f"not {quality} ; degree partly")
    assert kind(found) == "differsFrom"


def test_a_view_that_the_author_disputes_does_not_contradict_its_denial() -> None:
    found = compare(DENIAL, f"{PLAIN} ; heldBy id:analysts ; stance disputed")
    assert kind(found) == "corroborates"
    assert "“other” reports the view of analysts and disputes it." in reason(found)


def test_a_view_that_the_author_disputes_contradicts_who_holds_it_plainly() -> None:
    found = compare(PLAIN, f"{PLAIN} ; heldBy id:analysts ; stance disputed")
    assert kind(found) == "contradicts"
    assert reason(found).endswith("“other” reports the view of analysts and disputes it.")


def test_to_dispute_a_view_with_a_reserve_is_not_to_deny_it() -> None:
    assert compare(DENIAL, f"{PLAIN} ; heldBy id:analysts ; stance disputed ; certainty probable") == []


@pytest.mark.parametrize("mood", ["recommendation", "norm", "openQuestion"])
def test_what_should_be_does_not_contradict_what_is(mood: str) -> None:
    assert compare(DENIAL, f"{PLAIN} ; mood {mood}") == []


def test_opposite_advice_contradicts() -> None:
    found = compare(f"{PLAIN} ; mood recommendation", f"{DENIAL} ; mood recommendation")
    assert kind(found) == "contradicts"
    assert reason(found) == "“one” advises it, “other” advises against it."


def test_a_later_document_may_answer_to_a_change() -> None:
    found = compare(PLAIN, DENIAL, dates=("2021", "2023-04"))
    assert kind(found) == "contradicts"
    assert reason(found).endswith("“other” is from April 2023 and so later: something may have changed in between.")


def test_a_document_of_the_same_year_is_told_as_later_without_a_guess() -> None:
    found = compare(PLAIN, DENIAL, dates=("2023-04-15", "2023-04-16"))
    assert reason(found).endswith("“other” is the later one, from 16 April 2023.")


def test_documents_of_one_year_are_not_told_apart_by_their_dates() -> None:
    assert "later" not in reason(compare(PLAIN, DENIAL, dates=("2021", "2021-04-01")))


STEPS = """
id:acme dk:isMemberOf id:banks-of-oslo . id:banks-of-oslo dk:isKindOf id:banks . id:banks dk:isPartOf id:trade .
id:banks rdfs:label "banks"@en .
"""


@pytest.mark.parametrize("whole", ["id:banks-of-oslo", "id:banks"])
def test_who_denies_of_the_whole_what_another_says_of_a_part_is_in_tension_with_it(whole: str) -> None:
    assert kind(compare(PLAIN, f"not {whole} id:knows id:bob", more=STEPS)) == "inTensionWith"
    assert kind(compare(f"id:bob id:cares-for {whole}", "not id:bob id:knows id:acme", more=STEPS)) == ""
    assert kind(compare("id:bob id:cares-for id:acme", f"not id:bob id:knows {whole}", more=STEPS)) == "inTensionWith"


def test_a_tension_between_a_part_and_a_whole_names_both() -> None:
    found = compare("not id:banks id:knows id:bob", PLAIN, more=STEPS)
    told = "“other” speaks of Acme, and “one” says the opposite of banks, to which we count it."
    assert reason(found) == told


def test_what_is_more_than_two_steps_away_is_another_matter() -> None:
    assert compare(PLAIN, "not id:trade id:knows id:bob", more=STEPS) == []
