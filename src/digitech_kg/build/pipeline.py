"""The steps of a build in order: load, derive, describe, validate, publish."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pyoxigraph import Quad, Store

from digitech_kg.claims import derive_statements
from digitech_kg.description import describe
from digitech_kg.errors import InvalidData, SourceError
from digitech_kg.linking import check_links, load_links
from digitech_kg.snapshot import Manifest, Snapshot, SnapshotRepository
from digitech_kg.sources import Project, SourceFile, Sources, load_sources
from digitech_kg.triple_store import sorted_nquads, store_of, union_ntriples, write_store
from digitech_kg.validation import Report, load_shapes, validate


@dataclass(frozen=True)
class Dataset:
    """All quads of a project, derived ones included, before anything is published."""

    sources: Sources
    store: Store

    def union_ntriples(self) -> bytes:
        """Give the union of all graphs, which is what the shapes see."""
        return union_ntriples(self.store)


@dataclass(frozen=True)
class BuildResult:
    """A snapshot, and whether this build made it or found it."""

    snapshot: Snapshot
    built: bool
    report: Report | None = None


def assemble(
    project: Project, step: Callable[[str], None] = lambda _: None, *, extra: Iterable[SourceFile] = ()
) -> Dataset:
    """Load a project's files and `extra` ones, and derive what follows. Raises `SourceError` with all faults."""
    step("reading files")
    try:
        sources = load_sources(project, extra)
    except SourceError as error:
        raise SourceError([*error.faults, *check_links(project)]) from None
    quads: list[Quad] = list(sources.quads)
    quads += load_links(project, sources.quads)
    step("deriving statements from claims")
    quads += derive_statements(sources.quads)
    step("describing the dataset")
    quads += describe(quads, sources.queries)
    return Dataset(sources, store_of(quads))


def build_snapshot(
    project: Project,
    repository: SnapshotRepository,
    *,
    force: bool = False,
    step: Callable[[str], None] = lambda _: None,
) -> BuildResult:
    """Build and publish the project's dataset, unless the current snapshot was built from the same input.

    Raises `SourceError` for faulty files and `InvalidData` with the report's text for violations; nothing is
    published then. `step` is told what is being done.
    """
    inputs = project.input_digest()
    current = repository.current()
    if current is not None and current.manifest.inputs_sha256 == inputs and not force:
        return BuildResult(current, built=False)
    dataset = assemble(project, step)
    step("validating")
    report = validate(dataset.union_ntriples(), load_shapes(project.shape_files()))
    if not report.conforms:
        raise InvalidData(report.to_text(dataset.sources.place_of), hint="Nothing was published. Mend the data first.")
    step("writing the snapshot")
    return BuildResult(_publish(dataset.store, repository, inputs, report), built=True, report=report)


def _publish(store: Store, repository: SnapshotRepository, inputs: str, report: Report) -> Snapshot:
    content = hashlib.sha256(sorted_nquads(store)).hexdigest()
    graphs = Counter(str(quad.graph_name) for quad in store)
    with repository.writing() as directory:
        write_store(directory / "store", store)
        manifest = Manifest(
            version=repository.next_version(content),
            content_sha256=content,
            inputs_sha256=inputs,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            quads=len(store),
            graphs={name.strip("<>"): number for name, number in sorted(graphs.items())},
            validation=report.counts(),
        )
        return repository.publish(directory, manifest)
