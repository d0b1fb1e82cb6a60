"""Propose claims for an issue: those under its topics that stand on none of its sides yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from digitech_kg.book import Book, ClaimEntry, ClaimFilter, IssueEntry
from digitech_kg.claims.labels import choose_text
from digitech_kg.comparison.issues import SIDES
from digitech_kg.comparison.reports import suggest
from digitech_kg.errors import NotFound
from digitech_kg.iteration import reachable


@dataclass(frozen=True, slots=True)
class Proposal:
    """Claims that may belong on an issue, main claims first, each with its sentence."""

    issue: IssueEntry
    claims: tuple[tuple[ClaimEntry, str], ...]


def find_issue(book: Book, name: str) -> IssueEntry:
    """Return an issue by its name, with or without `issue:`. Raises `NotFound` with those that are spelt alike."""
    found = book.issues.get(name.removeprefix("issue:"))
    if found is None:
        raise NotFound(f"there is no issue '{name[:80]}'", hint=suggest(name, book.issues, "issues"))
    return found


def propose_claims(
    book: Book, issue: IssueEntry, *, document: str = "", languages: Sequence[str] = ("en",)
) -> Proposal:
    """Return the claims, of a document or of all, that have a topic of an issue and aren't listed there."""
    known = {group.document for group in book.claim_groups}
    if document and document not in known:
        hint = suggest(document, known, "documents")
        raise NotFound(f"there is no document '{document[:80]}'", hint=hint)
    listed = {value for values in book.values([issue.iri], *SIDES).get(issue.iri, {}).values() for value in values}
    found: dict[str, ClaimEntry] = {}
    for part in ("0", "1"):
        entries = {
            entry.iri: entry
            for topic in topics_of(book, issue)
            for entry in book.entries(ClaimFilter(topic=topic, document=document, part=part))
        }
        ordered = sorted(entries.values(), key=lambda entry: (entry.put.document, entry.iri))
        found |= {entry.iri: entry for entry in ordered if NamedNode(entry.iri) not in listed}
    told = book.describe(found)
    return Proposal(
        issue,
        tuple(
            (entry, (choose_text(told[iri].sentences, languages) or ("", ""))[1] if iri in told else "")
            for iri, entry in found.items()
        ),
    )


def topics_of(book: Book, issue: IssueEntry) -> list[str]:
    """Return the topics of an issue and those below them."""
    broader = {topic.iri: [topic.broader] if topic.broader else [] for topic in book.topics.values()}
    wanted = set(issue.topics)
    return [topic for topic in broader if wanted & reachable([topic], lambda iri: broader.get(iri, [])).keys()]
