"""Find the terms for a claim, and claims as blocks of Turtle: those that use a term, and empty ones to fill in.

Terms are classes, predicates, things, and the reserves that a claim can be put with. Names are found however they are
spelt, in all languages, and words of a definition too.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from digitech_kg.claims.clauses import parse_pattern
from digitech_kg.claims.derivation import measure_coverage
from digitech_kg.claims.labels import best_text
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.reserves import AXES, BY_PROPERTY
from digitech_kg.graph_view import GraphView
from digitech_kg.matching.meanings import stem
from digitech_kg.matching.question_words import COMMON
from digitech_kg.matching.ranking import likeness
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SCHEMA, SKOS, Namespaces, local_name, value_of
from digitech_kg.sources.layout import rewrite_turtle

TERM_KINDS: Final = ("class", "predicate", "thing", "reserve")
_CLASSES: Final = frozenset((OWL.Class, RDFS.Class))
_PROPERTIES: Final = frozenset((OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property))
#: A quantity stands on several axes, and mostly on the subject.
_VALUES: Final = {value: axis for axis in (*AXES, BY_PROPERTY[DK.subjectQuantifier]) for value in axis.values}
#: Properties of these describe claims and passages, and aren't predicates of claims.
_STRUCTURE: Final = frozenset((DK.Claim, DK.ExternalClaim, DK.Passage, DK.TableCell, DK.Section))
#: What a word counts in a name, in the examples of a reserve and in a definition. If all are found, none counts less.
_SCORES: Final = (0.9, 0.8, 0.7)
_WHOLE: Final = 0.7
#: Above it, one word may be a slip of another; and so many letters begin a word.
_LIKE: Final = 0.7
_BEGINNING: Final = 4
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """A term of the ontology, or a thing, with what an author must know about it."""

    iri: NamedNode
    kind: str
    #: With its prefix: "dk:provides".
    short: str
    label: str
    definition: str = ""
    #: Further names, in any language.
    names: tuple[str, ...] = ()
    #: What it is used with, as IRIs: of a predicate the classes of subjects and objects, of a thing its own classes.
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    #: Of a reserve, sentences that have it: "may" is in none of its names.
    examples: tuple[str, ...] = ()


def collect_terms(quads: Iterable[Quad], names: Namespaces) -> list[VocabularyTerm]:
    """Return the terms and things that quads describe, by IRI."""
    view = GraphView(quads)
    nodes = {*BY_PROPERTY, *_VALUES, *(node for node in view.all_subjects() if isinstance(node, NamedNode))}
    found = ((iri, kind) for iri in sorted(nodes, key=lambda node: node.value) if (kind := _kind(iri, view, names)))
    return [_term(iri, kind, view, names) for iri, kind in found]


def find_terms(terms: Iterable[VocabularyTerm], text: str, *, kind: str | None = None) -> list[VocabularyTerm]:
    """Return the terms that a text may mean, best first; of a kind of `TERM_KINDS` only, if one is named.

    The text may be the beginning of a short name: "dk:has". If no term has all words, those with some are returned.
    """
    chosen = [term for term in terms if kind in (None, term.kind)]
    begun = [(1.0, term) for term in chosen if ":" in text and term.short.lower().startswith(text.lower())]
    scored = begun or list(_score(chosen, plain(text.rpartition(":")[2])))
    best = max((score for score, _ in scored), default=0.0)
    scored = [(score, term) for score, term in scored if score >= _WHOLE or best < _WHOLE]
    scored.sort(key=lambda row: (-row[0], len(row[1].iri.value), row[1].iri.value))
    return [term for _, term in scored]


def _score(terms: Iterable[VocabularyTerm], text: str) -> Iterator[tuple[float, VocabularyTerm]]:
    """Yield the terms that have some of the words of a text, in any order, each with a score; the same name is best.

    A word may have another ending, or if no term has it a slip. A short one is looked for as a whole: "ban" is not in
    "bank".
    """
    texts = {it: (" ".join((it.label, *it.names)), " ".join(it.examples), it.definition) for it in terms}
    fields = {term: [set(plain(text).split()) for text in own] for term, own in texts.items()}
    known, forms = set[str]().union(*(words for own in fields.values() for words in own)), list[set[str]]()
    for word in [word for word in text.split() if word not in COMMON] or text.split():
        start = next(filter(lambda part: len(part) >= _BEGINNING, (stem(word), word)), f"{word} ")
        close = (it for it in known if len(it) > _BEGINNING and it[0] == word[0] and likeness(it, word) > _LIKE)
        forms.append({it for it in known if f"{it} ".startswith(start)} or set(close))
    for term, own in fields.items():
        places = ((score for field, score in zip(own, _SCORES, strict=True) if field & form) for form in forms)
        found = [next(place, 0.0) for place in places]
        if any(found):
            is_same = text in map(plain, (term.label, *term.names))
            yield 1.0 if is_same else min(found) or _WHOLE * sum(found) / (len(found) + 1), term


def _kind(iri: NamedNode, view: GraphView, names: Namespaces) -> str | None:
    if iri in BY_PROPERTY or iri in _VALUES:
        return "reserve"
    types = view.values(iri, RDF.type)
    if _CLASSES.intersection(types):
        return "class"
    if _PROPERTIES.intersection(types):
        used_with = {NamedNode(value) for value in _used_with(iri, view, "domain")}
        return None if used_with and used_with <= _STRUCTURE else "predicate"
    return "thing" if iri.value.startswith(names.prefixes["id"]) and view.values(iri, RDFS.label) else None


def _term(iri: NamedNode, kind: str, view: GraphView, names: Namespaces) -> VocabularyTerm:
    local = local_name(iri.value)
    spelt = " ".join(_WORDS.findall(local)).lower()
    labels, definitions = view.texts(iri, RDFS.label), view.texts(iri, SKOS.definition)
    patterns = (parse_pattern(text.value) for text in view.values(iri, DK.sentencePattern))
    further = [text.value for prop in (SKOS.altLabel, SKOS.hiddenLabel) for text in view.values(iri, prop)]
    others = [*labels.values(), *further, *(clause.affirmed for clause in patterns if clause), spelt, local]
    label, axis = best_text(labels, names.languages) or spelt, _VALUES.get(iri)
    definition = f"A value of {names.shorten(axis.property.value)}." if axis else ""
    types = sorted(node.value for node in view.nodes(iri, RDF.type) if isinstance(node, NamedNode))
    return VocabularyTerm(
        iri,
        kind,
        names.shorten(iri.value),
        label,
        best_text(definitions, names.languages) or definition,
        tuple(dict.fromkeys(name for name in others if name and name != label)),
        _used_with(iri, view, "domain"),
        _used_with(iri, view, "range"),
        tuple(types) if kind == "thing" else (),
        tuple(map(value_of, view.values(iri, SKOS.example))) if kind == "reserve" else (),
    )


def _used_with(iri: NamedNode, view: GraphView, side: str) -> tuple[str, ...]:
    hints = (*view.values(iri, SCHEMA[f"{side}Includes"]), *view.values(iri, RDFS[side]))
    return tuple(dict.fromkeys(hint.value for hint in hints if isinstance(hint, NamedNode)))


def write_skeletons(
    quads: Iterable[Quad], document: str, names: Namespaces, wanted: Sequence[str], words: Mapping[str, str]
) -> Iterator[str]:
    """Yield a file with a claim to fill in for each passage that nothing cites, or for each that is named in `wanted`.

    Each block stands below what its passage says, if it is in `words`, by IRI. All are comments, so that the file can
    be read from the start.
    """
    of_document = (found.uncovered for found in measure_coverage(quads, names) if found.document == document)
    passages = tuple(names.passage(document, name).value for name in wanted) or next(of_document, ())
    claims = names.claim(document, "")
    spaces = {prefix: names.prefixes[prefix] for prefix in ("dk", "id")}
    spaces |= {names.shorten(node.value)[:-1]: node.value for node in (claims, names.passage(document, ""))}
    yield "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(spaces.items()))
    yield "# Take the # away from the blocks that you have filled in. Name each claim by what it says.\n"
    for passage in passages:
        place = passage.rpartition("/")[2].replace(".", "-")
        said = f"# “{words[passage]}”\n" if words.get(passage) else ""
        block = _to_fill_in(names.shorten(f"{claims.value}{place}"), names.shorten(passage))
        yield said + textwrap.indent(block, "# ") + "\n"


def write_skeleton(term: VocabularyTerm, names: Namespaces) -> str:
    """Return a claim to fill in with a term that no claim uses yet; a statement for what leads to claims themselves."""
    name, axis = term.short, _VALUES.get(term.iri)
    subject, predicate, value, reserve = "id:… ;", "dk:… ;", "dk:object id:… ;", ""
    if _STRUCTURE & set(map(NamedNode, term.range)):
        return f"…:… {name} …-claim:… ."
    if term.kind == "predicate":
        of, to = (" or ".join(map(names.shorten, iris)) for iris in (term.domain, term.range))
        subject, predicate = f"{subject}  # {of}" if of else subject, f"{name} ;"
        if to.startswith("xsd:"):
            value = f'dk:value "…"^^{to} ;'.replace("^^xsd:string", "")
        elif to:
            value = f"{value}  # {to}"
    elif term.kind == "reserve":
        reserve = f"{names.shorten(axis.property.value)} {name} ;" if axis else f"{name} dk:… ;"
    else:
        subject = f"{name} ;" if term.kind == "thing" else f"{subject}  # {name}"
    block = _to_fill_in("…-claim:…", "…:…", subject, predicate, value, reserve)
    return f"# No claim uses it yet. Fill in each ….\n{block}"


def _to_fill_in(
    claim: str,
    passage: str,
    subject: str = "id:… ;",
    predicate: str = "dk:… ;",
    value: str = "dk:object id:… ;",
    reserve: str = "",
) -> str:
    lines = ["a dk:Claim ;", f"dk:subject {subject}", f"dk:predicate {predicate}", value, reserve]
    lines = [f"    {line}" for line in (*lines, f"dk:statedIn {passage} ;") if line]
    return "\n".join([claim, *lines, "."])


class Examples:
    """Finds claims that use a term, with what the graphs of their documents say, but no words of a search."""

    def __init__(self, quads: Iterable[Quad], names: Namespaces) -> None:
        quads = list(quads)
        self._names, self._view = names, GraphView(quads)
        own = (quad for quad in quads if names.graphs.document_of(quad.graph_name))
        self._claims = [claim for claim in read_claims(own) if claim.is_complete and not claim.is_external]

    def of(self, term: VocabularyTerm, limit: int = 1) -> list[str]:
        """Return claims that use a term as Turtle, plain and short ones first."""
        found = [claim for claim in self._claims if self._uses(claim, term)]
        found.sort(key=lambda claim: (not claim.is_plain, sum(map(len, claim.values.values())), claim.iri.value))
        return [self._block(claim) for claim in found[:limit]]

    def _uses(self, claim: Claim, term: VocabularyTerm) -> bool:
        if term.kind == "predicate":
            return bool(claim.predicate == term.iri)
        if term.kind == "thing":
            return term.iri in (claim.subject, claim.object)
        if term.kind == "class":
            return term.iri in self._view.values(claim.subject, RDF.type)
        axis = _VALUES.get(term.iri)
        return bool(claim.all(term.iri)) or (axis is not None and term.iri in claim.all(axis.property))

    def _block(self, claim: Claim) -> str:
        triples = [Triple(claim.iri, prop, value) for prop, values in claim.values.items() for value in values]
        text = rewrite_turtle("", "example", triples, self._names)
        return text.partition("\n\n")[2].strip()
