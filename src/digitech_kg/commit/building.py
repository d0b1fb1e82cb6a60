"""Build a dataset from a project's files, published or only in memory, or begin one without a project."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from digitech_kg.commit.attempt import Attempt, TrackedStore
from digitech_kg.commit.committer import Committer, Step
from digitech_kg.commit.derived_graphs import DerivedGraphs, recompute
from digitech_kg.commit.files import FilesContent, VersionSettings, is_up_to_date, read_content
from digitech_kg.commit.publication import describe_version, write_version
from digitech_kg.commit.request import Commit, ProjectFiles
from digitech_kg.commit.results import Checks, ResultStore
from digitech_kg.errors import InconsistentData
from digitech_kg.namespaces import Namespaces
from digitech_kg.processes import without_collection
from digitech_kg.snapshot.changes import Change
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.sources.project import Project, SourceFile
from digitech_kg.triple_store import store_of
from digitech_kg.validation.report import Report, Result, report_of
from digitech_kg.validation.with_shifty import validate


def build(
    project: Project,
    repository: SnapshotRepository,
    *,
    discard_edits: bool = False,
    force: bool = False,
    step: Step = lambda _: None,
) -> Snapshot:
    """Publish what the project's files say, unless the current version was built from the same; return the current one.

    `discard_edits` is that of `ProjectFiles`. Raises what `Committer.commit` raises; nothing is published then.
    """
    write = ProjectFiles(project, discard_edits=discard_edits, force=force)
    Committer(repository, step=step).commit(write, Commit("build"))
    snapshot = repository.current()
    assert snapshot is not None  # noqa: S101 - one was published just now, or before
    return snapshot


def open_or_build(project: Project, repository: SnapshotRepository) -> tuple[Snapshot, str]:
    """Return the current version, built only if there is none, and what to say if the project's files say otherwise.

    Reading must not change what is published: the directory may be served, or belong to another project.
    """
    snapshot = repository.current() or build(project, repository)
    if is_up_to_date(project, snapshot):
        return snapshot, ""
    told = f"version {snapshot.version} is asked, which isn't made from the current files of {project.root}"
    return snapshot, f"{told}. To publish them, run digitech-kg build with the same --project and --data-dir"


def create_empty(repository: SnapshotRepository, names: Namespaces) -> Snapshot:
    """Return the current version; if there is none, publish one without quads or shapes, for data of no project."""
    # A version that exists already can be served even from a read-only directory.
    if current := repository.current():
        return current
    with repository.writing() as directory:
        if current := repository.current():
            return current
        attempt = Attempt(None, directory, VersionSettings(names))
        manifest = describe_version(attempt, Change(), Commit("build"), repository)
        write_version(attempt)
        return repository.publish(directory, manifest)


@dataclass(frozen=True)
class Assembly:
    """What files say, all quads of a project, derived ones included, and what the shapes say of them."""

    content: FilesContent
    target: TrackedStore
    results: tuple[Result, ...]


@without_collection()
def assemble(
    project: Project,
    *,
    extra: Iterable[SourceFile] = (),
    validator: Callable[..., Report] = validate,
    infers: bool = True,
    results: ResultStore | None = None,
) -> Assembly:
    """Read a project's files and `extra` ones, and derive, infer, validate and compare as a commit does.

    Nothing is published. `validator` is another one than usual; `results` has what was computed before.
    Raises `SourceError` with all faults of the files, and `InconsistentData` with the claims of a document that
    contradicts itself and keeps the shapes.
    """
    content = read_content(project, tuple(extra))
    target = TrackedStore(store_of([*content.written, *content.catalog]))
    settings, shared = VersionSettings.of_files(project, content), target.quads(*project.names.graphs.shared)
    derived = DerivedGraphs(settings, shared, results or ResultStore(), validator=validator, infers=infers)
    with Checks() as checks:
        try:
            recompute(target, derived, None, checks)
        except InconsistentData as error:
            # A shape says what is wrong in plainer words than a proof.
            if not report_of(checks.results(), project.names).violations:
                raise content.sources.with_places(error) from None
        return Assembly(content, target, checks.results())
