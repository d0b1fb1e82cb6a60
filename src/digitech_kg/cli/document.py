"""The command `document`: cut documents into passages, and list what there is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from digitech_kg.authoring.document_files import PASSAGES, files_of
from digitech_kg.authoring.documents import Added, Replaced, add_document, check_presence, replace_document
from digitech_kg.authoring.listing import list_documents
from digitech_kg.authoring.metadata import Metadata
from digitech_kg.authoring.passages import Passage, read_passages
from digitech_kg.authoring.project_files import read_files
from digitech_kg.authoring.reading import read_document_text
from digitech_kg.authoring.skeleton import write_skeletons
from digitech_kg.authoring.text_copies import TextCopy
from digitech_kg.cli.messages import print_rows
from digitech_kg.cli.options import find_project_here, project_option
from digitech_kg.errors import CallError, Fault

_NAMES = {"Section": "section", "Heading": "heading", "Paragraph": "paragraph", "Sentence": "sentence"}
_NAMES |= {"Table": "table", "TableCell": "cell", "HeaderCell": "header cell"}


@click.group()
def document() -> None:
    """Add documents, list them, and begin their claims.

    Example: digitech-kg document list
    """


@document.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "name", required=True, metavar="NAME", help="Name of the document in all IRIs: acme-report-2021.")
@click.option("--title", metavar="TEXT", help="Title.  [default: what the page calls itself, or the name]")
@click.option("--language", metavar="TAG", help="Language of the text: en, nb, zh-Hans …  [default: en]")
@click.option("--published", metavar="DATE", help="When it was published: 2021-06-03, 2021-06 or 2021.")
@click.option("--publisher", metavar="NAME|IRI", help="Who published it: a name, or a thing such as id:acme.")
@click.option("--author", "authors", multiple=True, metavar="NAME|IRI", help="Who wrote it; repeatable.")
@click.option("--source", metavar="URL", help="Where it can be read.")
@click.option("--class", "document_class", metavar="CLASS", help="What kind of document it is.  [default: dk:Document]")
@click.option("--prefix", metavar="PREFIX", help="Prefix of its passages; claims have it with -claim.  [default: NAME]")
@click.option("--replace", is_flag=True, help="The document is there, and its text has changed.")
@click.option("--write-text", "text_file", type=click.Path(path_type=Path), metavar="FILE", help="Also write the text.")
@project_option
def add(
    file: Path,
    name: str,
    title: str | None,
    language: str | None,
    published: str | None,
    publisher: str | None,
    authors: tuple[str, ...],
    source: str | None,
    document_class: str | None,
    prefix: str | None,
    replace: bool,
    text_file: Path | None,
    project_dir: Path | None,
) -> None:
    """Cut FILE, which is plain text or HTML, into passages that claims can cite.

    The text itself stays where it is. With --replace, passages whose text is the same keep their names, and the claims
    that cite others are listed.

    Example: digitech-kg document add report.html --id acme-report --title "Report of Acme" --published 2021-06
    """
    project = find_project_here(project_dir, to_write=True)
    metadata = Metadata(title, language, published, publisher, source, authors or None, document_class)
    if not replace:
        added = add_document(project, file, name, metadata, prefix=prefix, text_file=text_file)
        _show_added(name, added)
        return
    if prefix is not None:
        raise CallError("--prefix and --replace do not go together", hint="A document keeps its prefix: leave it out.")
    _show_replaced(name, replace_document(project, file, name, metadata, text_file=text_file))


def _show_added(name: str, added: Added) -> None:
    click.echo(f'added {name}, "{added.metadata.title}": {_count(added.passages)}')
    for path in added.files:
        click.echo(f"  {path}")
    click.echo(f"Prefixes: {added.prefix}: for its passages, {added.prefix}-claim: for its claims", err=True)
    if all(passage.label is None for passage in added.passages):
        click.echo('No headings were found. Begin a line with "# " in the text to make it one.', err=True)


def _show_replaced(name: str, replaced: Replaced) -> None:
    renamed = replaced.renamed
    click.echo(f"replaced {name}: {_count(renamed.passages)}")
    for what, names in (("new", renamed.added), ("changed", renamed.changed), ("gone", renamed.vanished)):
        if names:
            click.echo(f"  {what}: {', '.join(names)}")
    for passage, citing in replaced.to_check.items():
        click.echo(f"  check what cites {passage}: {', '.join(citing)}")


def _count(passages: list[Passage]) -> str:
    counts = Counter(map(_kind, passages))
    return ", ".join(f"{number} {what}{'s' if number > 1 else ''}" for what, number in counts.items())


def _kind(passage: Passage) -> str:
    return _NAMES.get(passage.type.value.rpartition("#")[2], "passage")


@document.command("list")
@project_option
def show_list(project_dir: Path | None) -> None:
    """List the documents, and how much of each is covered by claims.

    Covered are the sentences and cells that a claim or thing cites, or that repeat others.

    Example: digitech-kg document list --project my-graph
    """
    rows, faults = list_documents(find_project_here(project_dir))
    show_faults(faults)
    columns = ("id", "title", "class", "published", "passages", "claims", "covered")
    print_rows(columns, [row.cells() for row in rows])


@document.command()
@click.argument("name")
@click.option("--passage", "passages", multiple=True, metavar="NAME", help="Only for this one, as p03.s01; repeatable.")
@project_option
def claims(name: str, passages: tuple[str, ...], project_dir: Path | None) -> None:
    """Print claims to fill in, as Turtle: one for each sentence and cell of a document that nothing cites.

    All are comments, so that the file can be validated from the start.

    Example: digitech-kg document claims acme-report > data/documents/acme-report/claims.ttl
    """
    project = find_project_here(project_dir)
    check_presence(project, name)
    readable = read_files(project)
    show_faults(readable.faults)
    click.echo("\n".join(write_skeletons(readable.quads, name, project.names, passages)), nl=False)


@document.command("passages")
@click.argument("name")
@click.option("--text", "text_file", type=click.Path(path_type=Path), metavar="FILE", help="Copy of the text to quote.")
@project_option
def show_passages(name: str, text_file: Path | None, project_dir: Path | None) -> None:
    """List the passages of a document in their order, with what they say if there is a copy of the text.

    Example: digitech-kg document passages acme-report --text report.html
    """
    project = find_project_here(project_dir)
    check_presence(project, name)
    passages = read_passages(files_of(project, name).read(PASSAGES), name, project.names)
    copy = TextCopy(read_document_text(text_file)) if text_file else None
    shown = [passage for passage in passages if passage.text_hash]
    print_rows(("name", "kind", "text"), [(p.name, _kind(p), _quote(copy, p)) for p in shown])


def _quote(copy: TextCopy | None, passage: Passage) -> str:
    if copy is None:
        return ""
    text = copy.quote(passage.start, passage.end, passage.text_hash)
    return "(another text stands here)" if text is None else " ".join(text.split())


def show_faults(faults: tuple[Fault, ...]) -> None:
    """Say on stderr which files were left out, and why."""
    for fault in faults:
        click.echo(f"left out {fault}", err=True)
