"""What a page says of one resource: what each document claims of it, plain facts, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import DK, RDF, SKOS, Namespaces
from digitech_kg.web.pages.document_parts import ClaimGroups, DocumentPart, ThingClaims, split_by_document
from digitech_kg.web.pages.drawings import Neighbourhood, Strip, draw_neighbourhood, draw_places
from digitech_kg.web.pages.key_questions import list_key_questions
from digitech_kg.web.pages.plain_facts import FactGroups, by_name, group_facts
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.addresses import nothing_about
from digitech_kg.web.reading.browse_queries import MOST_ROWS
from digitech_kg.web.reading.claim_views import (
    ClaimView,
    iris_in,
    load_claims,
    load_claims_of,
    load_retrieval,
    view_claims,
)
from digitech_kg.web.reading.documents import DocumentEntry, is_metadata, list_document_names, list_documents
from digitech_kg.web.reading.filling import fill
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name
from digitech_kg.web.reading.page_queries import query_thing
from digitech_kg.web.reading.reader import GraphReader, Row, iris_of, node, text_of


@dataclass(frozen=True, slots=True)
class SourcedText:
    """A name or definition, and the document from which it is; None for one that documents share."""

    text: DisplayValue
    document: Name | None


@dataclass(frozen=True)
class ThingView:
    """Everything that the page of a resource shows."""

    name: Name
    #: Its IRI without the part that all of the project share.
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
    neighbourhood: Neighbourhood | None
    #: What is known of it as a document, if its passages are in the graph.
    entry: DocumentEntry | None
    #: Claims that are about something else but have its name in their words.
    naming: tuple[ClaimView, ...]
    #: Where documents speak of it or name it.
    places: tuple[Strip, ...]
    #: Things of which documents say the same, to compare it with.
    alike: tuple[Name, ...]
    #: How many claims on this page another document contradicts.
    contradicted: int
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


@dataclass(frozen=True)
class _Rows:
    """Everything that one part of a page is made of."""

    triples: list[Row]
    about: list[Claim]
    towards: list[Claim]
    beside: list[Claim]
    advice: list[Claim]
    pointing: list[Row]
    texts: list[Row]
    parts: int

    @property
    def claims(self) -> list[Claim]:
        return [*self.about, *self.towards, *self.beside, *self.advice]


def view_thing(reader: GraphReader, iri: str, language: str, part: int = 1) -> ThingView:
    """Read what a part of the page of a resource shows. Raises `NotFound` if the graph holds nothing about it."""
    found, names = _read(reader, iri, part), reader.names
    graphs = {document for row in found.triples if (document := _document_of(reader, row))}
    wanted = {iri, *graphs} | iris_of([*found.triples, *found.pointing]) | iris_in(reader, found.claims)
    labels = Labels(reader, language, wanted)
    groups = (found.about, found.towards, found.beside, found.advice)
    claims = ThingClaims(*(view_claims(reader, group, labels) for group in groups))
    kinds = [text_of(row, "value") for row in found.triples if row["property"] == RDF.type]
    things = names.prefixes["id"]
    entry = _entry(reader, iri, language)
    return ThingView(
        name=labels.name(iri),
        path=iri.removeprefix(names.base),
        key=iri.removeprefix(things) if iri.startswith(things) else "",
        labels=tuple(sorted(labels.labels(iri).items())),
        aliases=_aliases(reader, found.texts, labels),
        definitions=_definitions(reader, found.texts, labels),
        kinds=tuple(labels.name(kind) for kind in labels.name(iri).kinds),
        documents=split_by_document(claims, list_key_questions(reader, kinds, language)),
        outside_claims=claims.outside,
        facts=group_facts([r for r in found.triples if not entry or _is_apart(r, names)], iri, labels, names),
        pointing=by_name(
            (labels.name(text_of(row, "property")), labels.name(text_of(row, "thing")))
            for row in found.pointing
            if not (entry and text_of(row, "property") == DK.isPartOf.value)
        ),
        neighbourhood=(
            draw_neighbourhood(labels.name(iri), (*claims.about, *claims.towards), things) if part == 1 else None
        ),
        entry=entry,
        naming=_naming(reader, labels.name(iri), claims, language) if part == 1 else (),
        places=draw_places(reader, _passages(found, claims), labels),
        alike=_alike(reader, iri, language) if part == 1 else (),
        contradicted=sum(bool(claim.claim.all(DK.contradicts)) for claim in claims.all),
        retrieved=load_retrieval(reader, found.claims),
        query=query_thing(names, iri),
        part=part,
        parts=found.parts,
    )


def _entry(reader: GraphReader, iri: str, language: str) -> DocumentEntry | None:
    if iri not in list_document_names(reader).values():
        return None
    return next(entry for entry in list_documents(reader, language) if entry.about.iri == iri)


def _is_apart(row: Row, names: Namespaces) -> bool:
    """Whether a triple on a document is none of its metadata, which stand together."""
    return not is_metadata(text_of(row, "property"), names)


def _read(reader: GraphReader, iri: str, part: int) -> _Rows:
    this, offset = node(iri), (part - 1) * MOST_ROWS
    triples = reader.rows(browse_queries.TRIPLES, this=this, limit=MOST_ROWS + 1, offset=offset)
    pointing = reader.rows(browse_queries.INCOMING, this=this, limit=MOST_ROWS + 1, offset=offset)
    patterns = (browse_queries.CLAIMS_ABOUT, browse_queries.CLAIMS_TO, browse_queries.CLAIMS_BESIDE)
    lists = [load_claims(reader, pattern, iri, offset=offset) for pattern in patterns]
    (about, _), (towards, _), (beside, _) = lists
    advice, _ = load_claims(reader, browse_queries.CLAIMS_ABOUT_ADVICE, iri) if part == 1 else ([], False)
    if not (triples or pointing or any(claims for claims, _ in lists)):
        raise nothing_about(iri.removeprefix(reader.names.base))
    is_long = part > 1 or max(len(triples), len(pointing)) > MOST_ROWS or any(more for _, more in lists)
    return _Rows(
        triples[:MOST_ROWS],
        about,
        towards,
        beside,
        advice,
        pointing[:MOST_ROWS],
        reader.rows(browse_queries.TEXTS, this=this),
        _count_parts(reader, this) if is_long else 1,
    )


def _count_parts(reader: GraphReader, this: str) -> int:
    """Return into how many parts the longest list of the page falls."""
    patterns = {
        "claims_about": fill(browse_queries.CLAIMS_ABOUT, this=this),
        "claims_to": fill(browse_queries.CLAIMS_TO, this=this),
        "claims_beside": fill(browse_queries.CLAIMS_BESIDE, this=this),
    }
    counts = [int(text_of(row, "count")) for row in reader.rows(browse_queries.LENGTHS, this=this, **patterns)]
    return max(1, -(-max(counts) // MOST_ROWS))


def _aliases(reader: GraphReader, rows: list[Row], labels: Labels) -> tuple[SourcedText, ...]:
    """Return the further names that documents print, each with the document."""
    found = [
        (labels.value(row["value"]), _document_of(reader, row)) for row in rows if row["property"] == SKOS.altLabel
    ]
    return tuple(SourcedText(text, labels.name(document) if document else None) for text, document in found)


def _definitions(reader: GraphReader, rows: list[Row], labels: Labels) -> tuple[SourcedText, ...]:
    """Return one definition of each document, in the reader's language where it can be, those that are shared first."""
    found: dict[str, list[Literal]] = {}
    for row in rows:
        if row["property"] == SKOS.definition and isinstance(value := row["value"], Literal):
            found.setdefault(_document_of(reader, row), []).append(value)
    best = ((document, labels.best(texts)) for document, texts in sorted(found.items()))
    return tuple(SourcedText(text, labels.name(document) if document else None) for document, text in best)


def _passages(found: _Rows, claims: ThingClaims) -> set[str]:
    """Return the passages that name the thing or state a claim about it."""
    naming = {text_of(row, "thing") for row in found.pointing if row["property"] == DK.mentions}
    return naming | {passage.iri for claim in (*claims.about, *claims.towards) for passage in claim.passages}


def _naming(reader: GraphReader, name: Name, shown: ThingClaims, language: str) -> tuple[ClaimView, ...]:
    """Return the claims that a search for the thing's name finds and that its page does not tell otherwise."""
    told = {claim.iri for claim in shown.all}
    hits = reader.book.search(name.text)
    wanted = [hit.iri for hit in hits if hit.kind == DK.Claim.value and hit.iri not in told and not hit.guessed]
    return load_claims_of(reader, wanted, language)


def _alike(reader: GraphReader, iri: str, language: str) -> tuple[Name, ...]:
    others = [text_of(row, "other") for row in reader.rows(browse_queries.ALIKE, this=node(iri))]
    labels = Labels(reader, language, others)
    return tuple(map(labels.name, others))


def _document_of(reader: GraphReader, row: Row) -> str:
    """Return the IRI of the document to whose graphs a row's belongs, "" for other graphs."""
    graph = row["graph"]
    name = reader.names.graphs.document_of(graph) if isinstance(graph, NamedNode) else None
    return reader.names.thing(name).value if name else ""
