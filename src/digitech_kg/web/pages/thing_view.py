"""What a page says of one resource: what each document says of it, in main claims, and what is known besides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.book import Book, ClaimEntry, ClaimFilter, Fact, IssueEntry
from digitech_kg.namespaces import DK, SKOS
from digitech_kg.web.http.languages import current_words
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.issues import Dispute, list_disputes
from digitech_kg.web.pages.thing_parts import Facts, Firm, Outside, by_name, group_facts, list_badges, sort_outside
from digitech_kg.web.reading.claim_views import ClaimView, by_weight, load_claims, load_retrieval
from digitech_kg.web.reading.dataset import METADATA, Document, read_documents
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, nothing_about
from digitech_kg.web.reading.reader import MOST_ROWS, GraphReader
from digitech_kg.web.reading.sentences import Group, join_alike, say_who_speaks, tell

#: Main claims of a document that stand open; the others fold out.
_OPEN: Final = 3
#: Those of the document with most claims.
_OPEN_OF_FIRST: Final = 4
_OPEN_OF_FIRM: Final = 1
#: Further names and definitions that a page shows.
_MOST_TEXTS: Final = 100
#: The roles in which claims have to do with a thing, as fields of a filter.
_ROLES: Final = ("subject", "object", "beside")


@dataclass(frozen=True, slots=True)
class SourcedText:
    """A name or definition and the document it comes from; None for one that documents share."""

    text: DisplayValue
    document: Document | None


@dataclass(frozen=True)
class DocumentBlock:
    """What a document says of a thing; `document` is None for claims of no known document."""

    document: Document | None
    #: Main claims about it, those that matter most first.
    mains: Group
    #: Parts of main claims that are about it.
    parts: tuple[ClaimView, ...]
    #: Main claims about other things that name it.
    named: tuple[ClaimView, ...]


@dataclass(frozen=True)
class ThingView:
    """Everything that the page of a resource shows."""

    name: Name
    #: Its name in another script, as language and text.
    other: tuple[str, str] | None
    #: Its IRI without the base of the project.
    path: str
    #: The last part of its IRI; "" for what isn't a thing.
    key: str
    kinds: tuple[Name, ...]
    #: What it is, by what nobody disputes, else as a document has it.
    lead: SourcedText | None
    #: How many documents speak of it, and in how many main claims; "" for what isn't a thing.
    finding: str
    disputes: tuple[Dispute, ...]
    blocks: tuple[DocumentBlock, ...]
    firms: tuple[Firm, ...]
    #: Documents that do not speak of it.
    silent: tuple[Document, ...]
    outside: Outside
    #: Things of which documents say the same, to compare it with.
    alike: tuple[Name, ...]
    #: What is known of it as a document, if its passages are in the graph.
    entry: Document | None
    labels: tuple[tuple[str, str], ...]
    aliases: tuple[SourcedText, ...]
    definitions: tuple[SourcedText, ...]
    facts: Mapping[str, Facts]
    pointing: tuple[tuple[Name, tuple[Name, ...]], ...]
    #: When what a source says was fetched, by the source's IRI.
    retrieved: dict[str, str]
    part: int
    parts: int


@dataclass(frozen=True)
class _Found:
    """Everything that one part of a page is made of."""

    facts: list[Fact]
    #: Names and definitions, which every part has.
    texts: list[Fact]
    #: Things that have this one as the value of a property.
    pointing: list[tuple[str, NamedNode]]
    #: The claims in which it has each role.
    roles: Mapping[str, set[str]]
    #: Claims in any role, by IRI.
    entries: Mapping[str, ClaimEntry]
    alike: list[str]
    parts: int

    @property
    def mains(self) -> set[str]:
        """The main claims that it has to do with, if only by a part."""
        return {entry.main or iri for iri, entry in self.entries.items()}

    @property
    def iris(self) -> set[str]:
        facts = (*self.facts, *self.texts)
        values = {fact.value.value for fact in facts if isinstance(fact.value, NamedNode)}
        properties = {fact.property.value for fact in facts} | {prop.value for _, prop in self.pointing}
        return values | properties | {thing for thing, _ in self.pointing} | set(self.alike)


def view_thing(reader: GraphReader, iri: str, part: int = 1) -> ThingView:
    """Read what a part of the page of a resource shows. Raises `NotFound` if the graph holds nothing about it."""
    book, names = reader.book, reader.names
    found, documents = _read(book, iri, part), read_documents(reader)
    ties = _find_firms(book, iri, found) if part == 1 else {}
    of_firms = {*book.outside_claims(ties), *(main for tie in ties.values() for main in tie.mains)} if ties else set()
    naming = {names.thing(fact.document).value for fact in (*found.facts, *found.texts) if fact.document}
    wanted = sorted({*found.entries, *found.mains, *of_firms})
    views, labels = load_claims(reader, wanted, {iri, *naming, *ties, *found.iris})
    said = _by_document(found, views, documents)
    issues = _issues_on(book, found.roles["subject"] | found.roles["object"])
    sides = {claim for issue in issues for one in issue.positions.values() if one.firmness for claim in one.claims}
    blocks = tuple(_block(key, own, found, views, documents, sides) for key, own in said.items() if own)
    firms = tuple(_list_firms(reader, ties, views, said, documents, labels))
    heard = {one.document.key: one.document for firm in firms for one in firm.said.sentences}
    of_firms_only = {key: document for key, document in heard.items() if not said.get(key)}
    silent = tuple(name for key, name in documents.items() if not said[key] and key not in of_firms_only)
    speaking = book.count_by_document(ClaimFilter(about=iri))
    name, things, definitions = labels.name(iri), names.prefixes["id"], _definitions(found.texts, documents, labels)
    entry = next((document for document in documents.values() if document.about.iri == iri), None)
    finding = say_who_speaks(speaking, documents) + _tell_of_firms(of_firms_only.values())
    is_thing = iri.startswith(things)
    return ThingView(
        name=name,
        other=labels.in_another_script(iri),
        path=iri.removeprefix(names.base),
        key=iri.removeprefix(things) if is_thing else "",
        kinds=tuple(map(labels.name, name.kinds)),
        lead=definitions[0] if definitions else None,
        finding=finding if is_thing and documents and not entry else "",
        disputes=list_disputes(book, issues),
        blocks=blocks,
        firms=firms,
        silent=silent if blocks and not entry else (),
        outside=sort_outside(reader, iri, (views[one] for one in found.entries if one in views)),
        alike=tuple(n for n in map(labels.name, found.alike) if set(n.kinds) & set(name.kinds)),
        entry=entry,
        labels=_once(labels.labels(iri)),
        aliases=_aliases(found.texts, documents, labels),
        definitions=definitions,
        # The metadata of a document stand together.
        facts=group_facts([f for f in found.facts if not (entry and f.property in METADATA)], labels, names),
        pointing=by_name(
            (labels.name(prop.value), labels.name(thing))
            for thing, prop in found.pointing
            if not (entry and prop == DK.isPartOf)
        ),
        retrieved=load_retrieval(reader, (view.claim for view in views.values())),
        part=part,
        parts=found.parts,
    )


@dataclass(frozen=True, slots=True)
class _Tie:
    """What ties a firm to another: the claim from outside that tells of the owner, "" for a part; and what is said."""

    claim: str
    mains: Sequence[str]


def _find_firms(book: Book, iri: str, found: _Found) -> dict[str, _Tie]:
    """Return the companies that are part of a company, or that it owns or has shares in, if it is one itself."""
    owned = (entry for key, entry in found.entries.items() if key in found.roles["object"] and not entry.put.document)
    ties = {e.subject: e.iri for e in owned if e.predicate == DK.hasOwner.value and not e.put.firm.denied}
    ties |= {thing: "" for thing, prop in found.pointing if prop == DK.isPartOf}
    kinds = {thing: told.kinds for thing, told in book.describe({iri, *ties}).items()} if ties else {}
    if DK.Company.value not in kinds.get(iri, ()):
        return {}
    firms = [firm for firm in sorted(ties) if DK.Company.value in kinds.get(firm, ())]
    mains = book.mains_on(firms) if firms else {}
    return {firm: _Tie(ties[firm], mains.get(firm, ())) for firm in firms}


def _list_firms(
    reader: GraphReader,
    ties: Mapping[str, _Tie],
    views: Mapping[str, ClaimView],
    said: Mapping[str, object],
    documents: Mapping[str, Document],
    labels: Labels,
) -> Iterator[Firm]:
    """Yield firms with their lists and what is said of them, first by documents that are silent on the thing itself."""
    before = set[str]()
    for iri, tie in ties.items():
        told = [tell(views[main], documents) for main in tie.mains if main in views and main not in before]
        before.update(tie.mains)
        told.sort(key=lambda one: (bool(said.get(one.document.key)), one.claim.subject.iri != iri))
        badges = list_badges(reader, iri, [*views.values()])
        if told or badges:
            yield Firm(labels.name(iri), views.get(tie.claim), badges, Group(tuple(told), shown=_OPEN_OF_FIRM))


def _tell_of_firms(speaking: Collection[Document]) -> str:
    """Return which documents speak of the firms of a thing alone; "" if none does."""
    which = current_words().enumerate([name.text for name in speaking])
    only = ngettext(
        "%(which)s speaks only of its firms.", "%(which)s speak only of its firms.", len(speaking), which=which
    )
    return f" {only}" if speaking else ""


def _by_document(
    found: _Found, views: Mapping[str, ClaimView], documents: Iterable[str]
) -> dict[str, dict[str, ClaimEntry]]:
    """Return the claims that are not from outside by the names of documents, those of no known document last."""
    said: dict[str, dict[str, ClaimEntry]] = {key: {} for key in (*documents, "")}
    for iri, entry in found.entries.items():
        if iri in views and not views[iri].external:
            said[entry.put.document if entry.put.document in said else ""][iri] = entry
    return said


def _block(
    key: str,
    own: Mapping[str, ClaimEntry],
    found: _Found,
    views: Mapping[str, ClaimView],
    documents: Mapping[str, Document],
    sides: set[str],
) -> DocumentBlock:
    """Return what a document says of the thing, first by the claims with which it takes a side on an issue."""
    # A main claim is about the thing if the thing is its subject, or that of a part, or its object.
    ranks = {iri: 2 for iri, entry in own.items() if not entry.main and iri in found.roles["object"]}
    ranks |= {entry.main: 1 for iri, entry in own.items() if entry.main and iri in found.roles["subject"]}
    ranks |= {iri: 0 for iri, entry in own.items() if not entry.main and iri in found.roles["subject"]}
    mains = {entry.main or iri for iri, entry in own.items()}
    # A document that only names it in passing tells this.
    ranks = ranks or dict.fromkeys(mains, 3)
    decisive = {entry.main or iri for iri, entry in own.items() if iri in sides}
    order = {iri: (rank, iri not in decisive, *by_weight(views[iri])) for iri, rank in ranks.items() if iri in views}
    told = [views[iri] for iri in sorted(order, key=order.__getitem__)]
    others = mains - set(ranks)
    shown = _OPEN_OF_FIRST if key == next(iter(documents), "") else _OPEN
    return DocumentBlock(
        documents.get(key),
        Group(tuple(tell(view, documents) for view in join_alike(told)), shown=shown),
        join_alike(_sorted(views[iri] for iri, entry in own.items() if entry.main)),
        join_alike(_sorted(views[iri] for iri in others if iri in views)),
    )


def _sorted(claims: Iterable[ClaimView]) -> list[ClaimView]:
    return sorted(claims, key=lambda claim: (*by_weight(claim), claim.iri))


def _issues_on(book: Book, claims: set[str]) -> list[IssueEntry]:
    """Return the issues on which documents take a position by one of some claims."""
    return [
        issue
        for issue in book.issues.values()
        if any(claims & {position.best, *position.claims} for position in issue.positions.values())
    ]


def _read(book: Book, iri: str, part: int) -> _Found:
    offset, filters = (part - 1) * MOST_ROWS, [ClaimFilter(outside="1", **{role: iri}) for role in _ROLES]
    facts = book.facts(iri, limit=MOST_ROWS + 1, offset=offset)
    pointing = book.pointing(iri, limit=MOST_ROWS + 1, offset=offset)
    told = [book.find_claims(wanted, order="iri", limit=MOST_ROWS + 1, offset=offset) for wanted in filters]
    if not (facts or pointing or any(told)):
        raise nothing_about(iri.removeprefix(book.names.base))
    longest = max(len(facts), len(pointing), *map(len, told))
    if part > 1 or longest > MOST_ROWS:
        longest = max(book.count_facts(iri), book.count_pointing(iri), *map(book.count_claims, filters))
    roles = {role: set(iris[:MOST_ROWS]) for role, iris in zip(_ROLES, told, strict=True)}
    if part == 1:
        roles["beside"] |= {*book.claims_on_objects(iri, DK.advises)}
    return _Found(
        facts[:MOST_ROWS],
        book.facts(iri, properties=(SKOS.altLabel, SKOS.definition), limit=_MOST_TEXTS),
        pointing[:MOST_ROWS],
        roles,
        book.find_entries(set().union(*roles.values())),
        book.alike(iri) if part == 1 else [],
        max(1, -(-longest // MOST_ROWS)),
    )


def _once(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return labels with their languages, one that several languages share only with the first."""
    found = {text: code for code, text in sorted(labels.items(), reverse=True)}
    return tuple(sorted((code, text) for text, code in found.items()))


def _aliases(texts: list[Fact], documents: Mapping[str, Document], labels: Labels) -> tuple[SourcedText, ...]:
    """Return the further names that documents print, each with the document."""
    printed = [text for text in texts if text.property == SKOS.altLabel and not text.is_inferred]
    aliases = dict.fromkeys((labels.value(text.value), text.document) for text in printed)
    return tuple(SourcedText(text, documents.get(document)) for text, document in aliases)


def _definitions(texts: list[Fact], documents: Mapping[str, Document], labels: Labels) -> tuple[SourcedText, ...]:
    """Return one definition of each document, in the reader's language where it can be, those that are shared first."""
    found: dict[str, list[Literal]] = {}
    for text in texts:
        if text.property == SKOS.definition and isinstance(text.value, Literal) and not text.is_inferred:
            found.setdefault(text.document, []).append(text.value)
    return tuple(SourcedText(labels.best(found[document]), documents.get(document)) for document in sorted(found))
