"""Write a claim as a sentence in one language, with all its reserves.

What is said comes from the pattern of its predicate, or of what is done (`dk:sentencePattern`, see `clauses`). The
reserves put the verb into its tense, add fixed words beside it ("probably", "heavily"), at the end ("in Norway", "for
many years") or around all of it ("it is possible that …"), in this order: certainty, mood, holder. Where a predicate
has no pattern, subject, predicate and object are named one after the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.clauses import Clause, SentencePatterns
from digitech_kg.claims.labels import QuadLabels
from digitech_kg.claims.languages import cued, find_language
from digitech_kg.claims.languages.language import Language, Manner, as_sentence
from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import LIMITS
from digitech_kg.claims.times import Tense, comes_after, find_happened, find_tense, is_ahead, is_time, say_time
from digitech_kg.namespaces import DK, NUMBERS

#: Predicates that say of a thing only that it is done, by whether the doer is the object.
_DOING: Final = {DK.conducts: False, DK.adopts: False, DK.isConductedBy: True, DK.isAdoptedBy: True}
#: Reserves of a deed that have no place in its pattern, by whether the doer is the object.
_OF_DEEDS: Final = (DK.objectQuantifier, DK.objectCount, DK.focus), (DK.subjectQuantifier, DK.subjectCount)
#: The reserves that count the things before the verb, by what the pattern has there.
_BEFORE_VERB: Final = {"{subject}": DK.subjectQuantifier, "{object}": DK.objectQuantifier}
#: What stands beside "will", and not beside "is expected to".
_BESIDE_WILL: Final = (DK.certainty, DK.heldBy, DK.degree, DK.basis, DK.generality, DK.phase)


class Writer:
    """Writes claims out in one language."""

    def __init__(
        self, language: Language, patterns: SentencePatterns, labels: QuadLabels, claims: Mapping[NamedNode, Claim]
    ) -> None:
        self._language = language
        self._words = language.words
        self._patterns = patterns
        self._labels = labels
        self._claims = claims
        self._author = self._name(labels.author) if labels.author else ""
        self._happened = find_happened(claims.values())

    def write(self, claim: Claim) -> str | None:
        """Return the sentence of a claim; None unless it has one subject, predicate and object."""
        if not claim.is_complete:
            return None
        clause = self._choose(claim)
        said = self._say(claim, clause, self._frames(claim, clause), self._endings(claim, clause))
        return as_sentence(said + self._tails(claim) + self._unknown(claim))

    def _say(
        self, claim: Claim, clause: Clause, frames: Sequence[str], endings: str, *, subordinate: bool = False
    ) -> str:
        """Return a clause filled, with what stands at its end and around it."""
        filled, manner = self._fill(claim, clause), self._manner(claim, clause, subordinate=subordinate or bool(frames))
        if claim.is_negated and claim.all(_BEFORE_VERB.get(clause.before, DK.subject)) == (DK.all,):
            # "All companies do not" could mean that none does.
            before = f"{self._words.negation} {filled.before}"
            filled, manner = replace(filled, before=before), replace(manner, denied=False)
        if endings.startswith(" "):
            filled = replace(filled, after=self._language.closed(filled.after))
        text = self._language.say(filled, manner) + endings
        for frame in frames:
            text = frame.replace("{clause}", text)
        return text

    def _choose(self, claim: Claim) -> Clause:
        """Return what a claim says without its reserves; a name and a value if nothing has a pattern.

        The pattern is that of what is done, of the value, or else of the predicate.
        """
        found = self._deed(claim) or self._find(claim.object) or self._find(claim.predicate, claim)
        name = self._label(claim.predicate).replace("{", "(").replace("}", ")")
        return found or Clause("{subject}:", "", "", name + ": {object}")

    def _find(self, term: Any, claim: Claim | None = None) -> Clause | None:
        """Return the pattern of a term that asks for most of what a claim has."""
        found = [clause for clause in self._patterns.find(term, self._language.tag) if not clause.is_deed]
        suiting = [clause for clause in found if claim is None or self._suits(clause, claim)]
        return max(suiting, key=lambda clause: (len(clause.beside) + len(clause.kinds), clause.after), default=None)

    def _suits(self, clause: Clause, claim: Claim) -> bool:
        ends = ((claim.subject if end == "subject" else claim.object, DK[kind]) for end, kind in clause.kinds)
        return all(map(claim.all, clause.beside)) and all(self._patterns.is_of(thing, kind) for thing, kind in ends)

    def _deed(self, claim: Claim) -> Clause | None:
        """Return the clause of what a claim says that somebody does, if it has a pattern of its own."""
        by_object = _DOING.get(claim.predicate) if claim.predicate else None
        if by_object is None or any(map(claim.all, _OF_DEEDS[by_object])):
            return None
        found = self._patterns.find(claim.subject if by_object else claim.object, self._language.tag)
        clause = next((each for each in found if each.is_deed), None)
        if clause and by_object:  # The doer then stands in the place of the object.
            return replace(clause, before=clause.before.replace("{subject}", "{object}"))
        return clause

    def _label(self, term: Any) -> str:
        return self._labels.text(term, self._language.tag)

    def _name(self, term: Any) -> str:
        """Return how a sentence calls a thing: "the report"."""
        own = self._labels.in_text(term, self._language.tag)
        if isinstance(term, Literal):
            return own or term.value
        return self._language.quantify(
            own or self._language.noun(self._label(term)), self._labels.quantities.get(term), None
        )

    def _names(self, claim: Claim, prop: NamedNode) -> list[str]:
        return [self._say_value(term) for term in claim.ordered(prop)]

    def _say_value(self, term: Any) -> str:
        return self._when(term) if is_time(term) else self._name(term)

    def _when(self, term: Any, claim: Claim | None = None) -> str:
        """Return a time; a claim of that time tells whether it lies ahead: "by 2030" or "by the end of 2020"."""
        issued = self._labels.issued
        if claim and issued and term.value == f"../{issued}":
            return ""  # The tense tells that.
        text = self._name(term) if isinstance(term, Literal) else self._label(term)
        ahead = is_ahead(claim, term, issued) if claim else comes_after(term, issued)
        by = "before" if claim and claim.is_negated and cued(claim, "before") else "by"
        return say_time(text, self._words.times, ahead=ahead, by=by)

    def _fill(self, claim: Claim, clause: Clause) -> Clause:
        value, subject = claim.object, self._name(claim.subject)
        counted = self._quantify(claim, subject, DK.subjectQuantifier, DK.subjectCount)
        for near in claim.ordered(DK.nearness):
            if near in self._words.nearness and self._is_near(clause, near):
                clause = replace(clause, after=f"{self._words.nearness[near][0]} {clause.after}")
        for word in [] if self._focuses_at_verb(claim, clause) else self._focuses(claim):
            clause = clause.single_out(word)
        name = self._name(value)
        if "{goods}" in clause.after and clause.before.startswith("{subject}"):
            name = name.removeprefix(self._words.possessive.format(owner=subject))
        said, degree = name, self._in_place(claim, clause)
        if isinstance(value, Literal) and value.datatype.value in NUMBERS:
            said = self._exactly(claim, self._language.number(value.value, has_unit="{object} " in clause.after))
        elif clause.measures_object:
            compared = self._language.compare(said, self._degree(claim))
            said, degree = self._language.agree(compared or said, counted), "" if compared else degree
        elif degree and clause.degree_place == "great":
            degree = self._language.agree(degree, clause.after.partition("{great} ")[2].replace("{object}", said))
        shares = claim.all(DK.ownershipShare)
        objects = self._quantify(claim, said, DK.objectQuantifier, DK.objectCount)
        return clause.fill(
            subject=counted,
            object=objects,
            goods=objects,
            group=self._language.enumerate(self._names(claim, DK.limitedToGroup)),
            members=self._quantify(claim, self._language.definite(said), DK.objectQuantifier, DK.objectCount),
            name=self._quantify(claim, self._label(value), DK.objectQuantifier, DK.objectCount),
            when=self._when(value),
            share="".join(self._exactly(claim, self._language.number(each.value)) for each in shares),
            **{clause.degree_place or "degree": degree},
        )

    def _focuses(self, claim: Claim) -> list[str]:
        return [self._words.focuses[focus] for focus in claim.ordered(DK.focus) if focus in self._words.focuses]

    def _focuses_at_verb(self, claim: Claim, clause: Clause) -> list[str]:
        leads = clause.verb and "{subject}" in clause.before and self._language.singles_out_at_verb(clause)
        at_verb = leads and not claim.is_negated and DK.notOnly not in claim.all(DK.focus)
        return self._focuses(claim) if at_verb else []

    def _degree(self, claim: Claim) -> NamedNode | None:
        """Return the degree; None where a share says it in figures."""
        return None if claim.all(DK.ownershipShare) else claim.weakest(DK.degree)

    def _in_place(self, claim: Claim, clause: Clause) -> str:
        """Return the degree where the pattern has a place for it that suits it; "" if it is said elsewhere."""
        degree, place, words = self._degree(claim), clause.degree_place, self._words
        if f"{{{place}}} {{object}}" in clause.after and self._language.is_phrase(self._name(claim.object)):
            place = "largely" if place == "degree" else None
        table = {"degree": words.qualities, "great": words.sizes, "largely": words.standings}.get(place or "", {})
        return table.get(degree, "") if degree else ""

    def _quantify(self, claim: Claim, noun: str, quantifier: NamedNode, count: NamedNode) -> str:
        numbers = [self._exactly(claim, self._language.count(value.value)) for value in claim.ordered(count)]
        return self._language.quantify(noun, claim.weakest(quantifier), numbers[0] if numbers else None)

    def _exactly(self, claim: Claim, number: str) -> str:
        """Return a number as exactly as it is meant: "about 40"."""
        precision = claim.weakest(DK.precision)
        frame = self._words.precisions.get(precision) if precision else None
        return frame.format(number=number) if frame else number

    def _bare(self, iri: NamedNode) -> str | None:
        """Return a claim that others refer to as a clause that follows "if" or "because", with its reserves."""
        claim = self._claims.get(iri)
        if claim is None or not claim.is_complete:
            return None
        clause = self._choose(claim)
        # After "if" it is clear that something is only supposed.
        frames = () if DK.hypothesis in claim.all(DK.mood) else self._frames(claim, clause)
        endings = _after(self._circumstances(claim, clause))
        return self._say(claim, clause, frames, endings, subordinate=True) + self._unknown(claim)

    def _manner(self, claim: Claim, clause: Clause, *, subordinate: bool) -> Manner:
        words = self._words
        mood, certainty = claim.mood, claim.weakest(DK.certainty)
        beside = certainty if self._is_framed(mood) or certainty not in words.frames else None
        after = (value for prop in (DK.generality, DK.recency) for value in claim.ordered(prop))
        # The holder tells who alleges something.
        told = (DK.hearsay,) if claim.all(DK.heldBy) else ()
        said = (*claim.ordered(DK.basis), beside, *claim.ordered(DK.phase), mood, *after)
        adverbs = [words.adverbs[value] for value in said if value in words.adverbs and value not in told]
        performs = mood == DK.order and clause.verb in words.performing and not cued(claim, "duty")
        modal = self._modal(claim) if mood and clause.affirmed and not performs else self._may(claim, clause)
        return Manner(
            denied=claim.is_negated,
            modal=modal,
            tense=Tense.PRESENT if modal or performs else self._tense(claim, clause),
            adverbs=adverbs + self._focuses_at_verb(claim, clause),
            degree=None if self._in_place(claim, clause) or self._compares_figures(claim) else self._degree(claim),
            subordinate=subordinate,
            takes_object=clause.takes_object,
        )

    def _tense(self, claim: Claim, clause: Clause) -> Tense:
        if claim.is_negated and cued(claim, "so_far") and not (claim.all(DK.time) or is_ahead(claim)):
            return Tense.PERFECT
        return find_tense(claim, self._happened, self._labels.issued, says_when="{when}" in clause.after)

    def _modal(self, claim: Claim) -> str:
        """Return the verb that says a mood, as far as the cue has one: "must" for "shall", "is expected to"."""
        words, plans = self._words, cued(claim, "plan")
        mood = DK.norm if DK.norm in claim.all(DK.mood) else claim.mood
        if mood == DK.norm and (plans or cued(claim, "duty")):
            return str(words.duty)
        if plans and mood in (DK.prediction, DK.promise):
            return str(words.plan)
        if mood == DK.prediction and cued(claim, "expected") and not any(map(claim.all, _BESIDE_WILL)):
            return str(words.expected)
        return str(words.modals.get(mood, ""))

    def _may(self, claim: Claim, clause: Clause) -> str:
        """Return the verb that says that something is possible; "" where only a clause of its own can say it."""
        mood, tense = claim.mood, self._tense(claim, clause)
        has_another = mood in self._words.modals or self._is_framed(mood)
        if has_another or claim.is_negated or tense is not Tense.PRESENT or not self._language.is_present(clause):
            return ""
        return next((self._words.modals[each] for each in claim.all(DK.certainty) if each in self._words.modals), "")

    def _frames(self, claim: Claim, clause: Clause) -> list[str]:
        """Return what is put around the clause, from the inside out."""
        words = self._words
        mood, certainty = claim.mood, claim.weakest(DK.certainty)
        frames = []
        if certainty and certainty in words.frames and not (self._is_framed(mood) or self._may(claim, clause)):
            frames.append(words.frames[certainty])
        if mood and mood in words.frames_without_verb and not clause.affirmed:
            frames.append(words.frames_without_verb[mood])
        many = claim.weakest(DK.holderQuantifier)
        holders = [self._language.quantify(name, many, None) for name in self._names(claim, DK.heldBy)]
        if mood == DK.promise and self._author:
            holders = holders or [self._author]
        stances, reported = claim.ordered(DK.stance), DK.report in claim.all(DK.basis)
        believing = next((word for kind, word in words.believing.items() if cued(claim, kind)), None)
        if holders and not (stances or reported or believing or self._is_framed(mood)):
            frames.append(words.attribution.replace("{holders}", self._language.enumerate(holders)))
        elif holders:
            usual = believing or words.sayings[None]
            saying = (
                usual
                if mood is None or (mood == DK.prediction and (believing or cued(claim, "plan")))
                else words.sayings.get(mood, usual)
            )
            frames.append(self._language.attribute(holders, saying) + " {clause}")
        elif mood and self._is_framed(mood):
            frames.append(words.frames[mood])
        elif stances:
            frames.append(words.unnamed)
        return [*frames, words.reported] if reported else frames

    def _is_framed(self, mood: NamedNode | None) -> bool:
        """Whether a mood says who says, asks or foresees: certainty is then said beside the verb."""
        return mood in self._words.frames

    def _tails(self, claim: Claim) -> str:
        """Return what follows the sentence: a doubt, stances and how the text is read."""
        words = self._words
        framed = self._is_framed(claim.mood)
        tails = [words.doubt] if framed and claim.weakest(DK.certainty) == DK.doubtful else []
        author = self._author or words.stances[None]
        tails += [words.stances.get(s, "").format(author=author) for s in claim.ordered(DK.stance)]
        said = [words.reading] if DK.encoderReading in claim.all(DK.basis) else []
        said += [words.other_reading] if claim.all(DK.otherReading) else []
        return "".join(tails) + (f" ({'; '.join(said)})" if said else "")

    def _unknown(self, claim: Claim) -> str:
        """Return the values that no axis has, each named on its axis: nothing is left out."""
        found = [reserve for reserve in claim.reserves if not reserve.is_known]
        return "".join(f" ({self._label(reserve.axis.property)}: {self._label(reserve.value)})" for reserve in found)

    def _endings(self, claim: Claim, clause: Clause) -> str:
        if not claim.reserves:
            return ""
        words = self._words
        grounds = self._grounds(claim, DK.reason, words.reason, words.reason_clause)
        # Without a comma the reason would belong to what is denied or compared.
        comma = "," if grounds and (claim.is_negated or claim.all(DK.comparedWith)) else ""
        grounds += self._grounds(claim, DK.condition, words.condition, words.condition_clause)
        text = _after(self._circumstances(claim, clause)) + comma + _after(grounds)
        for value in claim.ordered(DK.nearness):
            if value in words.nearness and not self._is_near(clause, value):
                text += words.nearness_at_end.format(nearness=" ".join(words.nearness[value]))
        return text

    def _circumstances(self, claim: Claim, clause: Clause) -> list[str]:
        """Return against what, within which limits, when and how long."""
        named = self._name(claim.subject)
        times = [text for time in claim.ordered(DK.time) if (text := self._when(time, claim)) not in named]
        said = {**self._words.periods, **(self._words.periods_without if claim.is_negated else {})}
        periods = [said[v] for prop in (DK.recency, DK.duration) for v in claim.ordered(prop) if v in said]
        circumstances = [self._comparison(claim, clause), self._limits(claim, clause), *times, *periods]
        # Phrases set off by a comma come last.
        return sorted(circumstances, key=lambda text: text.startswith(","))

    def _is_near(self, clause: Clause, value: NamedNode) -> bool:
        """Whether the clause has the "before" or "after" that a nearness belongs to."""
        return clause.after.startswith(self._words.nearness[value][1] + " ")

    def _comparison(self, claim: Claim, clause: Clause) -> str:
        words, degree, others = self._words, self._degree(claim), self._names(claim, DK.comparedWith)
        in_place = bool(self._in_place(claim, clause))
        frames = words.quality_comparisons if in_place else words.comparisons
        if others and self._compares_figures(claim):
            return str(words.figure_comparisons[degree]).format(thing=self._language.enumerate(others))
        if others:
            return str(frames.get(degree, frames[None])).format(thing=self._language.enumerate(others))
        return words.bare_comparisons.get(degree, "") if degree and not in_place else ""

    def _compares_figures(self, claim: Claim) -> bool:
        """Whether a degree tells how a number stands to those of others, not how much the subject does something."""
        is_number = isinstance(claim.object, Literal) and claim.object.datatype.value in NUMBERS
        return is_number and bool(claim.all(DK.comparedWith)) and self._degree(claim) in self._words.figure_comparisons

    def _limits(self, claim: Claim, clause: Clause) -> str:
        phrases = []
        quantifier = claim.weakest(DK.limitQuantifier)
        counted = next((prop for prop in LIMITS if claim.all(prop)), None)
        for prop in LIMITS:
            values = [] if prop in clause.beside else claim.ordered(prop)
            times = [self._when(value) for value in values if is_time(value)]
            things = [self._name(value) for value in values if not is_time(value)]
            if things and prop == counted:
                things = [self._language.quantify(thing, quantifier, None) for thing in things]
            phrases += times
            if things:
                # A thing may be called with its preposition: "in the short term".
                text = self._language.enumerate(things)
                is_whole = self._language.has_preposition(text)
                phrases.append(text if is_whole else self._words.limits[prop].format(thing=text))
        together = [v for v in claim.ordered(DK.limitsApply) if v in self._words.limits_apply]
        if not together or sum(len(claim.all(prop)) for prop in LIMITS) < 2:
            return " ".join(phrases)
        return f"{self._language.enumerate(phrases)}{self._words.limits_apply[together[0]]}"

    def _grounds(self, claim: Claim, prop: NamedNode, thing: str, clause: str) -> list[str]:
        """Return what something depends on or is so because of: claims as clauses, things by their names."""
        found = {value: self._bare(value) for value in claim.ordered(prop)}
        clauses = [text for text in found.values() if text]
        things = [self._say_value(value) for value, text in found.items() if not text]
        bare = [name for name in things if not self._language.has_preposition(name)]
        phrases = [name for name in things if name not in bare]
        phrases += [thing.format(thing=self._language.enumerate(bare))] if bare else []
        if clauses:
            phrases.append(clause.replace("{clause}", self._language.enumerate(clauses)))
        return phrases


def write_sentences(
    claims: Iterable[Claim], tags: Iterable[str], patterns: SentencePatterns, labels: QuadLabels
) -> Iterator[tuple[NamedNode, Literal]]:
    """Yield the sentence of each claim in each language that has words, claims and languages in the order given.

    A sentence that somebody has written by hand (`rdfs:comment`) wins over the composed one. The claims have to be all
    those that may be named as condition or reason.
    """
    claims = list(claims)
    by_iri = {claim.iri: claim for claim in claims}
    writers = [(tag, Writer(found, patterns, labels, by_iri)) for tag in tags if (found := find_language(tag))]
    for claim in claims:
        for tag, writer in writers:
            text = claim.comment(tag) or writer.write(claim)
            if text:
                yield claim.iri, Literal(text, language=tag)


def _after(phrases: Iterable[str]) -> str:
    return "".join(f" {phrase}" for phrase in phrases if phrase).replace(" ,", ",")
