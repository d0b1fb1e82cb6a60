"""What a page says of one resource: what each document claims of it, plain facts, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.book import Book, ClaimFilter, Fact
from digitech_kg.claims.model import Claim
from digitech_kg.comparison.reports import OPPOSED
from digitech_kg.namespaces import DK, RDF, SKOS
from digitech_kg.web.pages.thing_parts import (
    ClaimGroups,
    DocumentPart,
    FactGroups,
    ThingClaims,
    by_name,
    group_facts,
    list_key_questions,
    split_by_document,
)
from digitech_kg.web.reading.claim_views import iris_in, load_retrieval, view_claims
from digitech_kg.web.reading.documents import METADATA, DocumentEntry, read_documents
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, nothing_about
from digitech_kg.web.reading.reader import MOST_ROWS, GraphReader, node, query_for_people

_QUERY: Final = """# What the graph says of $this: claims in any role, plain facts, and what follows.
SELECT ?role ?predicate ?other ?sentence ?negated ?certainty ?claim ?passage
WHERE {
  {
    { ?claim dk:subject $this . OPTIONAL { ?claim dk:object|dk:value ?other } BIND("subject" AS ?role) }
    UNION
    { ?claim dk:object $this ; dk:subject ?other . BIND("object" AS ?role) }
    UNION
    {
      VALUES (?link ?role) {
        (dk:heldBy "holder") (dk:condition "condition") (dk:reason "reason") (dk:comparedWith "comparison")
        (dk:limitedToPlace "limit") (dk:limitedToField "limit") (dk:limitedToGroup "limit")
        (dk:attestedBy "source")
      }
      ?claim ?link $this ; dk:subject ?other .
    }
    ?claim dk:predicate ?predicate .
    OPTIONAL { ?claim dk:sentence ?sentence . FILTER(LANGMATCHES(LANG(?sentence), "$language")) }
    OPTIONAL { ?claim dk:negated ?negated }
    OPTIONAL { ?claim dk:certainty ?certainty }
    OPTIONAL { ?claim dk:statedIn ?passage }
  }
  UNION
  {
    GRAPH ?graph { $this ?predicate ?other }
    FILTER(STRENDS(STR(?graph), "/inferred"))
    BIND("inferred" AS ?role)
  }
  UNION
  {
    GRAPH ?graph { $this ?predicate ?other }
    $by_hand
    BIND("fact" AS ?role)
  }
}
ORDER BY DESC(BOUND(?claim)) ?role ?predicate ?claim
"""


@dataclass(frozen=True, slots=True)
class SourcedText:
    """A name or definition and the document it comes from; None for one that documents share."""

    text: DisplayValue
    document: Name | None


@dataclass(frozen=True)
class ThingView:
    """Everything that the page of a resource shows."""

    name: Name
    #: Its IRI without the base of the project.
    path: str
    #: The last part of its IRI; "" for what isn't a thing.
    key: str
    labels: tuple[tuple[str, str], ...]
    aliases: tuple[SourcedText, ...]
    definitions: tuple[SourcedText, ...]
    kinds: tuple[Name, ...]
    documents: tuple[DocumentPart, ...]
    outside_claims: ClaimGroups
    facts: FactGroups
    pointing: tuple[tuple[Name, tuple[Name, ...]], ...]
    #: What is known of it as a document, if its passages are in the graph.
    entry: DocumentEntry | None
    #: Things of which documents say the same, to compare it with.
    alike: tuple[Name, ...]
    #: How many claims on this page another document says the opposite of, flatly or with a reserve.
    disputed: int
    #: When what a source says was fetched, by the source's IRI.
    retrieved: dict[str, str]
    #: A query for what is on the page.
    query: str
    part: int
    parts: int

    @property
    def outside_sources(self) -> tuple[Name, ...]:
        """The sources outside the documents that say something of it."""
        claims = (claim for _, group in self.outside_claims for claim in group)
        return tuple(dict.fromkeys(source for claim in claims for source in claim.sources))

    @property
    def definition(self) -> str:
        """The first definition, for search engines."""
        return self.definitions[0].text.text if self.definitions else ""


#: Further names and definitions that a page shows.
_MOST_TEXTS: Final = 100
#: The roles in which claims have to do with a thing: as fields of `ThingClaims`, and as those of a filter.
_ROLES: Final = {"about": "subject", "towards": "object", "beside": "beside"}


@dataclass(frozen=True)
class _Found:
    """Everything that one part of a page is made of."""

    facts: list[Fact]
    #: Names and definitions, which every part has.
    texts: list[Fact]
    #: Things that have this one as the value of a property.
    pointing: list[tuple[str, NamedNode]]
    #: Claims by role.
    claims: dict[str, list[Claim]]
    alike: list[str]
    parts: int

    @property
    def all_claims(self) -> list[Claim]:
        return [claim for claims in self.claims.values() for claim in claims]

    @property
    def iris(self) -> set[str]:
        """Every IRI in its facts and lists."""
        facts = (*self.facts, *self.texts)
        values = {fact.value.value for fact in facts if isinstance(fact.value, NamedNode)}
        properties = {fact.property.value for fact in facts} | {prop.value for _, prop in self.pointing}
        return values | properties | {thing for thing, _ in self.pointing} | set(self.alike)


def view_thing(reader: GraphReader, iri: str, language: str, part: int = 1) -> ThingView:
    """Read what a part of the page of a resource shows. Raises `NotFound` if the graph holds nothing about it."""
    names = reader.names
    found = _read(reader.book, iri, part)
    documents = {names.thing(fact.document).value for fact in (*found.facts, *found.texts) if fact.document}
    labels = Labels(reader, language, {iri, *documents} | found.iris | iris_in(reader, found.all_claims))
    views = {role: view_claims(reader, claims, labels) for role, claims in found.claims.items()}
    claims, name, things = ThingClaims(**views), labels.name(iri), names.prefixes["id"]
    kinds = [fact.value.value for fact in found.facts if fact.property == RDF.type]
    document = next((key for key, known in reader.book.documents.items() if known == iri), None)
    entry = read_documents(reader, [document], language).get(document) if document else None
    return ThingView(
        name=name,
        path=iri.removeprefix(names.base),
        key=iri.removeprefix(things) if iri.startswith(things) else "",
        labels=tuple(sorted(labels.labels(iri).items())),
        aliases=_aliases(reader, found.texts, labels),
        definitions=_definitions(reader, found.texts, labels),
        kinds=tuple(map(labels.name, name.kinds)),
        documents=split_by_document(claims, list_key_questions(reader, kinds, language)),
        outside_claims=claims.outside,
        # The metadata of a document stand together.
        facts=group_facts([f for f in found.facts if not (entry and f.property in METADATA)], labels, names),
        pointing=by_name(
            (labels.name(prop.value), labels.name(thing))
            for thing, prop in found.pointing
            if not (entry and prop == DK.isPartOf)
        ),
        entry=entry,
        alike=tuple(map(labels.name, found.alike)),
        disputed=sum(any(claim.claim.all(DK[name]) for name in OPPOSED) for claim in claims.all),
        retrieved=load_retrieval(reader, found.all_claims),
        query=query_for_people(names, _QUERY, this=node(iri)),
        part=part,
        parts=found.parts,
    )


def _read(book: Book, iri: str, part: int) -> _Found:
    offset, filters = (part - 1) * MOST_ROWS, {role: ClaimFilter(outside="1", **{f: iri}) for role, f in _ROLES.items()}
    facts = book.facts(iri, limit=MOST_ROWS + 1, offset=offset)
    pointing = book.pointing(iri, limit=MOST_ROWS + 1, offset=offset)
    told = {
        role: book.find_claims(wanted, order="iri", limit=MOST_ROWS + 1, offset=offset)
        for role, wanted in filters.items()
    }
    if not (facts or pointing or any(told.values())):
        raise nothing_about(iri.removeprefix(book.names.base))
    is_long = part > 1 or max(len(facts), len(pointing), *map(len, told.values())) > MOST_ROWS
    told["advice"] = book.claims_on_objects(iri, DK.advises) if part == 1 else []
    told = {role: iris[:MOST_ROWS] for role, iris in told.items()}
    claims = {claim.iri.value: claim for claim in book.claims(iri for iris in told.values() for iri in iris)}
    return _Found(
        facts[:MOST_ROWS],
        book.facts(iri, properties=(SKOS.altLabel, SKOS.definition), limit=_MOST_TEXTS),
        pointing[:MOST_ROWS],
        {role: [claims[iri] for iri in iris if iri in claims] for role, iris in told.items()},
        book.alike(iri) if part == 1 else [],
        _count_parts(book, iri, filters.values()) if is_long else 1,
    )


def _count_parts(book: Book, iri: str, filters: Iterable[ClaimFilter]) -> int:
    """Return into how many parts the longest list of the page falls."""
    longest = max(book.count_facts(iri), book.count_pointing(iri), *map(book.count_claims, filters))
    return max(1, -(-longest // MOST_ROWS))


def _aliases(reader: GraphReader, texts: list[Fact], labels: Labels) -> tuple[SourcedText, ...]:
    """Return the further names that documents print, each with the document."""
    printed = [text for text in texts if text.property == SKOS.altLabel and not text.is_inferred]
    aliases = dict.fromkeys((labels.value(text.value), text.document) for text in printed)
    return tuple(SourcedText(text, _document(reader, document, labels)) for text, document in aliases)


def _definitions(reader: GraphReader, texts: list[Fact], labels: Labels) -> tuple[SourcedText, ...]:
    """Return one definition of each document, in the reader's language where it can be, those that are shared first."""
    found: dict[str, list[Literal]] = {}
    for text in texts:
        if text.property == SKOS.definition and isinstance(text.value, Literal) and not text.is_inferred:
            found.setdefault(text.document, []).append(text.value)
    best = ((document, labels.best(values)) for document, values in sorted(found.items()))
    return tuple(SourcedText(text, _document(reader, document, labels)) for document, text in best)


def _document(reader: GraphReader, name: str, labels: Labels) -> Name | None:
    return labels.name(reader.names.thing(name).value) if name else None
