"""Compare documents claim by claim, as `graph:comparison` has the results. docs/comparing.md has the rules in words."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.book import Book, ClaimFilter, ClaimPair
from digitech_kg.claims.languages import LANGUAGES
from digitech_kg.claims.times import is_time
from digitech_kg.comparison.firmness import narrower_limits, oppose, weigh
from digitech_kg.comparison.hierarchy import Hierarchy, find_pairs
from digitech_kg.comparison.reasons import Descriptions, Named, Reason, tell_differences, tell_reserves
from digitech_kg.comparison.stands import (
    FULL,
    OWN_VIEW,
    ClaimStand,
    is_date_within,
    key_of,
    read_stands,
    shares_differ,
    years_of,
)
from digitech_kg.namespaces import DK, RDF, RDFS, Namespaces

#: What opposite claims say of each other, by the ground on which they are compared.
_GROUND_SENTENCES: Final = {
    "same": "opposite",
    "entails": "opposite by implication",
    "within": "opposite of a part",
    "values": "one value only",
    "properties": "relations that exclude each other",
    "directions": "other direction",
}


class Judgement(NamedTuple):
    """What the first claim is to the second, and why."""

    kind: NamedNode
    first: ClaimStand
    second: ClaimStand
    reasons: Sequence[Reason]


class Judge:
    """Compares claims by what ontology, things and documents say of what they name."""

    def __init__(self, hierarchy: Hierarchy, descriptions: Descriptions) -> None:
        self._hierarchy = hierarchy
        self._descriptions = descriptions

    def judge(self, ground: str, first: ClaimStand, second: ClaimStand) -> Judgement | None:
        """Return what two claims are to each other; None if they bear on each other and nothing can be said."""
        is_alike = first.affirms == second.affirms
        affirming_first = (first, second) if first.affirms else (second, first)
        if ground == "same":
            return self._agree(first, second) if is_alike else self._oppose(ground, *affirming_first)
        if ground == "entails" and is_alike:
            # To deny the broader statement is to deny the narrower one.
            return self._include(*affirming_first)
        if ground == "entails" and not first.affirms:
            return None
        if ground == "within" and is_alike:
            return self._compare_parts(first, second)
        if ground == "values":
            return self._compare_values(first, second)
        return self._oppose(ground, first, second)

    def _agree(self, first: ClaimStand, second: ClaimStand) -> Judgement | None:
        if answer := self._bear_out(first, second) or self._bear_out(second, first):
            return answer
        if shares_differ(first, second):
            return self._told(DK.differsFrom, "other shares", first, second)
        balance = {*weigh(first, second, self._hierarchy)}
        if not balance:
            return self._say_the_same(first, second)
        if len(balance) > 1 or None in balance:
            return self._told(DK.differsFrom, "other reserves", first, second)
        firmer, other = (first, second) if balance == {1} else (second, first)
        # To pass on a view is not to hold it less firmly.
        is_passed_on = firmer.ownership == OWN_VIEW and not other.ownership
        return self._told(DK.firmerThan, "firmer than a report" if is_passed_on else "firmer", firmer, other)

    def _say_the_same(self, first: ClaimStand, second: ClaimStand) -> Judgement:
        differences = tuple(tell_differences(first, second, self._hierarchy))
        sentence = "same"
        # A definition isn't a reserve.
        if not differences and any(reserve.value != DK.definition for reserve in first.claim.weakening):
            sentence = "same with the same reserves"
        elif not differences and DK.definition in first.moods:
            sentence = "same definition"
        fuller = [stand.document for stand in (first, second) if stand.says_more and sentence != "same definition"]
        more = [Reason("says more" if len(fuller) == 1 else "both say more", {"document": fuller})] if fuller else []
        return Judgement(DK.corroborates, first, second, (_about(sentence, first, second), *more, *differences))

    def _include(self, narrower: ClaimStand, broader: ClaimStand) -> Judgement | None:
        """The narrower claim bears out the broader one if it is put as firmly; else it adds nothing to it."""
        if answer := self._bear_out(narrower, broader):
            return answer
        is_as_firm = {*weigh(narrower, broader, self._hierarchy)} <= {1}
        return self._told(DK.corroborates, "includes", narrower, broader) if is_as_firm else None

    def _compare_parts(self, part: ClaimStand, whole: ClaimStand) -> Judgement | None:
        """What holds of a part needn't hold of the whole, so the two agree or pull apart and never contradict."""
        if part.mood != whole.mood:
            return None
        is_like = {*weigh(part, whole, self._hierarchy)} <= {1} and not shares_differ(part, whole)
        kind, sentence = (DK.corroborates, "same of a part") if is_like else (DK.differsFrom, "of a part only")
        return self._told(kind, sentence, part, whole, **_name_both(part, whole, _values(part, whole)))

    def _bear_out(self, fact: ClaimStand, forecast: ClaimStand) -> Judgement | None:
        if (fact.mood, forecast.mood) != ("fact", "forecast") or self._later(fact, forecast) is not fact:
            return None
        is_conditional = fact.claim.all(DK.condition) or forecast.claim.all(DK.condition)
        issued, times = years_of(self._descriptions.issued(fact.document)), _years_named(forecast)
        has_begun = issued is None or all(first <= issued[1] for first, _ in times)
        if is_conditional or fact.strength(DK.certainty) < FULL or not has_begun:
            # To find something possible, or to state a condition, is not to say that it has happened.
            return None
        balance = weigh(fact, forecast, self._hierarchy, with_mood=False)
        narrower = list(narrower_limits(fact, forecast, self._hierarchy))
        # A fact stated within limits, or only read out of a text, still answers a forecast.
        explained = len(narrower) + (fact.basis < forecast.basis)
        if None in balance or balance.count(-1) > explained:
            return None
        told = tell_reserves(fact, forecast) if explained else ()
        sentence = "borne out in part" if narrower else "borne out"
        return Judgement(DK.corroborates, fact, forecast, (_about(sentence, fact, forecast), *told))

    def _oppose(self, ground: str, first: ClaimStand, second: ClaimStand) -> Judgement | None:
        later = self._later(first, second)
        is_settled = later is not None and all(self._is_past(each, later) for each in (first, second))
        verdict = oppose(first, second, self._hierarchy, later=later if is_settled else None)
        if verdict is None:
            return None
        is_open = verdict == "compatible"
        is_flat = first.is_asserted and second.is_asserted and first.moods == second.moods
        reasons = [self._ground_reason(ground, first, second, is_open=is_open, is_flat=is_flat)]
        reasons += tell_differences(first, second, self._hierarchy)
        if is_open:
            reasons.append(Reason("can both be right"))
        elif verdict == "not borne out":
            told, expected = (first, second) if first.mood == "fact" else (second, first)
            is_narrower = any(narrower_limits(told, expected, self._hierarchy))
            reasons.append(_about("not borne out in part" if is_narrower else "not borne out", expected, told))
        elif later is not None:
            reasons.append(self._date_reason(first, second, later))
        opposed = DK.contradicts if is_flat and ground != "within" else DK.inTensionWith
        return Judgement(DK.differsFrom if is_open else opposed, first, second, reasons)

    def _is_past(self, stand: ClaimStand, later: ClaimStand) -> bool:
        """Whether the time that a forecast names was over when a later document came out; true of all else."""
        issued = years_of(self._descriptions.issued(later.document))
        return issued is None or stand.mood != "forecast" or all(last < issued[0] for _, last in _years_named(stand))

    def _date_reason(self, first: ClaimStand, second: ClaimStand, later: ClaimStand) -> Reason:
        """Return which is the later one; only over years may the matter itself have changed."""
        issued, other = (self._descriptions.issued(stand.document) for stand in (first, second))
        date = Named(Literal(issued if later is first else other), later.document)
        sentence = "later" if years_of(issued) == years_of(other) else "later by years"
        return Reason(sentence, {"document": [later.document], "values": [date]})

    def _compare_values(self, first: ClaimStand, second: ClaimStand) -> Judgement | None:
        value, other = _values(first, second)
        if getattr(value, "language", "thing") != getattr(other, "language", "thing"):
            # A thing isn't another value than a text, nor is the same text in two languages.
            return None
        if self._is_more_exact(value, other):
            return self._include(first, second)
        if self._is_more_exact(other, value):
            return self._include(second, first)
        return self._oppose("values", first, second)

    def _is_more_exact(self, value: Any, other: Any) -> bool:
        if not isinstance(value, Literal):
            return self._hierarchy.is_within(value.value, other.value)
        return is_time(value) and is_date_within(value.value, other.value)

    def _ground_reason(
        self, ground: str, first: ClaimStand, second: ClaimStand, *, is_open: bool, is_flat: bool
    ) -> Reason:
        """Return what the two say; if both can be right, without saying that one is wrong.

        With a reserve on a side, neither denies all that the other says.
        """
        if ground == "same" and first.mood == "advice":
            return _about("opposite advice", first, second)
        if ground == "same" and (is_open or not is_flat):
            return _about("goes against", first, second)
        sentence, values = _GROUND_SENTENCES[ground], {}
        if ground == "properties":
            terms = first.claim.predicate, second.claim.predicate
            values = _name_both(first, second, terms, are_nouns=False)
        elif ground in ("within", "values"):
            values = _name_both(first, second, _values(first, second))
        if is_open and ground in ("properties", "values"):
            sentence = "other value"
        elif ground == "values" and not is_flat:
            sentence = "values pull apart"
        return _about(sentence, first, second, **values)

    def _told(
        self, kind: NamedNode, sentence: str, first: ClaimStand, second: ClaimStand, **values: list[Named]
    ) -> Judgement:
        differences = tell_differences(first, second, self._hierarchy)
        return Judgement(kind, first, second, (_about(sentence, first, second, **values), *differences))

    def _later(self, first: ClaimStand, second: ClaimStand) -> ClaimStand | None:
        """Return the claim whose document is the newer one, as far as their dates tell."""
        # "2019~" is a text without a date, from about this year.
        ours, theirs = (self._descriptions.issued(stand.document).rstrip("~") for stand in (first, second))
        length = min(len(ours), len(theirs))
        if ours[:length] == theirs[:length]:
            return None
        return first if ours[:length] > theirs[:length] else second


def _years_named(stand: ClaimStand) -> list[tuple[int, int]]:
    """Return the first and last year of each time that a claim names."""
    times = (*stand.claim.all(DK.time), *stand.claim.all(DK.limitedToTime))
    spans = [years_of(time.value) for time in times if isinstance(time, Literal)]
    return [span for span in spans if span is not None]


def _about(sentence: str, first: ClaimStand, second: ClaimStand, **values: list[Named]) -> Reason:
    return Reason(sentence, {"first": [first.document], "second": [second.document], **values})


def _name_both(
    first: ClaimStand, second: ClaimStand, terms: Sequence[Any], *, are_nouns: bool = True
) -> dict[str, list[Named]]:
    value, other = (Named(term, stand.document, are_nouns) for term, stand in zip(terms, (first, second), strict=True))
    return {"value": [value], "other": [other]}


def _values(first: ClaimStand, second: ClaimStand) -> tuple[Any, Any]:
    """Return what two claims differ in: their objects, or their subjects if the property is read backwards."""
    if key_of(first.claim.object) != key_of(second.claim.object):
        return first.claim.object, second.claim.object
    return first.claim.subject, second.claim.subject


#: How claims of different documents can compare, in the order of pages.
COMPARISON_KINDS: Final = (DK.contradicts, DK.inTensionWith, DK.differsFrom, DK.firmerThan, DK.corroborates)
#: The kinds of comparisons of opposite claims, by local name.
OPPOSED: Final = ("contradicts", "inTensionWith")


@dataclass(frozen=True)
class Comparison:
    """What the first claim is to the second, with the reason in each language of the table.

    Only `dk:firmerThan` has a direction; of the other kinds the second is the same to the first.
    """

    kind: NamedNode
    first: NamedNode
    second: NamedNode
    reasons: Mapping[str, str]


def compare_documents(
    documents: Mapping[str, Sequence[Quad]], shared: Sequence[Quad], names: Namespaces
) -> list[Comparison]:
    """Return how claims of different documents stand to each other, sorted; each two claims come once at most.

    `documents` has all quads of each document by its name, `shared` those of the ontology and of shared things.
    """
    hierarchy = Hierarchy(shared)
    descriptions = Descriptions(documents, shared, names)
    found = (stand for name in sorted(documents) for stand in read_stands(name, documents[name], names))
    stands = [stand for stand in found if stand.is_comparable]
    judge = Judge(hierarchy, descriptions)
    judgements = [told for pair in find_pairs(stands, hierarchy) if (told := judge.judge(*pair)) is not None]
    comparisons = [
        Comparison(
            kind,
            first.claim.iri,
            second.claim.iri,
            {tag: " ".join(descriptions.tell(reason, tag) for reason in reasons) for tag in LANGUAGES},
        )
        for kind, first, second, reasons in _worth_telling(judgements, stands)
    ]
    return sorted(comparisons, key=lambda c: (COMPARISON_KINDS.index(c.kind), c.first.value, c.second.value))


def comparison_quads(comparisons: Iterable[Comparison], names: Namespaces) -> Iterator[Quad]:
    """Yield the quads of `graph:comparison`: a node for each comparison, and one triple from claim to claim."""
    graph = names.graphs.comparison
    for comparison in comparisons:
        node = comparison_iri(comparison, names)
        yield Quad(node, RDF.type, DK.Comparison, graph)
        yield Quad(node, DK.firstClaim, comparison.first, graph)
        yield Quad(node, DK.secondClaim, comparison.second, graph)
        yield Quad(node, DK.comparisonKind, comparison.kind, graph)
        for language, text in comparison.reasons.items():
            yield Quad(node, DK.reasonText, Literal(text, language=language), graph)
            yield Quad(node, RDFS.label, Literal(text, language=language), graph)
        yield Quad(comparison.first, comparison.kind, comparison.second, graph)
        if comparison.kind != DK.firmerThan:
            yield Quad(comparison.second, comparison.kind, comparison.first, graph)


def comparison_iri(comparison: Comparison, names: Namespaces) -> NamedNode:
    """Return the IRI of a comparison: the same two claims and kind always have the same."""
    parts = (comparison.first.value, comparison.second.value, comparison.kind.value)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return NamedNode(f"{names.base}comparison/{digest}")


def documents_of(book: Book) -> dict[str, str]:
    """Return the IRIs of all documents of a version, by name; one without passages has claims all the same."""
    found = {group.document: book.names.thing(group.document).value for group in book.claim_groups if group.document}
    return found | book.documents


def pairs_between(book: Book, names: Sequence[str]) -> list[ClaimPair]:
    """Return the comparisons that a version has of claims of two documents, sorted by these claims."""
    pairs = book.comparisons(claims=book.find_claims(ClaimFilter(document=names[0])))
    return [pair for pair in pairs if {*map(book.names.document_of, (pair.first, pair.second))} == {*names}]


def _worth_telling(judgements: Sequence[Judgement], stands: Iterable[ClaimStand]) -> Iterator[Judgement]:
    """Leave out where a document is less firm, or says it otherwise, in one claim, and says the same in another.

    Also where it only passes on a view of what it has a view of its own on: that isn't its side.
    """
    own = {(stand.document, stand.statement) for stand in stands if stand.ownership}
    #: Claims that a document says as well.
    echoed = set[tuple[NamedNode, str]]()
    for kind, first, second, reasons in judgements:
        if kind == DK.corroborates and not reasons[0].identifier.startswith("borne out"):
            echoed.add((second.claim.iri, first.document))
            if reasons[0].identifier not in ("includes", "same of a part"):
                echoed.add((first.claim.iri, second.document))
    for judgement in judgements:
        kind, first, second, _ = judgement
        is_echoed = (first.claim.iri, second.document) in echoed
        if kind == DK.firmerThan and not second.ownership:
            is_echoed |= (second.document, second.statement) in own
        if kind == DK.differsFrom:
            is_echoed |= (second.claim.iri, first.document) in echoed
        if not is_echoed or kind not in (DK.differsFrom, DK.firmerThan):
            yield judgement
