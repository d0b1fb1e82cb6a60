"""Read comparisons and what their claims say from a dataset, by SPARQL.

Whoever calls hands over a function that answers SELECT queries: the command line has a store, pages have the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.batches import batched
from digitech_kg.comparison.reasons import LANGUAGES
from digitech_kg.namespaces import DCTERMS, DK, OWL, RDF, RDFS, TERMS, Namespaces, is_true

#: Answers a query: a mapping for each solution, from variable to a term that has a `value`; unbound ones are left out.
Rows = Callable[[str], Sequence[Mapping[str, Any]]]


_COMPARISONS: Final = f"""SELECT ?comparison ?kind ?first ?second ?reason WHERE {{ GRAPH %(graph)s {{
  ?comparison a {DK.Comparison} ; {DK.comparisonKind} ?kind ; {DK.firstClaim} ?first ; {DK.secondClaim} ?second ;
    {DK.reasonText} ?reason . FILTER(LANG(?reason) = "%(language)s") }} }}"""
_TEXTS: Final = """SELECT DISTINCT ?thing ?property ?text (LANG(?text) AS ?language) WHERE {
  VALUES ?thing { %(things)s } GRAPH ?graph { ?thing ?property ?text } FILTER(?property IN (%(properties)s)) }"""
_PASSAGES: Final = f"""SELECT DISTINCT ?claim ?passage WHERE {{
  VALUES ?claim {{ %(things)s }} GRAPH ?graph {{ ?claim {DK.statedIn} ?passage }} }}"""
_COUNT: Final = f"SELECT (COUNT(?claim) AS ?count) WHERE {{ GRAPH %(graph)s {{ ?claim a {DK.Claim} }} }}"
_ABOUT: Final = f"""SELECT ?claim ?predicate ?other ?role ?negated ?symmetric WHERE {{ GRAPH ?graph {{
  {{ ?claim {DK.subject} %(thing)s ; {DK.object}|{DK.value} ?other BIND("subject" AS ?role) }}
  UNION {{ ?claim {DK.object} %(thing)s ; {DK.subject} ?other BIND("object" AS ?role) }}
  ?claim {RDF.type} {DK.Claim} ; {DK.predicate} ?predicate OPTIONAL {{ ?claim {DK.negated} ?negated }} }}
  OPTIONAL {{
    GRAPH ?ontology {{ ?predicate {RDF.type} ?symmetric FILTER(?symmetric = {OWL.SymmetricProperty}) }} }} }}"""
_NAMED_THINGS: Final = f"""SELECT DISTINCT ?thing ?label WHERE {{
  GRAPH ?graph {{ ?thing {RDFS.label} ?label }} FILTER(STRSTARTS(STR(?thing), "%(root)s")) }}"""
_IS_KNOWN: Final = "SELECT ?property WHERE { GRAPH ?graph { %(thing)s ?property ?value } } LIMIT 1"


@dataclass(frozen=True, slots=True)
class Label:
    """What something is called, with the language of the text where it is not the reader's."""

    iri: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ComparedClaim:
    """A claim for a reader: its sentence, and where which document says it."""

    claim: str
    sentence: Label
    document: str
    document_label: Label
    passages: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two claims of different documents and what the first is to the second; `kind` is its local name."""

    comparison: str
    kind: str
    reason: str
    first: ComparedClaim
    second: ComparedClaim


@dataclass(frozen=True, slots=True)
class Found:
    """A comparison as the graph has it, before its claims are read."""

    comparison: str
    kind: str
    reason: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim about a thing: what it relates it to, and whether the thing is its subject."""

    claim: str
    predicate: str
    other: str
    is_subject: bool
    negated: bool

    @property
    def point(self) -> tuple[str, bool]:
        """What it tells of the thing, by which other claims tell the like."""
        return self.predicate, self.is_subject

    @property
    def answer(self) -> tuple[str, bool]:
        """What it says on the point."""
        return self.other, self.negated


class ComparisonReader:
    """Reads for one reader, in one language."""

    def __init__(self, rows: Rows, names: Namespaces, graphs: Iterable[str], language: str = "en") -> None:
        """`graphs` are the names of the graphs of the dataset: not every store can be asked for them."""
        self._rows, self._graphs = rows, graphs
        self.names = names
        self.language = language

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents, sorted."""
        return tuple(self.names.graphs.documents_among(self._graphs))

    @cached_property
    def comparisons(self) -> tuple[Found, ...]:
        """All comparisons, contradictions first, sorted."""
        language = self.language if self.language in LANGUAGES else LANGUAGES[0]
        rows = self._rows(_COMPARISONS % {"graph": self.names.graphs.comparison, "language": language})
        found = [
            Found(
                row["comparison"].value,
                row["kind"].value.removeprefix(TERMS),
                row["reason"].value,
                row["first"].value,
                row["second"].value,
            )
            for row in rows
        ]
        return tuple(sorted(found, key=lambda one: (ORDER.get(one.kind, len(ORDER)), one.first, one.second)))

    def claim_count(self, document: str) -> int:
        """Return how many claims a document makes."""
        rows = self._rows(_COUNT % {"graph": self.names.graphs.document(document)})
        return int(rows[0]["count"].value) if rows else 0

    def about(self, thing: str) -> list[Mention]:
        """Return the claims of documents about a thing, sorted; those of sources outside are not among them."""
        rows = self._rows(_ABOUT % {"thing": NamedNode(thing)})
        found = {
            Mention(
                row["claim"].value,
                row["predicate"].value,
                row["other"].value,
                # It says the same of both, whichever comes first.
                row["role"].value == "subject" or "symmetric" in row,
                is_true(row.get("negated")),
            )
            for row in rows
            if self.names.document_of(row["claim"].value) is not None
        }
        return sorted(found, key=lambda mention: (mention.predicate, not mention.is_subject, mention.claim))

    def is_known(self, thing: str) -> bool:
        """Whether any graph says anything of a thing."""
        return bool(self._rows(_IS_KNOWN % {"thing": NamedNode(thing)}))

    def named_things(self) -> list[tuple[str, str]]:
        """Return IRI and label of every thing of the project's own, in all languages."""
        rows = self._rows(_NAMED_THINGS % {"root": f"{self.names.base}id/"})
        return sorted((row["thing"].value, row["label"].value) for row in rows)

    def labels(self, iris: Iterable[str], *properties: NamedNode) -> dict[str, Label]:
        """Return what things are called, by IRI; `properties` are tried in their order."""
        wanted = sorted(set(iris))
        wanted_properties = properties or (RDFS.label, DCTERMS.title)
        found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        given = ", ".join(map(str, wanted_properties))
        for row in self._in_batches(_TEXTS, wanted, properties=given):
            texts = found[row["thing"].value][row["property"].value]
            language = row["language"].value.lower() if "language" in row else ""
            texts[language] = min(row["text"].value, texts.get(language, row["text"].value))
        return {iri: self._label(iri, [found[iri][prop.value] for prop in wanted_properties]) for iri in wanted}

    def read_claims(self, claims: Iterable[str]) -> dict[str, ComparedClaim]:
        """Return claims for a reader, by IRI."""
        wanted = sorted(set(claims))
        sentences = self.labels(wanted, DK.sentence, RDFS.comment)
        passages: dict[str, list[str]] = defaultdict(list)
        for row in self._in_batches(_PASSAGES, wanted):
            passages[row["claim"].value].append(row["passage"].value)
        documents = {claim: self.names.document_of(claim) or "" for claim in wanted}
        called = self.labels(
            [*(p for found in passages.values() for p in found), *map(self.document_iri, documents.values())]
        )
        return {
            claim: ComparedClaim(
                claim,
                sentences[claim],
                documents[claim],
                self._titled(documents[claim], called),
                tuple(called[passage] for passage in sorted(passages[claim])),
            )
            for claim in wanted
        }

    def read_pairs(self, found: Sequence[Found]) -> tuple[Comparison, ...]:
        """Return comparisons with what their claims say."""
        claims = self.read_claims(claim for one in found for claim in (one.first, one.second))
        return tuple(
            Comparison(one.comparison, one.kind, one.reason, claims[one.first], claims[one.second]) for one in found
        )

    def document_label(self, document: str) -> Label:
        """Return the title of a document, or its name."""
        return self._titled(document, self.labels([self.document_iri(document)]))

    def document_iri(self, document: str) -> str:
        """Return the IRI of a document as a thing."""
        return self.names.thing(document).value

    def _titled(self, document: str, called: Mapping[str, Label]) -> Label:
        label = called[self.document_iri(document)]
        return label if label.text != _short(label.iri) else Label(label.iri, document)

    def _label(self, iri: str, by_property: Iterable[Mapping[str, str]]) -> Label:
        for texts in by_property:
            for language in (self.language, "en", "", *sorted(texts)):
                if language in texts:
                    return Label(iri, texts[language], language if language != self.language else "")
        return Label(iri, _short(iri))

    def _in_batches(self, query: str, iris: Sequence[str], **values: str) -> Iterable[Mapping[str, Any]]:
        for batch in batched(iris):
            things = " ".join(str(NamedNode(iri)) for iri in batch)
            yield from self._rows(query % {"things": things, **values})


#: Contradictions first: what a reader wants to know first.
ORDER: Final = {kind: place for place, kind in enumerate(("contradicts", "differsFrom", "firmerThan", "corroborates"))}


def _short(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
