"""Claims written out as sentences, in each language."""

import re
import tomllib
from dataclasses import replace
from itertools import combinations

import pytest
from pyoxigraph import Literal

from claims.given import DATA, FACT, NAMES, derived, labels, ontology, patterns, read
from digitech_kg.claims.clauses import parse_pattern, read_sentence_patterns
from digitech_kg.claims.labels import read_labels
from digitech_kg.claims.languages import LANGUAGES
from digitech_kg.claims.languages.english import is_plural
from digitech_kg.claims.model import read_claims
from digitech_kg.claims.reserves import AXES, Axis
from digitech_kg.claims.writer import write_sentences
from digitech_kg.namespaces import DK

CASES: dict[str, dict[str, str]] = tomllib.loads((DATA / "sentences.toml").read_text(encoding="utf-8"))
#: A claim that others name as their condition or reason.
WHY = "dk:subject id:companies ; dk:predicate dk:uses ; dk:object id:lacquer ; dk:negated true"
USE = "a dk:Claim ; dk:subject id:companies ; dk:predicate dk:uses ; dk:object id:lacquer"
GROUND = f"""note-claim:why a dk:Claim ; {WHY} . note-claim:supposed {USE} ; dk:mood dk:hypothesis .
note-claim:held {USE} ; dk:mood dk:norm ; dk:heldBy id:critic ."""
PLURALS = [
    "companies listed in the table",
    "Chinese politicians",
    "hacking operations linked to a state",
    "people in China",
    "gaming apps",
    "Alibaba's shopping platforms",
    "those alleging ties to a party",
    "growing digital markets",
    "ongoing US projects on ports",
    "recurring and final reports",
    "some countries other than China",
]
SINGULARS = [
    "United States",
    "Chinese digi-tech politics",
    "promoting joint European interests",
    "combination of rules and incentives",
    "series of four briefs",
    "Fortune Global 500",
    "Recommendation 4: stay invested in bodies",
    "digitalisation",
    "US lobbying",
    "5G",
]
WITH_ARTICLE = [
    "Regulator",
    "North Islands",
    "European Commission",
    "United States",
    "Norwegian Ministry of Education and Research",
    "University of Bergen",
    "growth of trade",
    "restriction or exclusion of suppliers",
    "belief that the firm is owned by its workers",
    "largest companies",
    "second report on 5G",
    "ban on transactions",
]
WITHOUT_ARTICLE = [
    "Huawei",
    "Bank of China",
    "Executive Order 14032",
    "employees of a firm",
    "digital security",
    "trade with resources",
    "China's position",
    "Jack Ma's critical comments",
    "an open and fair environment",
    "other states' sovereignty over data",
    "promoting joint European interests",
    "third countries with risky laws",
]
QUANTITIES = {
    ("{object} euros", "1234567.5", "about 1,234,567.5 euros"),
    ("{object} kilometres", "1170", "about 1,170 kilometres"),
    ("as in {object}", "2018", "as in about 2018"),
}


#: Axes that tell about the claim, not what it says.
SILENT = {DK.cue, DK.limitQuantifier, DK.limitsApply, DK.passagesStateIt, DK.salience}

#: What some axes are about.
BESIDE = {DK.precision: 'dk:objectCount "3"', DK.holderQuantifier: "dk:heldBy id:critic"}


def values_of(axis: Axis) -> tuple[object, ...]:
    """Return all values of an axis, or one of those that it may have."""
    return axis.values or ('"3"' if axis.property in (DK.subjectCount, DK.objectCount) else "id:norway",)


def sentence(said: str = "", fact: str = FACT, language: str = "en", rest: str = "", issued: str = "") -> str:
    claims = read_claims(read(f"note-claim:c a dk:Claim ; {fact} ; {said} . {GROUND} {rest}"))
    found = write_sentences(claims, [language], patterns(), replace(labels(), issued=issued))
    return dict(found)[NAMES.claim("note", "c")].value


@pytest.mark.parametrize(
    ("name", "language"), [(n, each) for n, case in CASES.items() for each in LANGUAGES if each in case]
)
def test_reserves_are_said(name: str, language: str) -> None:
    case = CASES[name]
    said, fact, rest = case.get("said", ""), case.get("fact", FACT), case.get("rest", "")
    assert sentence(said, fact, language, rest, case.get("issued", "")) == case[language]


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.thorough)])
def test_every_pair_of_reserves_gives_a_plain_sentence(every: int) -> None:
    pairs = list(combinations((f"{axis.property} {value}" for axis in AXES for value in values_of(axis)), 2))[::every]
    # All are read at once: to read the ground for each takes most of the time.
    each = (f"note-claim:c{number} a dk:Claim ; {FACT} ; {' ; '.join(pair)} ." for number, pair in enumerate(pairs))
    claims = list(read_claims(read(" ".join([*each, GROUND]))))
    said = list(write_sentences(claims, LANGUAGES, patterns(), labels()))
    assert len(said) == len(claims) * len(LANGUAGES) >= len(pairs) * len(LANGUAGES)
    for claim, text in said:
        assert re.fullmatch(r"[A-ZÆØÅ0-9][^{}\[\]|]*\.", text.value), (claim, text)
        assert "  " not in text.value and " ," not in text.value, (claim, text)


@pytest.mark.parametrize("axis", [axis for axis in AXES if axis.property not in SILENT], ids=lambda axis: axis.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_value_of_an_axis_is_said(language: str, axis: Axis) -> None:
    beside = BESIDE.get(axis.property, "")
    said = {sentence(f"{axis.property} {value} ; {beside}", language=language) for value in values_of(axis)}
    assert len(said - {sentence(beside, language=language)}) == len(values_of(axis))
    assert [text for text in said if re.search(r"\([^()]+: ", text)] == [], f"{language}.toml has no words for these"


def test_value_of_no_axis_is_named() -> None:
    assert sentence("dk:mood dk:wish") == "Acme provides paint (mood: wish)."


def test_weaker_of_two_certainties_is_said() -> None:
    assert sentence("dk:certainty dk:probable , dk:possible") == "Acme may provide paint."


def test_comment_written_by_hand_wins_in_its_language() -> None:
    said = 'rdfs:comment "Paint comes from Acme."@en'
    assert sentence(said) == "Paint comes from Acme."
    assert sentence(said, language="nb") == "Acme leverer maling."


def test_incomplete_claim_has_only_the_sentence_written_by_hand() -> None:
    incomplete = read_claims(read('note-claim:c a dk:Claim ; rdfs:comment "Paint."@en .'))
    found = list(write_sentences(incomplete, ["en", "nb"], patterns(), read_labels([])))
    assert found == [(NAMES.claim("note", "c"), Literal("Paint.", language="en"))]


def test_project_in_english_gets_english_sentences_only() -> None:
    names = replace(NAMES, optional_languages=())
    quads = derived(f"note-claim:c a dk:Claim ; {FACT} .", names)
    assert [q.object for q in quads if q.predicate == DK.sentence] == [Literal("Acme provides paint.", language="en")]


def test_regional_tag_is_kept_and_served_by_its_language() -> None:
    claims = read_claims(read(f"note-claim:c a dk:Claim ; {FACT} ."))
    found = write_sentences(claims, ["en-GB", "zh-hans"], patterns(), labels())
    assert [text for _, text in found] == [Literal("Acme provides paint.", language="en-GB")]


def test_pattern_that_is_none_is_left_out() -> None:
    quads = read('dk:provides dk:sentencePattern "{subject} provides {object}"@en , "{subject} [a|b] {thing}"@nb .')
    found = read_sentence_patterns(quads)
    assert not found.find(DK.provides, "en")
    assert not found.find(DK.provides, "nb")


@pytest.mark.parametrize(
    "text",
    [
        "{subject} leads",
        "{subject} [leads] {object}",
        "{subject} [a|b] [c|d] {object}",
        "{subject} [a|b] {object} {object}",
        "{doer} [a|b] {object}",
    ],
)
def test_pattern_has_one_verb_and_two_places(text: str) -> None:
    assert parse_pattern(text) is None


def test_ground_that_is_not_at_hand_is_called_by_its_name() -> None:
    assert sentence("dk:reason <https://example.org/kg/claim/other/tax-rise>").endswith("because of the tax rise.")


def test_claims_that_name_each_other_as_reason_are_written_once() -> None:
    rest = f"note-claim:d a dk:Claim ; {FACT} ; dk:reason note-claim:c ."
    assert sentence("dk:reason note-claim:d", rest=rest) == "Acme provides paint because Acme provides paint."


def test_braces_in_names_are_left_alone() -> None:
    fact = 'dk:subject id:acme ; dk:predicate dk:title ; dk:value "{subject} {clause}"'
    told = "It is doubtful whether the title of Acme is “{subject} {clause}”."
    assert sentence("dk:certainty dk:doubtful", fact) == told


@pytest.mark.parametrize("noun", PLURALS)
def test_plural_nouns_are_told(noun: str) -> None:
    assert is_plural(noun)


@pytest.mark.parametrize("noun", SINGULARS)
def test_singular_nouns_are_told(noun: str) -> None:
    assert not is_plural(noun)


@pytest.mark.parametrize("label", WITH_ARTICLE)
def test_one_thing_of_a_kind_has_its_article(label: str) -> None:
    assert LANGUAGES["en"].noun(label) == f"the {label}"


@pytest.mark.parametrize("label", WITHOUT_ARTICLE)
def test_other_names_have_no_article(label: str) -> None:
    assert LANGUAGES["en"].noun(label) == label


@pytest.mark.parametrize(("place", "number", "said"), sorted(QUANTITIES))
def test_quantity_is_said_with_its_currency_and_how_exactly_it_is_meant(place: str, number: str, said: str) -> None:
    own = read_sentence_patterns(read(f'dk:value dk:sentencePattern "{{subject}} [costs|does not cost] {place}"@en .'))
    fact = f"dk:subject id:acme ; dk:predicate dk:value ; dk:value {number} ; dk:precision dk:approximate"
    (text,) = write_sentences(read_claims(read(f"note-claim:c a dk:Claim ; {fact} .")), ["en"], own, labels())
    assert text[1].value == f"Acme costs {said}."


def test_thousands_with_a_unit_are_marked_in_norwegian_too() -> None:
    own = read_sentence_patterns(read('dk:value dk:sentencePattern "{subject} [er|er ikke] {object} km lang"@nb .'))
    fact = "dk:subject id:acme ; dk:predicate dk:value ; dk:value 1170"
    (text,) = write_sentences(read_claims(read(f"note-claim:c a dk:Claim ; {fact} .")), ["nb"], own, labels())
    assert text[1].value == "Acme er 1\xa0170 km lang."


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        *[("drag", "dragged"), ("ban", "banned"), ("quiz", "quizzed"), ("step", "stepped")],
        *[("visit", "visited"), ("sow", "sowed"), ("fix", "fixed"), ("load", "loaded"), ("ask", "asked")],
    ],
)
def test_a_verb_of_one_syllable_doubles_its_last_letter_in_the_past(verb: str, told: str) -> None:
    pattern = f'dk:provides dk:sentencePattern "{{subject}} [{verb}s|does not {verb}] {{object}}"@en .'
    own = read_sentence_patterns(read(pattern))
    found = read_claims(read(f'note-claim:c a dk:Claim ; {FACT} ; dk:time "2019"^^edtf:EDTF .'))
    assert dict(write_sentences(found, ["en"], own, labels()))[NAMES.claim("note", "c")].value == (
        f"Acme {told} paint in 2019."
    )


def bundled() -> list[tuple[str, str]]:
    found = ontology()
    return [(q.object.value, q.object.language or "") for q in found if q.predicate == DK.sentencePattern]  # type: ignore[union-attr]


def test_bundled_patterns_can_be_read_and_deny() -> None:
    found = bundled()
    assert len(found) > 250
    for text, language in found:
        clause = parse_pattern(text)
        assert clause is not None, text
        assert LANGUAGES[language].words.negation in clause.denied, text
        assert clause.affirmed != clause.denied


def test_the_languages_have_the_same_tables_of_words() -> None:
    english, norwegian = (vars(LANGUAGES[tag].words) for tag in ("en", "nb"))
    assert english.keys() == norwegian.keys()
    assert english["cues"].keys() == norwegian["cues"].keys()


def test_bundled_predicates_have_a_pattern_in_each_language() -> None:
    quads = [q for q in ontology() if q.predicate == DK.sentencePattern]
    for predicate in {quad.subject for quad in quads}:
        assert {q.object.language for q in quads if q.subject == predicate} == set(LANGUAGES)  # type: ignore[union-attr]
