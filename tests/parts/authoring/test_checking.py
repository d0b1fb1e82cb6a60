"""What the graph of a document says otherwise than its text."""

from collections.abc import Sequence

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.namespaces import Namespaces
from digitech_kg.parts.authoring.passages import cut_passages, outline_text, passage_quads
from digitech_kg.validation.checks import check_against_text, find_twins
from digitech_kg.validation.report import Severity

NAMES = Namespaces("https://example.org/kg/", (("n", "https://example.org/kg/passage/note/"),))
TEXT = (
    "Acme may sell its phones in more countries than any other firm of its kind. It won’t stop.\n\n"
    "阿克梅公司在许多国家销售手机并且计划明年销售更多的手机。\n"
)
PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMES.prefixes.items())


def quads_of(turtle: str) -> list[Quad]:
    graph = NAMES.graphs.document("note")
    triples = parse(PREFIXES + turtle, RdfFormat.TURTLE)
    return [Quad(t.subject, t.predicate, t.object, graph) for t in triples]


def messages(turtle: str = "", text: str = TEXT) -> list[str]:
    outline = outline_text(TEXT)
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    return [result.message for result in check_against_text([*passages, *quads_of(turtle)], "note", text, NAMES)]


def test_a_graph_that_fits_its_text_has_no_fault() -> None:
    claim = 'claim:a a dk:Claim ; dk:cue "may sell" ; dk:statedIn n:p01.s01 ; rdfs:comment "It could sell."@en .'
    assert messages(claim) == []


def test_a_passage_whose_text_has_changed_is_told() -> None:
    found = messages(text=TEXT.replace("stop", "halt"))
    assert len(found) == 2
    assert all("is not what was hashed" in message and "cut from" in message for message in found)


def test_an_offset_behind_the_end_is_told() -> None:
    assert any("and the text has" in message for message in messages(text=TEXT[:100]))


def test_another_text_is_told_once() -> None:
    assert messages(text="Quite another text.") == [
        "None of the 5 longer passages fits the text: it is another text, or another version of it."
    ]


def test_another_text_with_the_same_numbers_is_told_once() -> None:
    outline = outline_text(TABLE + "\nMost contracts are in the Pacific.")
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    (found,) = check_against_text(passages, "note", "Other\tThings\nFinland\t5\n\nThis is about snow alone.", NAMES)
    assert "it is another text" in found.message


@pytest.mark.parametrize(("cue", "fits"), [("May  sell", True), ("won't", True), ("might", False), ("stop", False)])
def test_a_cue_is_in_a_passage_that_its_claim_cites(cue: str, fits: bool) -> None:
    cited = "n:p01.s02" if cue == "won't" else "n:p01.s01"
    found = messages(f'claim:a a dk:Claim ; dk:cue "{cue}" ; dk:statedIn {cited} .')
    message = f"The cue '{cue}' is not in p01.s01: write it as it is printed there, or cite its passage."
    assert found == ([] if fits else [message])


def test_a_cue_may_be_in_any_of_several_passages() -> None:
    assert messages('claim:a a dk:Claim ; dk:cue "stop" ; dk:statedIn n:p01.s01 , n:p01.s02 .') == []


GUESS = "Acme probably leads. In 2021 Acme sold 97 phones. Eleven of its 20 shops closed."
FACT = "a dk:Claim ; dk:subject id:a ; dk:predicate dk:leads"


def told(turtle: str) -> list[tuple[Severity, str]]:
    outline = outline_text(GUESS)
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    found = check_against_text([*passages, *quads_of(turtle)], "note", GUESS, NAMES)
    return [(result.severity, result.message) for result in found]


def test_a_guess_of_the_text_that_no_claim_says_is_a_warning() -> None:
    ((severity, message),) = told(f"claim:a {FACT} ; dk:object id:b ; dk:statedIn n:p01.s01 .")
    assert (severity, "“probably” in p01.s01" in message, "dk:certainty" in message) == (Severity.WARNING, True, True)


@pytest.mark.parametrize(
    ("text", "plain", "careful", "told"),
    [
        ("Norway does not sell glue.", "paint", "glue ; dk:negated true", "this plain claim does not say so"),
        ("Norway does not sell glue, and it sells paint.", "paint", "glue ; dk:negated true", ""),
        ("Norway does not sell glue, and it sells paint.", "glue", "glue ; dk:negated true", "“not” in p01.s01"),
        ("Does Norway sell glue, or paint?", "paint", "glue ; dk:mood dk:openQuestion", "“?” in p01.s01"),
        ("Norway probably sells glue.", "paint", "glue ; dk:certainty dk:probable", "“probably” in p01.s01"),
        ("Norway sells glue in part.", "paint", "glue ; dk:degree dk:partly", ""),
    ],
)
def test_a_plain_claim_is_told_beside_a_careful_one_unless_that_is_of_another_clause(
    text: str, plain: str, careful: str, told: str
) -> None:
    outline = outline_text(text)
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    said = "a dk:Claim ; dk:subject id:norway ; dk:predicate dk:provides ; dk:statedIn n:p01.s01 ; dk:object id:"
    own = quads_of(f"claim:a {said}{plain} . claim:b {said}{careful} .")
    found = check_against_text([*passages, *own], "note", text, NAMES)
    assert [(r.focus_node[-2:], told in r.message) for r in found] == [("/a", True)] * bool(told)


def test_a_guess_in_the_name_of_a_thing_is_said() -> None:
    text = "Norway sells what may be glue."
    put = "dk:subject id:norway ; dk:predicate dk:provides ; dk:object id:x"
    assert_told(text, put, "“may” in p01.s01")
    assert_told(
        text,
        put,
        "",
        [Quad(*quad.triple, NAMES.graphs.things) for quad in quads_of('id:x rdfs:label "what may be glue"@en .')],
    )


def test_a_number_that_is_not_in_the_passage_is_a_warning() -> None:
    ((severity, message),) = told(f"claim:a {FACT} ; dk:value 79 ; dk:statedIn n:p01.s02 .")
    assert (severity, "79 is not in p01.s02" in message) == (Severity.WARNING, True)


def test_a_claim_that_is_only_supposed_says_nothing_for_the_main_one() -> None:
    supposed = f"claim:b {FACT} ; dk:object id:c ; dk:mood dk:hypothesis ; dk:statedIn n:p01.s01 ."
    ((_, message),) = told(f"claim:a {FACT} ; dk:object id:b ; dk:statedIn n:p01.s01 . {supposed}")
    assert "“probably” in p01.s01" in message
    assert told(supposed) == []


@pytest.mark.parametrize(("value", "sentence"), [("97", 2), ("97.0", 2), ("11", 3), ("20", 3), ("5", 1)])
def test_a_number_that_the_passage_may_say_is_none(value: str, sentence: int) -> None:
    said = f"claim:a {FACT} ; dk:value {value} ; dk:certainty dk:probable ; dk:statedIn n:p01.s0{sentence} ."
    assert told(said) == []


def test_a_number_that_is_none_is_for_the_shapes() -> None:
    said = f'claim:a {FACT} ; dk:value "many"^^xsd:integer ; dk:certainty dk:probable ; dk:statedIn n:p01.s02 .'
    assert told(said) == []


@pytest.mark.parametrize("value", ["9", "970", "9.7", "97000"])
def test_a_number_with_a_lost_or_further_digit_is_not_in_the_passage(value: str) -> None:
    assert len(told(f"claim:a {FACT} ; dk:value {value} ; dk:statedIn n:p01.s02 .")) == 1


@pytest.mark.parametrize(
    ("text", "value", "lost"),
    [
        ("China holds five contracts.", "6", "6 is not in p01.s01"),
        ("China holds five contracts.", "5", ""),
        ("China holds five of the twenty contracts.", "20", ""),
        ("Five states hold the contract.", "1", ""),
        ("It covers about 75,000 square kilometres.", "75", "75 is not in p01.s01"),
        ("It covers 75,000 square kilometres.", "75000", ""),
        ("It covers 1,500 square kilometres.", "1.5", ""),
        ("It gives 200 million euros.", "200", "is “200 million”: write it in full"),
        ("It gives 200 million euros.", "200000000", ""),
        ("It gives 200 million euros to 200 firms.", "200", ""),
        ("It gives 200 million euros, of 300 in all.", "300", ""),
    ],
)
def test_a_number_is_read_in_words_with_its_zeros_and_with_the_word_for_its_size(
    text: str, value: str, lost: str
) -> None:
    put = f"dk:subject id:a ; dk:predicate dk:leads ; dk:value {value} ; dk:precision dk:approximate"
    assert_told(text, put, lost)
    pattern = quads_of('dk:leads dk:sentencePattern "{subject} [gives|does not give] {object} million euros"@en .')
    assert_told(text, put, lost if "million" not in lost else "", pattern)


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("Prices rose by 11 per cent.", "euros", "is in per cent"),
        ("Prices rose by 11% to 11 euros.", "euros", ""),
        ("Prices rose by 11 per cent.", "per cent", ""),
    ],
)
def test_a_share_that_is_put_in_another_unit_is_told(text: str, unit: str, told: str) -> None:
    pattern = quads_of(f'dk:leads dk:sentencePattern "{{subject}} [costs|does not cost] {{object}} {unit}"@en .')
    assert_told(text, "dk:subject id:a ; dk:predicate dk:leads ; dk:value 11", told, pattern)


@pytest.mark.parametrize(
    ("text", "time"), [("Norway sold glues. It did in 2019.", "2019"), ("Norway sold glues last year.", "2020")]
)
def test_a_year_that_another_sentence_names_or_that_is_counted_from_today_is_none(text: str, time: str) -> None:
    put = "dk:subject id:norway ; dk:predicate dk:provides ; dk:object id:glue"
    assert_told(text, f'{put} ; dk:time "{time}"^^edtf:EDTF', "")


@pytest.mark.parametrize(("time", "fits"), [("2021", True), ("2021-05", True), ("2019/2021", True), ("2012", False)])
def test_a_year_that_is_not_in_a_passage_with_another_is_a_warning(time: str, fits: bool) -> None:
    found = told(f'claim:a {FACT} ; dk:value 97 ; dk:time "{time}"^^edtf:EDTF ; dk:statedIn n:p01.s02 .')
    assert all("The time 2012 is not in p01.s02" in message for _, message in found)
    assert bool(found) is not fits


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Norway sold glues on 26 December 2024.", "2024-12-26"),
        ("Norway sold glues in December 2024.", "2024-12-26"),
        ("Norway sold glues on 25 and 26 December and 3 January 2024.", "2024-12-25"),
        ("Norway sold glues from 25 December 2024 to 13 January 2025.", "2024-12-25/2025-01-13"),
        ("Norway sold glues today, as on 13 March 2025.", "2025-03-14"),
    ],
)
def test_a_day_that_the_passage_has_or_may_mean_is_none(text: str, time: str) -> None:
    put = f'dk:subject id:norway ; dk:predicate dk:provides ; dk:object id:glue ; dk:time "{time}"^^edtf:EDTF'
    assert_told(text, f'{put} . id:note dcterms:issued "2025-03-14"', "")


@pytest.mark.parametrize(
    ("text", "put", "lost"),
    [
        ("Acme should not sell phones.", "dk:mood dk:norm", "dk:negated"),
        ("The price may fall.", "dk:mood dk:prediction", "dk:certainty"),
        ("If rain falls, an arbitrator must decide.", "dk:mood dk:norm", "dk:condition"),
        ("Many observers say that Acme leads.", "dk:limitedToPlace id:b", "dk:heldBy"),
        ("Prices rose by about 40 per cent.", "dk:value 40", "dk:precision"),
        ("By 2030 trade will grow.", "dk:limitedToPlace id:b", "dk:mood"),
        ("The Institute rejects the claim that Acme leads.", "dk:limitedToPlace id:b", "dk:stance"),
        ("Acme sells goods such as glue.", "dk:limitedToPlace id:b", "dk:listIsOpen"),
        ("Acme sells less glue than Sweden.", "dk:limitedToPlace id:b", "dk:comparedWith"),
        ("Acme sells glue only in part.", "dk:limitedToPlace id:b", "dk:degree dk:partly"),
        ("Acme mainly sells glue.", "dk:limitedToPlace id:b", "dk:focus"),
        ("It is too early to say who leads.", "dk:limitedToPlace id:b", "dk:openQuestion"),
        ("Acme said that it sells glue.", "dk:limitedToPlace id:b", "dk:heldBy"),
        ("“We sell glue,” said the director.", "dk:limitedToPlace id:b", "dk:heldBy"),
        ("In the view of the minister, Acme sells glue.", "dk:limitedToPlace id:b", "dk:heldBy"),
        ("The report suggests that Acme sells glue.", "dk:limitedToPlace id:b", "dk:heldBy"),
        ("Acme sells glue, sources say.", "dk:limitedToPlace id:b", "dk:basis dk:hearsay"),
        ("Etter oppfatningen til ministeren selger Acme lim.", "dk:limitedToPlace id:b", "dk:heldBy"),
        ("Acme plans to sell glue.", "dk:limitedToPlace id:b", "planned or wanted"),
        ("We urge Acme to sell glue.", "dk:limitedToPlace id:b", "planned or wanted"),
        ("Acme har lovet å selge lim.", "dk:limitedToPlace id:b", "planned or wanted"),
        ("Acme is about to sell glue.", "dk:limitedToPlace id:b", "dk:mood dk:prediction"),
        ("Acme would sell glue.", "dk:limitedToPlace id:b", "only supposed"),
        ("I teorien selger Acme lim.", "dk:limitedToPlace id:b", "only supposed"),
        ("Acme rarely sells glue.", "dk:limitedToPlace id:b", "dk:generality"),
        ("Acme har en tendens til å selge lim.", "dk:limitedToPlace id:b", "dk:generality"),
        ("Acme sells glue as long as prices hold.", "dk:limitedToField id:b", "dk:condition"),
        ("Acme sells glue only in Norway.", "dk:recency dk:recently", "dk:limitedToPlace"),
        ("Acme no longer sells glue.", "dk:limitedToPlace id:b", "dk:negated"),
        ("Acme selger ikke lenger lim.", "dk:limitedToPlace id:b", "dk:negated"),
        ("Acme has yet to sell glue.", "dk:limitedToPlace id:b", "dk:negated"),
        ("Acme har sluttet med lim.", "dk:limitedToPlace id:b", "dk:negated"),
        ("Acme had better sell glue.", "dk:limitedToPlace id:b", "dk:mood dk:recommendation"),
        ("Does Acme sell glue?", "dk:limitedToPlace id:b", "dk:openQuestion"),
        ("Acme sold glue in April 2019.", 'dk:time "2019-05"^^edtf:EDTF', "2019-05"),
        ("On 26 December 2024 Acme sold glue.", 'dk:time "2024-12-27"^^edtf:EDTF', "2024-12-27 is not in p01.s01"),
        ("On December 26, 2024, Acme sold glue.", 'dk:time "2024-12-27"^^edtf:EDTF', "2024-12-27 is not in p01.s01"),
        ("Den 26. desember 2024 solgte Acme lim.", 'dk:time "2024-12-06"^^edtf:EDTF', "2024-12-06 is not in p01.s01"),
        ("In the winter of 2022 Acme sold glue.", 'dk:time "2022-22"^^edtf:EDTF', "2022-22"),
        ("Acme has sold glue since 2019.", 'dk:time "2019"^^edtf:EDTF', "“2019/..”"),
        ("Acme has sold glue since 2019.", 'dk:time "../2019"^^edtf:EDTF', "“2019/..”"),
        ("Acme sells glue until May 2030.", 'dk:time "2030-05"^^edtf:EDTF', "“until 2030”, which is the end"),
        ("Acme should sell glue until 2030.", 'dk:mood dk:norm ; dk:time "2030"^^edtf:EDTF', "“/2030”"),
        ("Acme sold glue until 2020.", 'dk:time "../2020"^^edtf:EDTF', "“/2020”"),
        (
            "Acme will not sell glue before 2035.",
            'dk:mood dk:prediction ; dk:negated true ; dk:cue "not" ; dk:time "../2035"^^edtf:EDTF',
            "quote “before” in dk:cue",
        ),
        ("Acme sold glue.", 'dk:time "2019"^^edtf:EDTF', "never names the year of 2019"),
        ("Acme should sell glue by 2030.", 'dk:mood dk:norm ; dk:time "2030"^^edtf:EDTF', "“../2030”"),
        ("By the end of 2020, Acme sold glue.", 'dk:time "/2020"^^edtf:EDTF', "“../2020”"),
    ],
)
def test_what_a_claim_with_another_reserve_leaves_out_of_the_text_is_a_warning(text: str, put: str, lost: str) -> None:
    outline = outline_text(text)
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    claim = f'id:note dcterms:issued "2025-03-14" . claim:a {FACT} ; {put} ; dk:statedIn n:p01.s01 .'
    claim = claim if "dk:value" in put else claim.replace(" ; dk:stat", " ; dk:object id:b ; dk:stat")
    found = check_against_text([*passages, *quads_of(claim)], "note", text, NAMES)
    assert [(result.severity, lost in result.message) for result in found] == [(Severity.WARNING, True)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dk:subject id:makers ; dk:subjectQuantifier dk:most ; dk:object id:glue", ""),
        ("dk:subject id:makers ; dk:object id:glue", "“most makers”: write dk:subjectQuantifier dk:most"),
        ("dk:subject id:makers ; dk:subjectQuantifier dk:some ; dk:object id:glue", ""),
        ("dk:subject id:makers ; dk:subjectQuantifier dk:all ; dk:object id:glue", "“most makers”"),
        ("dk:subject id:makers ; dk:object id:glue . id:makers dk:quantity dk:most", ""),
    ],
)
def test_a_share_that_stands_right_before_a_name_is_not_lost(said: str, told: str) -> None:
    assert_told("Most makers sell glue.", f"dk:predicate dk:provides ; {said}", told)
    few = "dk:predicate dk:provides ; dk:object id:glue ; dk:subject id:makers ; dk:subjectQuantifier"
    assert_told("A few makers sell glue, and some makers wood.", f"{few} dk:some", "")
    assert_told("Too few makers sell glue.", "dk:predicate dk:provides ; dk:object id:glue ; dk:subject id:makers", "")
    assert_told("Some makers sell glue.", f"{few} dk:all", "write dk:subjectQuantifier dk:some")
    assert_told("Few makers sell glue.", f"{few} dk:all", "write dk:subjectQuantifier dk:few")
    held = "dk:object id:makers ; dk:heldBy id:makers ; dk:holderQuantifier dk:many ; dk:stance dk:reported"
    assert_told(
        "Many makers say that Norway hears glue makers.", f"dk:subject id:norway ; dk:predicate dk:cites ; {held}", ""
    )


@pytest.mark.parametrize(
    ("text", "tag", "told"),
    [
        ("Norway has too few makers.", "en", ""),
        ("Norway has few makers.", "en", "“few makers”: write dk:objectQuantifier dk:few"),
        ("Norway has far too many makers.", "en", ""),
        ("Norge har for få makers.", "nb", ""),
        ("Norge har noen få makers.", "nb", ""),
        ("Norge har få makers.", "nb", "“få makers”: write dk:objectQuantifier dk:few"),
    ],
)
def test_too_few_are_not_few(text: str, tag: str, told: str) -> None:
    put = "dk:subject id:norway ; dk:predicate dk:leads ; dk:object id:makers"
    names = quads_of('id:norway rdfs:label "Norge"@nb . id:makers rdfs:label "makers"@nb .')
    assert_told(text, put, told, [Quad(*quad.triple, NAMES.graphs.things) for quad in names], tag=tag)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Norway probably sells glues and paint.", "says the same of another thing with a dk:certainty"),
        ("Norway sells glues, and probably paint.", ""),
    ],
)
def test_a_plain_claim_of_a_list_with_a_reserve_is_told(text: str, told: str) -> None:
    put = "dk:subject id:norway ; dk:predicate dk:provides"
    hedged = f"claim:b a dk:Claim ; dk:statedIn n:p01.s01 ; {put} ; dk:object id:paint ; dk:certainty dk:probable"
    assert_told(text, f"{put} ; dk:object id:glue . {hedged}", told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dk:subject id:norway ; dk:comparedWith id:sweden ; dk:degree dk:lesser", ""),
        ("dk:subject id:sweden ; dk:comparedWith id:norway ; dk:degree dk:lesser", "the other way round"),
    ],
)
def test_a_comparison_that_is_turned_round_is_told(said: str, told: str) -> None:
    assert_told("Norway sells less glue than Sweden.", f"dk:predicate dk:provides ; dk:object id:glue ; {said}", told)


def test_more_than_a_number_is_no_comparison() -> None:
    put = "dk:predicate dk:provides ; dk:object id:glue ; dk:subject id:norway"
    assert_told("Norway sells glue for more than two hours.", put, "")
    assert_told("Norway sells glue for longer than Sweden does.", put, "shows a comparison")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dk:subject id:makers ; dk:object id:glue", "says “in Norway”"),
        ("dk:subject id:makers ; dk:object id:glue ; dk:limitedToPlace id:norway", ""),
        ("dk:subject id:makers ; dk:object id:glue . n:p01.s01 dk:mentions id:norway", ""),
    ],
)
def test_a_place_in_which_it_is_so_is_not_lost(said: str, told: str) -> None:
    assert_told("Makers in Norway sell glue.", f"dk:predicate dk:provides ; {said}", told)


TABLE = "State\tContracts\nNorway\t5\nSweden\t2\n"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("n:p01.c1.r1 , n:p01.c2.r1", ""),
        ("n:p01.c1.r1 , n:p01.c2.r1 , n:p01.c2.r0", ""),
        ("n:p01.c1.r1 , n:p01.c2.r2", "p01.c1.r1 is in the row of no other cell"),
        ("n:p01.c2.r1", "Nothing in p01.c2.r1 names"),
    ],
)
def test_the_cells_of_a_claim_are_of_one_row(cells: str, told: str) -> None:
    number = 2 if "r2" in cells else 5
    put = f"dk:subject id:norway ; dk:predicate dk:leads ; dk:value {number} ; dk:statedIn {cells}"
    assert_told(TABLE, put, told, cited="")


@pytest.mark.parametrize(("subject", "told"), [("norway", ""), ("sweden", "names id:norway and not id:sweden")])
def test_another_thing_in_a_row_is_told_also_beside_a_claim_that_is_right(subject: str, told: str) -> None:
    row = "dk:statedIn n:p01.c1.r1 , n:p01.c2.r1"
    right = f"claim:b a dk:Claim ; dk:subject id:norway ; dk:predicate dk:leads ; dk:value 5 ; {row}"
    assert_told(
        TABLE, f"dk:subject id:{subject} ; dk:predicate dk:leads ; dk:value 5 ; {row} . {right}", told, cited=""
    )


@pytest.mark.parametrize(
    ("text", "comment", "told"),
    [
        ("Norway sold 30 tonnes of glue.", "Norway sold 45 tonnes.", "The number 45 is not in p01.s01"),
        ("Norway sold 30 tonnes of glue.", "Norway sold 30 tonnes.", ""),
        ("Norway sold glue.", "Norway sold 45 tonnes.", ""),
        ("Norway sold 1,500,000 tonnes.", "Norway sold 1.5 million tonnes.", ""),
        ("Norway sold 30 tonnes within 60 days.", "Norway sold 30 tonnes by 8 August 2021.", ""),
        ("Norway sold 30 tonnes of three glues.", "Norway sold 30 tonnes of 3 glues, says Order 14.", ""),
    ],
)
def test_a_number_in_a_comment_is_one_of_the_passage_or_the_claim(text: str, comment: str, told: str) -> None:
    put = f'dk:subject id:norway ; dk:predicate dk:provides ; dk:object id:glue ; rdfs:comment "{comment}"@en'
    assert_told(text, f'{put} . id:note dcterms:title "Order 14"@en', told)


@pytest.mark.parametrize(
    ("value", "told"), [(170, ""), (2, ""), (2170, "The number 2170 is not in p01.c1.r1, p01.c3.r1")]
)
def test_the_numbers_of_two_cells_are_not_one(value: int, told: str) -> None:
    table = "Cable\tEnds\tKilometres\nNorway 2\tSweden\t170\nNorway 3\tSweden\t90\n"
    put = f"dk:subject id:norway ; dk:predicate dk:leads ; dk:value {value} ; dk:statedIn n:p01.c1.r1 , n:p01.c3.r1"
    assert_told(table, put, told, cited="")


def assert_told(
    text: str, said: str, told: str, more: Sequence[Quad] = (), cited: str = "dk:statedIn n:p01.s01 ;", tag: str = "en"
) -> None:
    outline = outline_text(text)
    passages = list(passage_quads(cut_passages(outline, tag), outline, "note", tag, NAMES))
    own = quads_of(f'id:note dcterms:language "{tag}" . claim:a a dk:Claim ; {cited} {said} .')
    shared = [*more, *(Quad(*quad.triple, NAMES.graphs.things) for quad in quads_of(THINGS))]
    found = [result.message for result in check_against_text([*passages, *own], "note", text, NAMES, shared)]
    assert [told in message for message in found] == [True] * bool(told)


@pytest.mark.parametrize(
    ("text", "count", "fits"),
    [
        ("Norway sells four kinds of glue to us.", 4, True),
        ("Norway sells four kinds of glue to us.", 3, False),
        ("Norway sells 14 kinds of glue.", 4, False),
        ("3.3 Norway keeps at least one kind of glue.", 1, True),
        ("Norway, Sweden and Chile sell one kind of glue.", 3, True),
    ],
)
def test_a_count_that_the_passage_gives_otherwise_is_a_warning(text: str, count: int, fits: bool) -> None:
    outline = outline_text(text)
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    claim = f'id:note dcterms:language "en" . claim:a {FACT} ; dk:object id:b ; dk:objectCount {count}'
    found = check_against_text([*passages, *quads_of(f"{claim} ; dk:statedIn n:p01.s01 .")], "note", text, NAMES)
    assert [result.severity for result in found] == [Severity.WARNING] * (not fits)


def test_what_only_a_part_says_is_lost_in_the_main_claim() -> None:
    text = "States should hold stocks of glue."
    outline = outline_text(text)
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    main = f"claim:a {FACT} ; dk:object id:b ; dk:statedIn n:p01.s01 ."
    part = f"claim:b {FACT} ; dk:mood dk:recommendation ; dk:elaborates claim:a ; dk:statedIn n:p01.s01 ."
    found = check_against_text([*passages, *quads_of(main + part)], "note", text, NAMES)
    assert ["no main claim on it" in result.message for result in found] == [True]


@pytest.mark.parametrize(("tag", "told"), [("en", "reads like “nb”"), ("nb", ""), ("da", "")])
def test_a_text_in_another_language_than_the_document_has_is_told(tag: str, told: str) -> None:
    text = "Det er ikke klart hva som skal til. Vi vil vite det nå, og det er det."
    outline = outline_text(text)
    passages = list(passage_quads(cut_passages(outline, "nb"), outline, "note", "nb", NAMES))
    said = quads_of(f'id:note dcterms:language "{tag}" .')
    found = [result.message for result in check_against_text([*passages, *said], "note", text, NAMES)]
    assert [told in message for message in found] == [True] * bool(told)


NAMED = "Critics say that Norway sells glue. It sells paint."
THINGS = """id:norway a dk:State ; rdfs:label "Norway"@en . id:sweden a dk:State ; rdfs:label "Sweden"@en .
id:glue a dk:Product ; rdfs:label "glues"@en . id:paint a dk:Product ; rdfs:label "paint"@en .
id:critics a dk:Group ; rdfs:label "critics"@en . id:makers a dk:Group ; rdfs:label "makers"@en ."""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dk:subject id:norway ; dk:object id:glue ; dk:heldBy id:critics", None),
        (
            "dk:subject id:sweden ; dk:object id:glue ; dk:heldBy id:critics",
            "names id:norway, which no claim on it has",
        ),
        ("dk:subject id:norway ; dk:object id:glue ; dk:heldBy id:makers", "correct dk:heldBy"),
        ("dk:subject id:sweden ; dk:object id:paint ; dk:heldBy id:makers", "Nothing in p01.s01 names what"),
        ("dk:subject id:unnamed ; dk:object id:unnamed-too ; dk:heldBy id:critics", None),
    ],
)
def test_things_that_the_cited_passage_does_not_name_are_a_warning_unless_it_is_said_to_mention_them(
    said: str, told: str | None
) -> None:
    outline = outline_text(NAMED)
    passages = list(passage_quads(cut_passages(outline, "en"), outline, "note", "en", NAMES))
    put = f"dk:predicate dk:provides ; {said} ; dk:statedIn n:p01.s01"
    claim = f'id:note dcterms:language "en" . claim:a a dk:Claim ; {put} .'
    shared = [Quad(*quad.triple, NAMES.graphs.things) for quad in quads_of(THINGS)]
    found = check_against_text([*passages, *quads_of(claim)], "note", NAMED, NAMES, shared)
    assert [result.message for result in found if told is None or told not in result.message] == []
    assert (len(found), {result.severity for result in found} <= {Severity.WARNING}) == (told is not None, True)
    mentions = quads_of("n:p01.s01 dk:mentions id:sweden , id:makers , id:paint .")
    assert check_against_text([*passages, *quads_of(claim), *mentions], "note", NAMED, NAMES, shared) == []


@pytest.mark.parametrize(
    ("comment", "copies"),
    [
        ("They say Acme may sell its phones in more countries.", True),
        ("They say Acme may sell its phones.", False),
        ("It names A. B. Cromwell, Dee, Eaton and Sons of London 1999 Ltd.", False),
        ("阿克梅公司在许多国家销售手机并且计划", True),
        ("阿克梅公司在许多国家销售手机", False),
    ],
)
def test_a_comment_that_copies_the_text_is_told(comment: str, copies: bool) -> None:
    found = messages(f'claim:a a dk:Claim ; dk:statedIn n:p01.s01 ; rdfs:comment "{comment}" .')
    assert [("copies the text" in message) for message in found] == [True] * copies


def test_other_documents_are_not_looked_at() -> None:
    other = NAMES.graphs.document("other")
    said = quads_of('n:p01 a dk:Paragraph ; dk:startOffset 0 ; dk:endOffset 9 ; dk:textHash "x" .')
    quads = [Quad(quad.subject, quad.predicate, quad.object, other) for quad in said]
    assert check_against_text(quads, "note", TEXT, NAMES) == []


def test_a_second_thing_with_the_same_label_is_a_warning() -> None:
    turtle = 'id:acme rdfs:label "Acme, Ltd"@en . id:acme-2 rdfs:label "acme ltd"@en . id:b rdfs:label "Acme ltd"@nb .'
    (result,) = find_twins(quads_of(turtle), NAMES)
    assert (result.focus_node, result.severity) == (NAMES.thing("acme").value, Severity.WARNING)
    assert "id:acme-2" in result.message


def test_one_thing_with_a_label_in_several_languages_is_none() -> None:
    assert list(find_twins(quads_of('id:acme rdfs:label "Acme"@en , "Acme"@nb .'), NAMES)) == []
