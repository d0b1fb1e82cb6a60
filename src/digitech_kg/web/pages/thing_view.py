"""What the page of a thing shows: the main claims of each document about it, and other facts."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from flask import url_for
from pyoxigraph import Literal, NamedNode

from digitech_kg.book import Book, BookFact, ClaimEntry, ClaimFilter, IssueEntry
from digitech_kg.hooks import links_on
from digitech_kg.iteration import grouped
from digitech_kg.mappings.model import target_of
from digitech_kg.namespaces import DCAT, DK, RDF, RDFS, SD, SH, SKOS, VOID, XSD, Namespaces
from digitech_kg.web.http.languages import _, current_words, ngettext
from digitech_kg.web.pages.issues import list_disputes
from digitech_kg.web.reading.addresses import nothing_about
from digitech_kg.web.reading.claim_views import ClaimView, by_weight, first_time, load_claims, load_retrieval
from digitech_kg.web.reading.dataset import METADATA_PROPERTIES, Document, read_documents, read_embedded_texts, speakers
from digitech_kg.web.reading.labels import Labels, Name, is_written_time
from digitech_kg.web.reading.reader import MOST_ROWS, GraphReader, once_per_version
from digitech_kg.web.reading.sentences import Group, join_alike, pronoun_of, say_who_speaks, tell

#: Main claims of a document that stand open; the others fold out.
_OPEN: Final = 3
#: Those of the document with most claims.
_OPEN_OF_FIRST: Final = 4
_OPEN_OF_FIRM: Final = 1
#: Further names and definitions that a page shows.
_MOST_TEXTS: Final = 100
#: The roles in which claims have to do with a thing, as fields of a filter.
_ROLES: Final = ("subject", "object", "beside")
#: A name or definition and the document it comes from; None for one that documents share.
_Sourced = tuple[Name, Document | None]


def view_thing(reader: GraphReader, iri: str) -> dict[str, object]:
    """Return what the page of a resource shows. Raises `NotFound` if the graph holds nothing about it."""
    names, found = reader.names, _Found(reader, iri)
    documents, labels, definitions = found.documents, found.labels, found.definitions()
    asked, others = found.issues()
    sides = {
        claim for issue in (*asked, *others) for one in issue.positions.values() if one.firmness for claim in one.claims
    }
    blocks = [found.block(key, own, sides) for key, own in found.said.items() if own]
    firms = list(found.firms())
    heard = {one.document for *_firm, said in firms for one in said.sentences}
    quiet = [document for key, document in documents.items() if not found.said[key]]
    silent = [document for document in quiet if document not in heard and not document.is_unfinished]
    name, things, entry = labels.name(iri), names.prefixes["id"], found.document
    # The metadata of a document stand together.
    facts = [fact for fact in found.facts if not (entry and fact.property in METADATA_PROPERTIES)]
    pointing = [(thing, prop) for thing, prop in found.pointing if not (entry and prop == DK.isPartOf)]
    stated, inferred = group_facts(facts, labels, names)
    # A label that several languages share stands only with the first.
    first_language = {text: code for code, text in sorted(labels.labels(iri).items(), reverse=True)}
    return {
        "name": name,
        "other": labels.in_another_script(iri),
        "path": iri.removeprefix(names.base),
        # The last part of the IRI of a thing.
        "key": iri.removeprefix(things) if iri.startswith(things) else "",
        "kinds": list(map(labels.name, name.kinds)),
        # Its definition: one that nobody disputes, else that of a document.
        "lead": definitions[0] if definitions else None,
        "finding": found.finding([document.text for document in quiet if document in heard]),
        "works": _works(reader, iri),
        "disputes": [*list_disputes(reader, asked), *list_disputes(reader, others)],
        "blocks": blocks,
        # Whether some claim is its view, or that of a body of it.
        "has_views": any(iri in spoken_for for spoken_for in speakers(reader).values()),
        "firms": firms,
        "silent": silent if blocks and not entry else (),
        "outside": sort_outside(reader, iri, (found.views[one] for one in found.entries if one in found.views)),
        "alike": [other for other in map(labels.name, found.alike) if set(other.kinds) & set(name.kinds)],
        "entry": entry,
        "labels": sorted((code, text) for text, code in first_language.items()),
        "aliases": found.aliases(),
        "definitions": definitions,
        "facts": stated,
        "inferred": inferred,
        "pointing": by_name((labels.name(prop.value), labels.name(thing)) for thing, prop in pointing),
        "retrieved": load_retrieval(reader, (view.claim for view in found.views.values())),
        "is_cut": found.is_cut,
    }


def _works(reader: GraphReader, iri: str) -> list[tuple[str, list[Document]]]:
    """Return the documents here, and texts within them, that somebody wrote, and others that they published."""
    texts = dict.fromkeys((*read_documents(reader).values(), *read_embedded_texts(reader).values()))
    written = [text for text in texts if iri in {author.iri for author in text.authors}]
    published = [text for text in texts if text not in written and iri in {one.iri for one in text.publishers}]
    return [(title, own) for title, own in ((_("Wrote"), written), (_("Published"), published)) if own]


class _Found:
    """What is known of a resource, read at once."""

    def __init__(self, reader: GraphReader, iri: str) -> None:
        book, names, most = reader.book, reader.names, MOST_ROWS + 1
        self._reader, self._iri = reader, iri
        facts, pointing = book.facts(iri, limit=most), book.pointing(iri, limit=most)
        filters = [ClaimFilter(outside="1", **dict[str, Any]({role: iri})) for role in _ROLES]
        told = [book.find_claims(wanted, order="iri", limit=most) for wanted in filters]
        if not (facts or pointing or any(told)):
            raise nothing_about(book, iri)
        self.is_cut = max(len(facts), len(pointing), *map(len, told)) > MOST_ROWS
        #: What is stated of it, and the things that have it as the value of a property.
        self.facts, self.pointing = facts[:MOST_ROWS], pointing[:MOST_ROWS]
        texts = book.facts(iri, properties=(SKOS.altLabel, SKOS.definition), limit=_MOST_TEXTS)
        self._texts = [text for text in texts if text.graph.startswith(names.graphs.root) and not text.is_inferred]
        #: The claims in which it has each role, and claims in any role, by IRI.
        self.roles = {role: set(iris[:MOST_ROWS]) for role, iris in zip(_ROLES, told, strict=True)}
        self.roles["beside"] |= {*book.claims_on_objects(iri, DK.advises)}
        self.entries = book.find_entries(set().union(*self.roles.values()))
        self.documents, self.alike = read_documents(reader), book.alike(iri)
        #: Itself, if it is a document.
        self.document = next((document for document in self.documents.values() if document.about.iri == iri), None)
        #: The claims from outside that tell who owns its firms, "" for its parts; and the main claims on each firm.
        self._ties = self._find_firms(book)
        self._mains_on = book.mains_on(self._ties) if self._ties else {}
        claims = {*self.entries, *(entry.main_claim for entry in self.entries.values())}
        claims.update(*self._mains_on.values(), book.outside_claims(self._ties) if self._ties else ())
        all_facts = (*self.facts, *self._texts)
        named = {iri, *self._ties, *self.alike, *(fact.property.value for fact in all_facts)}
        named |= {fact.value.value for fact in all_facts if isinstance(fact.value, NamedNode)}
        named |= {names.thing(fact.document).value for fact in all_facts if fact.document}
        named.update(*((thing, prop.value) for thing, prop in self.pointing))
        self.views, self.labels = load_claims(reader, sorted(claims), named)
        #: Claims that are not from outside by the names of documents, those of no known document last.
        self.said: dict[str, dict[str, ClaimEntry]] = {key: {} for key in (*self.documents, "")}
        for key, entry in self.entries.items():
            if key in self.views and not self.views[key].external:
                self.said[entry.put.document if entry.put.document in self.said else ""][key] = entry

    def _find_firms(self, book: Book) -> dict[str, str]:
        """Return the companies that are part of a company, or that it owns or has shares in, if it is one itself."""
        owned = (e for key, e in self.entries.items() if key in self.roles["object"] and not e.put.document)
        ties = {e.subject: e.iri for e in owned if e.predicate == DK.hasOwner.value and not e.put.firm.denied}
        ties |= {thing: "" for thing, prop in self.pointing if prop == DK.isPartOf}
        kinds = {thing: told.kinds for thing, told in book.describe({self._iri, *ties}).items()} if ties else {}
        if DK.Company.value not in kinds.get(self._iri, ()):
            return {}
        return {firm: ties[firm] for firm in sorted(ties) if DK.Company.value in kinds.get(firm, ())}

    def firms(self) -> Iterator[tuple[Name, ClaimView | None, list[ClaimView], Group]]:
        """Yield firms, each with what ties it, its lists, and what is said of it.

        What documents say that are silent on the thing itself comes first.
        """
        before = {entry.main_claim for own in self.said.values() for entry in own.values()}
        for iri, tie in self._ties.items():
            mains = [main for main in self._mains_on.get(iri, ()) if main in self.views and main not in before]
            before.update(mains)
            told = [tell(self.views[main], self.documents) for main in mains]
            told.sort(key=lambda one: (bool(self.said.get(one.document.key)), one.claim.subject.iri != iri))
            badges = [badge for _title, own in list_badges(self._reader, iri, self.views.values()) for badge in own]
            if badges or self._mains_on.get(iri):
                yield self.labels.name(iri), self.views.get(tie), badges, Group(tuple(told), shown=_OPEN_OF_FIRM)

    def finding(self, of_firms: list[str]) -> str:
        """Return how many documents speak of it, and which of them only of its firms; "" if nobody asks for that."""
        reader, name = self._reader, self.labels.name(self._iri)
        speaking = reader.book.count_by_document(ClaimFilter(about=self._iri))
        # Nobody asks what documents say of a source, which may be the text of one of them.
        is_asked_of = bool(speaking) or DK.Source.value not in name.kinds
        if self.document or not (self.documents and is_asked_of and self._iri.startswith(reader.names.prefixes["id"])):
            return ""
        told, which = say_who_speaks(speaking, self.documents, pronoun_of(name)), current_words().enumerate(of_firms)
        only = ngettext(
            "%(which)s speaks only of its firms.", "%(which)s speak only of its firms.", len(of_firms), which=which
        )
        return f"{told} {only}" if of_firms else told

    def issues(self) -> tuple[list[IssueEntry], list[IssueEntry]]:
        """Return the issues whose question names the thing, and those on which a claim that takes a side does.

        A main claim names it by a part.
        """
        own = self.roles["subject"] | self.roles["object"]
        mains = {entry.main for iri, entry in self.entries.items() if iri in own}
        asked, others = list[IssueEntry](), list[IssueEntry]()
        for issue in self._reader.book.issues.values():
            listed = {*issue.listed["affirms"], *issue.listed["denies"]}
            best = {claim for one in issue.positions.values() for claim in (one.best, *one.claims)}
            if self.labels.is_named_in(issue.question.values(), self._iri):
                asked.append(issue)
            elif own & (listed | best) or mains & listed:
                others.append(issue)
        return asked, others

    def block(self, key: str, own: Mapping[str, ClaimEntry], sides: set[str]) -> dict[str, object]:
        """Return what a document says of the thing, first by the claims with which it takes a side on an issue."""
        views, subjects = self.views, self.roles["subject"]
        # A main claim is about the thing if the thing is its subject, or that of a part, or its object.
        ranks = {iri: 2 for iri, entry in own.items() if not entry.main and iri in self.roles["object"]}
        ranks |= {entry.main: 1 for iri, entry in own.items() if entry.main and iri in subjects}
        ranks |= {iri: 0 for iri, entry in own.items() if not entry.main and iri in subjects}
        mains = {entry.main_claim for entry in own.values()}
        # A document that only names it in passing tells this. Advice is its own subject, and about all that it names.
        advice = {iri: 2 for iri, entry in own.items() if not entry.main and entry.predicate == DK.advises.value}
        ranks = advice | (ranks or dict.fromkeys(mains, 3))
        decisive = {entry.main_claim for iri, entry in own.items() if iri in sides}
        order = {
            iri: (rank, iri not in decisive, *by_weight(views[iri]), iri) for iri, rank in ranks.items() if iri in views
        }
        told = join_alike(views[iri] for iri in sorted(order, key=order.__getitem__))
        shown = _OPEN_OF_FIRST if key == next(iter(self.documents), "") else _OPEN
        return {
            "document": self.documents.get(key),
            "mains": Group(tuple(tell(view, self.documents) for view in told), shown=shown),
            # Parts of main claims that are about it, and main claims about other things that name it.
            "parts": self._sorted(iri for iri, entry in own.items() if entry.main),
            "named": self._sorted(mains - set(ranks)),
        }

    def _sorted(self, claims: Iterable[str]) -> tuple[ClaimView, ...]:
        found = (self.views[iri] for iri in claims if iri in self.views)
        return join_alike(sorted(found, key=lambda claim: (*by_weight(claim), claim.iri)))

    def aliases(self) -> list[_Sourced]:
        """Return the further names that documents print, each with the document."""
        printed = [text for text in self._texts if text.property == SKOS.altLabel]
        aliases = dict.fromkeys((self.labels.value(text.value), text.document) for text in printed)
        return [(text, self.documents.get(document)) for text, document in aliases]

    def definitions(self) -> list[_Sourced]:
        """Return a definition of each document, in the reader's language where it can be, those shared first."""
        found = grouped((text.document, text.value) for text in self._texts if text.property == SKOS.definition)
        return [(self.labels.best(found[document]), self.documents.get(document)) for document in sorted(found)]


#: Shown elsewhere on the page than among the properties.
_TOLD_ABOVE: Final = frozenset((RDFS.label, RDF.type, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, RDFS.comment))
#: Lists of parts of the dataset, by the hundred; each has a page of its own.
_PARTS: Final = frozenset(
    (VOID.classPartition, VOID.propertyPartition, VOID.subset, VOID.dataDump, DCAT.distribution, SD.namedGraph)
)
#: Numbers that only programs read.
_MEASURED: Final = frozenset((XSD.decimal, XSD.double, XSD.float))
_Entry = TypeVar("_Entry")


def sort_outside(reader: GraphReader, iri: str, claims: Iterable[ClaimView]) -> dict[str, object]:
    """Return what sources outside the documents say of a thing, the latest first.

    Badges stand apart, each kind under the heading that the data give it, and so do identifiers and measurements.
    """
    told = sorted((claim for claim in claims if claim.external), key=first_time, reverse=True)
    standings = list_badges(reader, iri, told)
    placed = {claim.iri for _title, badges in standings for claim in badges}
    rest = [claim for claim in told if claim.iri not in placed]
    codes = [claim for claim in rest if _is_code(claim.claim.object)]
    return {"standings": standings, "facts": [claim for claim in rest if claim not in codes], "codes": codes}


def standing_titles(reader: GraphReader) -> dict[str, str]:
    """Return the headings of badges by the IRI of the predicate that they are for."""
    found = _standings(reader)
    return {predicate: title.text for title, predicates in found for predicate in predicates}


def list_badges(reader: GraphReader, iri: str, claims: Iterable[ClaimView]) -> list[tuple[Name, list[ClaimView]]]:
    """Return the claims that tell which lists a thing stands on, the first first, below the headings of the data."""
    listed = (claim for claim in claims if claim.external and claim.subject.iri == iri and claim.object.iri)
    own = sorted(listed, key=first_time)
    found = ((title, [claim for claim in own if claim.predicate.iri in kinds]) for title, kinds in _standings(reader))
    return [(title, badges) for title, badges in found if badges]


@once_per_version
def _standings(reader: GraphReader) -> tuple[tuple[Name, frozenset[str]], ...]:
    """Return the headings of badges that the data give, in their order, each with the predicates that it is for."""
    told = reader.book.values(reader.book.having(DK.answerPredicate), RDFS.label, SH.order, DK.answerPredicate)
    labels, order = Labels(reader, ()), {iri: [value.value for value in told[iri].get(SH.order, ())] for iri in told}
    found = ((told[iri], told[iri].get(DK.answerPredicate, ())) for iri in sorted(told, key=lambda i: (order[i], i)))
    return tuple((labels.best(own.get(RDFS.label, ())), frozenset(term.value for term in of)) for own, of in found)


def _is_code(value: object) -> bool:
    """Whether a value is none that people read: a measurement, an address on the web, or a code without words."""
    if not isinstance(value, Literal):
        return False
    text = value.value
    if value.datatype in _MEASURED or text.startswith(("http:", "https:", "www.")):
        return True
    is_text = value.datatype == XSD.string
    return is_text and not is_written_time(text) and re.search("[a-zæøå]", text) is None and text.isascii()


#: The value of a triple that is no claim, where it is from or leads to, and the address of its proof if it is inferred.
_PlainFact = tuple[Name, str, str]
Facts = tuple[tuple[Name, tuple[_PlainFact, ...]], ...]


def group_facts(facts: Collection[BookFact], labels: Labels, names: Namespaces) -> tuple[Facts, Facts]:
    """Return what is stated of a resource beside claims, and what follows from the ontology."""
    stated, inferred = list[tuple[Name, _PlainFact]](), list[tuple[Name, _PlainFact]]()
    described = (names.graphs.links.value, names.graphs.catalog.value)
    values = grouped((fact.property, fact.value) for fact in facts)
    shown = {prop: set(labels.in_one_language(own)) for prop, own in values.items()}
    for fact in (fact for fact in facts if fact.value in shown[fact.property]):
        is_stated = not fact.is_derived or fact.graph in described
        if fact.is_inferred or (is_stated and fact.property not in _TOLD_ABOVE | _PARTS):
            told = inferred if fact.is_inferred else stated
            told.append((labels.name(fact.property.value), _plain_fact(fact, labels, names)))
    return by_name(stated), by_name(inferred)


def by_name(entries: Iterable[tuple[Name, _Entry]]) -> tuple[tuple[Name, tuple[_Entry, ...]], ...]:
    """Return entries by the name that they come with, each once, the names in alphabetical order."""
    groups = sorted(grouped(entries).items(), key=lambda group: group[0].text.casefold())
    return tuple((name, tuple(dict.fromkeys(own))) for name, own in groups)


def _plain_fact(fact: BookFact, labels: Labels, names: Namespaces) -> _PlainFact:
    note, why = "", ""
    if fact.graph == names.graphs.links.value and (target := target_of(fact.value.value)) is not None:
        note = target.title
    elif fact.graph.startswith(f"{names.graphs.root}external/"):
        note = fact.graph.removeprefix(names.graphs.root)
    elif fact.is_inferred:
        end = fact.value.value if isinstance(fact.value, NamedNode) else str(fact.value)
        for link in links_on("fact", names):
            why = url_for(link.endpoint, subject=fact.subject, predicate=fact.property.value, object=end)
        if fact.document:
            note = labels.name(names.thing(fact.document).value).text
    elif not fact.graph.startswith(names.graphs.root):
        # No check has seen it.
        note = fact.graph or "DEFAULT"
    return labels.value(fact.value), note, why
