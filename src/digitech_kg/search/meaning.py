"""What a typed text asks for: an issue, a saved question, or what documents say of things, on a topic, or nearest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from digitech_kg.book import Book, ClaimFilter
from digitech_kg.matching.asking import Span, asks_for
from digitech_kg.matching.question_words import COMMON, PATTERNS, SAYING, WORDS, gives_date
from digitech_kg.matching.slips import is_form
from digitech_kg.matching.spelling import is_in_chinese, plain
from digitech_kg.search.meant import Meant
from digitech_kg.search.nearest import IN_TURN, by_document, first_of_each, leading, listed_with, of_each, with_contrast
from digitech_kg.search.pages import CLOSE, EXACT, MOST_MISSING, NEAR, PAGE, PAGES, SURE, PageQuestion
from digitech_kg.search.question import NEARLY_ALL, SPOKEN
from digitech_kg.search.typed import cure, names_in, spans_in, unsaid_in, without_years

#: From which score a page is surely asked for, its list is, an issue answers yes or no; its least share of the claims'.
_ASKED_FOR: Final = 0.75
_TOLD: Final = 0.65
_VERDICT: Final = 0.9
_OF_CLAIMS: Final = 0.9
#: How well a claim has to fit of a document that is named.
_OF_DOCUMENT: Final = 0.5
#: How far a claim of a document that is asked falls behind one of another that is told beside it.
_FAR_LESS: Final = 0.8
#: The least share of the claims with which an answer opens, the most of them, how far they may fall behind; the others.
_LEADING: Final = 0.5
_MOST_LEADING: Final = 4
_LEADING_WITH: Final = 0.85
_MOST_OWN: Final = 2
_FURTHER: Final = 0.5
_MOST_FURTHER: Final = 30
_FEW_ON_IT: Final = 3
#: The most claims whose issues are looked at where something is asked to be disputed.
_MOST_CONTESTED: Final = 8
#: How much a claim has to have of a question of which most stands nowhere, in weights of words.
_LEAST_OF_REST: Final = 0.8
#: The most claims of a kind that are told.
_MOST_OF_KIND: Final = 8
#: The most pages that stand below the answer.
_MOST_CLOSE: Final = 6


def read_question(book: Book, text: str, limit: int) -> Meant:
    """Return what a text asks for, with at most so many hits of a search for names."""
    text = without_years(book, PATTERNS["side_by_side"].sub(" compared ", text))
    written, meant = plain(text), PATTERNS["which_documents"].sub(" ", PATTERNS["whether"].sub(" ", text))
    meant, spans, cured = cure(book, written, meant)
    told = tuple((wrong, right) for wrong, right in cured if right not in COMMON and not is_form(wrong, right))
    if not spans:
        return Meant("nothing")
    reading = _Reading(book, meant, spans, limit)
    found = reading.meant()
    if names := reading.unlisted():
        found = _with_list(book, found, names, meant, limit)
    return replace(found, cured=told, unsaid=unsaid_in(book, meant))


def _with_list(book: Book, found: Meant, names: tuple[str, ...], text: str, limit: int) -> Meant:
    """Return what is meant by a text with names that stand nowhere, beside the list on which they are asked to be."""
    rest = text
    for name in names:
        rest = rest.replace(name, " ")
    of_list = found if found.kind in PAGES else _Reading(book, rest, spans_in(book, rest), limit).meant()
    if of_list.kind == "question":
        return replace(of_list, unlisted=names)
    told = of_list if found.kind == "nothing" else found
    return replace(told, unknown=tuple(dict.fromkeys((*told.unknown, *names))))


class _Reading(PageQuestion):
    """A question, read against all that can be answered."""

    def meant(self) -> Meant:
        """Return what is asked for, with what else fits."""
        of_pages = (self._called, self._compared, self.called_by_name, self._spoken, self._page)
        readings = (self._denied, *of_pages, self.guessed, self._near)
        found = next(filter(None, (read() for read in readings)), Meant("nothing", near=self.near_topics(SURE)))
        others = (m for m in self._matches if m.answerable.kind in PAGES and m.answerable.iri != found.iri)
        close = tuple(match for match in others if match.score >= CLOSE)
        if found.kind == "nothing" and close and close[0].score >= PAGE and not self.has_unknown_name:
            # Better the page that fits best than none.
            found, close = self._asked(close[0]), close[1:]
        pages = [match.answerable.iri for match in close]
        beside = tuple(iri for iri in self._beside(found) if iri not in found.things or found.kind in PAGES)
        # What a document says as a whole is told in its own order.
        has_order = bool(found.nearest or found.document) or self.documents.keys() >= {*found.things} > set()
        if found.kind in PAGES:
            found = self._opened(found)
        elif found.kind in ("said", "claims") and not has_order and self.nearest.best > self.only_names:
            found = replace(found, nearest=tuple(self.nearest.shares))
        found = self.with_apart(found) if found.kind != "nothing" else found
        # A word that stands nowhere is named where it may be what matters.
        unknown = tuple(self.unknown({*found.things})) if self.nearest.most_had < NEARLY_ALL else ()
        years = tuple(span.text for span in self.spans if gives_date(span.text) and not span.things)
        found = replace(self.with_wanted(found), further=self._further(found), years=years, unknown=unknown)
        is_contested = found.kind == "claims" and bool(PATTERNS["contested"].search(self.text))
        if is_contested:
            # Who disagrees with a document speaks in others.
            found = replace(found, document="")
        # An issue that only names the same is no matter where a number or the words of one document are asked for.
        named = set[str]() if found.wanted or found.document else {span.things[0] for span in self.named}
        first = {*found.nearest[: _MOST_CONTESTED if is_contested else 1]} if found.kind == "claims" else set()
        on_it = [m.answerable.iri for m in self._matches if first & self._mains_on.get(m.answerable.iri, frozenset())]
        fitting = (iri for iri in on_it if is_contested or iri in pages or named & self._named_on(iri))
        disputed = "" if self.speakers.joined else next(fitting, "")
        unheard = self.speakers.unheard
        return replace(
            found, close=tuple(pages[:_MOST_CLOSE]), beside=beside, hits=self.hits, disputed=disputed, unheard=unheard
        )

    def unlisted(self) -> tuple[str, ...]:
        """Return the names that stand nowhere, as they were typed, if a question asks whether they are on a list."""
        words = chain.from_iterable(span.text.split() for span in self.spans)
        if WORDS["listing"].isdisjoint(words) or not asks_for(self.spans, "yes_or_no"):
            return ()
        own = (names_in(self.text) - self.book.vocabulary) | (self.nearest.missing & self.capitalised)
        in_chinese = filter(is_in_chinese, self.unknown(set()))
        return (*(self.typed(span) for span in self.content if span.text in own), *in_chinese)

    def _opened(self, found: Meant) -> Meant:
        """Return a page with the main claims that its answer opens with; these alone are the answer if it is not sure.

        A list answers yes or no by which company is on it, and what is on it by all of them. What documents themselves
        say of the company comes before the rows.
        """
        is_on_list = (bool(self.companies) and asks_for(self.spans, "yes_or_no")) or asks_for(self.spans, "list")
        is_called = any(found.iri == match.answerable.iri for match in self._on_companies)
        is_told = found.kind == "question" and (is_on_list or is_called)
        score = next((match.score for match in self._matches if match.answerable.iri == found.iri), 0.0)
        is_near = is_called or score >= self._least_score(found, is_told=is_told)
        # Rows have no reason, nor a number of what a sentence counts.
        is_untold = asks_for(self.spans, "reason") or (bool(self.nearest.figures.get("count")) and score < EXACT)
        is_sure = is_near and not (found.kind == "question" and self.named and is_untold)
        leading = self._leading()
        is_beside = bool(leading) or (found.kind == "question" and bool(self.nearest.shares))
        if is_beside and not (is_sure or found.given):
            return replace(found, nearest=self.nearest_among(self.of_speakers(self.nearest.shares)), is_sure=False)
        if not is_told:
            # One word of a question that is called so leads to no sentence on the same.
            is_whole = found.kind == "question" and score >= EXACT and len(self.content) == 1
            return replace(found, nearest=() if is_whole else leading)
        asked, told = {span.text for span in self.content}, {span.text for span in self.companies}
        whole = [iri for iri in leading if self.nearest.had[iri] >= asked]
        # A sentence that only other words of the question led to tells nothing of what is on a list.
        least = asked if asks_for(self.spans, "yes_or_no") else told
        own = [iri for iri in whole if told and self.nearest.told[iri] >= least]
        # What is called as the text is has the list that is asked for in its rows.
        listed = listed_with(self.book, self.spans, whole) if score < EXACT else ()
        return replace(found, nearest=tuple(listed or own[:_MOST_OWN]))

    def _least_score(self, page: Meant, *, is_told: bool) -> float:
        """Return from which score a page is surely asked for; `is_told` is whether its rows answer what is asked."""
        lacks = self.lacks(page)
        if is_told and not lacks:
            return _TOLD if self.companies else max(_TOLD, _OF_CLAIMS * self.nearest.best)
        # Rows are no yes or no, nor is what nobody answers.
        is_yes_or_no = asks_for(self.spans, "yes_or_no")
        is_unanswered = any(issue.iri == page.iri and not issue.is_answered for issue in self.book.issues.values())
        if is_unanswered or (is_yes_or_no and page.kind == "question"):
            return EXACT
        if lacks:
            return _VERDICT
        is_who_says = asks_for(self.spans, "who") and not SAYING.isdisjoint(span.text for span in self.spans)
        least = _TOLD if is_who_says else _VERDICT if is_yes_or_no else _ASKED_FOR
        # Claims may have more of what is asked than a saved question, unless companies are looked up in it.
        return max(least, _OF_CLAIMS * self.nearest.best) if page.kind == "question" and not self.companies else least

    def _leading(self) -> tuple[str, ...]:
        """Return the main claims that the answer on a page opens with, as they have more than its name."""
        nearest = self.nearest
        if not self.content or nearest.best <= max(self.only_names, _LEADING):
            return ()
        return with_contrast(self.book, leading(nearest.shares, nearest.places, _MOST_LEADING, _LEADING_WITH))

    def _further(self, found: Meant) -> tuple[str, ...]:
        """Return the main claims that come near to a question; of a thing alone none, whose page has them all.

        Where few are on a matter, others may speak of it in a claim on something else.
        """
        nearest, is_alone = self.nearest, found.kind == "said"
        is_on_few = not found.document and all(len(self.claims_on(iri)) <= _FEW_ON_IT for iri in found.things)
        if found.kind == "nothing":
            return self._nearest_of_rest()
        if (is_alone and not is_on_few) or nearest.missing_share > MOST_MISSING:
            return ()
        least = max(NEAR, _FURTHER * nearest.best)
        return tuple(iri for iri, share in nearest.shares.items() if share >= least)[:_MOST_FURTHER]

    def _nearest_of_rest(self) -> tuple[str, ...]:
        """Return the main claims that have most of what a question asks besides words that stand nowhere."""
        nearest = self.nearest
        rest = sum(weight for text, weight in nearest.weights.items() if text not in nearest.missing)
        had = {iri: sum(map(nearest.weights.__getitem__, own)) for iri, own in nearest.had.items()}
        least = max(_LEAST_OF_REST, NEARLY_ALL * max(had.values(), default=0.0), _FURTHER * rest)
        return tuple(iri for iri in nearest.shares if had[iri] >= least)[:_MOST_LEADING]

    def _spoken(self) -> Meant | None:
        """Return what is said in a document that is named, or in the only one by those whose words are asked for."""
        found, documents, spoken = self.of(self.subjects), self.documents, self.speakers.asked
        named = found.document or next(map(documents.__getitem__, filter(documents.get, found.things)), "")
        if spoken and named not in spoken:
            # Another body answers the one whose document is named.
            named, found = "", replace(found, document="")
        document = named or (next(iter(spoken)) if len(spoken) == 1 else "")
        # Who wrote the document that is named is no matter in it.
        found = replace(found, things=tuple(iri for iri in found.things if document not in self.speakers.written[iri]))
        rest = [span for span in self.content if span.text not in self.words_of_kinds]
        of_kind = self._of_kind(document, rest)
        if of_kind or not document or all(documents.keys() & set(span.things) for span in rest):
            return of_kind
        root = f"{self.book.names.prefixes['claim']}{document}/"
        shares = {iri: share for iri, share in self.nearest.shares.items() if iri.startswith(root)}
        if self.is_rather_a_page(shares):
            return None
        told = self._with_another(self.nearest_among(shares))
        is_near = bool(told) and shares[told[0]] >= (_OF_DOCUMENT if named else SPOKEN) * self.nearest.best
        return (
            self._unspoken(found.things, document, told)
            or self._on_things(found, document, told, is_near=is_near)
            or (self._nearest_in(found.things, document, told) if is_near else None)
            or (self.together(found) if found.document and any(map(self.is_named, found.things)) else None)
        )

    def _with_another(self, told: tuple[str, ...]) -> tuple[str, ...]:
        """Return what a document says, with what another says second if that has far more of a yes-or-no question."""
        nearest = self.nearest
        best = max(nearest.shares, key=nearest.shares.__getitem__, default="")
        is_more = bool(told) and nearest.shares[told[0]] <= _FAR_LESS * nearest.shares[best] and best not in told
        return (told[0], best, *told[1:]) if is_more and asks_for(self.spans, "yes_or_no") else told

    def _of_kind(self, document: str, rest: Sequence[Span]) -> Meant | None:
        """Return what matters most of the kind that is asked for in a document, if only that or its author is named.

        Of an author these are views of their own. `rest` is what is asked for beside the kind.
        """
        named = [span.things for span in rest if span.text not in WORDS["listing"]]
        by = [next((iri for iri in own if document in self.speakers.spoken_by(iri)), "") for own in named]
        if not (document and by and all(by)):
            return None
        whole = self.book.documents[document]
        own = ClaimFilter(document) if whole in by else self.book.views_of(by[0])
        of_kinds = (replace(own, kind=kind, part="0") for kind in self.kinds_wanted)
        told = tuple(chain.from_iterable(map(self.book.find_claims, of_kinds)))[:_MOST_OF_KIND]
        return Meant("claims", document=document, things=(whole,), nearest=told, is_all=True) if told else None

    def _unspoken(self, things: Sequence[str], document: str, told: Sequence[str]) -> Meant | None:
        """Return what others say of a name on which a document is silent, if none of what it tells has that name."""
        own, nearest = tuple(filter(self.is_singled_out, things)), self.nearest
        # Who asks whether a name is mentioned asks for the name itself.
        had = nearest.had if WORDS["naming"].isdisjoint(span.text for span in self.spans) else nearest.told
        texts = {span.text for span in self.subjects if span.things[0] in own}
        if not own or not self._is_silent_on(own, document) or any(texts & had[iri] for iri in told):
            return None
        others = [iri for iri in nearest.shares if any(iri in self.claims_on(thing) for thing in own)]
        return Meant("said", document=document, things=own, nearest=tuple(others[:_FEW_ON_IT]))

    def _is_silent_on(self, named: Sequence[str], document: str) -> bool:
        """Whether a document has no claim on any of some names."""
        return not any(self.claims_on(iri, document) for iri in named)

    def _on_things(self, found: Meant, document: str, told: tuple[str, ...], *, is_near: bool) -> Meant | None:
        """Return all that a document says of things, if that has what comes nearest, or if only names were typed."""
        # Who asks why asks for more than what is said.
        asks_more = bool(self.kinds_wanted) or asks_for(self.spans, "reason")
        are_names = not asks_more and all(span.things or span.text in SAYING for span in self.content)
        is_asked = bool(found.document) or (are_names and bool(self.speakers.asked))
        if not is_asked or not (is_near or not told) or (told and self.kinds_wanted):
            return None
        # Names alone ask for all that is said, in the document's own words first.
        first = told[: 1 if are_names or self.nearest.figures else _FEW_ON_IT]
        on_each = [self.claims_on(iri, document) for iri in found.things]
        is_on_all = are_names and bool(on_each) and all(on_each) and all(map(self.is_singled_out, found.things))
        if not is_on_all and not any(own.issuperset(first) for own in on_each):
            return None
        together = self.together(replace(found, document=document))
        own = set.intersection(*(self.claims_on(iri, document) for iri in together.things))
        # Where hardly a claim is on all of it, those that are on most of it tell more.
        is_one = are_names and len(together.things) == 1
        if is_one or not is_near or len(own) >= min(_FEW_ON_IT, len(told)):
            return replace(together, nearest=() if are_names else told)
        return None

    def _nearest_in(self, things: tuple[str, ...], document: str, told: tuple[str, ...]) -> Meant | None:
        """Return what comes nearest in a document, unless most of what is asked stands nowhere."""
        if self.nearest.missing_share >= MOST_MISSING:
            return None
        own = tuple(filter(self.is_singled_out, things))
        left_out = self.unnamed(document, own, told) if self._is_silent_on(own, document) else ()
        return Meant("claims", document=document, things=things, nearest=told, left_out=left_out)

    def _denied(self) -> Meant | None:
        """Return what somebody says is not so, if the text asks for nothing else."""
        rest = {span.text for span in self.content} - {span.text for span in self.subjects}
        if not rest or rest - WORDS["denials"] or len(self.subjects) != 1:
            return None
        told = self.speakers.denied_by(self.things[0])
        return Meant("claims", things=self.things, nearest=tuple(told), is_all=True) if told else None

    @property
    def _least_in_turn(self) -> float:
        """The least share with which claims are told in turn with others."""
        return max(NEAR, IN_TURN * self.nearest.best)

    def _compared(self) -> Meant | None:
        """Return what each of several documents says that are named side by side, in turns; or of all that come near.

        Where nothing else is asked than what each says, it is what matters most to it.
        """
        joined, book, compares = self.speakers.joined, self.book, WORDS["compares"]
        roots = [f"{book.names.prefixes['claim']}{name}/" for name in joined]
        documents = [len(self.documents.keys() & set(span.things)) for span in self.content]
        # Who names both orders in one word wants to read of both.
        least = NEAR if max(documents, default=0) > 1 else self._least_in_turn
        told = of_each(self.nearest, [{i for i in self.nearest.shares if i.startswith(root)} for root in roots], least)
        is_compared = not compares.isdisjoint(span.text for span in self.spans)
        rest = [span for span in self.content if span.text not in compares and not gives_date(span.text)]
        are_things = all(span.things for span in rest)
        if is_compared and not told and not are_things and not self.speakers.asked:
            told = of_each(self.nearest, by_document(self.nearest), self._least_in_turn)
        # "What does A think of it, and what does B reply" asks for what matters most to each.
        is_saying = not (are_things or is_compared) and all(span.things or span.text in SAYING for span in rest)
        are_names = is_saying or (are_things and (is_compared or all(documents)))
        if len(joined) > 1 and (are_names or (not told and sum(documents) > 1)):
            # Of what else is named, each is told what it says, even if that has no more of the question.
            others = [s.things[0] for s in rest if s.things and not self.speakers.joined_by(s.things)]
            on_it = others[0] if others and are_names else ""
            told = (told if on_it and not is_saying else ()) or first_of_each(book, joined, _MOST_LEADING, on_it)
            is_of_one = sum(any(iri.startswith(root) for iri in told) for root in roots) == 1
            if on_it and sum(documents) > 1 and is_of_one and not self.is_singled_out(on_it):
                # Of a matter on which one document alone has a claim, the others named speak in other words.
                told = ()
            told = told or first_of_each(book, joined, _MOST_LEADING, "")
        things, side_by_side = (self.things if not all(documents) else ()), map(book.documents.__getitem__, joined)
        return Meant("claims", things=things, documents=tuple(side_by_side), nearest=told) if told else None

    def _near(self) -> Meant | None:
        """Return the main claims that come nearest, if they have enough of what is asked for.

        Of a company or a person who is named, nothing else is told than what is said of them, and what goes on with it.
        """
        nearest, named = self.nearest, self.telling()
        # Where an author who is no company is silent on what is asked, others may say it.
        silent = {s.text for s in named if self.speakers.written[s.things[0]] and nearest.is_silent(s.text)}
        named = [s for s in named if s.text not in silent.difference(s.text for s in self.companies)]
        names = {span.text for span in named}
        first, best = next(((i, share) for i, share in nearest.shares.items() if nearest.had[i] >= names), ("", 0.0))
        giving = set[str]().union(*nearest.figures.values())
        shares = {
            iri: share
            for iri, share in nearest.shares.items()
            if nearest.had[iri] >= names or nearest.goes_on(iri, first) or (iri in giving and share >= best)
        }
        firms = {span.text for span in self.companies}
        apart = [span for span in chain(*self.apart) if span.text in firms]
        # What no claim has together is told of each.
        having = [{iri for iri, own in nearest.told.items() if span.text in own} for span in apart]
        if told := of_each(nearest, having, self._least_in_turn):
            return Meant("claims", things=tuple(span.things[0] for span in apart), nearest=told)
        if named and (best <= self.only_names or nearest.missing_share > MOST_MISSING):
            found = self.together(self.of(named))
            return replace(found, left_out=self.left_out_of(found.things, nearest.told))
        if best < NEAR or nearest.missing_share > MOST_MISSING:
            return self.together(self.of(self.known)) if self.known else None
        return self._nearest_among(self.of_speakers(shares))

    def _nearest_among(self, shares: Mapping[str, float]) -> Meant:
        first, nearest = self.nearest_among(shares), self.nearest
        had = set[str]().union(*(nearest.had[iri] for iri in first))
        told = sorted(self.subjects, key=lambda span: span.text not in had)
        left_out = tuple(s.things[0] for s in told if s.text not in had and self.is_singled_out(s.things[0]))
        return Meant("claims", things=tuple(span.things[0] for span in told), left_out=left_out, nearest=first)

    def _beside(self, found: Meant) -> Iterator[str]:
        """Yield the things of which is to be told beside the answer."""
        if found.kind == "issue":
            yield from self._missing(found.iri)
        elif found.kind == "question" and not found.given:
            yield from filter(self.is_named, found.others)
        elif found.kind in ("said", "claims"):
            is_said = found.kind == "said" and not found.document
            left_out = (iri for iri in self.things if iri not in found.things) if is_said else found.left_out
            yield from filter(self.is_named, left_out)
            alike = (iri for span in self.subjects if span.things[0] in found.things for iri in span.things[1:])
            yield from filter(self.claims_on, alike)
