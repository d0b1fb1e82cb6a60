"""The command `issue`: which issues there are, and claims under their topics that stand on none of their sides yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click
from pyoxigraph import NamedNode

from digitech_kg.book import Book, ClaimEntry, ClaimFilter, IssueEntry, open_book
from digitech_kg.claims.labels import choose_text
from digitech_kg.cli.options import Place, form_option, in_dataset
from digitech_kg.cli.output import counted, print_json, print_lines, print_rows
from digitech_kg.comparison.issues import SIDES
from digitech_kg.comparison.reports import suggest
from digitech_kg.errors import NotFound
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import DK, Namespaces


@dataclass(frozen=True, slots=True)
class Proposal:
    """Claims that may belong on an issue, main claims first, each with its sentence."""

    issue: IssueEntry
    claims: tuple[tuple[ClaimEntry, str], ...]


def find_issue(book: Book, name: str) -> IssueEntry:
    """Return an issue by its name, with or without `issue:`. Raises `NotFound` with those that are spelt alike."""
    found = book.issues.get(name.removeprefix("issue:"))
    if found is None:
        raise NotFound(f"there is no issue '{name[:80]}'", hint=suggest(name, book.issues, "issue list"))
    return found


def propose_claims(
    book: Book, issue: IssueEntry, *, document: str = "", languages: Sequence[str] = ("en",)
) -> Proposal:
    """Return the claims, of a document or of all, that have a topic of an issue and aren't listed there."""
    known = {group.document for group in book.claim_groups}
    if document and document not in known:
        hint = suggest(document, known, "document list")
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


#: The columns with numbers of documents, and the answers that they count.
_ANSWERS = {"yes": "affirms", "no": "denies", "both": "mixed", "open": "leavesOpen"}


@click.group()
def issue() -> None:
    """List the issues on which documents take positions, and propose claims for one.

    Example: digitech-kg issue list
    """


@issue.command("list")
@in_dataset
@form_option("table", "json")
def list_issues(place: Place, form: str) -> None:
    """List all issues with how many documents answer yes, no or both, or leave the question open.

    Example: digitech-kg issue list --format json
    """
    book = open_book(place.snapshot)
    rows = [_row(found, book.names) for found in book.issues.values()]
    if form == "json":
        print_json(rows)
    else:
        columns = ("issue", "question", *_ANSWERS)
        print_rows(columns, [[str(row[column]) for column in columns] for row in rows])


def _row(found: IssueEntry, names: Namespaces) -> dict[str, str | int]:
    counts = Counter(position.answer for position in found.positions.values())
    told = {"issue": found.name, "question": _question(found, names), "kind": found.kind}
    return told | {column: counts[answer] for column, answer in _ANSWERS.items()}


def _question(found: IssueEntry, names: Namespaces) -> str:
    return (choose_text(found.question, names.required_languages) or ("", ""))[1]


@issue.command()
@click.argument("name", metavar="ISSUE")
@click.option("--document", default="", metavar="NAME", help="Only claims of this document.  [default: of all]")
@in_dataset
def propose(place: Place, name: str, document: str) -> None:
    """Print the claims under the topics of ISSUE that it doesn't list yet, as Turtle to copy into its file.

    Main claims come first. All stand under dk:touchedBy: move those that answer the question to dk:affirmedBy or
    dk:deniedBy, and drop those that say nothing on it.

    Example: digitech-kg issue propose huawei-state --document balding-clarke-2019
    """
    book = open_book(place.snapshot)
    languages = book.names.required_languages
    found = propose_claims(book, find_issue(book, name), document=document, languages=languages)
    if not found.claims:
        click.echo("no claim under the topics of this issue is left to propose", err=True)
        return
    print_lines(_block(found, book.names))
    parts = sum(entry.put.is_part for entry, _ in found.claims)
    mains = len(found.claims) - parts
    click.echo(f"{counted(mains, 'main claim')} and {counted(parts, 'part')}", err=True)


def _block(found: Proposal, names: Namespaces) -> Iterator[str]:
    """Yield the lines of a Turtle block with the sentence of each claim above it."""
    shown = [(names.shorten(entry.iri), entry, sentence) for entry, sentence in found.claims]
    used = {"dk", "issue", *(name.partition(":")[0] for name, _, _ in shown)}
    yield from (f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(names.prefixes.items()) if prefix in used)
    yield ""
    yield f"# {_question(found.issue, names)}"
    yield f"{names.shorten(found.issue.iri)} {names.shorten(DK.touchedBy.value)}"
    for number, (name, entry, sentence) in enumerate(shown, 1):
        yield f"    # {'part: ' if entry.put.is_part else ''}{' '.join(sentence.split())}"
        yield f"    {name} {'.' if number == len(shown) else ','}"
