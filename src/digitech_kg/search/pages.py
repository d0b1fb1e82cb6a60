"""Which page a question asks for: an issue, a saved question, a topic or a document."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import Final

from digitech_kg.book import NAMES, QUERIES, Book
from digitech_kg.matching.asking import OPEN, Match, Span, asks_for
from digitech_kg.matching.meanings import stem
from digitech_kg.matching.question_words import WORDS
from digitech_kg.matching.spelling import plain
from digitech_kg.search.meant import Meant
from digitech_kg.search.question import Question
from digitech_kg.sparql_text.parameters import read_parameters

#: From which score something is called as the text is: wholly, but for a word, or well enough.
EXACT: Final = 0.999
_NEARLY: Final = 0.85
SURE: Final = 0.62
#: From which score a page is the answer, and one that has the claim which comes nearest, or one nearly as near.
PAGE: Final = 0.55
_PAGE_HAVING: Final = 0.5
_BEST: Final = 0.98
#: The share of an issue's score that its claims make up.
_CLAIMS_SHARE: Final = 0.3
#: How well a page has to fit beside the claim that comes nearest; one that has it, unless the claim has all.
_LEAD: Final = 0.7
_LEAD_HAVING: Final = 0.6
_ALL: Final = 0.98
#: The least share of a question that a claim has to have, and the most that no claim has.
NEAR: Final = 0.35
MOST_MISSING: Final = 0.4
#: From which score a page is worth a line below the answer.
CLOSE: Final = 0.35
#: What is added to the score of a kind, so that of two that fit as well the better answer comes first,
#: and to that of a document that is nearly called so.
_BONUS: Final = {"issue": 0.02, "question": 0.0, "topic": -0.2, "document": -0.3}
_CALLED: Final = -0.12
#: Saved questions that are tried with the name of another thing, and how well the other words have to fit.
_MOST_ASKED: Final = 6
_WELL_ASKED: Final = 0.75
#: From which score an issue or a question is asked for in spite of a document that is named.
_CALLED_SO: Final = 0.92
#: How much better a saved question has to fit than a claim of a document that is named.
_LEAD_OF_QUESTION: Final = 0.15
PAGES: Final = frozenset(("issue", "question"))


class PageQuestion(Question):
    """A question, read against the names of pages and the claims on them."""

    def __init__(self, book: Book, text: str, spans: Sequence[Span], limit: int) -> None:
        super().__init__(book, text, spans, limit)
        self._mains_on = book.mains_on_issues
        self._matches = self.index.rank(spans, self.companies)

    def _called(self) -> Meant | None:
        """Return the page that is called as the text is, or a saved question with the names of others in it."""
        bare = {match.answerable for match in self.index.rank(self.content) if match.score >= EXACT}
        if any(asks_for(self.spans, what) for what in OPEN):
            # Who asks who or how many asks for more than yes or no, or for all on a matter.
            bare = {answerable for answerable in bare if answerable.kind == "question"}
        # A topic need only nearly be called as the one word that the text is.
        least = {"topic": _NEARLY} if len(self.content) == 1 else {}
        exact = (m for m in self._matches if m.answerable in bare or m.score >= least.get(m.answerable.kind, _ALL))
        pages = [m for m in exact if m.answerable.kind in PAGES or self._is_wider(m)]
        if pages:
            return self._asked(max(pages, key=lambda match: _BONUS[match.answerable.kind]))
        least_of_another = _NEARLY if self.apart[1] else SURE
        of_another = (asked for score, asked in self._asked_of_another() if score >= least_of_another)
        return next(chain(of_another, map(self._asked, self._on_companies)), None)

    @cached_property
    def _on_companies(self) -> list[Match]:
        """The saved question that is called as the text is but for the companies in it, which its rows may name."""
        rest = [span for span in self.content if span not in self.companies]
        is_asked = bool(self.companies) and not asks_for(self.spans, "reason")
        scores = {match.answerable: match.score for match in self.index.rank(rest)} if is_asked else {}
        found = (match for match in self._matches if scores.get(match.answerable, 0.0) >= _NEARLY)
        return [m for m in islice(found, 1) if m.answerable.kind == "question" and scores[m.answerable] >= EXACT]

    def _is_wider(self, topic: Match) -> bool:
        """Whether more is said on a topic than of the thing called so, which is no document and nobody named."""
        own = self.claims_on("", topic=topic.answerable.iri)
        are_named = (iri in self.documents or self.is_named(iri) for iri in self.things)
        is_less = (len(self.claims_on(iri)) < len(own) for iri in self.things)
        return topic.answerable.kind == "topic" and all(is_less) and not any(are_named)

    def _page(self) -> Meant | None:
        """Return the page that fits best by its name and, if it is an issue, by the claims on it."""
        if self.has_unknown_name:
            return None
        scored = dict[str, tuple[float, Match]]()
        for match in self._matches:
            kind, iri = match.answerable.kind, match.answerable.iri
            if kind in _BONUS and iri not in scored:
                share = self.nearest.most_of(self._mains_on[iri]) if iri in self._mains_on else match.score
                is_alone = len(self.content) == 1 and kind not in PAGES
                is_called = kind == "document" and match.score >= _NEARLY
                bonus = 0.0 if is_alone else _CALLED if is_called else _BONUS[kind]
                scored[iri] = (bonus + match.score + _CLAIMS_SHARE * (share - match.score), match)
        best = sorted((option for option in scored.values() if self._fits(*option)), key=lambda option: -option[0])
        fitting = (match for _score, match in best if not self._is_about_another(match))
        # It has to be on more of the question than the companies or persons that this names.
        beyond = self._beyond_names
        return next((self._asked(m) for m in fitting if beyond is None or m.answerable.iri in beyond), None)

    @cached_property
    def _beyond_names(self) -> set[str] | None:
        """What fits the question without the names in it; None if it has none, or nothing else."""
        named = {span.text for span in self.telling()}
        rest = [span for span in self.content if span.text not in named]
        if not named or not rest:
            return None
        return {match.answerable.iri for match in self.index.rank(rest) if match.score >= CLOSE}

    @cached_property
    def _on_apart(self) -> set[str]:
        """What is called by that of the question which no claim has together with its names."""
        return {match.answerable.iri for match in self.index.rank(self.apart[1]) if match.score >= CLOSE}

    def _fits(self, score: float, page: Match) -> bool:
        """Whether a page fits well enough, also beside the claim that comes nearest, which may be on it."""
        nearest = self.nearest
        own = nearest.most_of(self._mains_on.get(page.answerable.iri, ()))
        has_best = nearest.best > max(self.only_names, NEAR) and own >= _BEST * nearest.best
        is_beside = bool(self.apart[1]) and page.answerable.iri not in self._on_apart
        if score < _NEARLY and (is_beside or nearest.missing_share > MOST_MISSING):
            return False
        lead = _LEAD_HAVING if has_best and nearest.best < _ALL else _LEAD
        return score >= max(_PAGE_HAVING if has_best else PAGE, lead * nearest.best)

    def is_rather_a_page(self, shares: Mapping[str, float]) -> bool:
        """Whether an issue or a question has more of what is asked than the claims of the document named."""
        # Who asks whether somebody mentions a name asks for no page.
        if not WORDS["naming"].isdisjoint(span.text for span in self.spans):
            return False
        # A saved question on the document may have more of what is asked than its claims, but no number or date.
        lead = math.inf if self.nearest.figures else 0.0 if self.companies else _LEAD_OF_QUESTION
        least = {"issue": _CALLED_SO, "question": min(_CALLED_SO, lead + max(shares.values(), default=1.0))}
        return any(match.score >= least.get(match.answerable.kind, math.inf) for match in self._matches[:1])

    def _is_about_another(self, match: Match) -> bool:
        """Whether a page leaves out what the text names, and is on something else.

        An issue is if none of its claims speaks of that, and any page if it names another thing of the same kind.
        """
        if not self.subjects or match.score >= EXACT:
            return False
        page = match.answerable.iri
        others, on_page = self._missing(page), self._named_on(page)
        if on_page & self.documents.keys() and not WORDS["documents"].isdisjoint(span.text for span in self.content):
            # What documents say is more than what one of them says.
            return True
        if self._mains_on.get(page) and any(map(self.claims_on, others)):
            return True
        kinds = self.kinds({*on_page, *others}) if others else {}
        # Who is in a group may stand on a page on another group.
        own = set[str]().union(*(kinds.get(iri, ()) for iri in on_page)) - self.groups
        return any(own & kinds.get(iri, set()) for iri in others)

    def _named_on(self, page: str) -> frozenset[str]:
        """Return the things that an issue, topic or saved question names."""
        known = (m.answerable for m in self._matches if m.answerable.iri == page and m.answerable.kind in _BONUS)
        return self.book.named_by(next(known))

    def _others(self, page: str) -> tuple[str, ...]:
        """Return the things in the text that a page does not name."""
        on_page = self._named_on(page) if self.subjects else frozenset[str]()
        return tuple(span.things[0] for span in self.subjects if not on_page & set(span.things))

    def _missing(self, page: str) -> tuple[str, ...]:
        """Return the things in the text, but authors, that a page does not name, nor any claim of it as an issue."""
        told = {span.things[0] for span in self.subjects if self.is_telling(span) and not self.is_author(span)}
        others, mains = filter(told.__contains__, self._others(page)), self._mains_on.get(page, ())
        return tuple(iri for iri in others if not mains or self.claims_on(iri).isdisjoint(mains))

    def _asked(self, match: Match) -> Meant:
        """Return the page that is asked for; of a document, what it says."""
        kind, iri = match.answerable.kind, match.answerable.iri
        if kind == "document" or kind == "near":
            return Meant("said", things=(iri,))
        return Meant(kind, iri, things=self.things, others=self._others(iri))

    def _asked_of_another(self) -> Iterator[tuple[float, Meant]]:
        """Yield the saved questions that can be asked of a thing in the text instead of the one they name."""
        things = [span for span in self.subjects if not self.documents.keys() & set(span.things)]
        if asks_for(self.spans, "count"):
            # No list is a number of something else.
            return
        # What is asked stands in the words that name nothing.
        asked = self.index.rank([span for span in self.content if not span.things]) if things else ()
        questions = (match for match in asked if match.answerable.kind == "question" and match.score >= _WELL_ASKED)
        near = [match.answerable.iri for match in questions][:_MOST_ASKED]
        for iri, told in self.book.values(near, *QUERIES).items():
            (text, *_others), *_ = told.values()
            for parameter in read_parameters(text.value, self.book.names):
                (default, *others), kind = parameter.default, parameter.type
                span = next((s for s in things if kind in self.kinds(s.things[:1]).get(s.things[0], ())), None)
                if span is None or others or default in span.things:
                    continue
                names = self.book.values([default], *NAMES).get(default, {}).values()
                called = tuple(tuple(map(stem, plain(term.value).split())) for terms in names for term in terms)
                usual = Span(span.text, (default,), called)
                matches = self.index.rank([usual if each.text == span.text else each for each in self.spans])
                score = next((match.score for match in matches if match.answerable.iri == iri), 0.0)
                given = ((parameter.name, span.things[0].removeprefix(self.book.names.prefixes["id"])),)
                yield score, Meant("question", iri, things=self.things, others=self.things, given=given)
