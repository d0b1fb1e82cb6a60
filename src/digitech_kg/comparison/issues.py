"""Work out the positions of documents on issues, and compare them. `graph:positions` holds the results.

An issue lists claims that answer its question with yes, with no, or that only touch it. How firmly a document takes a
side follows from how firmly its claims there are put (`weigh`). A person may write a more careful answer, with a
reason; `find_faults` names those that are firmer than the claims. docs/issues.md has the rules in words.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby
from typing import Any, Final

from pyoxigraph import NamedNode, Quad

from digitech_kg.book import Book, IssueEntry, PositionEntry
from digitech_kg.claims.model import SALIENCES, Claim, salience_of
from digitech_kg.claims.reserves import LIMITS, MOOD_KINDS
from digitech_kg.comparison.stands import WEIGHTS, ClaimStand, find_restrictions, read_stands
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DK, RDF, TERMS, Namespaces, value_of

#: What a claim weighs on its side of an issue.
ASSERTS, RESERVED, REPORTS, NO_STAND = 3, 2, 1, 0
LISTING: Final = (DK.affirmedBy, DK.deniedBy, DK.touchedBy)
#: How firm an answer is.
_CARE: Final[Mapping[Any, int]] = {DK[answer]: care for answer, care in WEIGHTS["answers"].items()}
#: What a claim in a mood, or in one of a kind, weighs at most: on any issue, and by the kind of issue.
_MOODS: Final[Mapping[str, Mapping[str, int]]] = WEIGHTS["moods"]
_EXTENTS: Final = (DK.extentRead, DK.extentModelled)
#: The least there is on a scale: who rejects it stands for the opposite without a reserve.
_LEAST: Final = (DK.possible, DK.sometimes, DK.some)
#: What a claim weighs at most by how far the document shares its view (`ClaimStand.ownership`).
_SHARED: Final = (REPORTS, RESERVED, ASSERTS, ASSERTS)


@dataclass(frozen=True)
class Issue:
    """A question with the claims that it lists: `sides` by property, in the order of their IRIs."""

    iri: NamedNode
    name: str
    kind: Any
    limits: frozenset[Any]
    sides: Mapping[NamedNode, tuple[Any, ...]]


@dataclass(frozen=True)
class Position:
    """Where one document stands on one issue."""

    iri: NamedNode
    issue: Issue
    document: str
    answer: NamedNode
    #: `dk:asserted` or `dk:withReserve`, for a side; None for every other answer.
    firmness: NamedNode | None
    #: Whether the side rests on readings of the encoder alone.
    is_reading: bool = False
    #: The claims that decide it, the one that says it best first.
    claims: tuple[Claim, ...] = ()
    #: The claim that says it best; of who says both yes and no, one for each.
    best: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class IssueBoard:
    """All issues with all positions on them, and what persons wrote of positions."""

    positions: tuple[Position, ...]
    issues: tuple[Issue, ...] = ()
    written: Mapping[NamedNode, Mapping[NamedNode, tuple[Any, ...]]] = field(default_factory=dict)
    #: What documents say with the claims that issues list, by the IRIs of these.
    stands: Mapping[Any, ClaimStand] = field(default_factory=dict)
    #: What the shapes of issues ask of documents: which claims that are listed exist, and how much was read.
    background: tuple[Quad, ...] = ()

    def answer(self, position: Position) -> tuple[Any, Any]:
        """Return the answer that counts, a person's before the computed one, and how firm it is."""
        own = self.written.get(position.iri, {})
        answer = next(iter(own.get(DK.answer, ())), position.answer)
        if answer not in (DK.affirms, DK.denies):
            return answer, None
        given = next(iter(own.get(DK.firmness, ())), None)
        return answer, given or (position.firmness if answer == position.answer else DK.withReserve)

    def quads(self, names: Namespaces) -> Iterator[Quad]:
        """Yield the quads of `graph:positions`; what a person wrote of a position isn't repeated."""
        graph = names.graphs.positions
        for position in self.positions:
            own = self.written.get(position.iri, {})
            answer, firmness = self.answer(position)
            facts: list[tuple[NamedNode, Any]] = [
                (RDF.type, DK.Position),
                (DK.onIssue, position.issue.iri),
                (DK.positionOf, names.thing(position.document)),
                (DK.answer, answer),
                *([(DK.firmness, firmness)] if firmness else []),
                *([(DK.basis, DK.encoderReading)] if position.is_reading and firmness else []),
                *((DK.restsOn, claim.iri) for claim in position.claims),
                *((DK.bestClaim, claim.iri) for claim in position.best),
            ]
            yield from (Quad(position.iri, prop, value, graph) for prop, value in facts if prop not in own)
        for first, kind, second in self.relations():
            yield Quad(first.iri, kind, second.iri, graph)
            if kind != DK.firmerThan:
                yield Quad(second.iri, kind, first.iri, graph)

    def relations(self) -> Iterator[tuple[Position, NamedNode, Position]]:
        """Yield how the positions of two documents on one issue stand to each other, where both take a side."""
        for _, positions in groupby(self.positions, key=lambda position: position.issue):
            told = (self._relation(first, second) for first, second in combinations(positions, 2))
            yield from (relation for relation in told if relation)

    def _relation(self, first: Position, second: Position) -> tuple[Position, NamedNode, Position] | None:
        (ours, firm), (theirs, other) = self.answer(first), self.answer(second)
        sides = (DK.affirms, DK.denies, DK.mixed)
        if ours not in sides or theirs not in sides:
            return None
        if DK.mixed in (ours, theirs):
            return first, DK.agreesInPartWith, second
        if ours != theirs:
            is_flat = firm == other == DK.asserted
            return first, DK.contradicts if is_flat else DK.inTensionWith, second
        if firm == other:
            return first, DK.agreesWith, second
        return (first, DK.firmerThan, second) if firm == DK.asserted else (second, DK.firmerThan, first)


def place_documents(issues: Iterable[Quad], documents: Mapping[str, Sequence[Quad]], names: Namespaces) -> IssueBoard:
    """Return where each document stands on each issue of which it has a claim, or of which a person wrote.

    `issues` has the quads of the graph of issues, `documents` those that are written by hand for each document.
    """
    quads = list(issues)
    listed = {q.object for q in quads if q.predicate in LISTING}
    known = {
        name: {stand.claim.iri: stand for stand in read_stands(name, own, names) if stand.claim.iri in listed}
        for name, own in sorted(documents.items())
    }
    found = read_issues(quads, names)
    written = _read_written(quads)
    positions = [place(issue, name, stands, names, written) for issue in found for name, stands in known.items()]
    background = (
        quad
        for own in documents.values()
        for quad in own
        if quad.predicate in _EXTENTS or (quad.predicate == RDF.type and quad.subject in listed)
    )
    stands = {iri: stand for own in known.values() for iri, stand in own.items()}
    return IssueBoard(tuple(p for p in positions if p is not None), tuple(found), written, stands, tuple(background))


def read_issues(quads: Iterable[Quad], names: Namespaces) -> list[Issue]:
    """Return the issues among quads, by their IRIs."""
    view, root = GraphView(quads), names.prefixes["issue"]
    return [
        Issue(
            iri,
            iri.value.removeprefix(root),
            view.value(iri, DK.issueKind) or DK.factual,
            frozenset(view.values(iri, DK.issueLimit)),
            {side: tuple(sorted(view.values(iri, side), key=str)) for side in LISTING},
        )
        for iri in sorted(view.subjects(RDF.type, DK.Issue), key=str)
    ]


def place(
    issue: Issue,
    document: str,
    stands: Mapping[Any, ClaimStand],
    names: Namespaces,
    written: Collection[NamedNode] = (),
) -> Position | None:
    """Return where a document stands on an issue; None if it has no claim there and no person wrote of it."""
    iri = names.position(issue.name, document)
    sides = {side: [stands[claim] for claim in issue.sides[side] if claim in stands] for side in LISTING}
    if not any(sides.values()):
        return Position(iri, issue, document, DK.silent, None) if iri in written else None
    weighed: dict[NamedNode, list[tuple[int, ClaimStand]]] = {DK.affirms: [], DK.denies: []}
    for side, answer, other in ((DK.affirmedBy, DK.affirms, DK.denies), (DK.deniedBy, DK.denies, DK.affirms)):
        for stand in sides[side]:
            # To dispute a view that says yes is to say no.
            weighed[other if stand.rejects else answer].append((weigh(stand, issue), stand))
    heaviest = {answer: max((weight for weight, _ in found), default=-1) for answer, found in weighed.items()}
    answer, firmness = _answer(heaviest)
    if answer in weighed:
        deciding = [stand for weight, stand in weighed[answer] if weight == heaviest[answer]]
    else:
        deciding = [stand for found in weighed.values() for _, stand in found] or sides[DK.touchedBy]
    is_reading = all(DK.encoderReading in stand.claim.all(DK.basis) for stand in deciding)
    claims = _best_first(deciding)
    both = (_best_first(stand for weight, stand in found if weight >= RESERVED) for found in weighed.values())
    best = tuple(own[0] for own in both) if answer == DK.mixed else claims[:1]
    return Position(iri, issue, document, answer, firmness, is_reading, claims, best)


def weigh(stand: ClaimStand, issue: Issue) -> int:
    """Return how firmly a claim answers an issue: it asserts, has a reserve, only reports, or takes no stand."""
    allowed = {**_MOODS["any"], **_MOODS.get(_name(issue.kind), {})}
    moods = ((_name(mood), MOOD_KINDS.get(mood, "")) for mood in stand.claim.all(DK.mood))
    most = min((allowed.get(mood, allowed.get(kind, RESERVED)) for mood, kind in moods), default=ASSERTS)
    restrictions = (r for r in find_restrictions(stand.claim) if not (stand.rejects and r.value in _LEAST))
    is_limited = any(not (r.axis.property in LIMITS and r.value in issue.limits) for r in restrictions)
    return min(most, _SHARED[stand.ownership], RESERVED if is_limited else ASSERTS)


def _name(term: Any) -> str:
    return value_of(term).removeprefix(TERMS)


def find_faults(board: IssueBoard) -> Iterator[tuple[NamedNode, str]]:
    """Yield what is wrong with the positions that persons wrote and no shape can tell: the node, and what to do."""
    places = {position.iri: position for position in board.positions}
    for iri, facts in board.written.items():
        position = places.get(iri)
        if position is None:
            yield iri, "No issue and document have this position: its name is position/ISSUE/DOCUMENT."
            continue
        answer, firmness = board.answer(position)
        if answer != DK.silent and _is_firmer(answer, firmness, position):
            yield iri, "The answer is firmer than the claims of the document: make it more careful, or list the claims."
        if DK.answer in facts and answer != DK.silent and not facts.get(DK.positionReason):
            yield iri, "Say with dk:positionReason why the answer is more careful than the claims."
        listed = {claim for claims in position.issue.sides.values() for claim in claims}
        mine = {claim for claim in listed if f"/claim/{position.document}/" in claim.value}
        if not mine.issuperset(facts.get(DK.bestClaim, ())):
            yield iri, "dk:bestClaim names no claim of this document that the issue lists: list it, or name another."


def find_doubts(board: IssueBoard) -> Iterator[tuple[NamedNode, str]]:
    """Yield what a person has probably not meant of an issue: the node, and what to do."""
    for issue in board.issues:
        own = ([board.stands[iri] for iri in issue.sides[side] if iri in board.stands] for side in LISTING)
        yes, no, _ = own
        for stand in (*yes, *no):
            if weigh(stand, issue) == NO_STAND:
                name = stand.claim.iri.value.rpartition("/")[2]
                message = f"{name} takes no stand on a question of this kind: list it under dk:touchedBy, or correct "
                yield issue.iri, message + "dk:issueKind (advice and rules answer what is dk:normative)."
        denied = {stand.claim.triple for stand in no if stand.affirms} - {None}
        if any(not stand.affirms and stand.claim.triple in denied for stand in yes):
            message = "Under dk:affirmedBy one denies what one under dk:deniedBy says: are the sides swapped?"
            yield issue.iri, message


def _is_firmer(answer: Any, firmness: Any, position: Position) -> bool:
    """Whether an answer is firmer than what the claims give, or on the other side."""
    most = _CARE[position.answer]
    if position.answer in (DK.affirms, DK.denies) and answer in (DK.affirms, DK.denies):
        return answer != position.answer or (firmness == DK.asserted and position.firmness != DK.asserted)
    return _CARE.get(answer, 9) > most


def _answer(heaviest: Mapping[NamedNode, int]) -> tuple[NamedNode, NamedNode | None]:
    yes, no = heaviest[DK.affirms], heaviest[DK.denies]
    if min(yes, no) >= RESERVED:
        return DK.mixed, None
    if max(yes, no) >= RESERVED:
        firmness = DK.asserted if max(yes, no) == ASSERTS else DK.withReserve
        return (DK.affirms if yes > no else DK.denies), firmness
    return (DK.reportsOnly if max(yes, no) == REPORTS else DK.touches), None


def _best_first(stands: Iterable[ClaimStand]) -> tuple[Claim, ...]:
    """Return claims so that the one comes first whose sentence serves best.

    That is a main claim, in the document's own words and not a view that it disputes, and then what matters most.
    """

    def order(stand: ClaimStand) -> tuple[bool, bool, int, str]:
        claim = stand.claim
        return bool(claim.all(DK.elaborates)), stand.rejects, SALIENCES.index(salience_of(claim)), claim.iri.value

    return tuple(stand.claim for stand in sorted(stands, key=order))


def _read_written(quads: Iterable[Quad]) -> dict[NamedNode, dict[NamedNode, tuple[Any, ...]]]:
    view = GraphView(quads)
    return {
        iri: {triple.predicate: tuple(view.values(iri, triple.predicate)) for triple in view.triples_of(iri)}
        for iri in sorted(view.subjects(RDF.type, DK.Position), key=str)
    }


def issues_between(book: Book, names: Sequence[str]) -> Iterator[tuple[IssueEntry, list[PositionEntry]]]:
    """Yield the issues of a version on which all of these documents say something, with the position of each."""
    for issue in book.issues.values():
        own = [issue.positions[name] for name in names if name in issue.positions]
        if len(own) == len(names) and all(position.answer != "silent" for position in own):
            yield issue, own
