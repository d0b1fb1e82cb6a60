"""What makes the graph say more than a document does, as far as no shape can see it: each fault with its cure.

These checks read the table of reserves, the words of languages, and which graph a claim stands in.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.clauses import parse_pattern
from digitech_kg.claims.languages import LANGUAGES, denies, find_language, read_cue, tells
from digitech_kg.claims.languages.language import Language
from digitech_kg.claims.model import CLAIM_CLASSES, Claim, read_claims
from digitech_kg.claims.reserves import BY_PROPERTY, LIMITS, PREVENTING, QUALITY
from digitech_kg.claims.times import comes_after, is_date, is_time
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DCTERMS, DK, OWL, RDF, RDFS, SKOS, TERMS, Namespaces, local_name, value_of
from digitech_kg.sources.loading import is_nearly_ontology
from digitech_kg.validation.figures import is_numeric, lacks_number, other_times
from digitech_kg.validation.named import Naming, own_sentences, plainer
from digitech_kg.validation.report import Result, fault, warn
from digitech_kg.validation.things import check_hierarchy, check_literals, check_metadata


@dataclass(frozen=True, slots=True)
class Gate:
    """What a claim has to say if its cue shows something: the kinds of cues are in the words of languages."""

    kind: str
    shows: str
    cure: str
    #: The properties that say it, in this or another way.
    said_by: tuple[NamedNode, ...]
    #: The moods, stances and predicates that do.
    moods: tuple[NamedNode, ...] = ()
    predicates: tuple[NamedNode, ...] = ()
    #: Whether a plain fact would leave it out for certain.
    is_sure: bool = False
    #: Whether a claim may have a cue for it, and leave it to others on the passage to say.
    of_text: bool = False


def _terms(names: Iterable[str]) -> tuple[NamedNode, ...]:
    """Return the terms of which gates.toml gives the names, or those of their groups."""
    found = ((DK[name[3:]],) if name.startswith("dk:") else _GROUPS[name] for name in names)
    return tuple(chain.from_iterable(found))


def _gate(table: dict[str, Any]) -> Gate:
    values: dict[str, Any] = {key: _terms(value) if isinstance(value, list) else value for key, value in table.items()}
    return Gate(**values)


_TABLES: Final = tomllib.loads((Path(__file__).parent / "gates.toml").read_text(encoding="utf-8"))
_GROUPS: Final = {"preventing": PREVENTING, "limits": LIMITS}
for _name, _names in _TABLES["groups"].items():
    _GROUPS[_name] = _terms(_names)
_ENDING: Final = _GROUPS["ending"]
#: What cues show, and what says it: in a text, and but for those `of_text` also in each claim that quotes them.
GATES: Final = tuple(map(_gate, _TABLES["gate"]))
_CONTRARY: Final = {kind: _terms(names) for kind, names in _TABLES["contrary"].items()}
#: A quality or a state may itself deny: “not clear” is unclear, “not yet finished” in progress.
_MAY_DENY: Final = (QUALITY, DK.hasEventStatus)
_OF_CLAIMS: Final = frozenset((*BY_PROPERTY, DK.subject, DK.predicate, DK.object, DK.value)).union(
    (DK.negated, DK.elaborates, DK.statedIn, SKOS.scopeNote, RDFS.comment)
)
#: Properties with running text, and those with names, which may keep the words of another language.
_TEXTS: Final = frozenset((RDFS.comment, SKOS.definition, SKOS.scopeNote, DK.otherReading))
_NAMES: Final = frozenset((RDFS.label, SKOS.prefLabel, SKOS.altLabel))
_FEWEST_IN_TEXT: Final = 2
_FEWEST_IN_NAME: Final = 3
_PROPERTY_KINDS: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
_WORD: Final = re.compile(r"\w+")
#: A day, and year, month and day of an EDTF date; a season has no place among the months.
_DAY: Final = re.compile(r"(?<!\d)\d{4}-(?:0\d|1[0-2])-\d\d(?!\d)")
_DATE: Final = re.compile(r"\d{4}|(?<=-)(?:0\d|1[0-2])(?!\d)|(?<=-\d\d-)\d\d")


def check_claims(quads: Iterable[Quad], names: Namespaces, shared: Iterable[Quad] = ()) -> tuple[Result, ...]:
    """Return what is wrong with how claims are put and where they stand, with patterns, and with tags of languages.

    `shared` tells what things and terms are called that `quads` don't describe.
    What would become a plain fact is a Violation, and what may be one, or is kept from it by a reserve, a Warning.
    """
    quads = list(quads)
    found = [
        *_faulty_patterns(quads),
        *_mistagged(quads, names),
        *_misplaced(quads, names),
        *check_metadata(quads, names),
        *check_hierarchy(quads, names),
        *check_literals(quads, names),
    ]
    claims = read_claims(quad for quad in quads if quad.predicate == RDF.type or quad.predicate in _OF_CLAIMS)
    for claim in claims:
        for check in (_unsaid, _contrary, _plain_with_note, _lost_in_comment, _faulty_time):
            found += check(claim)
    found += (*_plain_denials(claims, quads, names), *_plain_of_later(claims, quads, names))
    naming = Naming((*quads, *shared))
    found += (*naming.check_comments(claims), *_denied_in_comment(claims, naming), *_plain_beside_others(claims))
    return (*found, *_without_topic(claims, {quad.subject for quad in quads if quad.predicate == DK.hasTopic}, names))


def explain_cue(cue: str) -> Iterator[str]:
    """Yield what words of a text show, and what says it in a claim.

    >>> list(explain_cue("recommends"))
    ['“recommends” in a text shows advice: dk:mood dk:recommendation or dk:norm.']
    """
    words = read_cue(cue)
    for gate in GATES:
        if gate.kind in words:
            yield f"“{words[gate.kind]}” in a text shows {gate.shows}: {gate.cure}."


def _faulty_patterns(quads: Sequence[Quad]) -> Iterator[Result]:
    """Yield the patterns that can't be filled in; only that of a value or deed, which is no property, has no object."""
    typed = [(quad.subject, quad.object) for quad in quads if quad.predicate == RDF.type]
    values = {term for term, _ in typed} - {term for term, kind in typed if kind in _PROPERTY_KINDS}
    for quad in (quad for quad in quads if quad.predicate == DK.sentencePattern):
        clause = parse_pattern(quad.object.value) if isinstance(quad.object, Literal) else None
        if clause is None or (clause.is_of_value and quad.subject not in values):
            message = (
                "This pattern can't be filled in: write the verb as it affirms and denies, with a place for each side, "
                "such as “{subject} [leads|does not lead] {object}”; {when} may stand for {object}, and {degree} "
                "before a quality."
            )
            yield fault(quad.subject, DK.sentencePattern, quad.object, message)


def _unsaid(claim: Claim) -> Iterator[Result]:
    """Yield the cues that show what the claim says nowhere."""
    for cue in claim.all(DK.cue):
        kinds = read_cue(cue.value) if isinstance(cue, Literal) else ()
        for gate in GATES:
            if gate.kind in kinds and not gate.of_text and not says(claim, gate):
                message = (
                    f"The cue “{cue.value}” shows {gate.shows}, and nothing in the claim says so: add {gate.cure}, or "
                    "quote other words if the claim has it in its predicate or object."
                )
                is_sure = gate.is_sure or (gate.kind == "denial" and claim.predicate not in _MAY_DENY)
                yield (fault if is_sure and claim.is_plain else warn)(claim.iri, DK.cue, cue, message)


def _contrary(claim: Claim) -> Iterator[Result]:
    """Yield the values that say something else than the words that the claim quotes."""
    kinds = read_cue("; ".join(cue.value for cue in claim.all(DK.cue) if isinstance(cue, Literal)))
    about = [_CONTRARY[kind][0] for kind in kinds if kind in _CONTRARY]
    for kind in kinds.keys() & _CONTRARY:
        prop, *values = _CONTRARY[kind]
        for value in claim.all(prop) if about.count(prop) == 1 else ():
            if value in values:
                term = f"dk:{local_name(value.value)}"
                message = f"The claim quotes “{kinds[kind]}”, which isn't {term}: correct it, or quote those that are."
                yield warn(claim.iri, prop, value, message)


def _without_topic(claims: Iterable[Claim], topical: Container[Any], names: Namespaces) -> Iterator[Result]:
    """Yield one warning for the main claims that get no topic, where others do."""
    mains = [claim for claim in claims if not claim.is_external and not claim.all(DK.elaborates)]
    lacking = sorted(claim.iri.value for claim in mains if claim.iri not in topical)
    if lacking and len(lacking) < len(mains):
        others = ", ".join(map(names.shorten, lacking[1:4])) + (" …" if len(lacking) > 4 else "")
        message = (
            f"No page by topic shows this main claim{f', nor {len(lacking) - 1} more: {others}' if others else ''}. "
            "Give what it is about a topic in data/topics/ (dk:hasTopic)."
        )
        yield warn(lacking[0], DK.hasTopic, None, message)


def _lost_in_comment(claim: Claim) -> Iterator[Result]:
    """Yield the comments that leave out what their claim says: they are its sentence wherever it is shown."""
    for comment in own_sentences(claim):
        for what in _left_out(claim, comment.value):
            message = f"This sentence leaves out {what}: say it there, too, or correct the claim."
            yield warn(claim.iri, RDFS.comment, comment, message)


def _left_out(claim: Claim, sentence: str) -> Iterator[str]:
    if claim.is_negated and not tells(sentence, "denial"):
        yield "that the claim denies (dk:negated)"
    if claim.all(DK.certainty) and not tells(sentence, "guess"):
        yield "that the claim is less than sure (dk:certainty)"
    numbers = filter(is_numeric, claim.all(DK.value))
    yield from (f"the number {value.value}" for value in numbers if lacks_number(sentence, value))
    yield from (f"the time {time}" for time in other_times(claim, sentence))


def _denied_in_comment(claims: Sequence[Claim], naming: Naming) -> Iterator[Result]:
    """Yield the comments that deny what their claim publishes as a fact, unless a part or a name in it denies."""
    denied = {main for claim in claims if claim.is_negated for main in claim.all(DK.elaborates)}
    for claim in claims:
        affirms = claim.is_plain and not claim.is_negated and claim.predicate not in _ENDING
        for comment in own_sentences(claim) if affirms and claim.iri not in denied else ():
            if denies(comment.value) and not tells(naming.labels_of(claim), "denial"):
                message = "This sentence denies what the claim affirms: add dk:negated true, or correct the sentence."
                tell = warn if claim.predicate in _MAY_DENY else fault
                yield tell(claim.iri, RDFS.comment, comment, message)


def _plain_beside_others(claims: Iterable[Claim]) -> Iterator[Result]:
    """Yield plain claims beside one that says the same of another thing in the same passage with a reserve."""
    stated = ((passage, claim) for claim in claims if claim.object for passage in claim.passages)
    alike = grouped(((place, one.predicate, one.object, one.is_negated), one) for place, one in stated)
    for claim, other in chain.from_iterable(product(same, same) for same in alike.values()):
        yield from plainer(claim, other)


def _faulty_time(claim: Claim) -> Iterator[Result]:
    """Yield the times with a day that no month has, and those that end before they begin."""
    times = [(prop, value.value) for prop in (DK.time, DK.value) for value in claim.all(prop) if is_time(value)]
    for prop, time in times:
        for day in (day for day in _DAY.findall(time) if not is_date(Literal(day))):
            yield fault(claim.iri, prop, time, f"No calendar has the day {day}: correct it.")
    for time in (time for prop, time in times if prop == DK.time):
        ends = [[int(part) for part in _DATE.findall(end)] for end in time.split("/")]
        if len(ends) == 2 and all(ends) and ends[1] < ends[0][: len(ends[1])]:
            message = "This time ends before it begins: write the beginning before the slash, and the end after it."
            yield fault(claim.iri, DK.time, time, message)


def _plain_of_later(claims: Iterable[Claim], quads: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield what claims tell as it is of a time after their document appeared: one of the two dates may be wrong."""
    issued = {quad.subject: value_of(quad.object).rstrip("~?%") for quad in quads if quad.predicate == DCTERMS.issued}
    for claim in (it for it in claims if it.is_complete and it.predicate not in _GROUPS["wanting"]):
        day = issued.get(names.thing(names.document_of(claim.iri.value) or ""), "")
        is_told = day and not claim.mood and {it.axis.property for it in claim.weakening} <= {DK.time}
        for time in filter(is_time, claim.all(DK.time) if is_told and not claim.is_external else ()):
            if comes_after(Literal(time.value.partition("/")[0]), day):
                message = (
                    f"This plain claim is of {time.value}, and its document appeared on {day}: check dcterms:issued of "
                    "the document and dk:time, or add the dk:mood of what lies ahead, such as dk:prediction."
                )
                yield warn(claim.iri, DK.time, time, message)


def says(claim: Claim, gate: Gate) -> bool:
    put = {*claim.all(DK.mood), *claim.all(DK.stance)}
    puts_it_so = any(map(claim.all, gate.said_by)) or not put.isdisjoint(gate.moods)
    return puts_it_so or claim.predicate in gate.predicates


def _plain_with_note(claim: Claim) -> Iterator[Result]:
    """Yield the scope notes of a plain claim: what they take back, the plain statement doesn't know."""
    for note in claim.all(SKOS.scopeNote) if claim.is_plain else ():
        message = (
            "This claim is published as a plain fact, without its note: if the words can be read otherwise, say so "
            "with dk:otherReading; if the note tells how the claim is written, make it a skos:editorialNote."
        )
        yield warn(claim.iri, SKOS.scopeNote, note, message)


def _plain_denials(claims: Iterable[Claim], quads: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield the plain denials that quote no denying words; of a text in another language nobody here knows these."""
    told = [(quad.graph_name, value_of(quad.object)) for quad in quads if quad.predicate == DCTERMS.language]
    foreign = {names.graphs.document_of(graph) for graph, tag in told if not find_language(tag)}
    for claim in (claim for claim in claims if claim.is_plain and claim.is_negated):
        cues = [value_of(cue) for cue in claim.all(DK.cue)]
        is_known = names.document_of(claim.iri.value) not in foreign
        if not any(tells(cue, "denial") for cue in cues) and (is_known or not cues):
            message = (
                "This is published as a plain denial, and nothing shows that the text denies it: quote the denying "
                "words with dk:cue, or add dk:basis dk:encoderReading if it is read out of the text."
            )
            yield warn(claim.iri, DK.negated, "true", message)


def _misplaced(quads: Sequence[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield what stands in another graph of the project than that of its document: whole claims, or values of them."""
    graphs, told = names.graphs, set[object]()
    whole = {(q.subject, q.graph_name) for q in quads if q.predicate == RDF.type and q.object in CLAIM_CLASSES}
    own = {it for it in {q.graph_name for q in quads} if not graphs.is_derived(it) and not graphs.is_foreign(it)}
    for quad in (q for q in quads if q.graph_name in own):
        iri, graph, key = value_of(quad.subject), quad.graph_name, (quad.subject, quad.graph_name)
        document, here = names.document_of(iri), graphs.document_of(graph) or graphs.source_of(graph)
        if quad.predicate == RDF.type and graph != graphs.ontology:
            yield from _misnamed(quad, names)
        # Topics have words of claims, too.
        is_told = key in told or (here is None and quad.predicate not in _OF_CLAIMS)
        if document and document != here and not is_told:
            told.add(key)
            where = f"the graph of “{here}”" if here else names.shorten(str(graph).strip("<>"))
            what, cure = f"said of {names.shorten(iri)}", f"the graph of “{document}”."
            if key in whole:
                what, cure = f"a claim of “{document}”", f"the other graph, or call it claim/{here or '…'}/…."
            message = f"This is {what}, and it stands in {where}: put it into {cure}"
            yield fault(iri, quad.predicate, quad.object, message)


def _misnamed(quad: Quad, names: Namespaces) -> Iterator[Result]:
    """Yield a claim or thing that nobody finds, as its name is none of the project's, or its class is nearly one."""
    iri, kind = value_of(quad.subject), value_of(quad.object)
    if not kind.startswith(TERMS) and is_nearly_ontology(kind.removesuffix(local_name(kind))):
        yield fault(iri, RDF.type, quad.object, f"The namespace of <{kind}> isn't that of the ontology: write {TERMS}.")
    if kind.startswith(TERMS) and isinstance(quad.subject, NamedNode) and not iri.startswith(names.base):
        message = f"This name doesn't begin with {names.base}, so it isn't found: correct it, or its prefix."
        yield fault(iri, RDF.type, quad.object, message)


def _mistagged(quads: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield texts that have words of another language and none of their own, where they are written by hand.

    One such word is enough in each of two texts that are tagged as each other's language.
    """
    told: dict[Any, list[tuple[Literal, Language, Language, int]]] = defaultdict(list)
    for quad in quads:
        text = quad.object
        if quad.predicate in _TEXTS | _NAMES and isinstance(text, Literal) and text.language:
            own = find_language(text.language)
            if own and not _telling(text.value, own) and not names.graphs.is_derived(quad.graph_name):
                counts = ((other, _telling(text.value, other)) for other in LANGUAGES.values())
                told[quad.subject, quad.predicate] += [(text, own, *found) for found in counts if found[1]]
    for (subject, prop), texts in told.items():
        tell, fewest = (fault, _FEWEST_IN_TEXT) if prop in _TEXTS else (warn, _FEWEST_IN_NAME)
        tags = {(other, own) for _, own, other, _ in texts}
        for text, own, other, count in texts:
            if count >= fewest or (own, other) in tags:
                cure = f"reads like “{other.tag}”: fix its tag, or translate it."
                yield tell(subject, prop, text, f"This text is tagged @{text.language} and {cure}")


def _telling(text: str, language: Language) -> int:
    """Return how many words of a text, and whether its letters, show that it is in a language."""
    words = language.words
    small = sum(word in words.function_words for word in _WORD.findall(text.lower()))
    return small + (not set(words.letters).isdisjoint(text.lower()))
