"""Compare documents claim by claim: what two claims are to each other, and why, as `graph:comparison` holds it.

docs/comparing.md has the rules in words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.languages import LANGUAGES
from digitech_kg.comparison.firmness import Verdict, is_weaker_in_basis, narrower_limits, oppose, weigh
from digitech_kg.comparison.hierarchy import Ground, Hierarchy, Pair, find_pairs
from digitech_kg.comparison.reasons import (
    Descriptions,
    Document,
    Named,
    Reason,
    tell_differences,
    tell_reserves,
)
from digitech_kg.comparison.stands import (
    FULL,
    OWN_VIEW,
    Mood,
    Stand,
    is_date_within,
    key_of,
    read_stands,
    shares_differ,
    years_of,
)
from digitech_kg.namespaces import DK, RDF, RDFS, VOCABULARIES, Namespaces

_GROUND_SENTENCES: Final = {
    Ground.SAME: "opposite",
    Ground.ENTAILS: "opposite by implication",
    Ground.WITHIN: "opposite of a part",
    Ground.VALUES: "one value only",
    Ground.PROPERTIES: "relations that exclude each other",
    Ground.DIRECTIONS: "other direction",
}
#: The grounds whose sentences name what the two claims differ in.
_NAMING: Final = (Ground.WITHIN, Ground.VALUES, Ground.PROPERTIES)
#: Datatypes of dates beside those of EDTF.
_DATES: Final = frozenset(VOCABULARIES["xsd"] + name for name in ("date", "gYear", "gYearMonth", "dateTime"))


@dataclass(frozen=True)
class Judgement:
    """What the first claim is to the second."""

    kind: NamedNode
    first: Stand
    second: Stand
    reasons: tuple[Reason, ...]

    def echoes(self) -> Iterator[tuple[NamedNode, str]]:
        """Yield the claims that a document says as well, with the name of that document."""
        if self.kind == DK.corroborates and not self.reasons[0].identifier.startswith("borne out"):
            yield self.second.claim.iri, self.first.document
            if self.reasons[0].identifier not in ("includes", "same of a part"):
                yield self.first.claim.iri, self.second.document


class Judge:
    """Compares pairs of claims by what ontology, things and documents say of what they name."""

    def __init__(self, hierarchy: Hierarchy, descriptions: Descriptions) -> None:
        self._hierarchy = hierarchy
        self._descriptions = descriptions

    def judge(self, pair: Pair) -> Judgement | None:
        """Return what two claims are to each other; None if they bear on each other and nothing can be said."""
        first, second = pair.first, pair.second
        if pair.ground is Ground.SAME:
            if first.affirms == second.affirms:
                return self._agree(first, second)
            affirmation, denial = (first, second) if first.affirms else (second, first)
            return self._oppose(pair.ground, affirmation, denial)
        if pair.ground is Ground.ENTAILS:
            if first.affirms == second.affirms:
                # To deny the broader statement is to deny the narrower one.
                return self._include(first, second) if first.affirms else self._include(second, first)
            return self._oppose(pair.ground, first, second) if first.affirms else None
        if pair.ground is Ground.WITHIN:
            return self._compare_parts(first, second)
        if pair.ground is Ground.VALUES:
            return self._compare_values(first, second)
        return self._oppose(pair.ground, first, second)

    def _agree(self, first: Stand, second: Stand) -> Judgement | None:
        if answer := self._bear_out(first, second) or self._bear_out(second, first):
            return answer
        balance = weigh(first, second, self._hierarchy)
        if shares_differ(first, second):
            return self._judgement(DK.differsFrom, "other shares", first, second)
        if not balance:
            sentence = self._name_agreement(first, second)
            judgement = self._judgement(DK.corroborates, sentence, first, second)
            fuller = [Document(stand.document) for stand in (first, second) if stand.says_more]
            if fuller and sentence != "same definition":
                said = Reason("says more" if len(fuller) == 1 else "both say more", {"document": fuller})
                judgement = replace(judgement, reasons=(judgement.reasons[0], said, *judgement.reasons[1:]))
            return judgement
        if {*balance} == {1}:
            return self._firmer(first, second)
        if {*balance} == {-1}:
            return self._firmer(second, first)
        return self._judgement(DK.differsFrom, "other reserves", first, second)

    def _firmer(self, first: Stand, second: Stand) -> Judgement:
        """To pass on a view is not to hold it less firmly."""
        is_passed_on = first.ownership == OWN_VIEW and not second.ownership
        return self._judgement(DK.firmerThan, "firmer than a report" if is_passed_on else "firmer", first, second)

    def _name_agreement(self, first: Stand, second: Stand) -> str:
        """Return the sentence for claims that say the same; that both define something is no reserve."""
        if any(tell_differences(first, second, self._hierarchy)):
            return "same"
        if any(reserve.value != DK.definition for reserve in first.claim.weakening):
            return "same with the same reserves"
        return "same definition" if DK.definition in first.moods else "same"

    def _include(self, narrower: Stand, broader: Stand) -> Judgement | None:
        """The narrower claim bears out the broader one if it is put as firmly; else it adds nothing to it."""
        if answer := self._bear_out(narrower, broader):
            return answer
        balance = weigh(narrower, broader, self._hierarchy)
        is_as_firm = {*balance} <= {1}
        return self._judgement(DK.corroborates, "includes", narrower, broader) if is_as_firm else None

    def _compare_parts(self, part: Stand, whole: Stand) -> Judgement | None:
        """What holds of a part needn't hold of the whole, so the two agree or pull apart and never contradict."""
        if part.affirms != whole.affirms:
            return self._oppose(Ground.WITHIN, part, whole)
        if part.mood is not whole.mood:
            return None
        balance = weigh(part, whole, self._hierarchy)
        is_like = {*balance} <= {1} and not shares_differ(part, whole)
        kind, sentence = (DK.corroborates, "same of a part") if is_like else (DK.differsFrom, "of a part only")
        reason = _about(Reason(sentence, _name_both(part, whole, _values(part, whole))), part, whole)
        return Judgement(kind, part, whole, (reason, *tell_differences(part, whole, self._hierarchy)))

    def _bear_out(self, fact: Stand, forecast: Stand) -> Judgement | None:
        if (fact.mood, forecast.mood) != (Mood.FACT, Mood.FORECAST) or self._later(fact, forecast) is not fact:
            return None
        is_conditional = fact.claim.all(DK.condition) or forecast.claim.all(DK.condition)
        if is_conditional or fact.strength(DK.certainty) < FULL or not self._has_begun(forecast, fact):
            # Whoever finds something possible, or states a condition, doesn't say that it has happened.
            return None
        balance = weigh(fact, forecast, self._hierarchy, with_mood=False)
        narrower = list(narrower_limits(fact, forecast, self._hierarchy))
        # A fact stated within limits, or only read out of a text, still answers a forecast.
        explained = len(narrower) + is_weaker_in_basis(fact, forecast)
        if None in balance or balance.count(-1) > explained:
            return None
        sentence = "borne out in part" if narrower else "borne out"
        told = tell_reserves(fact, forecast) if explained else ()
        return Judgement(DK.corroborates, fact, forecast, (_about(Reason(sentence), fact, forecast), *told))

    def _oppose(self, ground: Ground, first: Stand, second: Stand) -> Judgement | None:
        later = self._later(first, second)
        is_early = later is not None and not all(self._has_come(each, later) for each in (first, second))
        verdict = oppose(first, second, self._hierarchy, later=None if is_early else later)
        if verdict is Verdict.UNRELATED:
            return None
        is_open = verdict is Verdict.COMPATIBLE
        is_flat = first.is_asserted and second.is_asserted and first.moods == second.moods
        reasons = [self._ground_reason(ground, first, second, is_open=is_open, is_flat=is_flat)]
        reasons += tell_differences(first, second, self._hierarchy)
        if is_open:
            reasons.append(Reason("can both be right"))
        elif verdict is Verdict.NOT_BORNE_OUT:
            told, expected = (first, second) if first.mood is Mood.FACT else (second, first)
            is_narrower = any(narrower_limits(told, expected, self._hierarchy))
            sentence = "not borne out in part" if is_narrower else "not borne out"
            reasons.append(_about(Reason(sentence), expected, told))
        elif later is not None:
            reasons.append(self._date_reason(first, second, later))
        opposed = DK.contradicts if is_flat and ground is not Ground.WITHIN else DK.inTensionWith
        return Judgement(DK.differsFrom if is_open else opposed, first, second, tuple(reasons))

    def _has_come(self, stand: Stand, later: Stand) -> bool:
        """Whether the time that a forecast names was over when a later document came out; true of all else."""
        issued = years_of(self._descriptions.issued(later.document))
        if issued is None or stand.mood is not Mood.FORECAST:
            return True
        return all(last < issued[0] for _, last in _years_named(stand))

    def _has_begun(self, forecast: Stand, later: Stand) -> bool:
        """Whether the time that a forecast names had begun when a later document came out."""
        issued = years_of(self._descriptions.issued(later.document))
        return issued is None or all(first <= issued[1] for first, _ in _years_named(forecast))

    def _date_reason(self, first: Stand, second: Stand, later: Stand) -> Reason:
        """Return which is the later one; only over years may the matter itself have changed."""
        issued, other = (self._descriptions.issued(stand.document) for stand in (first, second))
        date = Named(Literal(issued if later is first else other), later.document)
        sentence = "later" if years_of(issued) == years_of(other) else "later by years"
        return Reason(sentence, {"document": [Document(later.document)], "values": [date]})

    def _compare_values(self, first: Stand, second: Stand) -> Judgement | None:
        value, other = _values(first, second)
        if getattr(value, "language", "thing") != getattr(other, "language", "thing"):
            # A thing isn't another value than a text, nor is the same text in two languages.
            return None
        if self._is_more_exact(value, other):
            return self._include(first, second)
        if self._is_more_exact(other, value):
            return self._include(second, first)
        return self._oppose(Ground.VALUES, first, second)

    def _is_more_exact(self, value: Any, other: Any) -> bool:
        if not isinstance(value, Literal):
            return self._hierarchy.is_within(value.value, other.value)
        is_date = value.datatype.value in _DATES or value.datatype.value.startswith(VOCABULARIES["edtf"])
        return is_date and is_date_within(value.value, other.value)

    def _ground_reason(self, ground: Ground, first: Stand, second: Stand, *, is_open: bool, is_flat: bool) -> Reason:
        """Return what the two say; if both can be right, without saying that one is wrong.

        With a reserve on a side, neither denies all that the other says.
        """
        sentence, values = _GROUND_SENTENCES[ground], {}
        if ground is Ground.SAME and first.mood is Mood.ADVICE:
            sentence = "opposite advice"
        elif ground is Ground.SAME and (is_open or not is_flat):
            sentence = "goes against"
        elif ground in _NAMING:
            in_predicates = ground is Ground.PROPERTIES
            named = (first.claim.predicate, second.claim.predicate) if in_predicates else _values(first, second)
            values = _name_both(first, second, named, are_nouns=not in_predicates)
            if is_open and ground is not Ground.WITHIN:
                sentence = "other value"
            elif ground is Ground.VALUES and not is_flat:
                sentence = "values pull apart"
        return _about(Reason(sentence, values), first, second)

    def _judgement(self, kind: NamedNode, sentence: str, first: Stand, second: Stand) -> Judgement:
        told = tell_differences(first, second, self._hierarchy)
        return Judgement(kind, first, second, (_about(Reason(sentence), first, second), *told))

    def _later(self, first: Stand, second: Stand) -> Stand | None:
        """Return the claim whose document is the newer one, as far as their dates tell."""
        ours, theirs = self._descriptions.issued(first.document), self._descriptions.issued(second.document)
        length = min(len(ours), len(theirs))
        if ours[:length] == theirs[:length]:
            return None
        return first if ours[:length] > theirs[:length] else second


def _years_named(stand: Stand) -> list[tuple[int, int]]:
    """Return the first and last year of each time that a claim names."""
    times = (*stand.claim.all(DK.time), *stand.claim.all(DK.limitedToTime))
    spans = [years_of(time.value) for time in times if isinstance(time, Literal)]
    return [span for span in spans if span is not None]


def _about(reason: Reason, first: Stand, second: Stand) -> Reason:
    documents: dict[str, Sequence[Any]] = {"first": [Document(first.document)], "second": [Document(second.document)]}
    return Reason(reason.identifier, {**documents, **reason.values})


def _name_both(first: Stand, second: Stand, terms: Sequence[Any], *, are_nouns: bool = True) -> dict[str, list[Named]]:
    value, other = (Named(term, stand.document, are_nouns) for term, stand in zip(terms, (first, second), strict=True))
    return {"value": [value], "other": [other]}


def _values(first: Stand, second: Stand) -> tuple[Any, Any]:
    """Return what two claims differ in: their objects, or their subjects if the property is read backwards."""
    if key_of(first.claim.object) != key_of(second.claim.object):
        return first.claim.object, second.claim.object
    return first.claim.subject, second.claim.subject


#: What claims of different documents can be to each other, as pages list them.
KINDS: Final = (DK.contradicts, DK.inTensionWith, DK.differsFrom, DK.firmerThan, DK.corroborates)
#: What opposite claims are to each other, by local name.
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
    stands = [stand for name in sorted(documents) for stand in read_stands(name, documents[name], names)]
    judge = Judge(hierarchy, descriptions)
    judgements = [told for pair in find_pairs(stands, hierarchy) if (told := judge.judge(pair)) is not None]
    found = [
        Comparison(
            each.kind,
            each.first.claim.iri,
            each.second.claim.iri,
            {tag: " ".join(descriptions.tell(reason, tag) for reason in each.reasons) for tag in LANGUAGES},
        )
        for each in _worth_telling(judgements, stands)
    ]
    return sorted(found, key=lambda c: (KINDS.index(c.kind), c.first.value, c.second.value))


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


def _worth_telling(judgements: Sequence[Judgement], stands: Iterable[Stand]) -> Iterator[Judgement]:
    """Leave out where a document is less firm, or says it otherwise, in one claim, and says the same in another.

    Also where it only passes on a view of what it has a view of its own on: that isn't its side.
    """
    own = {(stand.document, stand.statement) for stand in stands if stand.ownership}
    echoed = {pair for judgement in judgements for pair in judgement.echoes()}
    for judgement in judgements:
        first, second = judgement.first, judgement.second
        is_echoed = (first.claim.iri, second.document) in echoed
        if judgement.kind == DK.firmerThan and not second.ownership:
            is_echoed |= (second.document, second.statement) in own
        if judgement.kind == DK.differsFrom:
            is_echoed |= (second.claim.iri, first.document) in echoed
        if not is_echoed or judgement.kind in (DK.contradicts, DK.inTensionWith, DK.corroborates):
            yield judgement
