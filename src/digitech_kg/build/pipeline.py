"""The steps of a build in order: load, derive, reason, describe, validate, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import RdfFormat, Store

from digitech_kg.build.publication import Rules, publish_store
from digitech_kg.build.reasoning import NOT_INFERRED, Inferred, Reasoning, infer_for_build
from digitech_kg.claims import derive_statements
from digitech_kg.description import Census, describe, describe_queries
from digitech_kg.errors import Conflict, InvalidData, Overtaken, SourceError
from digitech_kg.linking import check_links, load_links
from digitech_kg.namespaces import GRAPH
from digitech_kg.snapshot import Change, Manifest, Snapshot, SnapshotRepository
from digitech_kg.sources import Project, SourceFile, Sources, load_sources
from digitech_kg.triple_store import dump, store_of, union_ntriples
from digitech_kg.validation import Report, join_reports, load_shapes, validate

#: The shapes about the ontology itself.
_HOUSE_RULES: Final = "ontology.ttl"
NO_CHANGE: Final = Change()
#: Versions by others that a build may meet while it runs.
_MOST_OVERTAKEN: Final = 5


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
    edits: Change = NO_CHANGE,
) -> Dataset:
    """Load a project's files and `extra` ones, and derive what follows; entailments only if told how to reason.

    `edits` is what online writes changed in what the files say.

    Raises `SourceError` with all faults of the files, or `InconsistentData` with what contradicts what.
    """
    step("reading files")
    try:
        sources = load_sources(project, extra)
    except SourceError as error:
        raise SourceError([*error.faults, *check_links(project)]) from None
    # A store keeps values, so it may write literals otherwise than a file. What writes derive later is as it does.
    stored = store_of([*sources.quads, *load_links(project, sources.quads), *edits.added])
    quads = [quad for quad in stored if quad not in edits.removed]
    step("deriving statements from claims")
    quads += derive_statements(quads)
    inferred = infer_for_build(quads, reasoning, step)
    quads += inferred.quads
    step("describing the dataset")
    quads += [*describe(Census(quads)), *describe_queries(sources.queries)]
    return Dataset(sources, store_of(quads), inferred)


def load_rules(project: Project) -> Rules:
    """Give the shapes of a project. Raises `SourceError` for faulty shapes, or if there are none."""
    files = project.shape_files()
    house_rules = [path for path in files if path.name == _HOUSE_RULES]
    data = load_shapes(path for path in files if path not in house_rules)
    return Rules(data, load_shapes(house_rules) if house_rules else b"")


def validate_dataset(dataset: Dataset, project: Project, check: Callable[[bytes, bytes], Report] = validate) -> Report:
    """Validate a dataset against its project's shapes: the house rules see the ontology alone, the others everything.

    Raises `SourceError` for faulty shapes, or if there are none.
    """
    rules = load_rules(project)
    reports = [check(dataset.union_ntriples(), rules.data)]
    if rules.ontology:
        reports.append(check(dump(dataset.store, RdfFormat.N_TRIPLES, GRAPH.ontology), rules.ontology))
    return join_reports(reports)


def build_snapshot(
    project: Project,
    repository: SnapshotRepository,
    *,
    force: bool = False,
    reasoning: Reasoning | None = None,
    step: Callable[[str], None] = lambda _: None,
    keep_edits: Callable[[Snapshot], Change] | None = None,
    action: str = "build",
    message: str = "",
) -> BuildResult:
    """Build and publish the project's dataset, unless the current snapshot was built from the same input.

    Without `reasoning` nothing is inferred. `keep_edits` tells of the current snapshot which online writes to keep;
    without it there must be none. Raises `Conflict` if there are some, `SourceError` for faulty files,
    `InconsistentData` for contradictions and `InvalidData` with the report's text for violations; nothing is published
    then. `step` is told what is being done.
    """
    inputs = _input_digest(project, reasoning)
    for _ in range(_MOST_OVERTAKEN):
        current = repository.current()
        if current is not None and current.manifest.inputs_sha256 == inputs and not force:
            return BuildResult(current, built=False)
        edits = _edits_of(current, keep_edits)
        dataset = assemble(project, step, reasoning=reasoning, edits=edits)
        step("validating")
        report = validate_dataset(dataset, project)
        if not report.conforms:
            raise InvalidData(
                report.to_text(dataset.sources.place_of), hint="Nothing was published. Mend the data first."
            )
        step("writing the snapshot")
        known = {"action": action, "message": message, "validation": report.counts()}
        try:
            snapshot = _publish(dataset, project, repository, current, inputs, edits=edits, **known)
            return BuildResult(snapshot, built=True, report=report)
        except Overtaken:
            # Somebody wrote meanwhile, which must not be lost: all of it again from there.
            continue
    raise Overtaken("others go on publishing versions meanwhile", hint="Run it again when less is written.")


def build_or_keep(
    project: Project,
    repository: SnapshotRepository,
    *,
    reasoning: Reasoning | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> tuple[Snapshot, Conflict | None]:
    """Build as `build_snapshot` does; where that would lose online edits give the current snapshot, and why."""
    try:
        return build_snapshot(project, repository, reasoning=reasoning, step=step).snapshot, None
    except Conflict as conflict:
        current = repository.current()
        if current is None:
            raise
        return current, conflict


def _edits_of(current: Snapshot | None, keep_edits: Callable[[Snapshot], Change] | None) -> Change:
    if current is None:
        return NO_CHANGE
    if keep_edits is None and current.manifest.edits:
        raise _would_lose(current.manifest)
    return keep_edits(current) if keep_edits is not None else NO_CHANGE


def _publish(
    dataset: Dataset,
    project: Project,
    repository: SnapshotRepository,
    current: Snapshot | None,
    inputs: str,
    **known: Any,
) -> Snapshot:
    """Publish a dataset that was made to follow the current snapshot. Raises `Overtaken` if it is not that any more."""
    # A reasoner that failed may work the next time, so such a snapshot counts as built from something else.
    inputs += "-without-reasoner" if dataset.inferred.failed else ""
    known |= {"inputs_sha256": inputs, "reasoning": dataset.inferred.reasoner, "reasoning_note": dataset.inferred.note}
    after = current.version if current else ""
    return publish_store(dataset.store, repository, load_rules(project), after=after, derives=True, **known)


def is_up_to_date(project: Project, snapshot: Snapshot) -> bool:
    """Whether a snapshot was built from the project as it is, whichever reasoner it was built with."""
    return snapshot.manifest.inputs_sha256.split("-")[0] == project.input_digest()


def _would_lose(manifest: Manifest) -> Conflict:
    message = (
        f"version {manifest.version} has {manifest.edits:,} quads that were edited online and are not in the files"
    )
    hint = (
        "Bring both together with: digitech-kg sync. Or give the edits up with: digitech-kg build --discard-edits "
        "(they stay in the history)."
    )
    return Conflict(message, hint=hint)


def _input_digest(project: Project, reasoning: Reasoning | None) -> str:
    """Tell one input from another: files, code, and the reasoner that was asked for."""
    return f"{project.input_digest()}-{reasoning.reasoner if reasoning else 'none'}"
