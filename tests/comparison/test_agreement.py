"""Which claims of two documents agree, and which of two is put more firmly."""

import pytest

from comparison.fixtures import NAMES, compare, document_quads, kind, reason
from digitech_kg.claims.reserves import AXES, Axis, Effect
from digitech_kg.comparison.documents import compare_documents
from digitech_kg.namespaces import DK

PLAIN = "id:acme id:knows id:bob"


@pytest.mark.parametrize("claim", [PLAIN, f"not {PLAIN}"], ids=["affirmed", "denied"])
def test_two_plain_claims_of_one_statement_agree(claim: str) -> None:
    found = compare(claim, claim)
    assert kind(found) == "corroborates"
    assert reason(found) == "“one” and “other” say the same."


def test_two_claims_with_the_same_reserves_agree() -> None:
    claim = f"{PLAIN} ; certainty probable ; limitedToPlace id:norway"
    found = compare(claim, claim)
    assert kind(found) == "corroborates"
    assert reason(found) == "“one” and “other” say the same, with the same reserves."


def test_what_only_adds_to_a_claim_makes_no_difference() -> None:
    added = 'degree heavily ; focus mainly ; phase still ; recency recently ; time "2020" ; cue "x"'
    found = compare(PLAIN, f"{PLAIN} ; {added}")
    assert kind(found) == "corroborates"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("id:acme id:cares-for id:bob", PLAIN),
        (f"not {PLAIN}", "not id:acme id:cares-for id:bob"),
        ("id:acme id:is-seated-in id:oslo", "id:acme id:is-seated-in id:norway"),
        ('id:acme id:founded-on "2019-05-03"^^xsd:date', 'id:acme id:founded-on "2019"^^xsd:gYear'),
    ],
    ids=["property", "denied property", "place", "date"],
)
def test_who_says_it_more_exactly_agrees(one: str, other: str) -> None:
    found = compare(one, other)
    assert kind(found) == "corroborates"
    assert reason(found) == "What “one” says includes what “other” says."


def test_who_says_more_but_less_firmly_bears_nothing_out() -> None:
    assert compare("id:acme id:cares-for id:bob ; certainty possible", PLAIN) == []


@pytest.mark.parametrize(
    ("firm", "weak", "told"),
    [
        ("", "certainty probable", "puts it only as probable"),
        ("certainty probable", "certainty possible", "puts it only as possible"),
        ("certainty possible", "certainty doubtful", "puts it as doubtful"),
        ("", "mood prediction", "says it as a prediction"),
        ("", "mood recommendation", "says it as advice"),
        ("mood recommendation", "mood openQuestion", "only asks about it"),
        ("heldBy id:analysts ; stance endorsed", "heldBy id:critics", "reports it as the view of critics"),
        ("basis report", "basis hearsay", "has it only from hearsay"),
        ("generality typically", "generality sometimes", "is so only sometimes"),
        ("", "degree partly", "says it only in part"),
        ("", "precision approximate", "gives only a rough number"),
        ("precision approximate", "precision atLeast", "so much or more"),
        ("objectQuantifier most", "objectQuantifier some", "says it only of some: bob"),
        ("", "objectCount 2", "says it of a number: 2, bob"),
        ("limitedToPlace id:norway", "limitedToPlace id:oslo", "speaks here only of Oslo"),
        ("", "limitedToField id:peace", "speaks here only of peace"),
        ("", "condition id:peace", "says it on a condition: peace"),
    ],
)
def test_the_claim_with_the_weaker_reserve_is_less_firm(firm: str, weak: str, told: str) -> None:
    found = compare(f"{PLAIN} ; {weak}", f"{PLAIN} ; {firm}")
    assert kind(found) == "firmerThan"
    assert found[0].first == NAMES.claim("other", "c1")
    assert reason(found).startswith("“other” says it more firmly than “one”.")
    assert f"“one” {told}" in reason(found) or told in reason(found)


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.name)
def test_a_plain_claim_is_firmer_than_one_with_any_weakening_reserve(axis: Axis) -> None:
    for value in axis.values or (NAMES.thing("x"),):
        found = compare(PLAIN, f"{PLAIN} ; {axis.property} {value}")
        # To say it of all is as firm as to say it.
        is_weaker = axis.effect_of(value) is Effect.WEAKENING and value != DK.all
        assert kind(found) == ("firmerThan" if is_weaker else "corroborates" if value != DK.disputed else "contradicts")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("certainty probable", "limitedToPlace id:norway"),
        ("limitedToPlace id:norway", "limitedToPlace id:sweden"),
        ("condition id:peace", "condition id:war"),
        ("heldBy id:analysts", "heldBy id:critics"),
        ("mood prediction", "mood recommendation"),
        ("subjectCount 2", "subjectCount 3"),
        ('time "2019"', 'time "2021"'),
    ],
)
def test_claims_with_reserves_that_cannot_be_measured_differ(ours: str, theirs: str) -> None:
    found = compare(f"{PLAIN} ; {ours}", f"{PLAIN} ; {theirs}")
    assert kind(found) == "differsFrom"
    assert reason(found).startswith("“one” and “other” say the same, each with other reserves.")


def test_denials_of_times_that_only_overlap_do_not_say_the_same() -> None:
    found = compare(f'not {PLAIN} ; time "../2030"', f'{PLAIN} ; time "203X" ; heldBy id:critics ; stance disputed')
    assert kind(found) == "differsFrom"
    assert kind(compare(f'not {PLAIN} ; time "2030"', f'not {PLAIN} ; time "2030"')) == "corroborates"


def test_a_later_statement_bears_out_a_prediction() -> None:
    found = compare(f"{PLAIN} ; mood prediction ; certainty probable", PLAIN, dates=("2021-05-01", "2023"))
    assert kind(found) == "corroborates"
    assert reason(found) == "“other” is later and bears out what “one” expected."


def test_two_definitions_of_one_kind_are_alike_without_a_reserve() -> None:
    found = compare(f"{PLAIN} ; mood definition", f"{PLAIN} ; mood definition")
    assert kind(found) == "corroborates"
    assert reason(found) == "“one” and “other” define it in the same way."


def test_who_passes_on_the_view_of_others_is_no_firmer_than_what_is_known_from_a_report() -> None:
    passed_on = f"{PLAIN} ; heldBy id:analysts ; stance reported"
    assert kind(compare(f"{PLAIN} ; basis report", passed_on)) == "differsFrom"
    own = document_quads("one", f"{PLAIN} ; basis report", more="id:one dcterms:creator id:analysts .\n")
    found = compare_documents({"one": own, "other": document_quads("other", passed_on)}, [], NAMES)
    assert kind(found) == "corroborates"
    assert reason(found).startswith("“one” and “other” say the same. ")


def test_who_says_it_in_its_own_name_is_firmer_than_who_passes_it_on() -> None:
    found = compare(PLAIN, f"{PLAIN} ; heldBy id:analysts ; stance reported")
    assert kind(found) == "firmerThan"
    assert reason(found).startswith("“one” says so in its own name, “other” only passes it on.")


def test_what_others_promise_is_passed_on_as_an_announcement() -> None:
    found = compare(f"{PLAIN} ; mood promise", f"{PLAIN} ; mood promise ; heldBy id:analysts ; stance reported")
    assert reason(found).endswith("“other” reports it as an announcement by analysts.")
    assert found[0].reasons["nb"].endswith("«other» gjengir det som en kunngjøring fra analytikere.")


def test_who_passes_on_a_view_and_holds_another_takes_its_own_side_alone() -> None:
    passed_on = f"{PLAIN} ; heldBy id:analysts ; stance reported"
    for own in (f"not {PLAIN} ; certainty possible", f"{PLAIN} ; certainty possible"):
        found = compare(PLAIN, [passed_on, own])
        assert [comparison.second for comparison in found] == [NAMES.claim("other", "c2")]


def test_a_sentence_that_says_more_than_what_two_agree_on_is_told() -> None:
    part = f"id:acme id:knows id:eve ; elaborates <{NAMES.base}claim/one/c1>"
    (found,) = compare([PLAIN, part], PLAIN)
    assert found.reasons["en"] == "“one” and “other” say the same. The sentence of “one” says more than that."
    (found,) = compare([PLAIN, part], f"{PLAIN} ; reason id:acme")
    assert found.reasons["en"] == "“one” and “other” say the same. Each of the two sentences says more than that."


def test_a_share_that_is_rough_is_told_so() -> None:
    found = compare(f"{PLAIN} ; ownershipShare 1 ; precision approximate", f"{PLAIN} ; ownershipShare 1.14")
    assert "“one” gives a share of about 1 per cent." in reason(found)
    assert "rough" not in reason(found)


def test_shares_that_differ_are_told() -> None:
    found = compare(f"{PLAIN} ; ownershipShare 1.14", f"{PLAIN} ; ownershipShare 1.01 ; basis report")
    assert kind(found) == "differsFrom"
    assert reason(found).startswith("“one” and “other” give different shares. ")
    assert "“one” gives a share of 1.14 per cent. “other” gives a share of 1.01 per cent." in reason(found)
    assert "«other» oppgir en andel på 1,01 prosent." in found[0].reasons["nb"]


def test_an_other_reading_is_told_in_the_language_of_the_reason() -> None:
    reading = f'{PLAIN} ; <{DK.otherReading.value}> "Eve."@en , "Eva."@nb'
    found = compare(PLAIN, reading)
    assert reason(found).endswith("can be read otherwise here. Eve.")
    assert found[0].reasons["nb"].endswith("kan leses på en annen måte her. Eva.")


def test_names_in_a_reason_have_their_article() -> None:
    more = 'id:board rdfs:label "European Commission"@en , "Europakommisjonen"@nb .'
    found = compare(PLAIN, f"{PLAIN} ; heldBy id:board ; stance reported", more=more)
    assert "as the view of the European Commission," in reason(found)


def test_what_is_affirmed_of_all_is_told_as_no_reserve() -> None:
    found = compare(f"{PLAIN} ; basis report", f"{PLAIN} ; subjectQuantifier all")
    assert reason(found).endswith("What “one” says here is known only as others report it.")


@pytest.mark.parametrize("time", ["2030", "203X", "2030/..", "2027/2030"])
def test_a_prediction_is_not_borne_out_before_its_time(time: str) -> None:
    found = compare(f'{PLAIN} ; mood prediction ; time "{time}"', PLAIN, dates=("2021", "2024"))
    assert "bears out" not in reason(found)
    limited = compare(f'{PLAIN} ; mood prediction ; limitedToTime "{time}"', PLAIN, dates=("2021", "2024"))
    assert "bears out" not in reason(limited)


@pytest.mark.parametrize("time", ["2022", "../2030", "2022/2030", "202X"])
def test_a_prediction_whose_time_has_begun_can_be_borne_out(time: str) -> None:
    found = compare(f'{PLAIN} ; mood prediction ; time "{time}"', f'{PLAIN} ; time "{time}"', dates=("2021", "2024"))
    assert reason(found) == "“other” is later and bears out what “one” expected."


@pytest.mark.parametrize("reserve", ["condition id:peace", "certainty possible", "certainty probable"])
def test_what_is_said_with_the_same_doubt_or_on_the_same_condition_bears_out_nothing(reserve: str) -> None:
    found = compare(f"{PLAIN} ; mood prediction ; {reserve}", f"{PLAIN} ; {reserve}", dates=("2021", "2023"))
    assert "bears out" not in reason(found)


def test_a_prediction_on_a_condition_is_not_borne_out() -> None:
    found = compare(f"{PLAIN} ; mood prediction ; condition id:peace", PLAIN, dates=("2021", "2023"))
    assert "bears out" not in reason(found)


def test_a_later_denial_does_not_bear_out_a_prediction() -> None:
    found = compare(f"{PLAIN} ; mood prediction", f"not {PLAIN}", dates=("2021", "2023"))
    assert kind(found) == "inTensionWith"
    assert reason(found).endswith("“other” is later and does not bear out what “one” expected.")


def test_a_later_denial_within_limits_does_not_bear_out_a_prediction_in_part() -> None:
    found = compare(f"{PLAIN} ; mood prediction", f"not {PLAIN} ; limitedToPlace id:norway", dates=("2021", "2023"))
    assert kind(found) == "inTensionWith"
    assert "for its part of the matter, does not bear out what “one” expected." in reason(found)


def test_a_denial_before_the_time_of_a_prediction_is_over_leaves_it_open() -> None:
    found = compare(f'{PLAIN} ; mood prediction ; time "../2026"', f"not {PLAIN}", dates=("2021", "2025"))
    assert kind(found) == "differsFrom"
    assert reason(found).endswith("As they are put, both can be right.")


def test_a_date_of_a_document_that_is_none_says_nothing_of_the_time_of_a_prediction() -> None:
    found = compare(f'{PLAIN} ; mood prediction ; time "../2026"', f"not {PLAIN}", dates=("2021", "June"))
    assert kind(found) == "inTensionWith"


@pytest.mark.parametrize("dates", [("2023", "2021"), ("", "2021"), ("2021", "2021")])
def test_a_prediction_and_a_statement_that_is_not_known_to_be_later_can_both_be_right(dates: tuple[str, str]) -> None:
    assert kind(compare(f"{PLAIN} ; mood prediction", f"not {PLAIN}", dates=dates)) == "differsFrom"


@pytest.mark.parametrize(
    ("reserve", "told"),
    [
        ("limitedToPlace id:norway", "bears out in part what “one” expected. “other” speaks here only of Norway."),
        ("basis encoderReading", "bears out what “one” expected. “other” does not say it in so many words"),
    ],
)
def test_a_later_statement_within_limits_or_read_out_of_a_text_bears_out_a_prediction(reserve: str, told: str) -> None:
    found = compare(f"{PLAIN} ; mood prediction", f"{PLAIN} ; {reserve}", dates=("2021", "2023"))
    assert kind(found) == "corroborates"
    assert told in reason(found)


@pytest.mark.parametrize("reserve", ["certainty possible", "condition id:peace", "generality sometimes"])
def test_a_later_statement_that_is_less_than_sure_bears_out_nothing(reserve: str) -> None:
    found = compare(f"{PLAIN} ; mood prediction", f"{PLAIN} ; {reserve}", dates=("2021", "2023"))
    assert kind(found) == "differsFrom"


def test_a_later_document_that_finds_the_opposite_possible_does_not_settle_a_prediction() -> None:
    found = compare(f"not {PLAIN} ; mood prediction", f"{PLAIN} ; certainty possible", dates=("2021", "2023"))
    assert kind(found) == "inTensionWith"
    assert "bear out" not in reason(found)


@pytest.mark.parametrize("more", ["certainty probable", "limitedToPlace id:norway"])
def test_a_document_that_says_the_same_in_another_claim_is_not_less_firm(more: str) -> None:
    found = compare(PLAIN, [PLAIN, f"{PLAIN} ; {more}"])
    assert kind(found) == "corroborates"


def test_documents_that_both_make_two_claims_on_a_statement_agree_twice_and_do_not_differ() -> None:
    claims = [f"{PLAIN} ; limitedToPlace id:norway", f"{PLAIN} ; limitedToPlace id:sweden"]
    assert [one.kind for one in compare(claims, claims)] == [DK.corroborates, DK.corroborates]


STEPS = 'id:acme dk:isKindOf id:banks . id:banks rdfs:label "banks"@en .'


def test_what_is_said_of_a_part_agrees_with_what_is_said_of_the_whole() -> None:
    found = compare(PLAIN, "id:banks id:knows id:bob", more=STEPS)
    assert kind(found) == "corroborates"
    assert reason(found) == "“one” says of Acme what “other” says of banks, to which we count it."


def test_what_is_said_less_firmly_of_a_part_differs() -> None:
    found = compare(f"{PLAIN} ; certainty possible", "id:banks id:knows id:bob", more=STEPS)
    assert kind(found) == "differsFrom"
    assert reason(found).startswith("“one” speaks of Acme, “other” of banks. ")


def test_another_share_of_a_part_does_not_agree_with_that_of_the_whole() -> None:
    found = compare(f"{PLAIN} ; ownershipShare 1", "id:banks id:knows id:bob ; ownershipShare 2", more=STEPS)
    assert kind(found) == "differsFrom"


def test_advice_on_a_part_is_not_held_against_what_is_said_of_the_whole() -> None:
    assert compare(f"{PLAIN} ; mood recommendation", "id:banks id:knows id:bob", more=STEPS) == []
