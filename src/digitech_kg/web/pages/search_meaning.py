"""What a typed text asks for: an issue, a saved question, or what documents say of things or on a topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.book import NAMES, Book, ClaimFilter, Hit
from digitech_kg.iteration import Computed
from digitech_kg.matching.asking import Match, Span, candidates, is_common, is_slip, spans_of, stem
from digitech_kg.matching.spelling import is_in_chinese, plain
from digitech_kg.namespaces import DCTERMS, DK, SKOS
from digitech_kg.sparql_text.parameters import read_parameters
from digitech_kg.web.reading.dataset import QUERIES

#: From which score something is the answer, and from which it is worth a line below it.
_SURE: Final = 0.62
_CLOSE: Final = 0.4
_MOST_CLOSE: Final = 6
#: From which score a page is the answer if all words are known, and how much worse it may fit than a part of the text.
_LIKELY: Final = 0.45
_PAGE_LEAD: Final = 0.1
#: What is added to the score of a kind, so that of two that fit as well the better answer comes first.
_BONUS: Final = {"issue": 0.03, "question": 0.0, "topic": -0.05, "document": -0.05}
#: The scores of a text that is the name of a thing, alone or within words that stand in any question.
_NAME: Final = 1.1
_NAME_ASKED: Final = 0.98
#: The least share of a text that a thing has to be if nothing else is known of it.
_PART: Final = 0.4
_EXACT: Final = 0.999
#: More claims than any thing has, and how much more a name tells than a matter.
_NOWHERE: Final = 1_000_000
_NAMED_LEAD: Final = 10
#: From which likeness a name is meant that is spelt otherwise.
_GUESSED: Final = 80.0
_PAGES: Final = frozenset(("issue", "question"))
#: Kinds of things that are found by their words already.
_MATCHED: Final = frozenset(cls.value for cls in (DK.Issue, DK.SavedQuestion, SKOS.Concept))
#: Kinds of things about which nobody asks by themselves.
NO_SUBJECTS: Final = frozenset(cls.value for cls in (DK.Characteristic, DK.Degree))


@dataclass(frozen=True)
class Meant:
    """What is asked for. Of "claims" only the words are known; of "nothing" not even these."""

    #: "issue", "question", "topic", "said", "claims" or "nothing".
    kind: str
    #: The IRI of the issue, saved question or topic.
    iri: str = ""
    #: The name of the document whose words are asked for.
    document: str = ""
    #: IRIs of the things that are spoken of, and those among them that a page is not about by itself.
    things: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    #: IRIs of things, or the topic, that no main claim has together with these; words that stand nowhere.
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    #: IRIs of named things that the answer leaves out, or that are called the same as one of these.
    beside: tuple[str, ...] = ()
    #: Main claims that have all that is asked for in their words.
    first: frozenset[str] = frozenset()
    #: Parameters of a saved question with the ends of the IRIs of what they stand for.
    given: tuple[tuple[str, str], ...] = ()
    #: Words that were misspelt, each with what it was taken for.
    cured: tuple[tuple[str, str], ...] = ()
    #: Whether only the likeness of a name led to the thing.
    is_guessed: bool = False
    #: What else fits, best first, and the topics near to words that no document has.
    close: tuple[Match, ...] = ()
    near: tuple[str, ...] = ()
    #: The words by which claims are found, and what a search for names finds.
    words: str = ""
    hits: tuple[Hit, ...] = ()


def read_question(book: Book, text: str, limit: int) -> Meant:
    """Return what a text asks for, with at most so many hits of a search for names."""
    cured = tuple(_cures(book, plain(text)))
    meant = text
    for wrong, right in cured:
        meant = plain(meant).replace(wrong, right)
    spans = spans_of(meant, book.named_in(candidates(meant)), book.asked.words)
    told = tuple((wrong, right) for wrong, right in cured if not is_common(right))
    return replace(_Reading(book, meant, spans, limit).meant(), cured=told) if spans else Meant("nothing")


def _cures(book: Book, text: str) -> Iterable[tuple[str, str]]:
    """Yield the words of a text that stand nowhere, each with the one that is like it."""
    if book.named_in([text]):
        return
    for word in text.split():
        is_known = word in book.asked.words or is_in_chinese(word) or book.says(word)
        if not is_known and (right := book.asked.cure(word)):
            yield word, right


class _Reading:
    """One text, read against all that can be answered."""

    def __init__(self, book: Book, text: str, spans: Sequence[Span], limit: int) -> None:
        self._book, self._index, self._text, self._spans = book, book.asked, text, spans
        self._content = [span for span in spans if not span.is_common]
        self._documents = frozenset(book.documents.values())
        self._named_kinds = book.classes_below(DK.Agent) - book.classes_below(DK.Group)
        self._matches = self._index.rank(spans)
        self._claims = Computed[tuple[str, str, str], set[str]](lambda wanted: set(speaking(book, *wanted)))
        self._issues = {issue.iri: issue for issue in book.issues.values()}
        self._named_on = Computed(self._names_of)
        self._hits = tuple(hit for hit in book.search(text, limit=limit) if hit.kind not in _MATCHED)
        kinds = self._kinds_of = self._kinds({iri for span in spans for iri in span.things})
        own = [tuple(i for i in span.things if i in kinds and not NO_SUBJECTS & kinds[i]) for span in self._content]
        named = [replace(span, things=iris) for span, iris in zip(self._content, own, strict=True) if iris]
        self._subjects = [self._told_of(span) for span in named]
        self._things = tuple(span.things[0] for span in self._subjects)
        askers = {span.text for span in self._subjects if self._documents.intersection(span.things)}
        #: What a document is asked about: it rarely names itself.
        self._matter = [span for span in self._content if span.text not in askers]
        self._rest = [span for span in self._content if all(span.text != subject.text for subject in named)]

    def _told_of(self, span: Span) -> Span:
        """Return what a span names of which something is said; if nothing is, what it wrote or is called so in part."""
        thing, is_told = span.things[0], bool(self._claims_on(span.things[0]))
        if is_told and (len(self._content) == 1 or DK.Person.value not in self._kinds_of.get(thing, ())):
            return span
        creators = self._book.values(self._documents, DCTERMS.creator)
        written = [iri for iri, own in creators.items() if NamedNode(thing) in own[DCTERMS.creator]]
        if is_told:
            # What a person says of a matter stands in what he wrote, if that is one document.
            return replace(span, things=(*span.things, *written)) if len(written) == 1 else span
        named = [hit.iri for hit in self._book.search(span.text) if hit.matched and self._is_thing(hit)]
        longer = sorted(named[:_MOST_CLOSE], key=lambda iri: -len(self._claims_on(iri)))
        told = next(chain(filter(self._claims_on, span.things), written, filter(self._claims_on, longer)), None)
        return replace(span, things=(told, *span.things)) if told else span

    def meant(self) -> Meant:
        """Return what is asked for, with what else fits."""
        found = self._best() or self._guess() or self._part_or_page() or self._words()
        others = (m for m in self._matches if m.answerable.kind in _PAGES and m.answerable.iri != found.iri)
        close = tuple(match for match in others if match.score >= _CLOSE)
        words = found.words or " ".join(span.text for span in self._content)
        if found.kind == "said" and not found.is_guessed and len(self._content) > 1:
            found = replace(found, unknown=self._unknown, first=self._having_words)
        beside = tuple(iri for iri in self._beside(found) if iri not in found.things or found.kind in _PAGES)
        return replace(found, close=close[:_MOST_CLOSE], words=words, hits=self._hits, beside=beside)

    def _beside(self, found: Meant) -> Iterator[str]:
        """Yield the things of which is to be told beside the answer."""
        if found.kind == "issue":
            yield from self._missing(found.iri)
        elif found.kind == "question" and not found.given:
            yield from filter(self._is_named, found.others)
        elif found.kind == "said":
            yield from filter(self._is_named, found.left_out)
            alike = (iri for span in self._subjects if span.things[0] in found.things for iri in span.things[1:])
            yield from filter(self._claims_on, alike)

    def _best(self) -> Meant | None:
        """Return what fits best, if it fits well."""
        options: list[tuple[float, Meant | Match]] = [self._named(), self._said()]
        options += [*self._asked_of_another(), *self._with_names()]
        bare = {match.answerable for match in self._index.rank(self._content) if match.score >= _EXACT}
        for match in (match for match in self._matches if match.answerable.kind in _BONUS):
            kind, is_exact = match.answerable.kind, match.answerable in bare or match.score >= _EXACT
            # A page that is called so knows better than the page of a thing what is asked for.
            is_first = is_exact and (kind in _PAGES or (kind == "topic" and self._is_wider(match)))
            options.append((match.score + (_NAME if is_first else _BONUS[kind]), match))
        near = tuple(m.answerable.iri for m in self._matches if m.answerable.kind == "near" and m.score >= _SURE)
        sure = sorted((option for option in options if option[0] >= _SURE), key=lambda option: -option[0])
        best = next((m for _score, m in sure if isinstance(m, Meant) or not self._is_about_another(m)), None)
        if best is None and near and self._unknown:
            return Meant("nothing", near=near)
        return self._asked(best) if isinstance(best, Match) else best

    def _with_names(self) -> Iterator[tuple[float, Match]]:
        """Yield the questions called as the text is without the names in it, unless a sentence has all its words."""
        apart = [span for span in self._content if not any(map(self._is_named, span.things[:1]))]
        if len(apart) < len(self._content) and not self._having_words:
            found = (match for match in self._index.rank(apart) if match.score >= _EXACT)
            yield from ((_NAME_ASKED, match) for match in found if match.answerable.kind == "question")

    def _is_wider(self, topic: Match) -> bool:
        """Whether more is said on a topic than of the thing that is called so."""
        own = self._claims_on("", topic=topic.answerable.iri)
        return all(len(self._claims_on(iri)) < len(own) for iri in self._things)

    def _named(self) -> tuple[float, Meant]:
        """Return the thing whose name the whole text is."""
        kinds = [set[str]().union(*(self._kinds_of.get(iri, ()) for iri in span.things)) for span in self._subjects]
        if kinds and len(self._content) == len(kinds) and set.intersection(*kinds):
            # A name, or several of one kind, which are compared.
            return (_NAME if len(self._spans) == 1 else _NAME_ASKED), self._together(self._of(self._subjects))
        first = next(iter(self._hits), None)
        if first and sorted(first.matched.split()) == sorted(plain(self._text).split()) and self._is_thing(first):
            return _NAME, self._of([Span(self._text, (first.iri,))])
        return 0.0, Meant("nothing")

    def _asked_of_another(self) -> Iterator[tuple[float, Meant]]:
        """Yield the saved questions that can be asked of a thing in the text instead of the one they name."""
        things = [span for span in self._subjects if not self._documents.intersection(span.things)]
        # What is asked stands in the words that name nothing.
        asked = self._index.rank([span for span in self._content if not span.things]) if things else ()
        near = [match.answerable.iri for match in asked if match.answerable.kind == "question"][:_MOST_CLOSE]
        for iri, told in self._book.values(near, *QUERIES).items():
            (text, *_others), *_ = told.values()
            for parameter in read_parameters(text.value, self._book.names):
                (default, *others), kind = parameter.default, parameter.type
                span = next((s for s in things if kind in self._kinds(s.things[:1]).get(s.things[0], ())), None)
                if span is None or others or default in span.things:
                    continue
                names = self._book.values([default], *NAMES).get(default, {}).values()
                called = tuple(tuple(map(stem, plain(term.value).split())) for terms in names for term in terms)
                usual = Span(span.text, (default,), called)
                matches = self._index.rank([usual if each.text == span.text else each for each in self._spans])
                score = next((match.score for match in matches if match.answerable.iri == iri), 0.0)
                given = ((parameter.name, span.things[0].removeprefix(self._book.names.prefixes["id"])),)
                yield score, Meant("question", iri, things=self._things, others=self._things, given=given)

    def _said(self) -> tuple[float, Meant]:
        """Return the things and the document, or the things and the topic, that the text has together."""
        found = self._spoken
        if not self._subjects or not (found.iri or found.left_out or (found.document and found.things)):
            return 0.0, found
        return _NAME_ASKED * (1.0 if found.iri and not found.left_out else self._kept(found)), found

    @cached_property
    def _spoken(self) -> Meant:
        found = self._of(self._subjects)
        document = found.document or next((n for n, iri in self._book.documents.items() if iri in found.things), "")
        # What a document doesn't name so may be a topic of it, or stand in its words.
        is_told = not document or any(self._claims_on(iri, document) for iri in found.things)
        ranked = self._index.rank(self._rest if is_told else self._matter)
        topics = [m.answerable.iri for m in ranked if m.answerable.kind == "topic" and m.score >= _SURE]
        own = [iri for iri in topics if document and self._claims_on("", document, iri)]
        if own and (not is_told or not found.document):
            return replace(found, document=document, things=(), iri=own[0])
        is_silent = not is_told and not self._having_words & self._claims_on("", document)
        if found.document and is_silent and not any(map(self._is_named, found.things)):
            return Meant("said", things=(self._book.documents[document],), left_out=found.things)
        return self._together(replace(found, iri=next(iter(topics), "") if is_told else ""))

    def _together(self, meant: Meant) -> Meant:
        """Return what is meant without the things that no main claim has together with the others.

        Those that nothing is said of are left out first, then those that most is said of, which tell least. Who has a
        name of their own tells more than any matter of which as much is said.
        """
        own = {iri: self._claims_on(iri, meant.document, meant.iri) for iri in meant.things}
        kept = list(meant.things)
        while len(kept) > 1 and not set.intersection(*(own[iri] for iri in kept)):
            lead = {iri: _NAMED_LEAD if self._is_named(iri) else 1 for iri in kept}
            kept.remove(max(reversed(kept), key=lambda iri: (len(own[iri]) or _NOWHERE) / lead[iri]))
        if len(kept) < len(own):
            kept = [iri for iri in own if own[iri] & self._having_words][:1] or kept
        left_out = tuple(iri for iri in meant.things if iri not in kept)
        if meant.iri and kept and not own[kept[0]]:
            # On the topic nothing is said of any of them: what more is said of tells less.
            apart = self._together(replace(meant, iri=""))
            told = self._claims_on(apart.things[0])
            is_wide = len(told) > len(self._claims_on("", topic=meant.iri))
            if is_wide and not meant.document and not told & self._having_words:
                return replace(meant, things=(), left_out=meant.things)
            return replace(apart, left_out=(*apart.left_out, meant.iri))
        return replace(meant, things=tuple(kept), left_out=left_out)

    @cached_property
    def _having_words(self) -> frozenset[str]:
        """The main claims that have all the words of the text, or what they name as it is called in a language."""
        things = [next((s.things[0] for s in self._subjects if s.text == span.text), "") for span in self._matter]
        labels = [told.labels if (told := self._book.describe([iri]).get(iri)) else {} for iri in things]
        texts = {
            " ".join(own.get(language, span.text) for own, span in zip(labels, self._matter, strict=True))
            for language in ("", *(language for own in labels for language in own))
        }
        claims = [iri for text in texts if not is_in_chinese(text) for iri in self._book.claims_having(text)]
        return frozenset(entry.main or entry.iri for entry in self._book.find_entries(claims).values())

    def _kept(self, meant: Meant) -> float:
        """Return the share of the text that names what was not left out."""
        spans = self._subjects if meant.things else self._rest
        return self._share([span for span in spans if not set(span.things) & set(meant.left_out)])

    def _guess(self) -> Meant | None:
        """Return the thing whose name is like the text."""
        first = next((hit for hit in self._hits if self._is_thing(hit) and hit.kind not in NO_SUBJECTS), None)
        named = chain.from_iterable(span.things for span in self._subjects)
        if first is None or first.iri in named or not (first.matched or self._is_alike(first)):
            return None
        return replace(self._of([Span(self._text, (first.iri,))]), is_guessed=first.guessed)

    def _is_thing(self, hit: Hit) -> bool:
        return hit.iri.startswith(self._book.names.prefixes["id"])

    def _is_alike(self, hit: Hit) -> bool:
        """Whether a name is so much like the text that this is a slip: "Huaway", but not "Ericsson" for "Verizon"."""
        texts = [v.value for own in self._book.values([hit.iri], *NAMES).get(hit.iri, {}).values() for v in own]
        return hit.score >= _GUESSED or any(
            is_slip(self._text, part) for text in texts for part in (text, *text.split())
        )

    def _part_or_page(self) -> Meant | None:
        """Return the things that a part of the text names, or the page that fits best if all its words are known."""
        pages = (m for m in self._matches if m.answerable.kind in _PAGES and m.score >= _LIKELY)
        closest = None if self._unknown else next((m for m in pages if not self._is_about_another(m)), None)
        page, found = self._asked(closest) if closest else None, self._spoken
        if not (self._subjects and page and closest):
            return found if self._subjects and (not self._unknown or self._share(self._subjects) >= _PART) else page
        # That a page leaves a matter out is not said there, as it is where things are told of.
        is_silent = any(iri in found.left_out and not self._is_named(iri) for iri in page.others)
        fits = closest.score + _PAGE_LEAD * bool(found.left_out and not is_silent)
        has_words = self._having_words.intersection(*map(self._claims_on, found.things))
        return found if has_words or fits < self._kept(found) else page

    def _is_about_another(self, match: Match) -> bool:
        """Whether a page leaves out what the text names, and is on something else.

        An issue is if none of its claims speaks of that, and any page if it names another thing of the same kind.
        """
        if not self._subjects or match.score >= _EXACT:
            return False
        page = match.answerable.iri
        if page in self._issues and any(map(self._claims_on, self._missing(page))):
            return True
        others, on_page = self._others(page), self._named_on[page]
        kinds = self._kinds({*on_page, *others}) if others else {}
        own = set[str]().union(*(kinds.get(iri, ()) for iri in on_page))
        return any(own & kinds.get(iri, set()) for iri in others)

    def _names_of(self, page: str) -> set[str]:
        """Return the things that an issue, topic or saved question names; they are read once."""
        known = (m.answerable for m in self._matches if m.answerable.iri == page and m.answerable.kind in _BONUS)
        found = self._book.named_in(part for name in next(known).names for part in candidates(name))
        return {iri for things in found.values() for iri in things}

    def _others(self, page: str) -> tuple[str, ...]:
        """Return the things in the text that a page does not name."""
        on_page = self._named_on[page] if self._subjects else set()
        return tuple(span.things[0] for span in self._subjects if not on_page & set(span.things))

    def _missing(self, page: str) -> tuple[str, ...]:
        """Return the things in the text that a page does not name, nor any claim of it if it is an issue."""
        others, issue = self._others(page), self._issues.get(page)
        if not others or not issue:
            return others
        claims = {iri for position in issue.positions.values() for iri in position.claims}.union(issue.touched_by)
        mains = {entry.main or entry.iri for entry in self._book.find_entries(claims).values()}
        return tuple(iri for iri in others if self._claims_on(iri).isdisjoint(mains))

    def _is_named(self, iri: str) -> bool:
        """Whether a thing is an agent with a name of its own, such as a company or a state, not a group of such."""
        return bool(self._named_kinds & self._kinds([iri]).get(iri, set()))

    def _asked(self, match: Match) -> Meant:
        """Return the page that is asked for; of a document, what it says."""
        kind, iri = match.answerable.kind, match.answerable.iri
        if kind == "document":
            return Meant("said", things=(iri,))
        return Meant(kind, iri, things=self._things, others=self._others(iri))

    def _claims_on(self, thing: str, document: str = "", topic: str = "") -> set[str]:
        """Return the main claims that speak of a thing; each is read once."""
        return self._claims[document, thing, topic]

    def _kinds(self, iris: Iterable[str]) -> dict[str, set[str]]:
        return {iri: set(told.kinds) for iri, told in self._book.describe(iris).items()}

    def _words(self) -> Meant:
        """Return the claims that have all the words."""
        return Meant("claims" if self._book.claims_having(" ".join(span.text for span in self._content)) else "nothing")

    @cached_property
    def _unknown(self) -> tuple[str, ...]:
        """The words that neither claims nor names have in any form, but for common ones."""
        words = {word: stem(word) for span in self._content if not span.things for word in span.text.split()}
        return tuple(word for word, own in words.items() if not (self._book.says(own) or self._index.has(own, _BONUS)))

    def _share(self, spans: Sequence[Span]) -> float:
        def weigh(some: Sequence[Span]) -> float:
            # A word that stands in any question tells as much as others within a name: "Ma", "one".
            return sum(max(self._index.weight(word), bool(span.things)) for span in some for word in span.text.split())

        return weigh(spans) / weigh(self._content or self._spans)

    def _of(self, spans: Sequence[Span]) -> Meant:
        """Return the document and the things that spans name."""
        documents = {iri: name for name, iri in self._book.documents.items()}
        spoken = [next(filter(documents.get, span.things), "") for span in spans]
        document = next(filter(None, spoken), "")
        things = tuple(span.things[0] for span, own in zip(spans, spoken, strict=True) if not own)
        return Meant("said", document=documents[document] if things and document else "", things=things or (document,))


def speaking(book: Book, document: str, thing: str, topic: str) -> dict[str, None]:
    """Return the main claims on a topic that speak of a thing, themselves or by a part, what matters most first."""
    return dict.fromkeys(book.find_claims(ClaimFilter(document=document, about=thing, topic=topic, part="0")))
