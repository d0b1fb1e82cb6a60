"""What would make the graph say more than a document is named: guesses put as facts, patterns that can't be filled."""

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.namespaces import DK, RDFS, Namespaces
from digitech_kg.validation.checks import check_hints
from digitech_kg.validation.claims import check_claims
from digitech_kg.validation.report import Severity
from digitech_kg.validation.things import check_extent

NAMES = Namespaces("https://example.org/kg/")
CLAIM = "claim:note\\/a a dk:Claim ; dk:subject id:a ; dk:predicate dk:leads ; dk:object id:b"


def quads(text: str) -> list[Quad]:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.prefixes.items())
    return list(parse(f"{head}{text} .", RdfFormat.TURTLE))


@pytest.mark.parametrize("cue", ["may", "may facilitate", "might", "are likely to", "perhaps", "kanskje", "ser ut til"])
def test_a_guess_without_a_certainty_is_a_violation(cue: str) -> None:
    (result,) = check_claims(quads(f'{CLAIM} ; dk:cue "{cue}"'), NAMES)
    assert (result.severity, result.path, result.value) == (Severity.VIOLATION, DK.cue.value, cue)
    assert "dk:certainty" in result.message


@pytest.mark.parametrize(
    ("cue", "cure"),
    [
        *[(cue, "dk:basis dk:hearsay") for cue in ("is said to", "are widely believed to be", "is thought to")],
        *[
            (cue, "dk:basis dk:hearsay")
            for cue in ("is reported to", "angivelig", "antas å", "sies å", "skal ha levert")
        ],
        *[(cue, "dk:certainty dk:doubtful") for cue in ("it is doubtful whether", "hardly", "knapt", "neppe")],
        *[("kan ha levert", "dk:certainty dk:probable"), ("fails to", "dk:negated true")],
    ],
)
def test_what_is_only_passed_on_or_doubted_is_no_plain_fact(cue: str, cure: str) -> None:
    results = check_claims(quads(f'{CLAIM} ; dk:cue "{cue}"'), NAMES)
    assert (Severity.VIOLATION, True) in [(result.severity, cure in result.message) for result in results]
    said = {"dk:negated true": cure, "dk:basis dk:hearsay": cure}.get(cure, "dk:certainty dk:possible")
    assert check_claims(quads(f'{CLAIM} ; {said} ; dk:cue "{cue}"'), NAMES) == ()


def test_a_duty_to_have_something_is_not_hearsay() -> None:
    assert check_claims(quads(f'{CLAIM} ; dk:mood dk:norm ; dk:cue "skal ha"'), NAMES) == ()


def test_a_denied_guess_is_a_violation() -> None:
    (result,) = check_claims(quads(f'{CLAIM} ; dk:negated true ; dk:cue "may not"'), NAMES)
    assert result.severity is Severity.VIOLATION


def test_a_guess_that_other_reserves_keep_from_being_a_fact_is_a_warning() -> None:
    (result,) = check_claims(quads(f'{CLAIM} ; dk:limitedToPlace id:norway ; dk:cue "may"'), NAMES)
    assert result.severity is Severity.WARNING


@pytest.mark.parametrize(
    "more",
    [
        'dk:cue "may" ; dk:certainty dk:possible',
        'dk:cue "allegedly" ; dk:basis dk:hearsay',
        'dk:cue "could" ; dk:mood dk:recommendation',
        'dk:cue "in May 2021"',
        'dk:cue "mayor"',
        'dk:cue "surely"',
        'dk:cue "clearly" ; dk:certainty dk:probable',
    ],
)
def test_what_is_no_guess_or_says_how_certain_it_is_passes(more: str) -> None:
    assert check_claims(quads(f"{CLAIM} ; {more}"), NAMES) == ()


@pytest.mark.parametrize(
    ("more", "kept", "lost"),
    [
        ('dk:negated true ; dk:cue "not"', "A is no longer ahead of B.", "A is ahead of B."),
        ('dk:negated true ; dk:cue "not"', "A does not lead B.", "A leads B."),
        ("dk:certainty dk:possible", "A can lead B.", "A leads B."),
        ("dk:certainty dk:possible", "A may lead B in May.", "A leads B in May."),
        ("dk:value 30", "A leads by 30 points in 2021.", "A leads by 50 points."),
        ("dk:value 3", "A leads by three points in 2021.", "A leads by 13 points."),
        ('dk:time "2021-05"^^edtf:EDTF', "A led B in May 2021.", "A led B in 2012."),
        ('dk:time "2021-05"^^edtf:EDTF', "A led B in May 2021.", "A led B in June 2021."),
        ('dk:time "2021-24"^^edtf:EDTF', "In the winter of 2021 A led B.", "In the summer of 2021 A led B."),
    ],
)
def test_a_comment_says_what_its_claim_says(more: str, kept: str, lost: str) -> None:
    """It is the sentence of the claim wherever the claim is shown."""
    assert check_claims(quads(f'{CLAIM} ; {more} ; rdfs:comment "{kept}"@en'), NAMES) == ()
    (result,) = check_claims(quads(f'{CLAIM} ; {more} ; rdfs:comment "{lost}"@en'), NAMES)
    assert (result.severity, result.path) == (Severity.WARNING, RDFS.comment.value)
    assert "leaves out" in result.message


@pytest.mark.parametrize(
    ("comment", "more", "told"),
    [
        ("A does not lead B.", "", Severity.VIOLATION),
        ("A leder aldri B, som leder.", "", Severity.VIOLATION),
        ("A is not big.", "dk:predicate dk:hasCharacteristic", Severity.WARNING),
        ("A leads B, which does not lead.", "", None),
        ("A does not only lead B.", "", None),
        ("A is not free of B.", "dk:predicate dk:prohibits", None),
        ("A does not lead B.", 'dk:negated true ; dk:cue "not"', None),
        ("A does not lead B.", "dk:mood dk:openQuestion", None),
        ("A does not lead.", '. id:b rdfs:label "what does not lead"@en', None),
        ("A leads, B never.", ". claim:note\\/p a dk:Claim ; dk:negated true ; dk:elaborates claim:note\\/a", None),
    ],
)
def test_a_comment_that_denies_what_its_claim_publishes_is_refused(
    comment: str, more: str, told: Severity | None
) -> None:
    put = CLAIM.replace("dk:predicate dk:leads", more) if "dk:predicate" in more else f"{CLAIM} ; {more}"
    put = put.replace(
        "a dk:Claim ;", f'a dk:Claim ; rdfs:comment "{comment}"@{"nb" if "leder" in comment else "en"} ;', 1
    )
    found = [result.severity for result in check_claims(quads(put), NAMES) if "denies what" in result.message]
    assert found == [told] * bool(told)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("Makers of glue lead.", True),
        ("Limmakerne leder.", True),
        ("Critics find that it leads.", True),
        ("C leads.", False),
    ],
)
def test_a_comment_that_names_nobody_of_its_claim_is_a_warning(said: str, fits: bool) -> None:
    tag = "nb" if "leder" in said else "en"
    things = quads(
        'id:a rdfs:label "glue maker"@en , "limmaker"@nb . id:b rdfs:label "heading"@en . '
        f'id:h rdfs:label "critics"@{tag}'
    )
    claim = f'{CLAIM} ; dk:heldBy id:h ; dk:stance dk:reported ; rdfs:comment "{said}"@{tag}'
    found = check_claims(quads(claim), NAMES, things)
    assert [(result.severity, result.path) for result in found] == [(Severity.WARNING, RDFS.comment.value)] * (not fits)


@pytest.mark.parametrize(
    ("cue", "language", "told"),
    [
        *[("quarterly returns", "en", 1), ("quarterly returns", "nb-NO", 1), ("instead of", "en", 0)],
        *[("Nothing in this order", "en", 0), ("verken", "nb", 0), ("gehört nicht", "de", 0), ("", "de", 1)],
    ],
)
def test_a_plain_denial_needs_a_cue_that_denies_in_a_language_known_here(cue: str, language: str, told: int) -> None:
    quoted = f' ; dk:cue "{cue}"' if cue else ""
    put = f'{CLAIM} ; dk:negated true{quoted} . id:note dcterms:language "{language}"'
    own = [Quad(*quad.triple, NAMES.graphs.document("note")) for quad in quads(put)]
    found = [result for result in check_claims(own, NAMES) if result.path == DK.negated.value]
    assert ["quote the denying words" in result.message for result in found] == [True] * told


@pytest.mark.parametrize(
    ("put", "told"),
    [
        ("dk:certainty dk:probable", 1),
        ("dk:mood dk:order", 0),
        ("dk:limitedToPlace id:norway", 0),
        ('dk:negated true ; dk:cue "not" ; dk:certainty dk:probable', 0),
    ],
)
def test_a_plain_claim_beside_one_that_says_the_same_with_a_reserve_is_a_warning(put: str, told: int) -> None:
    cited = "dk:statedIn <https://example.org/kg/passage/note/s1>"
    other = CLAIM.replace("/a", "/other").replace("id:a", "id:c")
    found = check_claims(quads(f"{CLAIM} ; {cited} . {other} ; {put} ; {cited}"), NAMES)
    assert [result.focus_node for result in found if "says the same" in result.message] == [
        NAMES.claim("note", "a").value
    ] * told


@pytest.mark.parametrize(
    ("time", "turned"),
    [
        *[("2022/2020", True), ("2022-06/2022-03", True), ("2022-03/2022-06", False), ("2022-03/2022", False)],
        *[("2021-22/2021-03", False), ("2022/..", False), ("/2021-08-08", False), ("2021-08-09/2021-08-08", True)],
    ],
)
def test_a_time_that_ends_before_it_begins_is_a_violation(time: str, turned: bool) -> None:
    found = check_claims(quads(f'{CLAIM} ; dk:time "{time}"^^edtf:EDTF'), NAMES)
    assert [(result.severity, result.path) for result in found] == [(Severity.VIOLATION, DK.time.value)] * turned


@pytest.mark.parametrize(
    ("date", "is_one"),
    [
        *[
            ('"2025-03-01"^^xsd:date', True),
            ('"2025-03"^^xsd:gYearMonth', True),
            ('"2025"', True),
            ('"2025~"^^edtf:EDTF', True),
        ],
        *[('"March 2025"', False), ('"snart"', False), ('"2025-13-14"^^xsd:date', False), ('"2025"^^xsd:date', False)],
    ],
)
def test_when_a_document_appeared_is_a_date(date: str, is_one: bool) -> None:
    found = check_claims(quads(f"id:note dcterms:issued {date}"), NAMES)
    told = [(result.severity, "xsd:gYearMonth" in result.message) for result in found]
    assert told == [(Severity.VIOLATION, True)] * (not is_one)


@pytest.mark.parametrize(
    ("issued", "put", "is_told"),
    [
        ('"2024-03-14"', 'dk:time "2024-12-26"^^edtf:EDTF', True),
        ('"2024"^^xsd:gYear', 'dk:time "2025-01/.."^^edtf:EDTF', True),
        ('"2024~"^^edtf:EDTF', 'dk:time "2025"^^edtf:EDTF ; dk:negated true ; dk:cue "not"', True),
        ('"2025-03-14"', 'dk:time "2024-12-26"^^edtf:EDTF', False),
        ('"2024-03-14"', 'dk:time "2024"^^edtf:EDTF', False),
        ('"2024-03-14"', 'dk:time "2020/2030"^^edtf:EDTF', False),
        ('"2024-03-14"', 'dk:time "2030"^^edtf:EDTF ; dk:mood dk:prediction', False),
        ('"2024-03-14"', 'dk:time "2030"^^edtf:EDTF ; dk:mood dk:order', False),
        ('"2024-03-14"', 'dk:time "2030"^^edtf:EDTF ; dk:certainty dk:possible', False),
        ('"2024-03-14"', 'dk:time "2030"^^edtf:EDTF ; dk:predicate dk:aimsAt', False),
    ],
)
def test_a_plain_claim_of_a_time_after_its_document_is_a_warning(issued: str, put: str, *, is_told: bool) -> None:
    claim = CLAIM.replace("dk:predicate dk:leads ;", "") if "dk:predicate" in put else CLAIM
    found = check_claims(quads(f"id:note dcterms:issued {issued} . {claim} ; {put}"), NAMES)
    time, day = put.split('"')[1], issued.split('"')[1].rstrip("~")
    told = [
        (r.severity, r.path, f"of {time}" in r.message, f"on {day}: check dcterms:issued" in r.message) for r in found
    ]
    assert told == [(Severity.WARNING, DK.time.value, True, True)] * is_told


@pytest.mark.parametrize(
    ("extent", "more", "told"),
    [
        ("dk:whole", "", "Nothing cites s2, s3, s4 and 1 more"),
        ("dk:whole", "id:a dk:describedIn note:s2 . note:s3 dk:repeatsPassage note:s1 .", "Nothing cites s4, s5,"),
        ("dk:selected", "", ""),
        ("dk:whole", f"{CLAIM}{''.join(f' ; dk:statedIn note:s{number}' for number in range(2, 6))} .", ""),
    ],
)
def test_a_document_that_is_modelled_whole_has_no_passage_that_nothing_cites(extent: str, more: str, told: str) -> None:
    text = "@prefix note: <https://example.org/kg/passage/note/> . "
    text += "".join(f"note:s{number} a dk:Sentence . " for number in range(1, 6))
    given = quads(f"{text} note:p a dk:Paragraph . {more} {CLAIM} ; dk:statedIn note:s1")
    about = quads(f"id:note dk:extentModelled {extent} . id:other dk:extentModelled dk:whole")
    found = list(check_extent(given, about, NAMES))
    assert [(r.severity, r.focus_node) for r in found] == [(Severity.WARNING, NAMES.thing("note").value)] * bool(told)
    assert all(told in r.message and "coverage --uncovered" in r.message for r in found)


@pytest.mark.parametrize(
    ("links", "count"),
    [
        ("id:a dk:isPartOf id:b . id:b dk:isPartOf id:c . id:c dk:isPartOf id:b", 1),
        ("id:a dk:isKindOf id:a", 1),
        ("topic:a skos:broader topic:b . topic:b skos:broader topic:a", 1),
        ("id:a dk:isPartOf id:b . id:b dk:isKindOf id:a . id:a dk:isPartOf id:c", 0),
    ],
)
def test_what_is_above_itself_is_told_once(links: str, count: int) -> None:
    found = check_claims(quads(links), NAMES)
    assert ["above itself" in result.message for result in found] == [True] * count


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("<https://example.org/phones/claim/note/a> a dk:Claim", "doesn't begin with https://example.org/kg/"),
        ("<http://www.wikidata.org/entity/Q30> a dk:State", "doesn't begin with https://example.org/kg/"),
        ("id:a a <http://w3id.org/digitech-kg/ontology/Claim>", "isn't that of the ontology"),
        ("<http://www.wikidata.org/entity/Q30> a schema:Country", ""),
    ],
)
def test_what_nobody_finds_by_its_name_is_a_violation(said: str, told: str) -> None:
    found = check_claims([Quad(*quad.triple, NAMES.graphs.things) for quad in quads(said)], NAMES)
    assert [(r.severity, told in r.message) for r in found] == [(Severity.VIOLATION, True)] * bool(told)


@pytest.mark.parametrize(("tag", "is_one"), [("nb", True), ("zh-Hans", True), ("no", False), ("norsk", False)])
def test_the_language_of_a_document_is_a_tag(tag: str, is_one: bool) -> None:
    found = check_claims(quads(f'id:note dcterms:language "{tag}"'), NAMES)
    assert [(r.severity, "write en, nb" in r.message) for r in found] == [(Severity.VIOLATION, True)] * (not is_one)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ('dk:time "2025-02-30"^^edtf:EDTF', ["2025-02-30"]),
        ('dk:time "2024-02-29/2025-02-29"^^edtf:EDTF', ["2025-02-29"]),
        ('dk:value "2025-04-31"^^edtf:EDTF', ["2025-04-31"]),
        ('dk:time "2024-02-29~"^^edtf:EDTF', []),
    ],
)
def test_a_day_that_no_month_has_is_a_violation(said: str, days: list[str]) -> None:
    found = check_claims(quads(f"{CLAIM} ; {said}"), NAMES)
    assert [result.message.split()[-3].strip(":") for result in found] == days


def test_comments_of_outside_facts_and_in_languages_without_words_are_not_looked_at() -> None:
    outside = CLAIM.replace("dk:Claim", "dk:ExternalClaim")
    assert check_claims(quads(f'{outside} ; dk:value 31.22 ; rdfs:comment "It is at 31.2 north."@en'), NAMES) == ()
    assert check_claims(quads(f'{CLAIM} ; dk:certainty dk:possible ; rdfs:comment "甲领先乙。"@zh'), NAMES) == ()


def test_main_claims_without_a_topic_are_told_once_where_others_have_one() -> None:
    others = "".join(" . " + CLAIM.replace("/a", f"/{name}") for name in "bcdefg")
    part = " . " + CLAIM.replace("/a", "/part") + r" ; dk:elaborates claim:note\/a"
    assert check_claims(quads(CLAIM + others + part), NAMES) == ()
    (result,) = check_claims(quads(f"{CLAIM} ; dk:hasTopic topic:prices{others}{part}"), NAMES)
    assert (result.severity, result.focus_node) == (Severity.WARNING, NAMES.claim("note", "b").value)
    assert "nor 5 more" in result.message
    assert result.message.count("claim:note") == 3


def test_a_text_in_another_language_is_told_where_it_is_written_and_not_where_it_is_derived() -> None:
    (quad,) = quads('claim:note\\/a rdfs:label "The company is the one that sells glue."@nb')
    graphs = NAMES.graphs
    written, derived = (Quad(*quad.triple, graph) for graph in (graphs.document("note"), graphs.evidence("note")))
    assert len(check_claims([written], NAMES)) == 1
    assert check_claims([derived], NAMES) == ()


@pytest.mark.parametrize(
    ("english", "norwegian", "told"),
    [
        ("gratis ferjer for fastboende på øyene", "free ferries for residents of the islands", 2),
        ("free ferries", "gratis ferjer på øyene", 0),
        ("gratis ferjer på øyene", "gratis ferjer på øyene", 0),
        ("Gjøvik", "City of Hull", 2),
    ],
)
def test_names_that_are_tagged_as_each_other_s_language_are_told(english: str, norwegian: str, told: int) -> None:
    found = check_claims(quads(f'id:a rdfs:label "{english}"@en , "{norwegian}"@nb'), NAMES)
    assert ["fix its tag" in result.message for result in found] == [True] * told


@pytest.mark.parametrize("cue", ["not owned", "None of these", "doesn’t", "has never", "ikke"])
def test_a_denial_in_an_affirming_claim_is_a_violation(cue: str) -> None:
    (result,) = check_claims(quads(f'{CLAIM} ; dk:cue "{cue}"'), NAMES)
    assert (result.severity, result.path, result.value) == (Severity.VIOLATION, DK.cue.value, cue)
    assert "dk:negated true" in result.message


@pytest.mark.parametrize(
    ("cue", "cure"),
    [
        ("should be invited", "dk:mood dk:recommendation"),
        ("will", "dk:mood dk:prediction"),
        ("observers believe", "dk:heldBy"),
        ("If", "dk:condition"),
        ("vanligvis", "dk:generality"),
    ],
)
def test_what_may_stand_elsewhere_in_the_claim_is_a_warning(cue: str, cure: str) -> None:
    (result,) = check_claims(quads(f'{CLAIM} ; dk:cue "{cue}"'), NAMES)
    assert result.severity is Severity.WARNING
    assert cure in result.message


@pytest.mark.parametrize(
    "more",
    [
        'dk:negated true ; dk:cue "not owned"',
        'dk:focus dk:notOnly ; dk:cue "clearly not only"',
        'dk:cue "no doubt"',
        'dk:cue "no fewer than"',
        'dk:cue "not-for-profit"',
        'dk:mood dk:order ; dk:cue "shall not"',
        'dk:mood dk:openQuestion ; dk:cue "not yet decided"',
        'dk:mood dk:norm ; dk:cue "should"',
        'dk:subjectQuantifier dk:most ; dk:cue "usually"',
        'dk:heldBy id:critics ; dk:stance dk:disputed ; dk:cue "do not share"',
        'dk:heldBy id:critics ; dk:stance dk:disputed ; dk:cue "rejects"',
        'dk:certainty dk:doubtful ; dk:cue "unlikely"',
        'dk:certainty dk:probable ; dk:cue "may well" , "probably"',
        'dk:mood dk:prediction ; dk:cue "should expect"',
        'dk:mood dk:norm ; dk:cue "will have to"',
    ],
)
def test_a_cue_whose_meaning_the_claim_has_passes(more: str) -> None:
    assert check_claims(quads(f"{CLAIM} ; {more}"), NAMES) == ()


@pytest.mark.parametrize("predicate", ["dk:hinders", "dk:prohibits", "dk:hasShortcomingIn"])
def test_a_denial_that_is_in_the_predicate_passes(predicate: str) -> None:
    assert check_claims(quads(CLAIM.replace("dk:leads", predicate) + ' ; dk:cue "do not"'), NAMES) == ()


@pytest.mark.parametrize(("predicate", "cue"), [("hasCharacteristic", "not clear"), ("hasEventStatus", "not yet")])
def test_a_denial_that_may_be_in_a_quality_or_a_state_is_a_warning(predicate: str, cue: str) -> None:
    (result,) = check_claims(quads(f'{CLAIM.replace("leads", predicate)} ; dk:cue "{cue}"'), NAMES)
    assert result.severity is Severity.WARNING


@pytest.mark.parametrize(
    "pattern",
    [
        "{subject} [leads|does not lead] {thing}",
        "{subject} leads {object}",
        "{subject} [leads] {object}",
        "{subject} [leads|does not lead]",
        "{subject} [sues|does not sue] {object} in {place}",
    ],
)
def test_a_pattern_that_cannot_be_filled_in_is_a_violation(pattern: str) -> None:
    (result,) = check_claims(quads(f'dk:sues dk:sentencePattern "{pattern}"@en'), NAMES)
    assert (result.severity, result.value) == (Severity.VIOLATION, pattern)
    assert result.focus_node == DK.sues.value


def test_patterns_with_known_places_pass() -> None:
    texts = '"{subject} [is|is not] {degree} {object}"@en , "{subject} [began|did not begin] {when}"@nb'
    assert check_claims(quads(f"dk:sues dk:sentencePattern {texts}"), NAMES) == ()


@pytest.mark.parametrize(("stated", "told"), [("id:a dk:pays id:b", 1), ("id:a dk:hires id:b", 0)])
def test_what_follows_from_a_misfit_is_not_told_beside_it(stated: str, told: int) -> None:
    """A shape tells that the subject of what is stated doesn't fit."""
    hints = "dk:knows schema:domainIncludes dk:Person . dk:hires schema:domainIncludes dk:Person . id:a a dk:Document"
    known = check_hints(quads(f"{stated} . {hints}"), quads("id:a dk:knows id:b"), NAMES)
    assert len(known) == told
    assert all("It is inferred that id:a dk:knows id:b" in result.message for result in known)
