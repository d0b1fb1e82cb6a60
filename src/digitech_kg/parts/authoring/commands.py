"""The commands `init`, `document` and `terms`: make a project, cut documents into passages, find terms for claims."""

import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from pyoxigraph import NamedNode, Quad

from digitech_kg.claims.labels import in_words
from digitech_kg.claims.passages import Passage, read_passages
from digitech_kg.cli.options import Place, in_project
from digitech_kg.cli.output import counted, print_lines, print_rows
from digitech_kg.errors import not_there
from digitech_kg.namespaces import Namespaces, local_name
from digitech_kg.parts.authoring.documents import (
    DEFAULT_LANGUAGE,
    add_document,
    check_presence,
    list_documents,
    make_project,
    read_files,
)
from digitech_kg.parts.authoring.passages import CutPassage
from digitech_kg.parts.authoring.terms import (
    TERM_KINDS,
    Examples,
    VocabularyTerm,
    collect_terms,
    find_terms,
    write_skeleton,
    write_skeletons,
)
from digitech_kg.sources.document_texts import read_document_text
from digitech_kg.sources.project import Project, bundled_root
from digitech_kg.validation.claims import explain_cue
from digitech_kg.validation.named import Reading

_with_text = click.option("--text", "text_file", metavar="[NAME=]FILE", help="Copy of the text to quote.")
_NO_HEADINGS = (
    'No headings were found. In plain text, begin a line with "# " to make it one; in HTML, write <h2>…</h2>.'
)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--base", metavar="IRI", help="What all IRIs of the project begin with.  [default: one at example.org]")
@click.option(
    "--language",
    "languages",
    metavar="TAG",
    multiple=True,
    default=(DEFAULT_LANGUAGE,),
    show_default=True,
    help="Language that every label must have; can be repeated.",
)
def init(folder: Path, base: str | None, languages: tuple[str, ...]) -> None:
    """Make a project for documents of your own, in an empty folder.

    The project uses the ontology and the shapes of the package; your additions are kept beside them.

    Example: digitech-kg init my-graph --base https://example.org/my-graph/
    """
    make_project(folder, base, tuple(dict.fromkeys(languages)))
    click.echo(f"made {folder}")
    click.echo("Before you publish, say in data/dataset.ttl who publishes it, and under which licence.", err=True)
    click.echo(f"Next: digitech-kg document add FILE --id NAME --project {folder}", err=True)


@click.group()
def document() -> None:
    """Add documents, list them, and start their claims.

    Example: digitech-kg document list
    """


@document.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "name", required=True, metavar="NAME", help="Name of the document in all IRIs: acme-report-2021.")
@click.option("--title", metavar="TEXT", help="Title.  [default: the title of the page, or the name]")
@click.option(
    "--language", metavar="TAG", help="Language of the text: en, nb …  [default: what the file says, else its words]"
)
@click.option("--published", metavar="DATE", help="When it was published: 2021-06-03, 2021-06 or 2021.")
@in_project
def add(place: Place, file: Path, name: str, **said: str | None) -> None:
    """Cut FILE, which is plain text, HTML or Markdown, into passages that claims can cite.

    The text itself stays where it is. Say in document.ttl what kind of document it is, such as dk:PolicyBrief, who
    wrote and published it, and where it can be read.

    Example: digitech-kg document add report.html --id acme-report --title "Report of Acme" --published 2021-06
    """
    added = add_document(place.own_project, file, name, **said)
    click.echo(f'added {name}, "{added.title}": {_count(added.passages)}')
    print_lines(f"  {path}" for path in added.files)
    click.echo(f"Prefixes: {added.prefix}: for its passages, {added.prefix}-claim: for its claims", err=True)
    if added.guessed:
        click.echo(f"Language: {added.guessed}, guessed by its words; --language says another.", err=True)
    if added.taken:
        click.echo(f"Taken from the file: {added.taken}", err=True)
    if all(passage.label is None for passage in added.passages):
        click.echo(_NO_HEADINGS, err=True)
    if added.left_out:
        click.echo("Left out, because it looks like a menu (<p>…</p> keeps it) or belongs to print:", err=True)
        print_lines((f"  {part}" for part in added.left_out), err=True)


def _count(passages: list[CutPassage]) -> str:
    kinds = Counter(_kind(passage.type) for passage in passages)
    return ", ".join(counted(number, what) for what, number in kinds.items())


def _kind(of_type: NamedNode) -> str:
    return in_words(local_name(of_type.value))


@document.command()
def guide() -> None:
    """Print the guide to writing documents: passages, things, claims and reserves, with a complete example.

    Example: digitech-kg document guide | less
    """
    click.echo((bundled_root() / "data/README.md").read_text(encoding="utf-8"), nl=False)


@document.command("list")
@in_project
def show_list(place: Place) -> None:
    """List the documents, and how much of each is covered by claims.

    A sentence or cell is covered if a claim or thing cites it, or if it repeats another.

    Example: digitech-kg document list --project my-graph
    """
    rows = list_documents(place.project, _read(place.project))
    print_rows(("id", "title", "class", "published", "passages", "claims", "covered"), rows)


@document.command()
@click.argument("name")
@click.option("--passage", "passages", multiple=True, metavar="NAME", help="Only this one: p03.s01; can be repeated.")
@_with_text
@in_project
def claims(place: Place, name: str, passages: tuple[str, ...], text_file: str | None) -> None:
    """Print claims to fill in, as Turtle: one for each sentence and cell of a document that nothing cites.

    All are commented out, so that the file can be validated from the start. With --text each is below the words that
    it is about.

    Example: digitech-kg document claims acme-report > data/documents/acme-report/claims.ttl
    """
    check_presence(place.project, name)
    quads, names = _read(place.project), place.project.names
    root = names.passage(name, "").value
    there = {passage.iri.value.removeprefix(root) for passage in read_passages(quads, root)}
    if unknown := next((passage for passage in passages if passage not in there), ""):
        raise not_there("passage", unknown, there, f"All are listed by: digitech-kg document passages {name}")
    words = {passage.iri.value: text for passage, text in _quoted(quads, name, names, text_file)}
    print_lines(write_skeletons(quads, name, names, passages, words))


@document.command("passages")
@click.argument("name")
@_with_text
@in_project
def show_passages(place: Place, name: str, text_file: str | None) -> None:
    """List the passages of a document in order, with their words if there is a copy of the text.

    Example: digitech-kg document passages acme-report --text report.html
    """
    check_presence(place.project, name)
    found = _quoted(_read(place.project), name, place.project.names, text_file)
    rows = [(passage.iri.value.rpartition("/")[2], _kind(passage.kind), text) for passage, text in found]
    print_rows(("name", "kind", "text"), rows)


def _quoted(quads: list[Quad], name: str, names: Namespaces, file: str | None) -> Iterator[tuple[Passage, str]]:
    """Yield the passages of a document that have words, and these if there is a copy of the text."""
    text = read_document_text(Path(file.removeprefix(f"{name}="))) if file else ""
    quotes = Reading(quads, name, text, names).quotes
    for passage in read_passages(quads, names.passage(name, "").value):
        if passage.text_hash:
            quote = quotes.get(passage.iri.value, "(another text stands here)" if file else "")
            yield passage, " ".join(quote.split())


def _read(project: Project) -> list[Quad]:
    """Read what can be read of a project's files, and say on stderr which were left out, and why."""
    quads, faults = read_files(project)
    print_lines((f"left out {fault}" for fault in faults), err=True)
    return quads


@click.command()
@click.argument("text", required=False)
@click.option("--kind", type=click.Choice(TERM_KINDS), help="Look only for these.  [default: all]")
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="How many are shown.")
@in_project
def terms(place: Place, text: str | None, kind: str | None, limit: int) -> None:
    """Find classes, predicates, things and reserves for a claim, each with claims to copy or to fill in.

    TEXT has words of names or of a definition, in any order and language, or the beginning of a short name: dk:has. It
    may be misspelt. Without it all names are listed. Files with faults are skipped. Exit status 1 if nothing was found.

    Example: digitech-kg terms "invests in" --kind predicate
    """
    quads, names = _read(place.project), place.project.names
    known = collect_terms(quads, names)
    if text is None:
        heads = ("name", "label", *(("from", "to") if kind == "predicate" else ()))
        found = ((it.short, it.label, *_ends(it, names))[: len(heads)] for it in known if kind in (None, it.kind))
        print_rows(heads, list(found))
        return
    found_terms = find_terms(known, text, kind=kind)
    hits, examples = found_terms[:limit], Examples(quads, names)
    claims = [examples.of(hit, limit=1 if n else 2) or [write_skeleton(hit, names)] for n, hit in enumerate(hits)]
    print_lines(_as_text(*row, names) for row in zip(hits, claims, strict=True))
    print_lines(explain_cue(text), err=True)
    if len(found_terms) > limit:
        click.echo(f"{limit} of {len(found_terms)} are shown. --limit shows more.", err=True)
    if not hits:
        told = f"Nothing is called like '{text}'. List all: digitech-kg terms --kind {kind or 'predicate'}."
        own = 'see "A term of your own" in the guide (digitech-kg document guide)'
        where = "describe it in data/things/" if kind == "thing" else own
        click.echo(f"{told} To add one, {where}.", err=True)
    sys.exit(0 if hits else 1)


def _ends(term: VocabularyTerm, names: Namespaces) -> tuple[str, ...]:
    """Return the classes of subjects and of objects that a predicate is used with."""
    return tuple(" or ".join(map(names.shorten, iris)) or "anything" for iris in (term.domain, term.range))


def _as_text(term: VocabularyTerm, claims: list[str], names: Namespaces) -> str:
    lines = [f'{term.short}  ({term.kind}) "{term.label}"', f"    {term.definition}"]
    if term.kind == "predicate":
        lines.append("    from {} to {}".format(*_ends(term, names)))
    if term.types:
        lines.append(f"    a {', '.join(map(names.shorten, term.types))}")
    blocks = [textwrap.indent(f"\n{claim}", " " * 8) for claim in claims]
    return "\n".join([line for line in lines if line.strip()] + blocks) + "\n"
