"""Read issues, the positions of documents on them, and topics from a book."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.book.schema import Term
from digitech_kg.book.tables import Tables
from digitech_kg.claims.reserves import LIMITS, QUANTIFIERS
from digitech_kg.namespaces import DK, RDFS, SKOS, TERMS

#: How two positions can stand to each other.
POSITION_RELATIONS: Final = (DK.contradicts, DK.inTensionWith, DK.agreesWith, DK.agreesInPartWith, DK.firmerThan)
_SIDES: Final = {"affirms": DK.affirmedBy, "denies": DK.deniedBy, "touches": DK.touchedBy}
_Values = Mapping[NamedNode, tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class PositionEntry:
    """Where a document stands on an issue. Values of the ontology are local names, texts are by language."""

    iri: str
    issue: str
    #: The name of the document.
    document: str
    answer: str
    #: "asserted", "withReserve" or "".
    firmness: str
    #: The reserve with which a side is taken (`_reserve_of`); "" if there is none.
    reserve: str
    #: The IRIs of the claims that decide it, and of the one that says it best.
    claims: tuple[str, ...]
    best: str
    #: For a document that says partly yes and partly no, the claim that says the other half best; else "".
    other_half: str
    #: On how many conditions that one says it.
    conditions: int
    open_point: Mapping[str, str]
    reason: Mapping[str, str]
    #: The words that were looked for where the document is silent.
    looked_for: tuple[str, ...]
    #: Pairs of a relation's local name and the IRI of another position.
    relations: tuple[tuple[str, str], ...]

    @property
    def takes_side(self) -> bool:
        return self.answer in ("affirms", "denies", "mixed")


@dataclass(frozen=True, slots=True)
class IssueEntry:
    """A question on which documents take positions. Texts are by language."""

    iri: str
    name: str
    label: Mapping[str, str]
    question: Mapping[str, str]
    settled_by: Mapping[str, str]
    kind: str
    #: IRIs of topics, and of the claims that it lists, by what they answer: "affirms", "denies" or "touches".
    topics: tuple[str, ...]
    listed: Mapping[str, tuple[str, ...]]
    #: By the names of documents.
    positions: Mapping[str, PositionEntry]

    @property
    def is_answered(self) -> bool:
        return any(position.takes_side for position in self.positions.values())


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic. Texts are by language; `broader` is the IRI of the topic above it, "" for a top one."""

    iri: str
    name: str
    label: Mapping[str, str]
    definition: Mapping[str, str]
    broader: str
    #: How many main claims each document has on it or a topic below it, by its name.
    claims: Mapping[str, int]


class IssueReader(Tables):
    """Reads issues, positions and topics: all at once, since they are few."""

    @cached_property
    def issues(self) -> Mapping[str, IssueEntry]:
        places: dict[str, dict[str, PositionEntry]] = defaultdict(dict)
        for position in self._positions():
            places[position.issue][position.document] = position
        found = self.values(iri for iri, _ in self.instances(DK.Issue))
        root = self.names.prefixes["issue"]
        return {
            iri.removeprefix(root): IssueEntry(
                iri,
                iri.removeprefix(root),
                _texts(said, RDFS.label),
                _texts(said, DK.question),
                _texts(said, DK.wouldBeSettledBy),
                _term(said, DK.issueKind),
                _iris(said, DK.hasTopic),
                {answer: _iris(said, side) for answer, side in _SIDES.items()},
                places[iri],
            )
            for iri, said in sorted(found.items())
        }

    @cached_property
    def mains_on_issues(self) -> dict[str, frozenset[str]]:
        """The main claims by which documents take a position on an issue, or which touch it, by the issue's IRI."""
        own = {issue.iri: set(chain.from_iterable(issue.listed.values())) for issue in self.issues.values()}
        mains = dict(self.rows("mains_of", json.dumps(sorted(set().union(*own.values())))))
        return {iri: frozenset(mains[claim] for claim in claims if claim in mains) for iri, claims in own.items()}

    @cached_property
    def topics(self) -> Mapping[str, TopicEntry]:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for topic, document, count in self.rows("topic_counts"):
            counts[topic][document] = count
        found = self.values(iri for iri, _ in self.instances(SKOS.Concept))
        root = self.names.prefixes["topic"]
        return {
            iri.removeprefix(root): TopicEntry(
                iri,
                iri.removeprefix(root),
                _texts(said, SKOS.prefLabel),
                _texts(said, SKOS.definition),
                _iri(said, SKOS.broader),
                counts[iri],
            )
            for iri, said in sorted(found.items())
            if iri.startswith(root)
        }

    def _positions(self) -> list[PositionEntry]:
        found = self.values(iri for iri, _ in self.instances(DK.Position))
        bests = self.values(_iri(said, DK.bestClaim) for said in found.values())
        return [
            PositionEntry(
                iri,
                _iri(said, DK.onIssue),
                _iri(said, DK.positionOf).removeprefix(self.names.prefixes["id"]),
                _term(said, DK.answer),
                _term(said, DK.firmness),
                _reserve_of(said, best := bests.get(_iri(said, DK.bestClaim), {})),
                _iris(said, DK.restsOn),
                _iri(said, DK.bestClaim),
                "".join(_iris(said, DK.bestClaim)[1:2]),
                len(best.get(DK.condition, ())),
                _texts(said, DK.openPoint),
                _texts(said, DK.positionReason),
                tuple(value.value for value in said.get(DK.lookedFor, ())),
                tuple((prop.value.removeprefix(TERMS), o) for prop in POSITION_RELATIONS for o in _iris(said, prop)),
            )
            for iri, said in sorted(found.items())
        ]


def _reserve_of(said: _Values, best: _Values) -> str:
    """Return what keeps a position on a side from being asserted, by what is said of it and of its best claim.

    "pointing" is it if a person found that the sentences point to an answer, but do not give it. A level of certainty
    goes by its name, unless it is that of a view which the document rejects.
    """
    if DK.withReserve not in said.get(DK.firmness, ()):
        return ""
    rejects = DK.disputed in best.get(DK.stance, ())
    # What is said of all leaves nobody out, unless it is denied.
    whole = set() if DK.negated in best else {DK.all}
    reserves = {
        "condition": DK.condition in best,
        "pointing": DK.positionReason in said,
        "reading": DK.basis in said,
        _term(best, DK.certainty): DK.certainty in best and not rejects,
        "hearsay": DK.hearsay in best.get(DK.basis, ()),
        "limit": any(prop in best for prop in LIMITS),
        # Of another time it may be so: to deny it of one says less.
        "time": DK.negated in best and any(prop in best for prop in (DK.time, DK.recency, DK.duration, DK.phase)),
        "part": not rejects and any({*best.get(prop, ())} - whole for prop in QUANTIFIERS),
        # A tag says so as well.
        "report": DK.report in best.get(DK.basis, ()),
    }
    return next((name for name, holds in reserves.items() if holds), "other")


def _texts(said: _Values, prop: NamedNode) -> dict[str, str]:
    return {v.language: v.value for v in said.get(prop, ()) if isinstance(v, Literal) and v.language}


def _iris(said: _Values, prop: NamedNode) -> tuple[str, ...]:
    return tuple(value.value for value in said.get(prop, ()) if isinstance(value, NamedNode))


def _iri(said: _Values, prop: NamedNode) -> str:
    """Return the first IRI that is the value of a property; "" if there is none."""
    return next(iter(_iris(said, prop)), "")


def _term(said: _Values, prop: NamedNode) -> str:
    """Return the local name of the value of a property; "" if there is none."""
    return _iri(said, prop).removeprefix(TERMS)
