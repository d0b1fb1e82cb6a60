"""Checks that no shape can make: what reads project.toml, the texts of documents, or inferences.

Which languages are required stands in `project.toml`. Hints are `schema:domainIncludes` and `schema:rangeIncludes`:
what a property is meant for. Unlike from `rdfs:domain` and `rdfs:range`, nothing follows from them. Shapes hold claims
against them; inferred triples are held against them here, since a transitive property has more values by inference
than a shape that counts values would allow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cache
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.languages import tells_span
from digitech_kg.claims.model import CLAIM_CLASSES, Claim, read_claims
from digitech_kg.claims.passages import Passage, read_passages
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
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.sources.loading import guess_name
from digitech_kg.validation.careless import (
    ROUGH_NUMBER,
    find_lost_words,
    is_numeric,
    lacks_count,
    lacks_number,
    other_times,
)
from digitech_kg.validation.named import Naming
from digitech_kg.validation.report import Result, Severity, fault

_TERM_KINDS: Final = frozenset(
    (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
)
#: Terms of these are named by those who publish them.
_STANDARDS: Final = tuple(iri for iri in VOCABULARIES.values() if iri != TERMS)
#: What a claim is read by; passages are named after the place where they stand.
_SENTENCES: Final = (DK.sentence, RDFS.comment)
_LABELS: Final = (RDFS.label,)
_QUESTIONS: Final = (DK.question,)
#: Without one of them there is no sentence, and a shape says so.
_OBJECTS: Final = (DK.object, DK.value)
_NAMES: Final = (*_SENTENCES, *_LABELS, *_QUESTIONS, SKOS.prefLabel)
_NAMING: Final = frozenset((*_NAMES, *_OBJECTS, DK.predicate, RDF.type, RDFS.subClassOf))


def check_languages(quads: Iterable[Quad], names: Namespaces, focus: Set[Any] | None = None) -> tuple[Result, ...]:
    """Return a Violation for each thing, claim, issue, topic and term that has no name in a required language.

    Things are members of a class of the ontology, in `graph:things` or the graph of a document, whatever their IRI.
    An issue needs its question too. Only the subjects in `focus` are looked at; None means all.
    """
    quads = [quad for quad in quads if quad.predicate in _NAMING]
    focus = {quad.subject for quad in quads} if focus is None else focus
    view = GraphView(quads)
    issues = set(view.subjects(RDF.type, DK.Issue))
    concepts = view.subjects(RDF.type, SKOS.Concept)
    topics = {concept for concept in concepts if concept.value.startswith(names.prefixes["topic"])}
    kinds: dict[str, tuple[set[NamedNode], Sequence[NamedNode], str]] = {
        "term has no label": (set(_terms(quads, names)), _LABELS, "an rdfs:label"),
        "thing has no label": (set(), _LABELS, "an rdfs:label"),
        "claim has no sentence": (set(), _SENTENCES, "an rdfs:comment, or dk:sentencePattern to its predicate,"),
        "issue has no label": (issues, _LABELS, "an rdfs:label"),
        "topic has no name": (topics, (SKOS.prefLabel,), "a skos:prefLabel"),
        "issue has no question": (issues, _QUESTIONS, "a dk:question"),
    }
    claims, passages, documents = (
        _below(view, *classes) for classes in ((DK.Claim, DK.ExternalClaim), (DK.Passage,), (DK.Document,))
    )
    for node in focus & set(_members(quads, names)):
        classes = set(view.values(node, RDF.type))
        if classes & claims:
            if not view.values(node, DK.predicate) or any(view.values(node, prop) for prop in _OBJECTS):
                kinds["claim has no sentence"][0].add(node)
        elif classes & documents and view.texts(node, RDFS.label):
            continue  # It is known by its title, in its own language.
        elif not classes & passages and any(OWL.Class in view.values(cls, RDF.type) for cls in classes):
            kinds["thing has no label"][0].add(node)
    found = []
    for lack, (nodes, properties, remedy) in kinds.items():
        for node in sorted(focus & nodes, key=str):
            there = {tag for prop in properties for tag in view.texts(node, prop)}
            missing = (tag for tag in names.required_languages if tag.lower() not in there)
            found += [_unnamed(node, lack, properties[-1], tag, remedy) for tag in missing]
    return tuple(found)


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


def _below(view: GraphView, *classes: NamedNode) -> set[NamedNode]:
    """Return classes and all narrower ones."""
    return set(reachable(classes, lambda cls: view.subjects(RDFS.subClassOf, cls)))


def _unnamed(node: NamedNode, lack: str, path: NamedNode, tag: str, remedy: str) -> Result:
    message = f"The {lack} in “{tag}”, a language that the project requires: add {remedy} with @{tag}."
    return replace(fault(node.value, path, None, message), constraint=SH.MinCountConstraintComponent.value)


def tell_unknown(results: Sequence[Result], quads: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return results, but of a thing that nothing describes only this, with what was probably meant by its name."""
    about = {iri for r in results for iri in (r.focus_node, r.value) if iri and iri.startswith(names.prefixes["id"])}
    written = [quad for quad in quads if about and not names.graphs.is_derived(quad.graph_name)]
    described = {value_of(quad.subject) for quad in written}
    found = [r for r in results if (about - described).isdisjoint((r.focus_node, r.value))]
    for quad in written:
        if value_of(quad.object) in about - described:
            found.append(_unknown(quad, described, names))
    return tuple(found)


def find_unknown(
    own: Sequence[Quad], shared: Sequence[Quad], is_described: Callable[[NamedNode], bool], names: Namespaces
) -> tuple[Result, ...]:
    """Return where a document points at a thing that no graph describes, whatever the shapes say of its predicate."""
    described, space = {value_of(quad.subject) for quad in (*shared, *own)}, names.prefixes["id"]
    pointing = ((quad, quad.object) for quad in own if isinstance(quad.object, NamedNode))
    unknown = ((q, thing) for q, thing in pointing if thing.value.startswith(space) and thing.value not in described)
    return tuple(_unknown(quad, described, names) for quad, thing in unknown if not is_described(thing))


def _unknown(quad: Quad, described: Set[str], names: Namespaces) -> Result:
    iri = value_of(quad.object)
    close = guess_name(iri, described, names)
    mend = f"did you mean {close}?" if close else "describe it in graph:things, or correct the name."
    message = f"Neither this graph nor graph:things describes {names.shorten(iri)}: {mend}"
    return fault(value_of(quad.subject), quad.predicate, iri, message, term=quad.object)


_HINTING: Final = (RDF.type, RDFS.subClassOf, SCHEMA.domainIncludes, SCHEMA.rangeIncludes)


def check_hints(stated: Iterable[Quad], inferred: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a violation for each inferred triple that does not fit; types may be stated or inferred.

    Of two things nothing is told that only follows from a stated triple of theirs that doesn't fit: a shape tells that.
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
    return fault(value_of(quad.subject), quad.predicate, value_of(quad.object), message)


#: From this many words in a row on, a comment quotes the text. A Chinese character counts as half a word.
LONGEST_QUOTATION: Final = 8
_CHINESE_WEIGHT: Final = 0.5
_TOKEN: Final = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
#: A word with a capital, a number, or a single letter of one.
_OF_NAME: Final = re.compile(r"[A-ZÆØÅ\d]|[a-z]$")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_YEAR: Final = re.compile(r"\d{4}")
_SPELT_ALIKE: Final = str.maketrans("’‘“”–—‑", "''\"\"---")


#: The passages with a place and a hash, by their IRIs.
_Spans = Mapping[str, Passage]


def check_against_text(
    quads: Iterable[Quad], document: str, text: str, names: Namespaces, shared: Iterable[Quad] = ()
) -> list[Result]:
    """Return where the graph of a document disagrees with its text; `shared` tells what things are called.

    Reported are a passage at whose place the text says something else, a comment that copies the text, and what
    `check_quotes` finds.
    """
    own = [quad for quad in quads if quad.graph_name == names.graphs.document(document)]
    spans = _read_spans(own, names.passage(document, "").value)
    wrong = sorted(spans.keys() - _quote(spans, text).keys())
    if wrong and len(wrong) == len(spans):
        message = f"None of the {len(wrong)} passages fits the text: it is another text, or another version of it."
        return [fault(names.thing(document).value, DK.textHash, None, message)]
    changed = (_wrong_passage(iri, spans[iri], text) for iri in wrong)
    return [*changed, *check_quotes(own, document, text, names, shared), *_check_comments(own, text)]


def check_quotes(
    quads: Iterable[Quad], document: str, text: str, names: Namespaces, shared: Iterable[Quad] = ()
) -> tuple[Result, ...]:
    """Return the cues, figures and things that cited passages don't have, and the words of passages that no claim says.

    Looked at are the passages that stand in the text as they were hashed, and the claims that cite no others.
    """
    own = [quad for quad in quads if quad.graph_name == names.graphs.document(document)]
    quotes, claims = _quote(_read_spans(own, names.passage(document, "").value), text), read_claims(own)
    found = list(find_lost_words(claims, quotes))
    language = next((value_of(quad.object) for quad in own if quad.predicate == DCTERMS.language), "")
    dates = (value_of(quad.object).split("-") for quad in own if quad.predicate == DCTERMS.issued)
    issued = [part for date in dates for part in date]
    for claim in claims:
        cited = sorted(map(value_of, claim.passages))
        if cited and quotes.keys() >= set(cited):
            said, where = " ".join(map(quotes.__getitem__, cited)), ", ".join(iri.rpartition("/")[2] for iri in cited)
            found += [*_absent_cues(claim, said, where), *_other_figures(claim, said, where, issued, language)]
    things = [quad for quad in shared if quad.graph_name == names.graphs.things]
    return (*found, *Naming((*own, *things)).check_passages(claims, quotes, language, names))


def _quote(spans: _Spans, text: str) -> dict[str, str]:
    """Return what the passages say, of those that stand in a text as they were hashed."""
    copy = TextCopy(text)
    quotes = ((iri, copy.quote(p.start or 0, p.end or 0, p.text_hash)) for iri, p in spans.items())
    return {iri: quote for iri, quote in quotes if quote is not None}


def _read_spans(quads: Iterable[Quad], space: str) -> dict[str, Passage]:
    """Return the passages with a hash, by their IRIs, which begin with `space`."""
    found = read_passages(quads, space)
    return {p.iri.value: p for p in found if p.start is not None and p.end is not None and p.text_hash}


def _wrong_passage(iri: str, span: Passage, text: str) -> Result:
    if (span.end or 0) > len(text):
        message = f"The passage ends at {span.end}, and the text has {len(text)} characters: correct the offsets."
        return fault(iri, DK.endOffset, str(span.end), message)
    message = (
        f"The text from {span.start} to {span.end} is not what was hashed: correct dk:startOffset, "
        "dk:endOffset or dk:textHash, or name the version of the text that the passages were cut from."
    )
    return fault(iri, DK.textHash, span.text_hash, message)


def _absent_cues(claim: Claim, said: str, where: str) -> Iterator[Result]:
    for cue in map(value_of, claim.all(DK.cue)):
        if _folded(cue) not in _folded(said):
            message = f"The cue '{cue}' is not in {where}: write it as it is printed there, or cite its passage."
            yield fault(claim.iri.value, DK.cue, cue, message)


def _other_figures(claim: Claim, said: str, where: str, issued: Iterable[str], language: str) -> Iterator[Result]:
    """Yield a warning for a number or a time that a passage with others doesn't have, or has less exact or otherwise.

    `issued` has year and month of the document, which it may call "today".
    """
    told: list[tuple[NamedNode, str, str]] = []
    for value in filter(is_numeric, claim.all(DK.value)):
        rough = next(
            (word for word, number in ROUGH_NUMBER.findall(said.lower()) if not lacks_number(number, value)), ""
        )
        if lacks_number(said, value) and not claim.all(DK.basis):
            message = (
                f"The number {value.value} is not in {where}: write the one that stands there, or cite its passage."
            )
            told.append((DK.value, value.value, message))
        elif rough and not claim.all(DK.precision):
            message = (
                f"The text has “{rough}” before the number: add dk:precision dk:approximate, dk:atLeast or dk:atMost."
            )
            told.append((DK.value, value.value, message))
    for prop in (DK.subjectCount, DK.objectCount):
        for count in map(value_of, claim.all(prop)):
            if lacks_count(said, count, language):
                message = (
                    f"The number {count} is not in {where}, which has another: write the one that is counted there."
                )
                told.append((prop, count, message))
    for time in other_times(claim, said, *issued):
        message = f"The time {time} is not in {where}, which has another: correct dk:time, or cite its passage."
        told.append((DK.time, time, message))
    for time in map(value_of, claim.all(DK.time)):
        years = _YEAR.findall(time)
        span = tells_span(said, years[0]) if len(years) == 1 else ""
        if (span == "since" and not time.endswith("/..")) or (span == "by" and not time.startswith(("../", "/"))):
            right = f"{time.strip('./')}/.." if span == "since" else f"../{time.strip('./')}"
            message = (
                f"The text says “{span} {years[0]}”, as a {'beginning' if span == 'since' else 'end'}: write “{right}”."
            )
            told.append((DK.time, time, message))
    for prop, value, message in told:
        yield replace(fault(claim.iri.value, prop, value, message), severity=Severity.WARNING)


def _folded(text: str) -> str:
    return " ".join(text.translate(_SPELT_ALIKE).casefold().split())


def _check_comments(quads: Sequence[Quad], text: str) -> Iterator[Result]:
    """Yield the comments of claims that quote more of the text than may be quoted."""
    claims = {quad.subject for quad in quads if quad.predicate == RDF.type and quad.object in CLAIM_CLASSES}
    runs = _runs(text)
    for quad in quads:
        if quad.predicate == RDFS.comment and quad.subject in claims:
            comment = value_of(quad.object)
            # A long name, with its numbers, can't be said otherwise.
            plain_words = {token.casefold() for token in _TOKEN.findall(comment) if not _OF_NAME.match(token)}
            copied = next((run for run in _runs(comment) if run in runs and _is_said(run, plain_words)), None)
            if copied:
                message = f"The comment copies the text ('{' '.join(copied)} …'): say it in words of your own."
                yield fault(value_of(quad.subject), RDFS.comment, comment, message)


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


def find_twins(quads: Iterable[Quad], names: Namespaces) -> list[Result]:
    """Return a warning for each thing that has the label of another in the same language."""
    labelled: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    space = names.prefixes["id"]
    for quad in quads:
        thing = value_of(quad.subject)
        if quad.predicate == RDFS.label and isinstance(quad.object, Literal) and thing.startswith(space):
            labelled[plain(quad.object.value), quad.object.language].add(thing)
    twins: dict[tuple[str, ...], str] = {}
    for (label, _), things in sorted(labelled.items(), key=str):
        if len(things) > 1 and label:
            twins.setdefault(tuple(sorted(things)), label)
    return [_twin(things, label, names) for things, label in sorted(twins.items())]


def _twin(things: tuple[str, ...], label: str, names: Namespaces) -> Result:
    others = " and ".join(names.shorten(thing) for thing in things[1:])
    message = f"'{label}' is also the label of {others}: use one of them, or give them labels that tell them apart."
    return replace(fault(things[0], RDFS.label, label, message), severity=Severity.WARNING)
