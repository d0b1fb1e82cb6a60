"""The steps of a build in order: load, derive, reason, describe, validate, publish."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyoxigraph import Quad, RdfFormat, Store

from digitech_kg.build.reasoning import NOT_INFERRED, Inferred, Reasoning, infer_for_build
from digitech_kg.claims import derive_statements
from digitech_kg.description import describe
from digitech_kg.description.search_index import FILE_NAME, write_search_index
from digitech_kg.errors import InvalidData, SourceError
from digitech_kg.linking import check_links, load_links
from digitech_kg.namespaces import GRAPH
from digitech_kg.snapshot import Manifest, Snapshot, SnapshotRepository
from digitech_kg.sources import Project, SourceFile, Sources, load_sources
from digitech_kg.triple_store import dump, sorted_nquads, store_of, union_ntriples, write_store
from digitech_kg.validation import Report, join_reports, load_shapes, validate

#: The shapes about the ontology itself.
_HOUSE_RULES = "ontology.ttl"


@dataclass(frozen=True)
class Dataset:
    """All quads of a project, derived ones included, before anything is published."""

    sources: Sources
    store: Store
    inferred: Inferred = NOT_INFERRED

    def union_ntriples(self) -> bytes:
        """Give the union of all graphs but the inferred one, which is what the shapes see.

        A type that is missing would often be inferred, and the shapes are there to find that it is missing.
        """
        return union_ntriples(self.store, without=GRAPH.inferred)


@dataclass(frozen=True)
class BuildResult:
    """A snapshot, and whether this build made it or found it."""

    snapshot: Snapshot
    built: bool
    report: Report | None = None


def assemble(
    project: Project,
    step: Callable[[str], None] = lambda _: None,
    *,
    extra: Iterable[SourceFile] = (),
    reasoning: Reasoning | None = None,
) -> Dataset:
    """Load a project's files and `extra` ones, and derive what follows; entailments only if told how to reason.

    Raises `SourceError` with all faults of the files, or `InconsistentData` with what contradicts what.
    """
    step("reading files")
    try:
        sources = load_sources(project, extra)
    except SourceError as error:
        raise SourceError([*error.faults, *check_links(project)]) from None
    quads: list[Quad] = list(sources.quads)
    quads += load_links(project, sources.quads)
    step("deriving statements from claims")
    quads += derive_statements(sources.quads)
    inferred = infer_for_build(quads, reasoning, step)
    quads += inferred.quads
    step("describing the dataset")
    quads += describe(quads, sources.queries)
    return Dataset(sources, store_of(quads), inferred)


def validate_dataset(dataset: Dataset, project: Project, check: Callable[[bytes, bytes], Report] = validate) -> Report:
    """Validate a dataset against its project's shapes: the house rules see the ontology alone, the others everything.

    Raises `SourceError` for faulty shapes, or if there are none.
    """
    files = project.shape_files()
    rules = [path for path in files if path.name == _HOUSE_RULES]
    reports = [check(dataset.union_ntriples(), load_shapes(path for path in files if path not in rules))]
    if rules:
        ontology = dump(dataset.store, RdfFormat.N_TRIPLES, GRAPH.ontology)
        reports.append(check(ontology, load_shapes(rules)))
    return join_reports(reports)


def build_snapshot(
    project: Project,
    repository: SnapshotRepository,
    *,
    force: bool = False,
    reasoning: Reasoning | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> BuildResult:
    """Build and publish the project's dataset, unless the current snapshot was built from the same input.

    Without `reasoning` nothing is inferred. Raises `SourceError` for faulty files, `InconsistentData` for
    contradictions and `InvalidData` with the report's text for violations; nothing is published then. `step` is told
    what is being done.
    """
    inputs = _input_digest(project, reasoning)
    current = repository.current()
    if current is not None and current.manifest.inputs_sha256 == inputs and not force:
        return BuildResult(current, built=False)
    dataset = assemble(project, step, reasoning=reasoning)
    step("validating")
    shapes = load_shapes(project.shape_files())
    report = validate_dataset(dataset, project)
    if not report.conforms:
        raise InvalidData(report.to_text(dataset.sources.place_of), hint="Nothing was published. Mend the data first.")
    step("writing the snapshot")
    # A reasoner that failed may work the next time, so such a snapshot counts as built from something else.
    inputs += "-without-reasoner" if dataset.inferred.failed else ""
    known = {
        "inputs_sha256": inputs,
        "reasoning": dataset.inferred.reasoner,
        "reasoning_note": dataset.inferred.note,
        "validation": report.counts(),
    }
    return BuildResult(publish_store(dataset.store, repository, shapes, **known), built=True, report=report)


def is_up_to_date(project: Project, snapshot: Snapshot) -> bool:
    """Whether a snapshot was built from the project as it is, whichever reasoner it was built with."""
    return snapshot.manifest.inputs_sha256.split("-")[0] == project.input_digest()


def _input_digest(project: Project, reasoning: Reasoning | None) -> str:
    """Tell one input from another: files, code, and the reasoner that was asked for."""
    return f"{project.input_digest()}-{reasoning.reasoner if reasoning else 'none'}"


def publish_store(store: Store, repository: SnapshotRepository, shapes: bytes = b"", **known: Any) -> Snapshot:
    """Publish any dataset as the next snapshot, with the `shapes` that it satisfies kept beside it.

    `known` gives the manifest's fields about how it came to be.
    """
    content = hashlib.sha256(sorted_nquads(store)).hexdigest()
    graphs = Counter(str(quad.graph_name) for quad in store)
    with repository.writing() as directory:
        write_store(directory / "store", store)
        (directory / "shapes.nt").write_bytes(shapes)
        write_search_index(directory / FILE_NAME, store)
        manifest = Manifest(
            version=repository.next_version(content),
            content_sha256=content,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            quads=len(store),
            graphs={name.strip("<>"): number for name, number in sorted(graphs.items())},
            **{"inputs_sha256": "", **known},
        )
        return repository.publish(directory, manifest)
