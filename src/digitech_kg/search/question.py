"""A typed text as a question: its words, the things that it names, and the claims that come nearest to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain, groupby
from typing import Final

from digitech_kg.book import Book, ClaimFilter
from digitech_kg.matching.asking import Span, asks_for, content_of, kinds_asked, may_be_noun
from digitech_kg.matching.question_words import SAYING, WORDS, parts_of_question
from digitech_kg.matching.spelling import is_in_chinese, plain
from digitech_kg.namespaces import DK, SKOS
from digitech_kg.search.finding import find_nearest
from digitech_kg.search.meant import Meant
from digitech_kg.search.nearest import Nearest, leading, listed_with, speaking, with_contrast
from digitech_kg.search.speakers import Speakers, proposing_in
from digitech_kg.search.typed import is_alike

#: Kinds of things that are found by their words already.
_MATCHED: Final = frozenset(cls.value for cls in (DK.Issue, DK.SavedQuestion, SKOS.Concept))
#: Kinds of things about which nobody asks by themselves.
NO_SUBJECTS: Final = frozenset(cls.value for cls in (DK.Characteristic, DK.Degree))
#: Things that a name may be a part of.
_MOST_LONGER: Final = 6
#: How much a name has to tell so that an answer has to be on it: of some countries, most claims speak.
_TELLING: Final = 0.395
#: The share of a question beyond the names in it that a claim has to have.
_MORE: Final = 0.05
#: From which weight a word has to be in the name of a page that is surely asked for, and a thing is told of by itself.
_TELLING_MUCH: Final = 0.5
#: The least share of a question that a claim has which fits it closely.
_FITTING: Final = 0.6
#: The most places of texts with which an answer opens, and how far they may fall behind the best one.
_OF_ANSWER: Final = (7, 0.55)
_OF_LIST: Final = (8, 0.55)
#: The share of a question that a claim has which answers all of it, and the least that a word of it tells.
NEARLY_ALL: Final = 0.75
_LEAST_TOLD: Final = 0.35
#: The classes of those who are named because they say something.
_SPEAKING: Final = frozenset({DK.Person.value, DK.ResearchInstitution.value})
#: The share of a question that a word has to make up to be told to stand nowhere, if it's no name.
_LEAST_UNKNOWN: Final = 0.2
#: How near claims come, beside the best, by those whose words are asked for, so that these alone are told; and how much
#: less a claim counts that is by others than those whose words are asked for.
SPOKEN: Final = 0.7
_OTHERS: Final = 0.75
#: How near to the best of theirs one by others has to come all the same, to be told beside them.
_NO_LESS: Final = 0.95
#: How much less one counts without all the agents, places and products that are named.
_WITHOUT_NAME: Final = 0.9
#: How much less one counts that has no number or date, or is no forecast or definition, if one is asked for.
_NO_FIGURE: Final = 0.8
#: From which score a name that is misspelt is meant.
_MISSPELT: Final = 90.0
#: A text of so few words is no sentence.
_SHORT_TEXT: Final = 3
#: Words behind "which" that may name what is asked for.
_CLOSE_BEHIND: Final = 3
#: More claims than any thing has, and how much more a name tells than a matter.
_NOWHERE: Final = 1_000_000
_NAMED_LEAD: Final = 10


class Question:
    """One text, read against the names in a book."""

    def __init__(self, book: Book, text: str, spans: Sequence[Span], limit: int) -> None:
        self.book, self.text, self.spans, self.index = book, text, spans, book.asked
        #: Words that were typed with a capital, as names are.
        self.capitalised = frozenset(plain(word) for word in text.split() if word[:1].isupper())
        proposing = proposing_in(spans, {*book.documents.values()})
        self.content = [span for span in spans if not span.is_common and span not in proposing]
        #: The names of documents by IRI.
        self.documents = {iri: name for name, iri in book.documents.items()}
        self.groups = book.classes_below(DK.Group)
        self._named_kinds = book.classes_below(DK.Agent) - self.groups
        self._singled_kinds = self._named_kinds | book.classes_below(DK.Place) | book.classes_below(DK.Product)
        self._claims = cache(lambda *wanted: set(speaking(book, *wanted)))
        self.hits = tuple(hit for hit in book.search(text, limit=limit) if hit.kind not in _MATCHED)
        self._ids = book.names.prefixes["id"]
        self.found = [hit for hit in self.hits if hit.iri.startswith(self._ids) and hit.iri not in book.unsaid]
        self.known_kinds = self.kinds({iri for span in spans for iri in span.things})
        self.companies = [s for s in spans if DK.Company.value in self.known_kinds.get("".join(s.things[:1]), ())]
        #: The kinds of claims that are asked for, such as predictions, and the words that ask for them.
        self.kinds_wanted, self.words_of_kinds = kinds_asked(spans)
        self.speakers = Speakers(book, text, spans, self.is_named)
        #: The spans that name things of which something is said.
        self.subjects = [self._told_of(span) for span in self._named_in_content()]
        self.things = tuple(dict.fromkeys(span.things[0] for span in self.subjects))

    @cached_property
    def is_for_kind(self) -> bool:
        """Whether claims of a kind are asked for, such as advice, and a thing that is named has some."""
        wanted = (
            ClaimFilter(kind=kind, document=self.documents.get(iri, ""), about="" if iri in self.documents else iri)
            for kind in self.kinds_wanted
            for iri in self.things
        )
        return any(map(self.book.find_claims, wanted))

    @cached_property
    def _found(self) -> Nearest:
        return find_nearest(self.book, self.spans, self.capitalised)

    @cached_property
    def nearest(self) -> Nearest:
        """The main claims that come nearest to it; those before others that are by whose words it asks for."""
        found, names = self._found, {span.text for span in self.named}
        found = found.preferring(lambda iri: self._found.had[iri] >= names, _WITHOUT_NAME)
        for having in found.figures.values():
            found = found.preferring(having.__contains__, _NO_FIGURE) if having else found
        for kind in self.kinds_wanted:
            wanted = self.book.find_claims(ClaimFilter(kind=kind))
            found = found.preferring({*wanted}.__contains__, _NO_FIGURE) if wanted else found
        own = self._speaker_claims
        # Of several who are named side by side each is asked.
        is_one = bool(own) and len(self.speakers.joined) < 2
        found = found.preferring(lambda iri: iri.startswith(own), _OTHERS) if is_one else found
        if len(parts_of_question(self.text)) == 1 and not WORDS["denials"].isdisjoint(span.text for span in self.spans):
            denials = self.book.find_entries(self.book.find_claims(ClaimFilter(denied="1")))
            mains = {entry.main_claim for entry in denials.values()}
            found = found.preferring(mains.__contains__, _OTHERS)
        return found.in_context()

    def nearest_among(self, shares: Mapping[str, float]) -> tuple[str, ...]:
        """Return the first of some claims: those with which an answer opens, more if it is to be a list."""
        places, is_list = self.nearest.places, asks_for(self.spans, "list")
        found = leading(shares, places, *(_OF_LIST if is_list else _OF_ANSWER))
        listed = listed_with(self.book, self.spans, found)
        place = next((place for place, iri in enumerate(found) if iri in listed), 0)
        return with_contrast(self.book, tuple(dict.fromkeys((*found[:place], *listed, *found))))

    @cached_property
    def only_names(self) -> float:
        """The share of the question that a claim has which has no more than the names in it."""
        weights = self.nearest.weights
        return sum(weights[span.text] for span in self.telling()) / (sum(weights.values()) or 1.0) + _MORE

    def telling(self) -> list[Span]:
        """Return the companies, persons and other agents named that few claims speak of."""
        return [span for span in self.subjects if self.is_named(span.things[0]) and self.is_telling(span, 0.0)]

    def is_telling(self, span: Span, unknown: float = 1.0) -> bool:
        """Whether few claims have a name; `unknown` is what one tells that was not looked for."""
        return self.nearest.weights.get(span.text, unknown) >= _TELLING

    def claims_on(self, thing: str, document: str = "", topic: str = "") -> set[str]:
        """Return the main claims that speak of a thing; each is read once."""
        return self._claims(document, thing, topic)

    def kinds(self, iris: Iterable[str]) -> dict[str, set[str]]:
        """Return the classes of things."""
        return {iri: set(told.kinds) for iri, told in self.book.describe(iris).items()}

    def is_named(self, iri: str) -> bool:
        """Whether a thing is an agent with a name of its own, such as a company or a state, not a group of such."""
        return bool(self._named_kinds & (self.known_kinds.get(iri) or self.kinds([iri]).get(iri, set())))

    def is_singled_out(self, iri: str) -> bool:
        """Whether a thing is an agent, a place or a product with a name of its own."""
        return bool(self._singled_kinds & self.known_kinds.get(iri, set()))

    def unknown(self, told: Set[str]) -> Iterator[str]:
        """Yield the words that stand nowhere, as they were typed, but no names of things told of.

        Of Chinese ones the nouns, each whole: a name that nobody knows was taken for several words.
        """
        least = _LEAST_UNKNOWN * sum(self.nearest.weights.values())

        def of_one(span: Span) -> object:
            is_unknown = span in self.content and span.text in self.nearest.missing and told.isdisjoint(span.things)
            # One small word of a long question need not be told to be missing.
            is_large = span.text in self.capitalised or self.nearest.weights.get(span.text, 0.0) >= least
            return is_unknown and (is_in_chinese(span.text) or (is_large and span))

        for is_unknown, run in groupby(self.spans, of_one):
            words = list(run)
            text = "".join(span.text for span in words)
            if is_unknown and any(len(span.text) > 1 and may_be_noun(span.text) for span in words):
                yield text if is_in_chinese(text) else self.typed(words[0])

    def near_topics(self, least: float) -> tuple[str, ...]:
        """Return the topics to which the words that stand nowhere are near, if they fit so well."""
        nowhere = self.index.rank([span for span in self.content if span.text in self.nearest.missing])
        return tuple(m.answerable.iri for m in nowhere if m.answerable.kind == "near" and m.score >= least)

    @cached_property
    def has_unknown_name(self) -> bool:
        """Whether a word that was typed as a name stands nowhere; that which opens a sentence need be none."""
        first, *rest = self.text.split()
        opening = {plain(first)} if len(rest) >= _SHORT_TEXT and first[1:].islower() else set[str]()
        return bool(self.nearest.missing & (self.capitalised - opening))

    @property
    def known(self) -> list[Span]:
        """What is told of where no sentence has most of the question.

        If one of its names is unknown, that is its other names; if not, the things that few claims speak of.
        """
        if self.has_unknown_name:
            return [span for span in self.subjects if self.is_singled_out(span.things[0])]
        return [span for span in self.subjects if self.nearest.weights[span.text] >= _TELLING_MUCH]

    @cached_property
    def named(self) -> tuple[Span, ...]:
        """The names of agents, places and products in the question that tell something, but not of who speaks."""
        weights, spoken = self._found.weights, self.speakers.asked
        told = [(span, span.things[0]) for span in self.subjects if weights.get(span.text, 0.0) >= _LEAST_TOLD]
        own = [(span, iri) for span, iri in told if self.is_singled_out(iri) and not self.is_speaker(iri)]
        return tuple(span for span, iri in own if not (spoken and spoken & self.speakers.spoken_by(iri)))

    @cached_property
    def apart(self) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The names in the question, and what of it no claim has together with them: other names, or words.

        Nothing if a claim has nearly all of the question.
        """
        # Authorities stand in sentences under many names.
        bodies = self.book.classes_below(DK.PublicBody)
        named = tuple(span for span in self.named if bodies.isdisjoint(self.known_kinds[span.things[0]]))
        nearest, texts = self.nearest, {span.text for span in named}
        if len(named) > 1 and not any(own >= texts for own in nearest.told.values()):
            return named[:1], named[1:]
        if not named or nearest.most_had >= NEARLY_ALL:
            return (), ()
        texts.update(*(own for own in nearest.had.values() if own >= texts))
        lacking = (span for span in self.content if span.text not in texts | nearest.missing)
        telling = [span for span in lacking if nearest.weights[span.text] >= _LEAST_TOLD and self._is_missed(span)]
        return (named, tuple(telling)) if telling else ((), ())

    def with_wanted(self, found: Meant) -> Meant:
        """Return what is meant with the claims that give a number or a date, if one is asked for, and parts that tell.

        What gives one of two things that are asked for has half of the question.
        """
        shares, least = self.nearest.shares, _FITTING / len(parts_of_question(self.text))
        wanted, own = next(iter(self.nearest.figures.items()), ("", {}))
        giving = {iri: own[iri] for iri, share in shares.items() if iri in own and share >= least}
        # A part of the first claim need not fit so closely.
        first = () if found.kind == "said" else (*found.nearest, *shares)[:1]
        giving |= {iri: own[iri] for iri in first if own.get(iri, iri) != iri}
        # When a document came out, no sentence tells.
        is_published = bool(found.document) and not WORDS["publishing"].isdisjoint(span.text for span in self.spans)
        giving = {} if is_published else giving
        # Of what is asked for by its kind the main claim tells it.
        parts = {} if self.kinds_wanted else self.nearest.parts
        return replace(found, wanted=wanted, giving=giving, parts=parts, listed=self._listed())

    def _listed(self) -> frozenset[str]:
        """Return the classes of the groups of which a list is asked for: in "which EU states", those of the states."""
        place = next((place for place, span in enumerate(self.spans, 1) if asks_for([span], "list")), len(self.spans))
        behind = self.spans[place : place + _CLOSE_BEHIND]
        if not WORDS["kinds"].isdisjoint(span.text for span in behind):
            return frozenset()
        named = chain.from_iterable(span.things[:1] for span in behind)
        return frozenset(chain.from_iterable(self.known_kinds.get(iri, ()) for iri in named)) & self.groups

    def lacks(self, page: Meant) -> bool:
        """Whether the name of a saved question has nothing of a word that tells much, but of companies in its rows."""
        telling = (s for s in self.content if self.nearest.weights[s.text] >= _TELLING_MUCH and s not in self.companies)
        fitting = ({match.answerable.iri for match in self.index.rank([span])} for span in telling)
        return page.kind == "question" and any(page.iri not in own for own in fitting)

    def with_apart(self, found: Meant) -> Meant:
        """Return what is meant with the names, or the name and the words, that no claim has together."""
        names, rest = self.apart
        others = [span for span in rest if span.things]
        words = tuple(self.typed(span) for span in rest if not span.things)
        apart = tuple(dict.fromkeys(span.things[0] for span in (*names, *others)))
        left_out = tuple(iri for iri in found.left_out if iri not in apart)
        return replace(found, apart=apart, lacking=() if others else words, left_out=left_out)

    def _is_missed(self, span: Span) -> bool:
        """Whether a reader misses a name or a word where it doesn't stand: a matter may stand there by other words."""
        if span.things:
            return self.is_singled_out(span.things[0])
        return span.text not in SAYING and may_be_noun(span.text) and not span.text.isdigit()

    def is_speaker(self, iri: str) -> bool:
        """Whether a thing is a document, a person or a research institution, of which claims tell what they say."""
        return iri in self.documents or not _SPEAKING.isdisjoint(self.known_kinds.get(iri, ()))

    def is_author(self, span: Span) -> bool:
        """Whether a person is named who wrote one of the documents, and speaks by it."""
        return self.is_speaker(span.things[0]) and bool(self.speakers.written[span.things[0]])

    def typed(self, span: Span) -> str:
        """Return a word or a name as it was typed."""
        typed = {plain(word): word for word in self.text.split()}
        return typed.get(span.text, span.text).strip("?!.,:;？！。，")

    @cached_property
    def _speaker_claims(self) -> tuple[str, ...]:
        return tuple(f"{self.book.names.prefixes['claim']}{name}/" for name in self.speakers.asked)

    def of_speakers(self, shares: Mapping[str, float]) -> Mapping[str, float]:
        """Return the claims by those whose words are asked for, if these come near, and what has more of the rest."""
        own = {iri: share for iri, share in shares.items() if iri.startswith(self._speaker_claims)}
        best = max(own.values(), default=0.0)
        if best < SPOKEN * self.nearest.best:
            return shares
        return {iri: share for iri, share in shares.items() if iri in own or share >= _NO_LESS * best}

    def _named_in_content(self) -> Iterator[Span]:
        for span in self.content:
            iris = tuple(i for i in span.things if i in self.known_kinds and not NO_SUBJECTS & self.known_kinds[i])
            if iris:
                yield replace(span, things=iris)

    def _told_of(self, span: Span) -> Span:
        """Return what a span names of which something is said; if nothing is, what it wrote or is called so in part."""
        thing = span.things[0]
        if self.claims_on(thing):
            return span
        written = [self.book.documents[name] for name in sorted(self.speakers.written[thing])]
        named = [hit.iri for hit in self.book.search(span.text) if hit.matched and hit.iri.startswith(self._ids)]
        longer = sorted(named[:_MOST_LONGER], key=lambda iri: -len(self.claims_on(iri)))
        told = next(chain(filter(self.claims_on, span.things), written, filter(self.claims_on, longer)), None)
        return replace(span, things=(told, *span.things)) if told else span

    def unnamed(self, document: str, things: Iterable[str], told: Iterable[str]) -> tuple[str, ...]:
        """Return the things in the question that no claim told of a document names, but not those who speak there."""
        named = set[str]().union(*(self.nearest.told[iri] for iri in told))
        others = {span.things[0] for span in self.subjects if span.text not in named}
        return tuple(iri for iri in things if iri in others and document not in self.speakers.spoken_by(iri))

    def together(self, meant: Meant) -> Meant:
        """Return what is meant without the things that no main claim is about together with the others.

        Those that nothing is said of are left out first, then those that most is said of, which tell least. Who has a
        name of their own tells more than any matter of which as much is said.
        """
        own = {iri: self.claims_on(iri, meant.document) for iri in meant.things}
        kept = list(meant.things)
        while len(kept) > 1 and not set.intersection(*(own[iri] for iri in kept)):
            lead = {iri: _NAMED_LEAD if self.is_named(iri) else 1 for iri in kept}
            kept.remove(max(reversed(kept), key=lambda iri: (len(own[iri]) or _NOWHERE) / lead[iri]))
        return replace(meant, things=tuple(kept), left_out=self.left_out_of(kept, self.nearest.had))

    def called_by_name(self) -> Meant | None:
        """Return the things whose names the whole text is."""
        if self.is_for_kind or (len(self.subjects) > 1 and self.speakers.asked):
            return None
        kinds = [set[str]().union(*(self.known_kinds.get(iri, ()) for iri in span.things)) for span in self.subjects]
        spoken = self.speakers.asked
        if len(self.content) == len(kinds) == len(spoken) == 1:
            # Who asks what somebody says wants to read their only document.
            return self.of([Span(self.text, (self.book.documents[next(iter(spoken))],))])
        if kinds and len(self.content) == len(kinds) and (set.intersection(*kinds)):
            # A name, or several of one kind, which are compared.
            return self._if_told(self.together(self.of(self.subjects)))
        asked = content_of(self.text)
        first = next((hit for hit in self.found if content_of(hit.matched) == asked), None)
        is_called = first and not self.spans[0].is_common
        return self._if_told(self.of([Span(self.text, (first.iri,))])) if first and is_called else None

    def guessed(self) -> Meant | None:
        """Return the thing whose name begins with, has all words of, or is like the text."""
        first = next((hit for hit in self.found if hit.kind not in NO_SUBJECTS), None)
        if first is None or self.spans[0].is_common or self.is_for_kind:
            return None
        is_one = len(self.spans) == 1
        is_meant = first.matched or first.score >= _MISSPELT or (is_one and is_alike(self.book, first, self.text))
        found = self._if_told(self.of([Span(self.text, (first.iri,))])) if is_meant else None
        return found and replace(found, is_guessed=first.guessed)

    def _if_told(self, found: Meant) -> Meant | None:
        """Return what is meant, but nothing if no claim is about it though sentences have the words of its name."""
        is_about = found.document or any(iri in self.documents or self.claims_on(iri) for iri in found.things)
        return found if is_about or self.nearest.most_had < NEARLY_ALL else None

    def left_out_of(self, kept: Collection[str], had_by: Mapping[str, Set[str]]) -> tuple[str, ...]:
        """Return the things named that no claim has together with some others; `had_by` is what each claim has.

        Groups are left out in silence, since a claim on one of their members need not name them; so is who speaks.
        """
        names = {span.text for span in self.subjects if span.things[0] in kept}
        had = set[str]().union(*(own for own in had_by.values() if own >= names))
        others = [span.things[0] for span in self.subjects if span.things[0] not in kept and span.text not in had]
        others = [iri for iri in others if not (iri in self.documents or self.speakers.written[iri])]
        return tuple(iri for iri in others if self.groups.isdisjoint(self.known_kinds.get(iri, ())))

    def of(self, spans: Sequence[Span]) -> Meant:
        """Return the document and the things that spans name."""
        documents = self.documents
        spoken = [next(filter(documents.get, span.things), "") for span in spans]
        document = next(filter(None, spoken), "")
        things = tuple(dict.fromkeys(span.things[0] for span, own in zip(spans, spoken, strict=True) if not own))
        return Meant("said", document=documents[document] if things and document else "", things=things or (document,))
