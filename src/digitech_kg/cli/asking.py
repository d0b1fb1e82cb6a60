"""The commands `query`, `compare` and `issue`, which read the current snapshot."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import click
from pyoxigraph import NamedNode

from digitech_kg.api import Graph
from digitech_kg.book import Book, ClaimEntry, ClaimFilter, ClaimPair, IssueEntry, open_book
from digitech_kg.book.advice import read_advice
from digitech_kg.claims.labels import best_text, name_in_words
from digitech_kg.cli.options import Place, in_dataset, setting_options
from digitech_kg.cli.output import counted, print_lines, print_rows, print_table
from digitech_kg.commit.building import open_or_build
from digitech_kg.comparison.documents import documents_of, pairs_between
from digitech_kg.comparison.issues import LISTING, issues_between
from digitech_kg.errors import CallError, NotFound, not_there
from digitech_kg.formats import FORMATS, by_name
from digitech_kg.namespaces import DK, Namespaces
from digitech_kg.settings import Settings
from digitech_kg.sources.files import read_text
from digitech_kg.sources.saved_queries import find_saved_query

#: The languages of names in lists.
_ENGLISH: Final = ("en",)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-e", "--execute", "text", metavar="TEXT", help="Query text instead of a file.")
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    help=f"One of {', '.join(f.name for f in FORMATS)}, or table.  [default: table in a terminal, else tsv or turtle]",
)
@click.option(
    "--param",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Value of a parameter that the query declares: a thing (id:huawei, or its IRI) or a literal; can be repeated.",
)
@in_dataset
@setting_options("query_timeout")
def query(
    place: Place,
    file: Path | None,
    text: str | None,
    format_name: str | None,
    parameters: tuple[str, ...],
    query_timeout: float,
) -> None:
    """Run a SPARQL query on the current snapshot, which is built first if there is none.

    FILE is a .rq file, the name of a saved question, or - for standard input.

    Examples: digitech-kg query companies_by_sector;  digitech-kg query -e 'SELECT * { ?s ?p ?o } LIMIT 5';
    digitech-kg query is_state_ownership_denied --param company=id:tencent
    """
    fmt = by_name(format_name) if format_name and format_name != "table" else None
    as_table = format_name == "table" or (format_name is None and sys.stdout.isatty())
    snapshot, note = open_or_build(place.project, place.repository)
    if note:
        click.echo(f"Note: {note}", err=True)
    graph = Graph(place.project, snapshot, Settings(query_timeout=query_timeout).checked())
    graph.in_memory = False
    query_text = _read_query(file, text, graph.project.root)
    if parameters:
        query_text = graph.bind(query_text, _values(parameters))
    body, kind = graph.run(query_text, fmt, table=as_table)
    advice = read_advice(open_book(graph.snapshot), graph.snapshot.manifest.graphs, query_text)
    for name, meant in ((each.found, each.meant) for each in advice if not each.count):
        hint = f" Did you mean {meant}?" if meant else ""
        click.echo(f"Nothing here is called {name}.{hint}", err=True)
    if kind == "table":
        _print_table(json.loads(body), graph.snapshot.names)
        return
    out = sys.stdout.buffer
    out.write(body)
    if sys.stdout.isatty() and not body.endswith(b"\n"):
        out.write(b"\n")


def _read_query(file: Path | None, text: str | None, root: Path) -> str:
    """Return the text of a query, from a file or saved question or as given. Raises `CallError` if there is none."""
    if (file is None) == (text is None):
        raise CallError("give either a query file or -e TEXT", hint="Example: digitech-kg query companies_by_sector")
    if text is not None or file is None:
        return text or ""
    if str(file) == "-":
        return sys.stdin.read()
    if not file.is_file():
        try:
            file = find_saved_query(root / "data/queries", file.name.removesuffix(".rq"))
        except NotFound as error:
            hint = "Give a query as text with -e." if "{" in str(file) else error.hint
            raise CallError(f"there is no file {file}, and no saved question with this name", hint=hint) from None
    return read_text(file, str(file))


def _values(parameters: tuple[str, ...]) -> dict[str, list[str]]:
    """Read NAME=VALUE, where a name may be repeated. Raises `CallError` without an equals sign."""
    values: dict[str, list[str]] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise CallError(f"--param '{parameter}' has no value", hint="Write it as --param company=id:huawei")
        values.setdefault(name.strip(), []).append(value)
    return values


def _print_table(document: dict[str, object], names: Namespaces) -> None:
    if "boolean" in document:
        click.echo("yes" if document["boolean"] else "no")
        return
    columns: list[str] = document["head"]["vars"]  # type: ignore[index]
    rows: list[dict[str, dict[str, str]]] = document["results"]["bindings"]  # type: ignore[index]
    print_table(columns, ([_show(row.get(name), names) for name in columns] for row in rows))
    click.echo(f"{len(rows)} row{'s' if len(rows) != 1 else ''}")


def _show(term: dict[str, str] | None, names: Namespaces) -> str:
    if term is None:
        return ""
    return names.shorten(term["value"]) if term["type"] == "uri" else str(term["value"])


#: How claims of two documents relate, in the order in which readers ask.
_HEADINGS: Final = {
    "contradicts": "Contradict each other",
    "inTensionWith": "In tension",
    "differsFrom": "Differ, and can both be right",
    "firmerThan": "The first is firmer",
    "corroborates": "Agree",
}


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@in_dataset
def compare(place: Place, first: str, second: str) -> None:
    """Compare two documents by issues and claims, or what documents say about two things, together and alone.

    A and B are names of documents (see: digitech-kg document list), or things such as id:huawei.

    Examples: digitech-kg compare nupi-digi-tech memo;  digitech-kg compare id:huawei id:tencent
    """
    book = open_book(place.snapshot)
    are_things = any(":" in name or "/" in name for name in (first, second))
    if are_things and len(documents_of(book).keys() & {name.removeprefix("id:") for name in (first, second)}) == 1:
        hint = "Name two documents or two things. /claims lists what a document says of a thing."
        raise CallError("a document can't be compared with a thing", hint=hint)
    names = [book.find_thing(name) if are_things else _find_document(book, name) for name in (first, second)]
    if names[0] == names[1]:
        raise CallError(f"{first} can't be compared with itself", hint="Name two.")
    print_lines(tell_things(book, names) if are_things else tell_documents(book, names))


def _find_document(book: Book, name: str) -> str:
    if name not in (known := documents_of(book)):
        raise not_there("document", name, known)
    return name


def tell_documents(book: Book, names: Sequence[str]) -> Iterator[str]:
    home, titles = book.names.document_of, _labels(book, (book.names.thing(name).value for name in names))
    pairs = pairs_between(book, names)
    met = Counter(map(home, {claim for pair in pairs for claim in (pair.first, pair.second)}))
    for name in names:
        count = book.count_claims(ClaimFilter(document=name))
        title = titles[book.names.thing(name).value]
        yield f"“{title}”: {counted(count, 'claim')}, {met[name]:,} of them on what the other speaks of"
    yield from _tell_issues(book, names)
    yield from _tell_pairs(book, pairs)


def _tell_issues(book: Book, names: Sequence[str]) -> Iterator[str]:
    """Yield the issues on which all documents take a side, each with their answers and the claims that say them."""
    both = [(issue, own) for issue, own in issues_between(book, names) if all(each.takes_side for each in own)]
    told = _tell_claims(book, (position.best for _issue, own in both for position in own))
    words = {answer: word for word, answer in _ANSWERS.items()}
    yield from [f"\nIssues on which both take a side: {len(both)}"] if both else []
    for issue, own in both:
        yield f"\n  {_question(issue, book.names)}"
        for position in own:
            reserve = ", with a reserve" if position.reserve else ""
            yield f"  {words[position.answer].capitalize()}{reserve}: {told.get(position.best, position.document)}"


def tell_things(book: Book, things: Sequence[str]) -> Iterator[str]:
    """Yield what main claims say about both of two things and about each alone, and what documents disagree on."""
    one, other = (book.find_claims(ClaimFilter(about=thing)) for thing in things)
    first, second = map(_labels(book, things).__getitem__, things)
    told = _tell_claims(book, (*one, *other))
    for heading, claims in (
        (f"{first} and {second}", [claim for claim in one if claim in {*other}]),
        (f"{first} only", [claim for claim in one if claim not in {*other}]),
        (f"{second} only", [claim for claim in other if claim not in {*one}]),
    ):
        yield f"Of {heading}: {counted(len(claims), 'main claim')}"
        yield from (f"  {told[claim]}" for claim in claims)
    own = {claim for thing in things for claim in book.find_claims(ClaimFilter(thing=thing))}
    yield from _tell_pairs(book, [pair for pair in book.comparisons() if {pair.first, pair.second} <= own])


def _tell_pairs(book: Book, pairs: Sequence[ClaimPair]) -> Iterator[str]:
    told = _tell_claims(book, (claim for pair in pairs for claim in (pair.first, pair.second)))
    reasons = book.describe(pair.iri for pair in pairs)
    for kind, heading in _HEADINGS.items():
        found = [pair for pair in pairs if pair.kind == kind]
        yield from [f"\n{heading}: {len(found)}"] if found else []
        for pair in found:
            yield f"\n  {told[pair.first]}\n  {told[pair.second]}"
            yield f"  Why: {best_text(reasons[pair.iri].sentences, _ENGLISH)}"


def _tell_claims(book: Book, claims: Iterable[str]) -> dict[str, str]:
    entries = book.find_entries(claims)
    homes = {claim: book.names.thing(entry.put.document).value for claim, entry in entries.items()}
    called = _labels(book, {*entries, *homes.values(), *(place for e in entries.values() for place in e.passages)})
    places = {claim: "; ".join(map(called.__getitem__, entry.passages)) for claim, entry in entries.items()}
    return {
        claim: f"{called[claim]} ({', '.join(filter(None, (called[home], places[claim])))})"
        for claim, home in homes.items()
    }


def _labels(book: Book, iris: Iterable[str]) -> dict[str, str]:
    wanted = set(iris)
    told = {iri: found.labels or found.titles or found.sentences for iri, found in book.describe(wanted).items()}
    return {iri: best_text(told.get(iri, {}), _ENGLISH) or name_in_words(iri) for iri in wanted}


def find_issue(book: Book, name: str) -> IssueEntry:
    """Return an issue by its name, with or without `issue:`. Raises `NotFound`, which lists similar names."""
    name = name.removeprefix("issue:")
    if name not in book.issues:
        see = "See which there are with: digitech-kg issue list, after a build that has it."
        raise not_there("issue", name, book.issues, see)
    return book.issues[name]


def propose_claims(book: Book, issue: IssueEntry, document: str = "") -> list[tuple[ClaimEntry, str]]:
    """Return the claims of one document, or of all, that have a topic of an issue and aren't listed there.

    Main claims come first, each with its sentence.
    """
    document = document and _find_document(book, document)
    listed = {value for values in book.values([issue.iri], *LISTING).get(issue.iri, {}).values() for value in values}
    filters = [ClaimFilter(topic=topic, document=document) for topic in issue.topics]
    entries = {entry.iri: entry for wanted in filters for entry in book.entries(wanted)}
    found = sorted(entries.values(), key=lambda entry: (entry.put.is_part, entry.put.document, entry.iri))
    told = {iri: description.sentences for iri, description in book.describe(entries).items()}
    new = (entry for entry in found if NamedNode(entry.iri) not in listed)
    return [(entry, best_text(told.get(entry.iri, {}), book.names.required_languages)) for entry in new]


#: The columns with numbers of documents, and the answers that they count.
_ANSWERS = {"yes": "affirms", "no": "denies", "both": "mixed", "open": "leavesOpen"}


@click.group()
def issue() -> None:
    """List the issues on which documents take positions, and propose claims for one.

    Example: digitech-kg issue list
    """


@issue.command("list")
@in_dataset
def list_issues(place: Place) -> None:
    """List all issues, with how many documents answer yes, no or both, or leave the question open.

    Example: digitech-kg issue list
    """
    book = open_book(place.snapshot)
    print_rows(("issue", "question", *_ANSWERS), [_row(found, book.names) for found in book.issues.values()])


def _row(found: IssueEntry, names: Namespaces) -> list[str]:
    counts = Counter(position.answer for position in found.positions.values())
    return [found.name, _question(found, names), *(str(counts[answer]) for answer in _ANSWERS.values())]


def _question(found: IssueEntry, names: Namespaces) -> str:
    return best_text(found.question, names.required_languages)


@issue.command()
@click.argument("name", metavar="ISSUE")
@click.option("--document", default="", metavar="NAME", help="Only claims of this document.  [default: of all]")
@in_dataset
def propose(place: Place, name: str, document: str) -> None:
    """Print the claims under the topics of ISSUE that it doesn't list yet, as Turtle to copy into its file.

    Main claims come first. All are under dk:touchedBy: move those that answer the question to dk:affirmedBy or
    dk:deniedBy, and remove those that say nothing about it.

    Example: digitech-kg issue propose huawei-state --document balding-clarke-2019
    """
    book = open_book(place.snapshot)
    wanted = find_issue(book, name)
    found = propose_claims(book, wanted, document)
    if not found:
        click.echo("there are no more claims under the topics of this issue to propose", err=True)
        return
    print_lines(_block(wanted, found, book.names))
    parts = sum(entry.put.is_part for entry, _ in found)
    click.echo(f"{counted(len(found) - parts, 'main claim')} and {counted(parts, 'part')}", err=True)


def _block(wanted: IssueEntry, found: Sequence[tuple[ClaimEntry, str]], names: Namespaces) -> Iterator[str]:
    """Yield the lines of a Turtle block with the sentence of each claim above it."""
    used = {"dk", "issue", *(names.shorten(entry.iri).partition(":")[0] for entry, _ in found)}
    yield from (f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(names.prefixes.items()) if prefix in used)
    yield ""
    yield f"# {_question(wanted, names)}"
    yield f"{names.shorten(wanted.iri)} {names.shorten(DK.touchedBy.value)}"
    for number, (entry, sentence) in enumerate(found, 1):
        yield f"    # {'part: ' if entry.put.is_part else ''}{' '.join(sentence.split())}"
        yield f"    {names.shorten(entry.iri)} {'.' if number == len(found) else ','}"
