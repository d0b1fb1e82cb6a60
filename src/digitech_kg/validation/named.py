"""Whether passages name what the claims on them are about: the wrong thing, holder or passage, as far as words tell.

A passage names a thing if a word of its names or its definition stands there in any form, or if `dk:mentions` says so:
that is how a warning is answered where the text calls the thing something else.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.languages import find_language
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.passages import read_passages
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import grouped
from digitech_kg.matching.meanings import stem
from digitech_kg.matching.question_words import COMMON
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, Namespaces, local_name, value_of
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.validation.report import Result, warn

_NAMES: Final = frozenset((RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, DK.labelInText, DCTERMS.title))
_AUTHORS: Final = frozenset((DCTERMS.creator, DCTERMS.publisher, DK.speaksFor))
#: What is read of things and passages.
_READ: Final = _NAMES | _AUTHORS | {RDF.type, SKOS.definition, DK.mentions, DK.quantity}
#: What a claim has one thing in rather than another.
_ENDS: Final = (DK.subject, DK.object, DK.heldBy, DK.comparedWith, DK.limitedToPlace, DK.limitedToGroup)
#: What says how many of a thing in a place are meant, and what isn't to be left out: “some” may be of one.
_QUANTIFIED: Final = (
    (DK.subject, DK.subjectQuantifier),
    (DK.object, DK.objectQuantifier),
    (DK.heldBy, DK.holderQuantifier),
    (DK.limitedToGroup, DK.limitQuantifier),
)
_SHARES: Final = (DK.few, DK.many, DK.most)
_PLACES: Final = (DK.State, DK.City, DK.Region, DK.Place)
#: Whose names a sentence has one of.
_WHOM: Final = (DK.subject, DK.heldBy, DK.limitedToGroup)
#: A name of one thing: each word has a capital, but for short ones such as “of”.
_NAME: Final = re.compile(r"[A-ZÆØÅ][\w.’'&-]*(?: (?:[A-ZÆØÅ\d][\w.’'&-]*|[a-zæøå]{1,3}))*")
#: What stands between the last things of a list.
_AND: Final = r",? (?:and|or|og|eller) (?:the )?"
#: A word of so many letters is found in compounds, too.
_LONG: Final = 4
_LETTER: Final = re.compile(r"[^\W\d_]")
_CAPITAL: Final = re.compile(r"\b[A-ZÆØÅ]\w+")


class Cited(NamedTuple):
    """What a claim cites."""

    passages: list[str]
    said: str
    #: What the passages are called in a message.
    where: str


class Reading:
    """The graph of a document beside its text."""

    def __init__(self, quads: Iterable[Quad], document: str, text: str, names: Namespaces) -> None:
        self.names = names
        self.own = [quad for quad in quads if quad.graph_name == names.graphs.document(document)]
        self.text, self.claims = text, read_claims(self.own)
        passages, copy = read_passages(self.own, names.passage(document, "").value), TextCopy(text)
        #: The passages with a place and a hash, by their IRIs.
        self.spans = {
            p.iri.value: (p.start, p.end, p.text_hash)
            for p in passages
            if p.start is not None and p.end is not None and p.text_hash
        }
        #: Table, row and column of the cells.
        self.cells = {p.iri.value: (p.parent, p.row, p.column) for p in passages if p.row is not None}
        quotes = ((iri, copy.quote(*span)) for iri, span in self.spans.items())
        #: What those passages say that stand in the text as they were hashed.
        self.quotes = {iri: quote for iri, quote in quotes if quote is not None}
        #: The claims on each passage.
        self.citing = grouped((value_of(passage), claim) for claim in self.claims for passage in claim.passages)
        self.language = next((value_of(quad.object) for quad in self.own if quad.predicate == DCTERMS.language), "")

    def cited(self) -> Iterator[tuple[Claim, Cited]]:
        """Yield the claims that cite passages of the text alone, with these."""
        for claim in self.claims:
            cited = sorted(map(value_of, claim.passages))
            if cited and self.quotes.keys() >= set(cited):
                where = ", ".join(iri.rpartition("/")[2] for iri in cited)
                # Over a gap no number goes on: two cells with “2” and “170” have no 2 170.
                yield claim, Cited(cited, "\n\n".join(map(self.quotes.__getitem__, cited)), where)


def own_sentences(claim: Claim) -> Iterator[Literal]:
    """Yield the comments of a claim, which are its sentence wherever it is shown, in languages with words."""
    for comment in claim.all(RDFS.comment) if not claim.is_external else ():
        if isinstance(comment, Literal) and find_language(comment.language or ""):
            yield comment


def plainer(claim: Claim, other: Claim) -> Iterator[Result]:
    """Yield a warning if a claim is plain, and another that says the same of another thing has a reserve."""
    said = [prop for prop in (DK.certainty, DK.mood, DK.heldBy, DK.condition) if other.all(prop)]
    for prop in said[:1] if claim.is_plain and not other.is_plain else ():
        message = (
            f"{local_name(other.iri.value)} says the same of another thing with a dk:{local_name(prop.value)}: if its "
            "words hold here, add it to this claim, too."
        )
        yield warn(claim.iri, DK.subject, None, message)


class Naming:
    """What things are called, and which passages mention them."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._said = GraphView(quad for quad in quads if quad.predicate in _READ)
        #: Of all that is called anything its names, and of what is called by a name of its own that name.
        self._labels: dict[Any, list[Literal]] = defaultdict(list)
        self._names: dict[Any, set[str]] = defaultdict(set)
        for thing, text in (link for prop in _NAMES for link in self._said.links(prop)):
            if isinstance(text, Literal):
                self._labels[thing].append(text)
                if _NAME.fullmatch(name := text.value.removeprefix("the ")):
                    self._names[thing].add(name)
        self._authors = {end for prop in _AUTHORS for link in self._said.links(prop) for end in link}
        self._words: dict[Any, frozenset[str]] = {}

    def labels_of(self, *claims: Claim) -> str:
        """Return all that is called of what claims are made of."""
        values = {value for claim in claims for each in claim.values.values() for value in each}
        return " ; ".join(label.value for value in values for label in self._labels.get(value, ()))

    def check_comments(self, claims: Iterable[Claim]) -> Iterator[Result]:
        """Yield a warning for each comment that names nobody of those whom its claim is about.

        A group without a name of its own may be paraphrased there, as “big firms”, if the object is named.
        """
        for claim in claims:
            for comment in own_sentences(claim):
                whom = self._spoken([thing for prop in _WHOM for thing in claim.all(prop)], comment.language)
                if whom and self._names.keys().isdisjoint(whom):
                    whom += self._spoken(claim.all(DK.object), comment.language)
                if whom and self._authors.isdisjoint(whom) and all(self._is_absent(it, comment.value) for it in whom):
                    message = (
                        "This sentence doesn't name the subject of its claim: correct one of them, or give the "
                        "subject the name that it has here as a skos:hiddenLabel."
                    )
                    yield warn(claim.iri, RDFS.comment, comment.value, message)

    def check_passages(self, reading: Reading) -> Iterator[Result]:
        """Yield a warning for a holder, or for all things of a claim, if no cited passage names them.

        And for a thing in the place of another of its kind that is named there, and that no claim on the passage has.
        """
        language, citing, names = reading.language, reading.citing, reading.names
        printed = {iri: self._printed(reading.quotes[iri]) for iri in reading.quotes.keys() & citing.keys()}
        for iri in sorted(printed):
            for place, found in self._lost_places(citing[iri], reading.quotes[iri], language):
                if place not in self._mentioned(iri):
                    message = f"{iri.rpartition('/')[2]} says “{found}”, and no claim on it does: add dk:limitedToPlace"
                    yield warn(citing[iri][0].iri, DK.statedIn, iri, message + _or_mention(place, names))
        for claim, (cited, said, where) in reading.cited():
            if not claim.is_complete:
                continue
            named = self._authors.union(*(self._mentioned(iri) for iri in cited))
            ends = [(prop, thing) for prop in _ENDS for thing in self._spoken(claim.all(prop), language)]
            lacking = [end for end in ends if end[1] not in named and self._is_absent(end[1], said)]
            if lacking == ends and ends and not (claim.all(DK.value) and _LETTER.search(said)):
                message = f"Nothing in {where} names what this claim is about: cite the passage that says it"
                yield warn(claim.iri, DK.statedIn, cited[0], message + _or_mention(ends[0][1], names))
                continue
            for prop, value, message in self._misput(claim, said, language):
                yield warn(claim.iri, prop, value, message)
            for other in (other for iri in cited for other in citing[iri] if self._are_listed(claim, other, said)):
                yield from plainer(claim, other)
            # Of a sentence another part may be about the other thing; what stands in a row, the row is about.
            is_row = reading.cells.keys() >= set(cited)
            users = [claim] if is_row else [it for iri in cited for it in citing[iri]]
            used = {value for each in users for values in each.values.values() for value in values}
            others = set[Any]().union(*(printed[iri] for iri in cited)) - used - named
            capitals = set(_CAPITAL.findall(said))
            for prop, thing in ends:
                if prop == DK.heldBy and (prop, thing) in lacking:
                    message = f"Nothing in {where} names {names.shorten(thing.value)}: correct dk:heldBy"
                    yield warn(claim.iri, prop, thing, message + _or_mention(thing, names))
                elif thing in self._names and thing not in named and not self._capitals(thing) & capitals:
                    alike = (it for it in others if self._kinds(it) == self._kinds(thing))
                    for other in sorted(alike, key=str)[:1]:
                        beside = "" if is_row else ", which no claim on it has,"
                        message = (
                            f"{where} names {names.shorten(other.value)}{beside} and not "
                            f"{names.shorten(thing.value)}: correct {names.shorten(prop.value)}"
                        )
                        yield warn(claim.iri, prop, thing, message + _or_mention(other, names))

    def _lost_places(self, claims: Sequence[Claim], said: str, tag: str) -> Iterator[tuple[Any, str]]:
        """Yield the places in which a text says it is so, as it says it, if no claim on it has or names them."""
        language = find_language(tag)
        within = language.words.limits[DK.limitedToPlace] if language else ""
        used = {value for claim in claims for values in claim.values.values() for value in values}
        labels = self.labels_of(*claims).lower()
        for place in sorted(self._printed(said) - used - self._authors, key=str) if within else ():
            names = sorted(self._names[place])
            if self._kinds(place).intersection(_PLACES) and not any(name.lower() in labels for name in names):
                either = "|".join(map(re.escape, names))
                for found in re.findall(rf"\b{within.format(thing=f'(?:the )?(?:{either})')}\b", said)[:1]:
                    yield place, found

    def _misput(self, claim: Claim, said: str, tag: str) -> Iterator[tuple[NamedNode, Any, str]]:
        """Yield another quantifier and a comparison that is turned round: the property, its value, and what to do."""
        language = find_language(tag)
        patterns = language.words.quantifiers if language else {}
        ranked = list(patterns)
        text = re.sub(" (?:a few|noen fa|too (?:few|many)|for fa) ", " ", f" {plain(said)} ")
        for end, prop in _QUANTIFIED if patterns else ():
            for thing in claim.all(end):
                # The same may be said where it has another place in the claim.
                put = {it for other, of in _QUANTIFIED if thing in claim.all(other) for it in claim.all(of)}
                if not put and self._said.values(thing, DK.quantity):
                    continue
                pairs = ((it, patterns[it].format(thing=label)) for it in ranked for label in self._short(thing))
                found = {quantity: phrase for quantity, phrase in pairs if f" {plain(phrase)} " in text}
                # Of a part of what the text says, less may be said.
                ranks = [ranked.index(it) for it in put if it in ranked]
                more = bool(ranks and found) and min(ranks) > max(map(ranked.index, found))
                told = [it for it in found if more or (it in _SHARES and not put)]
                for quantity in told[:1]:
                    terms = " ".join(f"dk:{local_name(term.value)}" for term in (prop, quantity))
                    message = f"The text says “{found[quantity]}”: write {terms}."
                    yield prop, thing, message
        rest = said.partition(" enn " if language and language.tag == "nb" else " than ")[2]
        for other in claim.all(DK.comparedWith) if rest else ():
            if self._is_absent(other, rest) and not self._is_absent(claim.subject, rest):
                message = "The text compares the other way round: swap subject and dk:comparedWith, or flip the degree."
                yield DK.comparedWith, other, message

    def _are_listed(self, claim: Claim, other: Claim, said: str) -> bool:
        """Whether a text says of the same thing two claims whose objects stand side by side: "tin and zinc"."""
        if any(getattr(claim, name) != getattr(other, name) for name in ("subject", "predicate", "is_negated")):
            return False
        one, two = ("|".join(map(re.escape, self._short(each.object))) for each in (claim, other))
        pairs = rf"\b(?:(?:{one}){_AND}(?:{two})|(?:{two}){_AND}(?:{one}))\b"
        return bool(one and two and re.search(pairs, said.lower()))

    def _spoken(self, things: Iterable[Any], language: str | None) -> list[Any]:
        """Return the things that have a name in a language."""
        tag = (language or "").partition("-")[0]
        named = (thing for thing in things if thing in self._labels)
        return [it for it in named if tag in {(label.language or "").partition("-")[0] for label in self._labels[it]}]

    def _short(self, thing: Any) -> set[str]:
        return {label.value.lower().removeprefix("the ") for label in self._labels.get(thing, ())}

    def _kinds(self, thing: Any) -> set[Any]:
        return set(self._said.values(thing, RDF.type))

    def _mentioned(self, passage: str) -> list[Any]:
        return self._said.values(NamedNode(passage), DK.mentions)

    def _capitals(self, thing: Any) -> set[str]:
        return {word for label in self._labels.get(thing, ()) for word in _CAPITAL.findall(label.value)}

    def _is_absent(self, thing: Any, said: str) -> bool:
        """Whether no word of what a thing is called stands in a text, be it in another form or a compound."""
        if thing not in self._words:
            texts = (*self._labels.get(thing, ()), *self._said.values(thing, SKOS.definition))
            self._words[thing] = frozenset[str]().union(*(_stems(text.value) for text in texts))
        words, text = self._words[thing], plain(said)
        return words.isdisjoint(_stems(said)) and not any(len(word) >= _LONG and word in text for word in words)

    def _printed(self, said: str) -> set[Any]:
        found = ((thing, name) for thing, names in self._names.items() for name in names if name in said)
        return {thing for thing, name in found if re.search(rf"\b{re.escape(name)}(?!\w)", said)}


@lru_cache(maxsize=1 << 14)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in plain(text).split() if word not in COMMON)


def _or_mention(thing: Any, names: Namespaces) -> str:
    return f", or say with dk:mentions {names.shorten(thing.value)} that the passage speaks of it."
