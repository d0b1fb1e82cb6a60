"""Write what belongs to a version beside its data: `graph:catalog`, counts, other files; describe the outcome."""

import json
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.book import BOOK_FILE, book_quads, update_book, write_book
from digitech_kg.commit.attempt import Attempt
from digitech_kg.commit.request import Commit, Outcome
from digitech_kg.description.catalog import describe
from digitech_kg.description.census import REPEATED, GraphCensus, count_graph, count_repeated
from digitech_kg.hooks import load, parts_on
from digitech_kg.namespaces import Namespaces
from digitech_kg.snapshot.changes import EDITS, NO_QUADS, Change, QuadFile, count_by_graph, digest_after, sorted_lines
from digitech_kg.snapshot.manifest import Manifest, graph_key, write_namespaces
from digitech_kg.snapshot.repository import SnapshotRepository, sync_files
from digitech_kg.validation.report import Result

#: The counts of each graph, kept beside a store.
_CENSUS: Final = "census.json"
#: Quads that the answer to a dry run shows of what comes, and of what goes.
_MOST_SHOWN: Final = 100_000


def describe_version(attempt: Attempt, written: Change, commit: Commit, repository: SnapshotRepository) -> Manifest:
    """Bring the description of the dataset up to date, and return what the new version says of itself."""
    settings, previous, target = attempt.settings, attempt.previous, attempt.target
    before = previous.manifest if previous else None
    content = target.change
    if previous is not None and previous.manifest.derives and not settings.derives:
        # The description of the dataset goes with all else, but was never counted in.
        content = content.of_graphs(lambda graph: graph != previous.names.graphs.catalog)
    digest = digest_after(before.content_digest if before else NO_QUADS, content.added, content.removed)
    version = repository.next_version(digest)
    if settings.derives:
        _describe_dataset(attempt)
        if attempt.restored is not None:
            attempt.edits = attempt.restored.edits()
        elif previous is not None and attempt.files is None:
            graphs = settings.names.graphs
            attempt.edits = previous.edits().then(written.of_graphs(lambda graph: not graphs.is_foreign(graph)))
    # Graphs that did not change aren't counted.
    added, removed = _count(target.change.added), _count(target.change.removed)
    counts = Counter(before.graphs if before else {})
    counts.update(added)
    counts.subtract(removed)
    names = set(map(graph_key, target.store.named_graphs()))
    graphs_now = sorted(names | {name for name, count in counts.items() if count > 0})
    versions = before.graph_versions if before else {}
    changed = {*added, *removed} | (set(graphs_now) - set(versions))
    return Manifest(
        version=version,
        content_digest=digest,
        inputs_sha256=settings.inputs,
        created=repository.now(),
        quads=(before.quads if before else 0) + added.total() - removed.total(),
        graphs={name: counts[name] for name in graphs_now},
        graph_versions={name: version if name in changed else versions[name] for name in graphs_now},
        infers=settings.derives,
        derives=settings.derives,
        namespaces=write_namespaces(settings.names),
        previous=before.version if before else "",
        edits=len(attempt.edits),
        action=commit.action,
        author=commit.author,
        message=commit.message,
        request_id=commit.request_id,
        added=added.total(),
        removed=removed.total(),
    )


def _describe_dataset(attempt: Attempt) -> None:
    """Make `graph:catalog` hold what files say of the dataset, and the counts of its graphs.

    Only graphs that changed are counted anew.
    """
    target, previous, names = attempt.target, attempt.previous, attempt.settings.names
    known = json.loads((previous.directory / _CENSUS).read_text(encoding="utf-8")) if previous else {}
    of_catalog, touched = names.graphs.catalog.value, target.change.graphs()
    found = {of_catalog: GraphCensus(**known[of_catalog])} if of_catalog in known else {}
    for graph in target.store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value != of_catalog:
            is_known = graph not in touched and graph.value in known
            row = GraphCensus(**known[graph.value]) if is_known else count_graph(target.store, graph, names)
            found[graph.value] = row
    change = target.change
    # Going through more than fits in memory takes longer than counting all.
    is_large = isinstance(change.added, QuadFile) or isinstance(change.removed, QuadFile)
    before = GraphCensus(**known[REPEATED]) if REPEATED in known and not is_large else None
    repeated = count_repeated(target.store, names, before, change.added, change.removed)
    censuses = {**dict(sorted(found.items())), REPEATED: repeated}
    catalog = frozenset(parse(attempt.settings.catalog, format=RdfFormat.N_QUADS))
    quads, own = describe(censuses, catalog, names)
    target.replace(names.graphs.catalog, quads)
    attempt.censuses = {**censuses, of_catalog: own}


def _count(quads: Iterable[Quad]) -> Counter[str]:
    return Counter({graph_key(graph): count for graph, count in count_by_graph(quads).items()})


def describe_outcome(
    written: Change, manifest: Manifest, results: Iterable[Result], documents: Iterable[str], *, dry_run: bool
) -> Outcome:
    """Return what is told of a write; `written` is what it changed in graphs that are written by hand."""
    added, removed = _count(written.added), _count(written.removed)
    sides = {"added": written.added, "removed": written.removed} if dry_run else {}
    shown = {side: sorted_lines(islice(quads, _MOST_SHOWN)).decode() for side, quads in sides.items()}
    return Outcome(
        version=manifest.previous if dry_run else manifest.version,
        previous=manifest.previous,
        published=not dry_run,
        graphs={name: (added[name], removed[name]) for name in sorted({*added, *removed})},
        added=manifest.added,
        removed=manifest.removed,
        warnings=tuple(result.to_row() for result in results),
        documents=tuple(documents),
        difference=shown or None,
    )


def write_version(attempt: Attempt) -> None:
    """Write all that belongs to a version into the directory of its attempt, but for the manifest.

    The store is closed then, and nothing is left to do but to publish the directory.
    """
    directory, previous, target = attempt.directory, attempt.previous, attempt.target
    attempt.settings.write(directory)
    counts = {graph: asdict(census) for graph, census in attempt.censuses.items()}
    (directory / _CENSUS).write_text(json.dumps(counts, sort_keys=True), encoding="utf-8")
    # The engine counts, and files are packed, while Python writes the book.
    with ThreadPoolExecutor(1) as beside:
        done = [beside.submit(write_files_of_parts, attempt, *attempt.to_update)]
        done += [beside.submit(target.change.write, directory)] if previous else []
        _write_book(attempt)
        for each in done:
            each.result()
    if attempt.edits:
        attempt.edits.write(directory, EDITS)
    target.close()
    sync_files(directory)


def write_files_of_parts(attempt: Attempt, before: Path | None, change: Change) -> None:
    """Have parts write what they keep of a version: anew, or what is in a directory, brought up to date by a change."""
    for part in parts_on(attempt.settings.names):
        if part.version_files:
            load(part.version_files)(attempt.directory, before, change, attempt.target.store)


def _write_book(attempt: Attempt) -> None:
    path, names, previous = attempt.directory / BOOK_FILE, attempt.settings.names, attempt.previous
    before, change = attempt.to_update
    if before is None or previous is None:
        write_book(path, change.added, names)
    elif (
        previous.names == names
        and (before / BOOK_FILE).is_file()
        # More changes in the project's graphs than there was would take longer than to begin anew.
        and _count_own(change, names) <= previous.manifest.quads
    ):
        update_book(path, before / BOOK_FILE, change.added, change.removed, names)
    else:
        write_book(path, book_quads(attempt.target.store, names), names)


def _count_own(change: Change, names: Namespaces) -> int:
    """Return how many quads of the project's graphs come and go."""
    moved = (count_by_graph(change.added), count_by_graph(change.removed))
    return sum(n for counts in moved for graph, n in counts.items() if not names.graphs.is_foreign(graph))
