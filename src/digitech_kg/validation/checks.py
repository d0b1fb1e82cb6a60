"""Checks that no shape can make: they read project.toml, the texts of documents, or inferences.

`project.toml` says which languages are required. Hints are `schema:domainIncludes` and `schema:rangeIncludes`: what a
property is meant for. Unlike `rdfs:domain` and `rdfs:range`, they imply nothing. Shapes check claims against them;
inferred triples are checked here, since a transitive property has more inferred values than a shape that counts values
would allow.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.languages import CLAUSE, SCALE, find_language, guess_language, read_cue
from digitech_kg.claims.model import Claim
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import reachable
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import (
    DCTERMS,
    DK,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SH,
    SKOS,
    TERMS,
    VOCABULARIES,
    Namespaces,
    value_of,
)
from digitech_kg.sources.loading import STANDARD_TERMS, STANDARDS, declared_spaces
from digitech_kg.validation.claims import GATES, Gate, says
from digitech_kg.validation.figures import SHARE, other_figures, stray_numbers
from digitech_kg.validation.named import Cited, Naming, Reading
from digitech_kg.validation.report import Result, fault, warn

_TERM_KINDS: Final = frozenset(
    (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
)
#: Terms of these are named by those who publish them.
_STANDARDS: Final = tuple(iri for iri in VOCABULARIES.values() if iri != TERMS)
#: What a claim is read by; passages are named after the place where they stand.
_SENTENCES: Final = (DK.sentence, RDFS.comment)
#: Without one of them there is no sentence, and a shape says so.
_OBJECTS: Final = (DK.object, DK.value)
_NAMES: Final = (*_SENTENCES, RDFS.label, DK.question, SKOS.prefLabel)
_NAMING: Final = frozenset((*_NAMES, *_OBJECTS, DK.predicate, RDF.type, RDFS.subClassOf))


def check_languages(quads: Iterable[Quad], names: Namespaces, focus: Set[Any] | None = None) -> Iterator[Result]:
    """Yield a Violation for each thing, claim, issue, topic and term that has no name in a required language.

    Things are members of a class of the ontology, in `graph:things` or the graph of a document, whatever their IRI.
    An issue needs its question too. Only the subjects in `focus` are looked at; None means all.
    """
    quads = [quad for quad in quads if quad.predicate in _NAMING]
    focus = {quad.subject for quad in quads} if focus is None else focus
    view = GraphView(quads)
    claims, things = _named_by(view, focus & set(_members(quads, names)))
    issues = set(view.subjects(RDF.type, DK.Issue))
    concepts = view.subjects(RDF.type, SKOS.Concept)
    topics = {concept for concept in concepts if concept.value.startswith(names.prefixes["topic"])}
    required: tuple[tuple[set[NamedNode], Sequence[NamedNode], str, str], ...] = (
        (set(_terms(quads, names)), (RDFS.label,), "term has no label", "an rdfs:label"),
        (things, (RDFS.label,), "thing has no label", "an rdfs:label"),
        (claims, _SENTENCES, "claim has no sentence", "an rdfs:comment, or dk:sentencePattern to its predicate,"),
        (issues, (RDFS.label,), "issue has no label", "an rdfs:label"),
        (topics, (SKOS.prefLabel,), "topic has no name", "a skos:prefLabel"),
        (issues, (DK.question,), "issue has no question", "a dk:question"),
    )
    kind = SH.MinCountConstraintComponent.value
    for nodes, properties, lack, remedy in required:
        for node in sorted(focus & nodes, key=str):
            there = {tag for prop in properties for tag in view.texts(node, prop)}
            bare = next((texts[""] for prop in properties if "" in (texts := view.texts(node, prop))), None)
            missing = (tag for tag in names.required_languages if tag.lower() not in there)
            for tag in missing:
                message = f"The {lack} in “{tag}”, a language that the project requires: add {remedy} with @{tag}."
                if bare is not None:
                    message = f'The text "{bare}" has no language: write "{bare}"@{tag} if it is in that language.'
                yield fault(node, properties[-1], None, message, constraint=kind)


def _named_by(view: GraphView, members: Iterable[NamedNode]) -> tuple[set[NamedNode], set[NamedNode]]:
    """Return those of the members of classes that need a sentence, claims, and those that need a label, things."""
    kinds = ((DK.Claim, DK.ExternalClaim), (DK.Passage,), (DK.Document,))
    below = (reachable(classes, lambda cls: view.subjects(RDFS.subClassOf, cls)) for classes in kinds)
    claim_classes, passage_classes, document_classes = map(set, below)
    claims, things = set[NamedNode](), set[NamedNode]()
    for node in members:
        classes = set(view.values(node, RDF.type))
        if classes & claim_classes:
            if not view.values(node, DK.predicate) or any(view.values(node, prop) for prop in _OBJECTS):
                claims.add(node)
        elif classes & document_classes and view.texts(node, RDFS.label):
            continue  # It is known by its title, in its own language.
        elif not classes & passage_classes and any(OWL.Class in view.values(cls, RDF.type) for cls in classes):
            things.add(node)
    return claims, things


def _terms(quads: Iterable[Quad], names: Namespaces) -> Iterator[NamedNode]:
    """Yield what the project's ontology declares: no terms of standards, nor of an ontology that it imports."""
    others = _STANDARDS if TERMS.startswith(names.base) else (*_STANDARDS, TERMS)
    for quad in quads:
        if quad.predicate == RDF.type and quad.graph_name == names.graphs.ontology and quad.object in _TERM_KINDS:
            term = quad.subject
            if isinstance(term, NamedNode) and not term.value.startswith(others):
                yield term


def _members(quads: Iterable[Quad], names: Namespaces) -> Iterator[NamedNode]:
    """Return what `graph:things` and the graphs of documents give a class."""
    graphs = names.graphs
    own = cache(lambda g: not graphs.is_derived(g) and (g == graphs.things or graphs.document_of(g)))
    typed = (quad for quad in quads if quad.predicate == RDF.type and own(quad.graph_name))
    return (quad.subject for quad in typed if isinstance(quad.subject, NamedNode))


def tell_unknown(results: Sequence[Result], quads: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield results, but of a thing that nothing describes only this, with what was probably meant by its name."""
    about = {iri for r in results for iri in (r.focus_node, r.value) if iri and iri.startswith(names.prefixes["id"])}
    written = [quad for quad in quads if about and not names.graphs.is_derived(quad.graph_name)]
    described = {value_of(quad.subject) for quad in written}
    yield from (r for r in results if (about - described).isdisjoint((r.focus_node, r.value)))
    for quad in written:
        if isinstance(quad.object, NamedNode) and quad.object.value in about - described:
            yield _unknown(quad, quad.object, described, names)


def find_unknown(
    own: Iterable[Quad], shared: Iterable[Quad], is_described: Callable[[NamedNode], bool], names: Namespaces
) -> tuple[Result, ...]:
    """Return where quads use a term of the ontology or of a standard, or point at a thing, that nothing describes."""
    own = list(own)
    described = STANDARD_TERMS.union(value_of(quad.subject) for quad in (*shared, *own))
    spaces = (TERMS, names.prefixes["id"], *STANDARDS, *declared_spaces(described, names))
    used = ((quad, term) for quad in own for term in (quad.predicate, quad.object) if isinstance(term, NamedNode))
    unknown = ((q, term) for q, term in used if term.value.startswith(spaces) and term.value not in described)
    return tuple(_unknown(quad, term, described, names) for quad, term in unknown if not is_described(term))


def _unknown(quad: Quad, term: NamedNode, described: Set[str], names: Namespaces) -> Result:
    close = names.guess(term.value, described)
    where, mend = "Neither this graph nor graph:things describes", "correct the name, or describe it in graph:things: "
    mend += "in data/things/, with class and labels, also if it is a document with a file of its own."
    if not term.value.startswith(names.prefixes["id"]):
        where, mend = "The ontology does not have", "correct the name, or describe it in graph:ontology."
    if term.value.startswith(STANDARDS):
        where, mend = "Its vocabulary does not have", "correct the name."
    mend = f"did you mean {close}?" if close else mend
    return fault(quad.subject, quad.predicate, quad.object, f"{where} {names.shorten(term.value)}: {mend}")


_HINTING: Final = (RDF.type, RDFS.subClassOf, SCHEMA.domainIncludes, SCHEMA.rangeIncludes)


def check_hints(stated: Iterable[Quad], inferred: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a violation for each inferred triple that does not fit; types may be stated or inferred.

    If a stated triple between two things doesn't fit, a shape reports it, so what follows from it isn't reported again.
    """
    inferred, stated = tuple(inferred), tuple(stated)
    view = GraphView(quad for quad in (*stated, *inferred) if quad.predicate in _HINTING)
    found = list(_misfits(inferred, view))
    pairs = {frozenset((quad.subject, quad.object)) for quad, _, _ in found}
    between = [quad for quad in stated if frozenset((quad.subject, quad.object)) in pairs] if pairs else []
    told = {frozenset((quad.subject, quad.object)) for quad, _, _ in _misfits(between, view)}
    return tuple(_misfit(*each, names) for each in found if frozenset((each[0].subject, each[0].object)) not in told)


def _misfits(quads: Iterable[Quad], view: GraphView) -> Iterator[tuple[Quad, str, set[Any]]]:
    for quad in quads:
        for side, node, hint in (
            ("subject", quad.subject, SCHEMA.domainIncludes),
            ("object", quad.object, SCHEMA.rangeIncludes),
        ):
            wanted = set(view.values(quad.predicate, hint))
            if wanted and not isinstance(node, Literal):
                classes = reachable(view.values(node, RDF.type), lambda cls: view.values(cls, RDFS.subClassOf))
                if wanted.isdisjoint(classes):
                    yield quad, side, wanted


def _misfit(quad: Quad, side: str, wanted: set[Any], names: Namespaces) -> Result:
    subject, predicate, value = (names.shorten(value_of(term)) for term in (quad.subject, quad.predicate, quad.object))
    classes = " or ".join(sorted(names.shorten(cls.value) for cls in wanted))
    message = (
        f"It is inferred that {subject} {predicate} {value}, but the {side} of {predicate} should be a {classes}. "
        "Correct the class of the thing, the claim behind it, or the axiom that leads to it."
    )
    return fault(quad.subject, quad.predicate, quad.object, message)


#: What is never said of the main claim by its parts alone.
_OF_MAINS: Final = ("advice", "forecast", "view", "condition")
#: What may be said of one claim on a sentence alone, even if that is one clause.
_OF_ONE: Final = ("openness", "comparison", "part", "focus", "limit")
#: Passages with no more characters than so many don't tell which text it is.
_SHORT: Final = 12
#: From this many words in a row on, a comment quotes the text. A Chinese character counts as half a word.
LONGEST_QUOTATION: Final = 8
_CHINESE_WEIGHT: Final = 0.5
_TOKEN: Final = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
#: A word with a capital, a number, or a single letter of one.
_OF_NAME: Final = re.compile(r"[A-ZÆØÅ\d]|[a-z]$")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_SPELT_ALIKE: Final = str.maketrans("’‘“”–—‑", "''\"\"---")


def check_against_text(
    quads: Iterable[Quad], document: str, text: str, names: Namespaces, shared: Sequence[Quad] = ()
) -> list[Result]:
    """Return where the graph of a document disagrees with its text; `shared` tells what things are called.

    Reported are a passage at whose place the text says something else, a comment that copies the text, and what
    `check_quotes` finds.
    """
    reading = Reading(quads, document, text, names)
    wrong = sorted(reading.spans.keys() - reading.quotes.keys())
    # Numbers and names of a table stand in other texts, too.
    telling = [iri for iri, (start, end, _) in reading.spans.items() if end - start > _SHORT] or [*reading.spans]
    if wrong and reading.quotes.keys().isdisjoint(telling):
        message = (
            f"None of the {len(telling)} longer passages fits the text: it is another text, or another version of it."
        )
        return [fault(names.thing(document), DK.textHash, None, message)]
    changed = (_wrong_passage(iri, *reading.spans[iri], text) for iri in wrong)
    return [*changed, *check_quotes(reading, shared), *_copied_comments(reading)]


def check_quotes(reading: Reading, shared: Sequence[Quad]) -> Iterator[Result]:
    """Yield the cues, figures and things that cited passages don't have, and the words of passages that no claim says.

    Only passages whose text still has their hash are checked, and only claims that cite no others.
    """
    things = [quad for quad in shared if quad.graph_name == reading.names.graphs.things]
    naming = Naming((*reading.own, *things))
    yield from _lost_words(reading, naming)
    read_as = guess_language(reading.text)
    titles = [value_of(quad.object) for quad in reading.own if quad.predicate in (DCTERMS.title, DK.shortName)]
    for quad in (quad for quad in reading.own if quad.predicate == DCTERMS.language and read_as):
        own = find_language(value_of(quad.object))
        if own and own.tag != read_as:
            yield warn(
                quad.subject, DCTERMS.language, quad.object, f"The text reads like “{read_as}”: correct this tag."
            )
    dates = (value_of(quad.object).rstrip("~") for quad in reading.own if quad.predicate == DCTERMS.issued)
    issued = next(dates, "")
    patterns = [(q.subject, value_of(q.object).lower()) for q in shared if q.predicate == DK.sentencePattern]
    large = {prop for prop, text in patterns if SCALE.search(text)}
    measured = {prop for prop, text in patterns if re.search(r"\{object\} \w", text)}
    measured -= {prop for prop, text in patterns if SHARE.search(text)}
    for claim, cited in reading.cited():
        yield from _absent_cues(claim, cited)
        named = " ; ".join((*titles, naming.labels_of(claim)))
        figures = other_figures(claim, cited, reading, issued, large, measured)
        for prop, value, message in (*figures, *stray_numbers(claim, cited, named)):
            yield warn(claim.iri, prop, value, message)
    yield from naming.check_passages(reading)


def _wrong_passage(iri: str, start: int, end: int, text_hash: str, text: str) -> Result:
    if end > len(text):
        message = f"The passage ends at {end}, and the text has {len(text)} characters: correct the offsets."
        return fault(iri, DK.endOffset, str(end), message)
    message = (
        f"The text from {start} to {end} is not what was hashed: correct dk:startOffset, "
        "dk:endOffset or dk:textHash, or name the version of the text that the passages were cut from."
    )
    return fault(iri, DK.textHash, text_hash, message)


def _lost_words(reading: Reading, naming: Naming) -> Iterator[Result]:
    """Yield a warning for each passage with words of a guess, a denial … that none of the claims on it says.

    A plain claim is reported even beside one that says it, unless the words belong to another clause.
    The holder of a view may have said “will” about something that the claim states in the present tense.
    """
    for iri in sorted(reading.quotes):
        words = read_cue(reading.quotes[iri])
        complete = [claim for claim in reading.citing.get(iri, ()) if claim.is_complete]
        # A supposition says nothing about what is asserted beside it.
        here = [claim for claim in complete if DK.hypothesis not in claim.all(DK.mood)] or complete
        mains = [claim for claim in here if not claim.all(DK.elaborates)] or here
        if all(claim.all(DK.heldBy) for claim in here):
            words.pop("forecast", None)
        for gate in (gate for gate in GATES if here and gate.kind in words):
            saying = mains if gate.kind in _OF_MAINS else here
            told = [it for it in saying if says(it, gate) or gate.kind in read_cue(naming.labels_of(it))]
            careless = _plain_beside(told, here, gate, reading.quotes[iri]) if told else saying[:1]
            no_claim = f"no {'main ' if saying is not here else ''}claim on it says so"
            for claim in careless:
                message = (
                    f"“{words[gate.kind]}” in {iri.rpartition('/')[2]} shows {gate.shows}, and "
                    f"{'this plain claim does not say so' if told else no_claim}: if a claim is about it, add "
                    f"{gate.cure} and quote it with dk:cue."
                )
                yield warn(claim.iri, DK.statedIn, iri, message)


def _plain_beside(told: Sequence[Claim], here: Iterable[Claim], gate: Gate, said: str) -> list[Claim]:
    """Return the plain claims on a passage that leave out what its words show, and others on it say.

    Another clause may say something else, though not of the same things.
    """
    same, is_whole = {claim.triple for claim in told}, gate.kind == "question" or not CLAUSE.search(said.lower())
    careless = (it for it in here if it.is_plain and it not in told and gate.kind not in _OF_ONE)
    return [it for it in careless if it.triple in same or (is_whole and not it.all(DK.elaborates))]


def _absent_cues(claim: Claim, cited: Cited) -> Iterator[Result]:
    for cue in map(value_of, claim.all(DK.cue)):
        if _folded(cue) not in _folded(cited.said):
            message = f"The cue '{cue}' is not in {cited.where}: write it as it is printed there, or cite its passage."
            yield fault(claim.iri, DK.cue, cue, message)


def _folded(text: str) -> str:
    return " ".join(text.translate(_SPELT_ALIKE).casefold().split())


def _copied_comments(reading: Reading) -> Iterator[Result]:
    """Yield the comments of claims that quote more of the text than may be quoted."""
    runs = _runs(reading.text)
    for claim in reading.claims:
        for comment in map(value_of, claim.all(RDFS.comment)):
            # A long name, with its numbers, can't be said otherwise.
            plain_words = {token.casefold() for token in _TOKEN.findall(comment) if not _OF_NAME.match(token)}
            copied = next((run for run in _runs(comment) if run in runs and _is_said(run, plain_words)), None)
            if copied:
                message = f"The comment copies the text ('{' '.join(copied)} …'): say it in words of your own."
                yield fault(claim.iri, RDFS.comment, comment, message)


def _is_said(run: Sequence[str], plain_words: Set[str]) -> bool:
    """Whether more than half of a run are words of the language, and no parts of names."""
    return 2 * sum(token in plain_words for token in run) > len(run)


def _runs(text: str) -> dict[tuple[str, ...], None]:
    """Return all runs of just too many words to quote, in their order."""
    tokens = _TOKEN.findall(_folded(text))
    runs: dict[tuple[str, ...], None] = {}
    for start in range(len(tokens)):
        weight, end = 0.0, start
        while weight < LONGEST_QUOTATION and end < len(tokens):
            weight += _CHINESE_WEIGHT if _CHINESE.match(tokens[end]) else 1.0
            end += 1
        if weight >= LONGEST_QUOTATION:
            runs[tuple(tokens[start:end])] = None
    return runs


def find_twins(quads: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield a warning for each thing that has the label of another in the same language."""
    labelled: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    space = names.prefixes["id"]
    for quad in quads:
        thing = value_of(quad.subject)
        if quad.predicate == RDFS.label and isinstance(quad.object, Literal) and thing.startswith(space):
            labelled[plain(quad.object.value), quad.object.language].add(thing)
    in_order = sorted(labelled.items(), key=str, reverse=True)
    twins = {tuple(sorted(things)): label for (label, _), things in in_order if label and len(things) > 1}
    for (first, *rest), label in sorted(twins.items()):
        others = " and ".join(map(names.shorten, rest))
        message = f"'{label}' is also the label of {others}: use one of them, or give them labels that tell them apart."
        yield warn(first, RDFS.label, label, message)
