"""What a typed text asks for, and the answer that a search opens with: a finding, and below it who says what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from digitech_kg.book import NAMES, Book, ClaimEntry, ClaimFilter, Hit
from digitech_kg.claims.languages import LANGUAGES, find_language
from digitech_kg.matching.asking import Match, Span, candidates, is_slip, spans_of
from digitech_kg.matching.spelling import is_in_chinese, plain
from digitech_kg.namespaces import DK, SKOS
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.answer_view import Statement, view_answer
from digitech_kg.web.pages.issue_view import view_issue
from digitech_kg.web.reading.dataset import DocumentName, find_question, name_documents
from digitech_kg.web.reading.labels import Labels, Name, preferred_languages, text_in
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Sentence, Telling, number_words
from digitech_kg.web.site import Site

#: From which score something is the answer, and from which it is worth a line below it.
_SURE: Final = 0.62
_CLOSE: Final = 0.4
_MOST_CLOSE: Final = 6
#: What is added to the score of a kind, so that of two that fit as well the better answer comes first.
_BONUS: Final = {"issue": 0.03, "question": 0.0, "topic": -0.05}
#: The scores of a text that is the name of a thing, alone or within words that stand in any question.
_NAME: Final = 1.1
_NAME_ASKED: Final = 0.98
#: The least share of a text that a thing has to be if nothing else is known of it.
_PART: Final = 0.4
_EXACT: Final = 0.999
#: From which likeness a name is meant that is spelt otherwise.
_GUESSED: Final = 80.0
_PAGES: Final = frozenset(("issue", "question"))
_MATCHED: Final = frozenset(cls.value for cls in (DK.Issue, DK.SavedQuestion, SKOS.Concept))
#: Kinds of things about which nobody asks by themselves.
_NO_SUBJECTS: Final = frozenset(cls.value for cls in (DK.Characteristic, DK.Degree))


@dataclass(frozen=True)
class Meant:
    """What is asked for. Of "claims" only the words are known; of "nothing" not even these."""

    #: "issue", "question", "topic", "said", "claims" or "nothing".
    kind: str
    #: The IRI of the issue, saved question or topic.
    iri: str = ""
    #: The name of the document whose words are asked for.
    document: str = ""
    #: IRIs of the things that are spoken of.
    things: tuple[str, ...] = ()
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
    return replace(_Reading(book, meant, spans, limit).meant(), cured=cured) if spans else Meant("nothing")


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
        self._matches = self._index.rank(spans)
        # Issues, questions and topics are found by their words already.
        self._hits = tuple(hit for hit in book.search(text, limit=limit) if hit.kind not in _MATCHED)
        kinds = book.describe({iri for span in spans for iri in span.things})
        self._subjects = [
            replace(span, things=own)
            for span in self._content
            if (own := tuple(i for i in span.things if i in kinds and not _NO_SUBJECTS & set(kinds[i].kinds)))
        ]

    def meant(self) -> Meant:
        """Return what is asked for, with what else fits."""
        found = self._best() or self._guess() or self._part() or self._words()
        others = (m for m in self._matches if m.answerable.kind in _PAGES and m.answerable.iri != found.iri)
        close = tuple(match for match in others if match.score >= _CLOSE)
        words = " ".join(span.text for span in self._content)
        return replace(found, close=close[:_MOST_CLOSE], words=words, hits=self._hits)

    def _best(self) -> Meant | None:
        """Return what fits best, if it fits well."""
        options = [self._named(), self._said()]
        for match in self._matches:
            if match.answerable.kind in _BONUS:
                kind, is_exact = match.answerable.kind, match.score >= _EXACT
                made = Meant(kind, match.answerable.iri, things=self._things())
                # A question that is called so knows better than the page of a thing what is asked for.
                options.append((match.score + (_NAME if is_exact and kind == "question" else _BONUS[kind]), made))
        near = tuple(m.answerable.iri for m in self._matches if m.answerable.kind == "near" and m.score >= _SURE)
        score, best = max(options, key=lambda option: option[0])
        if score < _SURE and near and not self._is_said():
            return Meant("nothing", near=near)
        return best if score >= _SURE else None

    def _named(self) -> tuple[float, Meant]:
        """Return the thing whose name the whole text is."""
        words = sorted(plain(self._text).split())
        if len(self._content) == 1 and self._subjects:
            return (_NAME if len(self._spans) == 1 else _NAME_ASKED), self._of(self._subjects)
        if self._hits and sorted(self._hits[0].matched.split()) == words and self._is_thing(self._hits[0]):
            return _NAME, self._of([Span(self._text, (self._hits[0].iri,))])
        return 0.0, Meant("nothing")

    def _said(self) -> tuple[float, Meant]:
        """Return the things and the document, or the things and the topic, that the text has together."""
        rest = [span for span in self._spans if span not in self._content or not self._is_subject(span)]
        subjects = self._of(self._subjects)
        topic = next((m for m in self._index.rank(rest) if m.answerable.kind == "topic" and m.score >= _SURE), None)
        if not self._subjects or (not topic and not (subjects.document and subjects.things)):
            return 0.0, subjects
        had = self._share(self._subjects) if not topic else 1.0
        return _NAME_ASKED * had, replace(subjects, iri=topic.answerable.iri if topic else "")

    def _guess(self) -> Meant | None:
        """Return the thing whose name is like the text."""
        first = next(filter(self._is_thing, self._hits), None)
        if first is None or not (first.matched or self._is_alike(first)):
            return None
        return replace(self._of([Span(self._text, (first.iri,))]), is_guessed=first.guessed)

    def _is_thing(self, hit: Hit) -> bool:
        return hit.iri.startswith(self._book.names.prefixes["id"])

    def _is_alike(self, hit: Hit) -> bool:
        """Whether a name is so much like the text that this is a slip: "Huaway", but not "Ericsson" for "Verizon"."""
        names = self._book.values([hit.iri], *NAMES).get(hit.iri, {})
        texts = [value.value for values in names.values() for value in values]
        return hit.score >= _GUESSED or any(
            is_slip(self._text, part) for text in texts for part in (text, *text.split())
        )

    def _part(self) -> Meant | None:
        """Return the things that a part of the text names."""
        return self._of(self._subjects) if self._subjects and self._share(self._subjects) >= _PART else None

    def _words(self) -> Meant:
        if any(hit.kind == DK.Claim.value for hit in self._hits):
            return Meant("claims")
        return Meant("nothing")

    def _things(self) -> tuple[str, ...]:
        return tuple(span.things[0] for span in self._subjects)

    def _is_subject(self, span: Span) -> bool:
        return any(span.text == subject.text for subject in self._subjects)

    def _is_said(self) -> bool:
        """Whether claims or names have all the words that are not common."""
        return all(self._book.says(word) for span in self._content for word in span.text.split())

    def _share(self, spans: Sequence[Span]) -> float:
        def weigh(some: Sequence[Span]) -> float:
            return sum(self._index.weight(word) for span in some for word in span.text.split())

        return weigh(spans) / weigh(self._content or self._spans)

    def _of(self, spans: Sequence[Span]) -> Meant:
        """Return the document and the things that spans name."""
        documents = {iri: name for name, iri in self._book.documents.items()}
        spoken = [next((iri for iri in span.things if iri in documents), "") for span in spans]
        document = next(filter(None, spoken), "")
        things = tuple(span.things[0] for span, own in zip(spans, spoken, strict=True) if not own)
        if document and not things:
            return Meant("said", things=(document,))
        return Meant("said", document=documents.get(document, ""), things=things)


#: Main claims of an answer: of one document, and of all together.
_MOST_OF_ONE: Final = 12
_MOST_OF_EACH: Final = 2
#: Of more documents than these one sentence each is shown.
_FEW: Final = 3
_FILES: Final = (("Word", "docx"), ("Excel", "xlsx"))


@dataclass(frozen=True)
class FoundAnswer:
    """An answer: what it is the answer to, with its page; what it comes to; and what it rests on."""

    title: str
    href: str
    finding: str
    #: Of the title, if it is not the page's.
    language: str = ""
    lines: tuple[Sentence, ...] = ()
    #: The sentences of a saved question's answer, and how many more it has.
    statements: tuple[Statement, ...] = ()
    more: int = 0
    #: Addresses of the same as files, by what they are called.
    files: Mapping[str, str] = field(default_factory=dict)


def answer(site: Site, meant: Meant, language: str) -> FoundAnswer | None:
    """Return the answer to what is asked for; None if nothing is known that could be answered."""
    reader = site.reader
    if meant.kind == "issue":
        return _issue(reader, meant.iri.removeprefix(reader.names.prefixes["issue"]), language)
    if meant.kind == "question":
        return _question(site, meant.iri.removeprefix(reader.names.prefixes["query"]), language)
    return said(reader, meant, language) if meant.kind in ("topic", "said") else None


def _issue(reader: GraphReader, name: str, language: str) -> FoundAnswer:
    view = view_issue(reader, name, language)
    lines = tuple(replace(stand.said, marks=()) for stand in view.stands if stand.said)
    files = {title: url_for("issues.file", name=name, kind=kind) for title, kind in _FILES}
    href = url_for("issues.issue", name=name)
    return FoundAnswer(view.question, href, view.finding, view.language, lines=lines, files=files)


def _question(site: Site, name: str, language: str) -> FoundAnswer:
    found = view_answer(site.service, find_question(site.service, name, language), MultiDict(), language, site.copies)
    finding, lines, statements, more = found.lead, tuple[Sentence, ...](), found.said, found.more
    if not finding:
        # Without a finding of its own it is told by main claims, which are what documents say in full.
        told = _main_lines(site.reader, list(found.all_notes), language)
        count = len(told) or len(statements) + more
        finding = ngettext("One sentence answers this.", "%(num)d sentences answer this.", count)
        if told:
            lines, statements, more = tuple(told[:_MOST_OF_ONE]), (), len(told[_MOST_OF_ONE:])
    files = {title: url_for("answers.file", name=name, kind=kind) for title, kind in _FILES}
    href = url_for("answers.question", name=name)
    return FoundAnswer(found.title, href, finding, found.language, lines, statements, more, files)


def _main_lines(reader: GraphReader, iris: Iterable[str], language: str) -> list[Sentence]:
    """Return the main claims that claims of documents belong to, each once."""
    entries = reader.book.find_entries(iris)
    mains = dict.fromkeys(entries[iri].main or iri for iri in iris if iri in entries and entries[iri].put.document)
    return list(Telling(reader, list(mains), language).sentences.values())


def said(reader: GraphReader, meant: Meant, language: str, of_each: int = _MOST_OF_EACH) -> FoundAnswer:
    """Return what documents say of things, or on a topic, or a document of both; so many sentences of each."""
    book, documents = reader.book, name_documents(reader, language)
    whole = {iri: name for name, iri in book.documents.items()}
    spoken = meant.document or next((whole[iri] for iri in meant.things if iri in whole), "")
    things = [iri for iri in meant.things if iri not in whole]
    labels = Labels(reader, language, meant.things)
    topic = next((t for t in book.topics.values() if t.iri == meant.iri), None)
    languages = preferred_languages(reader.names, language)
    names = [labels.name(iri).text for iri in things] + ([text_in(topic.label, languages)] if topic else [])
    mains = _mains(reader, spoken, things, topic.iri if topic else "")
    shown = _shown(mains, _MOST_OF_ONE if spoken else of_each)
    by_document: dict[str, int] = defaultdict(int)
    for entry in mains:
        by_document[entry.put.document] += 1
    first = labels.name(things[0]) if things else None
    title = " · ".join([*([documents[spoken].text] if spoken else []), *names])
    return FoundAnswer(
        title,
        _page(first, spoken, topic.name if topic else ""),
        _finding(names, documents.get(spoken), by_document, language),
        lines=tuple(Telling(reader, shown, language).sentences.values()),
        more=len(mains) - len(shown),
    )


def _mains(reader: GraphReader, document: str, things: Sequence[str], topic: str) -> list[ClaimEntry]:
    """Return the main claims that speak of all the things on the topic, those that matter most first.

    A main claim speaks of a thing if one of its parts does.
    """
    book = reader.book
    wanted = [ClaimFilter(document=document, thing=iri, topic=topic) for iri in things]
    found = [book.entries(each) for each in wanted or [ClaimFilter(document=document, topic=topic, part="0")]]
    speaking = [dict.fromkeys(entry.main or entry.iri for entry in entries) for entries in found]
    common = [iri for iri in speaking[0] if reduce(lambda kept, own: kept and iri in own, speaking, True)]
    entries = book.find_entries(common)
    return [entries[iri] for iri in common if iri in entries]


def _shown(mains: Iterable[ClaimEntry], most: int) -> list[str]:
    """Return the first claims of each document."""
    found, taken = list(mains), defaultdict[str, list[str]](list)
    if most == _MOST_OF_EACH and len({entry.put.document for entry in found}) > _FEW:
        most = 1
    for entry in found:
        if len(taken[entry.put.document]) < most:
            taken[entry.put.document].append(entry.iri)
    return [iri for own in taken.values() for iri in own]


def _page(thing: Name | None, document: str, topic: str) -> str:
    if document:
        return url_for("documents.document", name=document)
    return (thing.href or "") if thing else url_for("topics.topic", name=topic)


def _finding(names: Sequence[str], document: DocumentName | None, counts: Mapping[str, int], language: str) -> str:
    """Return how many documents speak of it, and in how many main claims."""
    count = sum(counts.values())
    claims = ngettext("one main claim", "%(num)d main claims", count)
    name = (find_language(language) or LANGUAGES["en"]).enumerate(list(names))
    first = name[:1].upper() + name[1:]
    if document and not names:
        return _("%(document)s: what it says comes to %(claims)s.", document=document.text, claims=claims)
    if document:
        told = _("%(document)s speaks of %(name)s in %(claims)s.", document=document.text, name=name, claims=claims)
        return (
            told
            if count
            else _("%(document)s says nothing of %(name)s in what was read.", document=document.text, name=name)
        )
    if not count:
        return _("No document here says anything about %(name)s.", name=name)
    who = number_words(len(counts), language)
    return ngettext(
        "%(name)s: %(who)s document speaks of it, in %(claims)s.",
        "%(name)s: %(who)s documents speak of it, in %(claims)s.",
        len(counts),
        name=first,
        who=who,
        claims=claims,
    )
