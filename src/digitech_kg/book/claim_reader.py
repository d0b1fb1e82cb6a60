"""Read the claims of a book, and how those of different documents compare."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.book.claim_lists import IN_TURN, ON_TOPIC, ORDERS, ClaimEntry, ClaimFilter, ClaimGroup
from digitech_kg.book.schema import Term, term_of
from digitech_kg.book.tables import Tables
from digitech_kg.claims.firmness import SALIENCES, Firmness, in_text_order
from digitech_kg.claims.model import CLAIM_CLASSES, Claim, make_claim
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK, RDF, TERMS

#: Columns of a claim by which it is put, in the order of `_group_of`.
_ALIKE: Final = "document, kind, certainty, voice, denied, salience, conditional, part"
#: The properties by which a thing stands beside what a claim says; what only its sentence names it mentions.
_BESIDE: Final = (*(axis.property for axis in AXES if not axis.values), DK.attestedBy, DK.mentions)
#: What speaks of things: a main claim, by its document, does if it or a part of it has the thing as subject, as object
#: or beside what it says. `own` is a main claim of which the thing is the subject.
_SPEAKING: Final = (
    "SELECT subject AS thing, coalesce(main, id) AS main, document, iif(part, NULL, id) AS own FROM claim "
    "UNION ALL SELECT object, coalesce(main, id), document, NULL FROM claim "
    "UNION ALL SELECT said.object, coalesce(main, claim.id), claim.document, NULL FROM claim JOIN said "
    "ON said.subject = claim.id AND property IN (SELECT value FROM json_each(:standing)) "
    "JOIN graph ON graph.id = said.graph WHERE NOT aside"
)
#: Claims of a thing by which others are found that are alike.
_MOST_COMPARED: Final = 100


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """Two claims of different documents, by IRI, and what the first is to the second, as a local name."""

    iri: str
    kind: str
    first: str
    second: str


class ClaimReader(Tables):
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
        by = ORDERS[order].replace("claim.document", IN_TURN) if documents else ORDERS[order]
        return self.column(
            f"SELECT term.text FROM claim JOIN term ON term.id = claim.id WHERE {where} "  # noqa: S608
            f"ORDER BY {by} LIMIT :limit",
            **values,
            in_turn=json.dumps(list(documents)),
            limit=limit,
        )

    def count_claims(self, wanted: ClaimFilter) -> int:
        where, values = self._where(wanted)
        return int(self.rows(f"SELECT count(*) FROM claim WHERE {where}", **values)[0][0])  # noqa: S608

    def entries(self, wanted: ClaimFilter, *, order: str = "weight") -> list[ClaimEntry]:
        """Return what lists need of all claims that a filter takes, in one of `ORDERS`."""
        where, values = self._where(wanted)
        return self._entries(f"WHERE {where} ORDER BY {ORDERS[order]}", values)

    def find_entries(self, iris: Iterable[str]) -> dict[str, ClaimEntry]:
        """Return what lists need of claims, by IRI; unknown ones are left out."""
        where = "WHERE term.text IN (SELECT value FROM json_each(:iris)) AND term.kind = 0"
        return {entry.iri: entry for entry in self._entries(where, {"iris": json.dumps(sorted(set(iris)))})}

    @cached_property
    def claim_groups(self) -> tuple[ClaimGroup, ...]:
        """How many claims each document puts in which way."""
        rows = self.rows(f"SELECT {_ALIKE}, count(*) FROM claim WHERE document != '' GROUP BY {_ALIKE}")  # noqa: S608
        return tuple(map(_group_of, rows))

    @cached_property
    def reserved(self) -> Mapping[str, int]:
        """How many claims with a reserve have each predicate, by its IRI."""
        rows = self.rows(
            "SELECT term.text, count(*) FROM claim JOIN term ON term.id = claim.predicate "
            "WHERE NOT claim.unreserved GROUP BY claim.predicate"
        )
        return dict(rows)

    @cached_property
    def stated_passages(self) -> Mapping[str, int]:
        """How many passages state claims, by document."""
        rows = self.rows(
            "SELECT document, count(DISTINCT said.object) FROM claim JOIN said ON said.subject = claim.id "
            "AND said.property = ? WHERE document != '' GROUP BY document",
            self.number(DK.statedIn),
        )
        return dict(rows)

    def count_by_document(self, wanted: ClaimFilter) -> dict[str, int]:
        """Return how many claims a filter takes of each document that has any, by its name."""
        where, values = self._where(wanted)
        rows = self.rows(f"SELECT document, count(*) FROM claim WHERE {where} GROUP BY document", **values)  # noqa: S608
        return {document: count for document, count in rows if document}

    def spoken_of(self) -> dict[str, tuple[int, int, int]]:
        """Return how many documents speak of each own thing, in how many main claims, and in how many as subject.

        What speaks of a thing is what `ClaimFilter.about` takes.
        """
        rows = self.rows(
            "SELECT term.text, count(DISTINCT document), count(DISTINCT main), count(DISTINCT own) "  # noqa: S608
            f"FROM ({_SPEAKING}) JOIN term ON term.id = thing WHERE document != '' AND term.kind = 0 "
            "AND term.text >= :root AND term.text < :end GROUP BY term.text",
            standing=self.numbers(_BESIDE),
            root=self.names.prefixes["id"],
            end=f"{self.names.prefixes['id']}\U0010ffff",
        )
        return {thing: (documents, claims, as_subject) for thing, documents, claims, as_subject in rows}

    def mains_on(self, things: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of the main claims of documents that speak of things, by these, those that matter most first.

        These are what `ClaimFilter.about` takes.
        """
        return self.grouped(
            f"SELECT DISTINCT spoken.text, term.text FROM ({_SPEAKING}) told JOIN claim ON claim.id = told.main "  # noqa: S608
            "JOIN term ON term.id = claim.id JOIN term spoken ON spoken.id = told.thing WHERE claim.document != '' "
            f"AND told.thing IN (SELECT value FROM json_each(:things)) ORDER BY {ORDERS['weight']}",
            standing=self.numbers(_BESIDE),
            things=self.numbers(things),
        )

    def alike(self, thing: str, limit: int = 24) -> list[str]:
        """Return the things of which documents say most of what they say of a thing."""
        return self.column(
            "SELECT term.text FROM (SELECT DISTINCT predicate, object FROM claim "
            "WHERE subject = :this AND document != '' LIMIT :most) told "
            "JOIN term value ON value.id = told.object AND value.kind = 0 JOIN claim other "
            "ON other.object = told.object AND other.predicate = told.predicate "
            "JOIN term ON term.id = other.subject WHERE other.subject != :this AND other.document != '' "
            "GROUP BY term.text ORDER BY count(DISTINCT other.id) DESC, term.text LIMIT :limit",
            this=self.number(thing),
            most=_MOST_COMPARED,
            limit=limit,
        )

    def claims_on_objects(self, thing: str, predicate: NamedNode) -> list[str]:
        """Return the IRIs of the claims about what the claims of a thing have as object, with a predicate; sorted."""
        return self.column(
            "SELECT DISTINCT term.text FROM claim own JOIN claim other ON other.subject = own.object "
            "JOIN term ON term.id = other.id WHERE own.subject = ? AND own.predicate = ? ORDER BY 1",
            self.number(thing),
            self.number(predicate),
        )

    def told_plainly(self, things: Iterable[str]) -> list[tuple[str, str, Term, str]]:
        """Return what documents say plainly of things, and other sources without reserve, but no denials.

        What another document contradicts, or is in tension with, is left out: nothing here tells whose word it is.
        Each is the IRI of the thing, that of the predicate, the value, and the IRI of the source, "" for documents.
        An article is told as the collection that it is part of.
        """
        rows = self.rows(
            "SELECT DISTINCT thing.text, predicate.text, object.text, kind.text, coalesce(whole.text, source.text, '') "
            "FROM json_each(?) wanted JOIN claim ON claim.subject = wanted.value JOIN term thing "
            "ON thing.id = claim.subject JOIN term predicate ON predicate.id = claim.predicate "
            "JOIN term object ON object.id = claim.object JOIN kind ON kind.id = object.kind LEFT JOIN said "
            "ON document = '' AND said.subject = claim.id AND said.property = ? "
            "LEFT JOIN term source ON source.id = said.object LEFT JOIN said part ON part.subject = source.id "
            "AND part.property = ? LEFT JOIN term whole ON whole.id = part.object WHERE unreserved AND NOT denied "
            "AND (document != '' OR source.id IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM said pair "
            "WHERE pair.subject = claim.id AND pair.property IN (SELECT value FROM json_each(?)))",
            self.numbers(things),
            self.number(DK.attestedBy),
            self.number(DK.isPartOf),
            self.numbers((DK.contradicts, DK.inTensionWith)),
        )
        return [(thing, prop, term_of(text, kind), source) for thing, prop, text, kind, source in rows]

    def parts_of(self, mains: Iterable[str]) -> dict[str, list[str]]:
        """Return the IRIs of the claims that elaborate some main claims, by these, as the texts have them."""
        return self.grouped(
            "SELECT main.text, term.text FROM json_each(?) wanted JOIN claim ON claim.main = wanted.value "  # noqa: S608
            f"JOIN term main ON main.id = claim.main JOIN term ON term.id = claim.id ORDER BY {ORDERS['text']}",
            self.numbers(mains),
        )

    def outside_claims(self, things: Iterable[str]) -> list[str]:
        """Return the IRIs of the claims of sources outside the documents that relate some things to others, sorted."""
        return self.column(
            "SELECT term.text FROM claim JOIN term ON term.id = claim.id JOIN term value ON value.id = claim.object "
            "AND value.kind = 0 WHERE claim.document = '' AND claim.subject IN (SELECT value FROM json_each(?)) "
            "ORDER BY 1",
            self.numbers(things),
        )

    def predicates(self) -> set[str]:
        """Return the IRIs of the predicates of documents' claims."""
        rows = self.rows(
            "SELECT DISTINCT term.text FROM claim JOIN term ON term.id = claim.predicate WHERE document != ''"
        )
        return {iri for (iri,) in rows}

    def told_to_have(self, iris: Iterable[str], text: str) -> list[str]:
        """Return the things of which it is told plainly that they are related to one of others, or to a literal."""
        return self.column(
            "SELECT DISTINCT term.text FROM claim JOIN term ON term.id = claim.subject "
            "WHERE unreserved AND NOT denied AND claim.object IN (SELECT value FROM json_each(?) "
            "UNION SELECT id FROM term WHERE text = ? AND kind != 0)",
            self.numbers(iris),
            text,
        )

    def comparisons(self, *, claims: Iterable[str] | None = None) -> list[ClaimPair]:
        """Return all comparisons by their claims, with `claims` those that have one of them.

        Reasons are texts of the comparison: `describe(comparison.iri …)[iri].sentences`.
        """
        ends = (DK.firstClaim, DK.secondClaim)
        if claims is None:
            nodes = [node for node, _ in self.instances(DK.Comparison)]
        else:
            nodes = self.column(
                "SELECT DISTINCT text FROM said JOIN term ON term.id = subject WHERE object IN "
                "(SELECT value FROM json_each(?)) AND property IN (SELECT value FROM json_each(?))",
                self.numbers(claims),
                self.numbers(ends),
            )
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
            parts.append(f"claim.id IN (SELECT main FROM ({_SPEAKING}) WHERE thing = :about)")  # noqa: S608
        if wanted.words and (sought := plain(wanted.words).split()):
            every = " AND ".join(f'"{word}" *' for word in sought)
            values["words"] = f"texts: ({every})"
            parts.append("claim.id IN (SELECT rowid FROM word WHERE word MATCH :words)")
        if wanted.topic:
            values |= {"topic": self.number(wanted.topic), **self.topical}
            parts.append(f"claim.id IN ({ON_TOPIC} SELECT claim FROM on_topic WHERE topic = :topic)")  # noqa: S608
        roles = (("passage", (DK.statedIn,)), ("beside", _BESIDE), ("bears_on", RELATIONS))
        for name, properties in roles:
            if iri := getattr(wanted, name):
                values |= {name: self.number(iri), f"{name}_by": self.numbers(properties)}
                parts.append(
                    f"claim.id IN (SELECT subject FROM said JOIN graph ON graph.id = said.graph WHERE object = :{name} "  # noqa: S608
                    f"AND property IN (SELECT value FROM json_each(:{name}_by)) AND NOT aside)"
                )
        return " AND ".join(parts) or "TRUE", values

    def _entries(self, rest: str, values: Mapping[str, Any]) -> list[ClaimEntry]:
        rows = self.rows(
            "SELECT claim.id, coalesce(main.text, ''), term.text, subject.text, predicate.text, object.text, "  # noqa: S608
            "kind.text, claim.unreserved AND claim.document != '', claim.document, claim.kind, certainty, voice, "
            "denied, salience, conditional, part, 1 "
            "FROM claim JOIN term ON term.id = claim.id LEFT JOIN term subject ON subject.id = claim.subject "
            "LEFT JOIN term predicate ON predicate.id = claim.predicate LEFT JOIN term object "
            f"ON object.id = claim.object LEFT JOIN kind ON kind.id = object.kind "
            f"LEFT JOIN term main ON main.id = claim.main {rest}",
            **values,
        )
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


def _group_of(row: Any) -> ClaimGroup:
    """Return a group from the columns `_ALIKE` and a count."""
    document, kind, certainty, voice, denied, salience, conditional, part, count = row
    firm = Firmness(kind, certainty, voice, denied=bool(denied))
    return ClaimGroup(document, firm, SALIENCES[salience], bool(conditional), bool(part), count)
