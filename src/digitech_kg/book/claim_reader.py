"""Read claims from a book: find them by a filter, and list how those of different documents compare."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.book.passages import PassageReader
from digitech_kg.book.schema import Term, statement, term_of
from digitech_kg.claims.model import CLAIM_CLASSES, SALIENCES, Claim, Firmness, in_text_order, make_claim
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DCTERMS, DK, RDF, TERMS

#: The orders of a list of claims: those that matter most first, as the texts have them, or by IRI.
ORDERS: Final = {
    "weight": "claim.salience, claim.document, claim.place, claim.name",
    "text": "claim.document, claim.place, claim.name",
    "iri": "term.text",
}
#: The properties by which a thing stands beside what a claim says; what only its sentence names it mentions.
_BESIDE: Final = (*(axis.property for axis in AXES if not axis.values), DK.attestedBy, DK.mentions)

#: What tells by whom a document is, and for whom it speaks.
_BY: Final = (DCTERMS.creator, DCTERMS.publisher, DK.speaksFor)


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims of a document that are put alike, and how many they are."""

    document: str
    firm: Firmness
    #: One of `SALIENCES`.
    salience: str
    #: Whether it elaborates a main claim.
    is_part: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """What a list needs of a claim: what it says, how it is put, and the passages, in the order of the text."""

    iri: str
    #: IRIs; "" in an incomplete claim.
    subject: str
    predicate: str
    #: The thing or literal that the subject is related to; None in an incomplete claim.
    object: Term | None
    is_plain: bool
    passages: tuple[str, ...]
    put: ClaimGroup
    #: The IRI of the main claim that it elaborates; "" for a main claim.
    main: str = ""

    @property
    def main_claim(self) -> str:
        """The IRI of the main claim that it elaborates, or its own."""
        return self.main or self.iri


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """A filter of claims; "" means any. All conditions must hold."""

    #: Keys of the axes, as `Firmness` and `SALIENCES` have them. `document` is the name of one.
    document: str = ""
    kind: str = ""
    certainty: str = ""
    voice: str = ""
    #: "1" for denials, "0" for all else.
    denied: str = ""
    #: "0" for main claims, "1" for those that elaborate one.
    part: str = ""
    #: IRIs of what it says; `thing` is its subject or object.
    subject: str = ""
    object: str = ""
    thing: str = ""
    #: The IRI of a passage that states it.
    passage: str = ""
    #: The IRI of what stands beside what it says: a holder, a limit, a condition, a reason, a source,
    #: or what only its sentence names.
    beside: str = ""
    #: IRIs of those whose view it is. A document's own words are the view of those for whom it speaks: `spoken` has
    #: the names of their documents.
    holders: frozenset[str] = frozenset()
    spoken: tuple[str, ...] = ()
    #: The IRI of a claim that it supports, qualifies, disputes and so on.
    bears_on: str = ""
    #: The IRI of a topic; what is on a topic below it is meant, too.
    topic: str = ""
    #: The IRI of a thing of which a main claim speaks, itself or by a part: as subject, as object or beside what it
    #: says. And words that its sentence has.
    about: str = ""
    words: str = ""
    #: "1" if claims of sources outside the documents are meant too.
    outside: str = ""


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """Two claims of different documents, by IRI, and what the first is to the second, as a local name."""

    iri: str
    kind: str
    first: str
    second: str


class ClaimReader(PassageReader):
    """Reads claims: whole, as lists, and as counts. Values of one property come in the order of the book."""

    def claims(self, iris: Iterable[str]) -> list[Claim]:
        """Return claims with all that is said of them but inferences, in the order of the IRIs, unknown ones left out.

        A claim has its reserves, passages and relations, and its sentence too (`claim.all(DK.sentence)`).
        """
        wanted = list(dict.fromkeys(iris))
        found = self.values(wanted)
        claims = (make_claim(NamedNode(iri), found[iri]) for iri in wanted if iri in found)
        return [c for c in claims if c.all(DK.predicate) or any(cls in c.all(RDF.type) for cls in CLAIM_CLASSES)]

    def find_claims(
        self, wanted: ClaimFilter, *, order: str = "weight", documents: Sequence[str] = (), limit: int = -1
    ) -> list[str]:
        """Return the IRIs of claims that a filter takes, in one of `ORDERS`; without a limit all of them.

        With `documents`, these come in this order instead of from A to Z.
        """
        where, values = self._where(wanted)
        by = ORDERS[order].replace("claim.document", statement("in_turn")) if documents else ORDERS[order]
        found = statement("claims", where=where, order=by)
        return self.column(found, **values, in_turn=json.dumps(list(documents)), limit=limit)

    def count_claims(self, wanted: ClaimFilter) -> int:
        where, values = self._where(wanted)
        return int(self.rows(statement("claim_count", where=where), **values)[0][0])

    def entries(self, wanted: ClaimFilter, *, order: str = "weight") -> list[ClaimEntry]:
        """Return what lists need of all claims that a filter takes, in one of `ORDERS`."""
        where, values = self._where(wanted)
        return self._entries(f"WHERE {where} ORDER BY {ORDERS[order]}", values)

    def find_entries(self, iris: Iterable[str]) -> dict[str, ClaimEntry]:
        """Return what lists need of claims, by IRI; unknown ones are left out."""
        found = self._entries(statement("these_entries"), {"iris": json.dumps(sorted(set(iris)))})
        return {entry.iri: entry for entry in found}

    @cached_property
    def claim_groups(self) -> tuple[ClaimGroup, ...]:
        """How many claims each document puts in which way."""
        return tuple(map(_group_of, self.rows("claim_groups")))

    @cached_property
    def reserved(self) -> Mapping[str, int]:
        """How many claims with a reserve have each predicate, by its IRI."""
        return dict(self.rows("reserved"))

    @cached_property
    def stated_passages(self) -> Mapping[str, int]:
        """How many passages state claims, by document."""
        return dict(self.rows("stated_passages"))

    def count_by_document(self, wanted: ClaimFilter) -> dict[str, int]:
        """Return how many claims a filter takes of each document that has any, by its name."""
        where, values = self._where(wanted)
        rows = self.rows(statement("count_by_document", where=where), **values)
        return {document: count for document, count in rows if document}

    def spoken_of(self) -> dict[str, tuple[int, int, int]]:
        """Return how many documents speak of each own thing, in how many main claims, and in how many as subject.

        Those most spoken of come first. What speaks of a thing is what `ClaimFilter.about` takes.
        """
        rows = self.rows(
            "spoken_of",
            standing=self.numbers(_BESIDE),
            root=self.names.prefixes["id"],
            end=f"{self.names.prefixes['id']}\U0010ffff",
        )
        return {thing: (documents, claims, as_subject) for thing, documents, claims, as_subject in rows}

    def mains_on(self, things: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of the main claims of documents that speak of things, by these, those that matter most first.

        These are what `ClaimFilter.about` takes.
        """
        return self.grouped("mains_on", standing=self.numbers(_BESIDE), things=self.numbers(things))

    def alike(self, thing: str) -> list[str]:
        """Return the things of which documents say most of what they say of a thing."""
        return self.column("alike", this=self.number(thing))

    def claims_on_objects(self, thing: str, predicate: NamedNode) -> list[str]:
        """Return the IRIs of the claims about what the claims of a thing have as object, with a predicate; sorted."""
        return self.column("claims_on_objects", self.number(thing), self.number(predicate))

    def told_plainly(self, things: Iterable[str]) -> list[tuple[str, str, Term, str]]:
        """Return what documents say plainly of things, and other sources without reserve, but no denials.

        What another document contradicts, or is in tension with, is left out: nothing here tells whose word it is.
        Each is the IRI of the thing, that of the predicate, the value, and the IRI of the source, "" for documents.
        An article is told as the collection that it is part of.
        """
        rows = self.rows("told_plainly", self.numbers(things))
        return [(thing, prop, term_of(text, kind), source) for thing, prop, text, kind, source in rows]

    def parts_of(self, mains: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of the claims that elaborate some main claims, by these, as the texts have them."""
        return self.grouped("parts_of", self.numbers(mains))

    def outside_claims(self, things: Iterable[str]) -> list[str]:
        """Return the IRIs of the claims of sources outside the documents that relate some things to others, sorted."""
        return self.column("outside_claims", self.numbers(things))

    def speakers(self, speaking: Iterable[str]) -> dict[str, list[str]]:
        """Return those for whom others speak: the holders of main claims, and those for whom documents speak, by IRI.

        They speak for themselves, a public body for what it is part of, as a ministry for a state, and who is
        affiliated with a public body for that.
        """
        return self.grouped("speakers", self.numbers(speaking))

    def views_of(self, holder: str) -> ClaimFilter:
        """Return the filter of the claims that are the view of somebody, or of those who speak for them.

        The own words of a document are those of its authors, and of a publisher for whom it speaks. Of others for whom
        it speaks it has what it says they hold. If that is nothing, it is what the body holds there for which they
        speak, or else the own words of the document.
        """
        told = {name: self.origins.get(iri, {}) for name, iri in self.documents.items()}
        by = {name: [{t.value for t in own.get(prop, ())} for prop in _BY] for name, own in told.items()}
        authors = {name: made | (issued & spoken) for name, (made, issued, spoken) in by.items()}
        speaking = self.speakers({holder, *chain.from_iterable(authors.values())})
        holders = frozenset(one for one, spoken in speaking.items() if holder in spoken)
        spoken = {name for name, own in authors.items() if holders & own}
        for name in (name for name, (*_made, own) in by.items() if holder in own and name not in spoken):
            bodies = ClaimFilter(name, holders=frozenset(speaking[holder]))
            if not self.count_claims(bodies):
                spoken.add(name)
            elif not (spoken or self.count_claims(ClaimFilter(holders=holders))):
                return bodies
        return ClaimFilter(holders=holders, spoken=tuple(sorted(spoken)))

    def predicates(self, *, outside: bool = False) -> set[str]:
        """Return the IRIs of the predicates of documents' claims, or of those of sources outside."""
        return set(self.column("predicates", outside))

    def told_to_have(self, iris: Iterable[str], text: str) -> list[str]:
        """Return the things of which it is told plainly that they are related to one of others, or to a literal."""
        return self.column("told_to_have", self.numbers(iris), text)

    def comparisons(self, *, claims: Iterable[str] | None = None) -> list[ClaimPair]:
        """Return all comparisons by their claims, with `claims` those that have one of them.

        Reasons are texts of the comparison: `describe(comparison.iri …)[iri].sentences`.
        """
        ends = (DK.firstClaim, DK.secondClaim)
        if claims is None:
            nodes = [node for node, _ in self.instances(DK.Comparison)]
        else:
            nodes = self.column("comparisons_of", self.numbers(claims))
        told = self.values(nodes, *ends, DK.comparisonKind).items()
        pairs = (
            ClaimPair(node, own[DK.comparisonKind][0].value.removeprefix(TERMS), *(own[end][0].value for end in ends))
            for node, own in told
            if len(own) > 2
        )
        return sorted(pairs, key=lambda pair: (pair.first, pair.second, pair.iri))

    def _where(self, wanted: ClaimFilter) -> tuple[str, dict[str, Any]]:
        columns = ("document", "kind", "certainty", "voice", "denied", "part")
        values: dict[str, Any] = {name: asked for name in columns if (asked := getattr(wanted, name))}
        parts = [f"claim.{name} = :{name}" for name in values]
        if not wanted.outside and not wanted.document:
            parts.append("claim.document != ''")
        for name in ("subject", "object"):
            if iri := getattr(wanted, name):
                values[name] = self.number(iri)
                parts.append(f"claim.{name} = :{name}")
        if wanted.thing:
            values["thing"] = self.number(wanted.thing)
            parts.append("(claim.subject = :thing OR claim.object = :thing)")
        if wanted.about:
            values |= {"about": self.number(wanted.about), "standing": self.numbers(_BESIDE)}
            parts.append(_is_among("claims_about"))
        if wanted.words and (sought := plain(wanted.words).split()):
            every = " AND ".join(f'"{word}" *' for word in sought)
            values["words"] = f"texts: ({every})"
            parts.append(_is_among("claims_with_words"))
        if wanted.topic:
            values["topic"] = self.number(wanted.topic)
            parts.append(_is_among("claims_on_topic"))
        if wanted.holders:
            values |= {"holders": self.numbers(wanted.holders), "holders_by": self.numbers((DK.heldBy,))}
            values["spoken"] = json.dumps(wanted.spoken)
            own = "claim.voice = 'own' AND claim.document IN (SELECT value FROM json_each(:spoken))"
            parts.append(f"({own} OR {_is_among('claims_leading_to', role='holders')})")
        roles = (("passage", (DK.statedIn,)), ("beside", _BESIDE), ("bears_on", RELATIONS))
        for name, properties in roles:
            if iri := getattr(wanted, name):
                values |= {name: self.numbers((iri,)), f"{name}_by": self.numbers(properties)}
                parts.append(_is_among("claims_leading_to", role=name))
        return " AND ".join(parts) or "TRUE", values

    def _entries(self, rest: str, values: Mapping[str, Any]) -> list[ClaimEntry]:
        rows = self.rows(statement("entries", rest=rest), **values)
        passages = self.linked((row[0] for row in rows), DK.statedIn)
        return [
            ClaimEntry(
                iri,
                subject or "",
                predicate or "",
                None if text is None else term_of(text, kind),
                bool(plain),
                tuple(sorted(passages[number], key=in_text_order)),
                _group_of(put),
                main,
            )
            for number, main, iri, subject, predicate, text, kind, plain, *put in rows
        ]


def _is_among(name: str, **places: str) -> str:
    """Return the condition that a claim is one of those that a statement finds."""
    return f"claim.id IN ({statement(name, **places)})"


def _group_of(row: Any) -> ClaimGroup:
    """Return a group from the columns of `put` and a count."""
    document, kind, certainty, voice, denied, salience, part, count = row
    firm = Firmness(kind, certainty, voice, denied=bool(denied))
    return ClaimGroup(document, firm, SALIENCES[salience], bool(part), count)
