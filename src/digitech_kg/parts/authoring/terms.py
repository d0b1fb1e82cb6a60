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
from digitech_kg.matching.ranking import Entity, NameIndex, likeness
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SCHEMA, SKOS, Namespaces, local_name, value_of
from digitech_kg.sources.layout import rewrite_turtle

KINDS: Final = ("class", "predicate", "thing", "reserve")
_CLASSES: Final = frozenset((OWL.Class, RDFS.Class))
_PROPERTIES: Final = frozenset((OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property))
#: A quantity stands on several axes, and mostly on the subject.
_VALUES: Final = {value: axis for axis in (*AXES, BY_PROPERTY[DK.subjectQuantifier]) for value in axis.values}
#: Properties of these describe claims and passages, and aren't predicates of claims.
_STRUCTURE: Final = frozenset((DK.Claim, DK.ExternalClaim, DK.Passage, DK.TableCell, DK.Section))
#: Names, the examples of a reserve or a definition that have all the words, or words that begin so, are worth less than
#: a name that is nearly the same: "fund" finds "is funded by".
_SCORES: Final = (80.0, 75.0, 70.0)
#: Below it, names only happen to have some letters in common.
_LOWEST_SCORE: Final = 70.0
#: Above it, a name is the same; and in fewer letters, one slip makes another word: "may" is in no "many".
_SURE_SCORE: Final = 98.0
_FEWEST_LETTERS: Final = 5
_ANOTHER: Final = 3
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the ontology, or a thing, with what an author must know about it."""

    iri: NamedNode
    kind: str
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


def collect_terms(quads: Iterable[Quad], names: Namespaces) -> list[Term]:
    """Return the terms and things that quads describe, by IRI."""
    view = GraphView(quads)
    nodes = {*BY_PROPERTY, *_VALUES, *(node for node in view.all_subjects() if isinstance(node, NamedNode))}
    found = ((iri, kind) for iri in sorted(nodes, key=lambda node: node.value) if (kind := _kind(iri, view, names)))
    return [_term(iri, kind, view, names) for iri, kind in found]


def find_terms(terms: Iterable[Term], text: str, *, kind: str | None = None, limit: int = 5) -> list[Term]:
    """Return the terms that a text may mean, best first; of a kind of `KINDS` only, if one is named."""
    chosen = {term.iri.value: term for term in terms if kind in (None, term.kind)}
    index = NameIndex(Entity(iri, term.label, term.names) for iri, term in chosen.items())
    ranked = ((found.entity.id, found.score) for found in index.rank(text, limit=4 * limit))
    scores = {iri: score for iri, score in ranked if score > _SURE_SCORE or _may_be_meant(chosen[iri], text)}
    if len(text) < _FEWEST_LETTERS:
        scores = {iri: score if score > _SURE_SCORE else _LOWEST_SCORE for iri, score in scores.items()}
    # A short word is looked for as a whole: "ban" is not in "bank".
    words = [word if len(word) > 3 else f"{word} " for word in plain(text).split()]
    for iri, term in chosen.items():
        texts = (" ".join((term.label, *term.names)), " ".join(term.examples), term.definition)
        for text, score in zip(texts, _SCORES, strict=True) if words else ():
            known = f" {plain(text)} "
            if all(f" {word}" in known for word in words):
                scores[iri] = max(scores.get(iri, 0.0), score)
    best = sorted(scores.items(), key=lambda row: (-row[1], len(row[0]), row[0]))
    return [chosen[iri] for iri, score in best[:limit] if score >= _LOWEST_SCORE]


def _may_be_meant(term: Term, text: str) -> bool:
    """Whether a text may be a slip of a name: “harm” is none of “har”, and “lacks” none of “backs”."""
    own = [word for name in (term.label, *term.names) for word in plain(name).split() if len(word) != _ANOTHER]
    return any(a[0] == b[0] and 100 * likeness(a, b) >= _LOWEST_SCORE for a in own for b in plain(text).split())


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


def _term(iri: NamedNode, kind: str, view: GraphView, names: Namespaces) -> Term:
    local = local_name(iri.value)
    spelt = " ".join(_WORDS.findall(local)).lower()
    labels, definitions = view.texts(iri, RDFS.label), view.texts(iri, SKOS.definition)
    patterns = (parse_pattern(text.value) for text in view.values(iri, DK.sentencePattern))
    further = [text.value for prop in (SKOS.altLabel, SKOS.hiddenLabel) for text in view.values(iri, prop)]
    others = [*labels.values(), *further, *(clause.affirmed for clause in patterns if clause), spelt, local]
    label, axis = best_text(labels, names.languages) or spelt, _VALUES.get(iri)
    definition = f"A value of {names.shorten(axis.property.value)}." if axis else ""
    types = sorted(node.value for node in view.nodes(iri, RDF.type) if isinstance(node, NamedNode))
    return Term(
        iri,
        kind,
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


def write_skeleton(term: Term, names: Namespaces) -> str:
    """Return a claim to fill in with a term that no claim uses yet; a statement for what leads to claims themselves."""
    name, axis = names.shorten(term.iri.value), _VALUES.get(term.iri)
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

    def of(self, term: Term, limit: int = 1) -> list[str]:
        """Return claims that use a term as Turtle, plain and short ones first."""
        found = [claim for claim in self._claims if self._uses(claim, term)]
        found.sort(key=lambda claim: (not claim.is_plain, sum(map(len, claim.values.values())), claim.iri.value))
        return [self._block(claim) for claim in found[:limit]]

    def _uses(self, claim: Claim, term: Term) -> bool:
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
