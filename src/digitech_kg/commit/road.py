"""The one road to a version: apply → derive → infer → validate → compare → describe → publish.

A build, an update, a graph write, an import and a revert differ in what they apply; all else is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from digitech_kg.commit.attempt import Attempt, KnownGraphs, TrackedStore, VersionSettings
from digitech_kg.commit.files import load_rules, read_files
from digitech_kg.commit.graphs import check_graphs, revert_version, write_graph
from digitech_kg.commit.importing import import_files
from digitech_kg.commit.parts import Contents, Parts, recompute
from digitech_kg.commit.publication import (
    count_figures,
    describe_dataset,
    describe_outcome,
    read_catalog,
    write_version,
)
from digitech_kg.commit.request import (
    Commit,
    GraphWrite,
    Import,
    Outcome,
    ProjectFiles,
    Revert,
    SparqlUpdate,
    Write,
    check_conditions,
)
from digitech_kg.commit.results import Checks, ResultStore
from digitech_kg.commit.update import evaluate_update
from digitech_kg.errors import Forbidden, InconsistentData, InvalidData
from digitech_kg.hooks import load_hook
from digitech_kg.namespaces import GraphName
from digitech_kg.processes import without_collection
from digitech_kg.snapshot.changes import Change, content_digest, digest_after
from digitech_kg.snapshot.manifest import Manifest, write_namespaces
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.triple_store import open_read_only
from digitech_kg.validation.report import Report, report_of

Step = Callable[[str], None]
#: Graphs with more quads are read anew by each commit that needs them.
_MOST_KNOWN: Final = 100_000


class Committer:
    """Makes versions in one data directory, one at a time; other processes may do so as well."""

    def __init__(
        self,
        repository: SnapshotRepository,
        *,
        union_default_graph: bool = True,
        update_memory_bytes: int | None = None,
        texts: Mapping[str, str] | None = None,
        step: Step = lambda _: None,
    ) -> None:
        """`update_memory_bytes` is how much the quads may take that an update changes; None means any amount.

        `texts` are those of documents, by name: a cue that isn't in its passage there is refused.
        """
        self._repository = repository
        self._update_memory_bytes = update_memory_bytes
        self._union = union_default_graph
        self._texts = texts
        self._step = step
        #: What is prepared, and the settings that it is prepared for.
        self._prepared: tuple[VersionSettings, Parts] | None = None
        #: A version, and the graphs of it that have been read.
        self._known: tuple[str, KnownGraphs] = ("", {})

    def prepare(self) -> None:
        """Read beforehand what the next commit needs of the current version."""
        current = self._repository.current()
        if current is not None and current.manifest.derives:
            settings = VersionSettings.of(current)
            target = TrackedStore(open_read_only(current.store))
            self._parts(settings).prepare(Contents(target, settings.names).shared())
            self._known = (current.version, target.known(_MOST_KNOWN))

    @without_collection()
    def commit(self, write: Write, commit: Commit) -> Outcome:
        """Carry out a write and publish the result, unless nothing changes or `commit.dry_run` is set.

        Raises `SourceError` for faulty files, `QuerySyntaxError` or `CallError` for what cannot be carried out,
        `PreconditionFailed`, `Conflict`, `Forbidden` for a graph that is not to be written, `InvalidData` with the
        report for violations, `InconsistentData` with the claims, and `StorageFailure`. Nothing is published then.
        """
        with self._repository.writing() as directory:
            previous = self._repository.current()
            if previous is not None:
                check_conditions(previous.manifest, write, commit)
            attempt = self._begin(write, previous, directory)
            if attempt is None:
                version = previous.version if previous else ""
                return Outcome(version, version, published=False)
            try:
                return self._carry_out(write, commit, attempt)
            finally:
                attempt.close()

    def _begin(self, write: Write, previous: Snapshot | None, directory: Path) -> Attempt | None:
        """Return a copy of the version before to write to; None if a project's files have not changed."""
        version, known = self._known
        known = known if previous is not None and previous.version == version else {}
        if isinstance(write, ProjectFiles):
            self._step("reading files")
            files = read_files(write, previous)
            if files is None:
                return None
            project = write.project
            settings = VersionSettings(project.names, load_rules(project), project.input_digest(), derives=True)
            return Attempt(previous, directory, settings, known, files)
        if previous is None:
            raise Forbidden("there is no dataset to write to yet", hint="Run: digitech-kg build")
        base = self._version_to_restore(write, previous) or previous
        return Attempt(previous, directory, VersionSettings.of(base), known, base=base)

    def _version_to_restore(self, write: Write, previous: Snapshot) -> Snapshot | None:
        """Return the version to go back to if the current one put a project in the place of other data, or the reverse.

        Raises `Gone` if its data is no longer kept.
        """
        if not isinstance(write, Revert) or write.version != previous.version or not previous.manifest.previous:
            return None
        before = self._repository.manifest(previous.manifest.previous)
        return None if before.derives == previous.manifest.derives else self._repository.resolve(before.version)

    def _carry_out(self, write: Write, commit: Commit, attempt: Attempt) -> Outcome:
        written, touched = self._apply(write, attempt)
        if attempt.files is None:
            check_graphs(touched, attempt.settings.names if attempt.settings.derives else None)
            if not touched:
                version = attempt.version_before
                return Outcome(version, version, published=False)
        with Checks() as checks:
            try:
                documents = self._recompute(touched, attempt, checks)
            except InconsistentData:
                # A shape says what is wrong in plainer words than a proof.
                report = report_of(checks.results(), attempt.settings.names)
                if report.violations:
                    raise _refusal(report, attempt) from None
                raise
            manifest = self._describe(written, commit, attempt)
            if not commit.dry_run:
                # What is found wrong with it costs a directory that nobody has seen.
                self._step("writing the snapshot")
                manifest = write_version(attempt, manifest)
            report = report_of(checks.results(), attempt.settings.names)
        if report.violations:
            raise _refusal(report, attempt)
        manifest = replace(manifest, validation=report.counts())
        outcome = describe_outcome(written, manifest, report.results, documents, dry_run=commit.dry_run)
        if not commit.dry_run:
            self._repository.publish(attempt.directory, manifest)
            self._known = (manifest.version, attempt.target.known(_MOST_KNOWN))
        return outcome

    def _apply(self, write: Write, attempt: Attempt) -> tuple[Change, set[GraphName]]:
        """Return what is changed in graphs that are written by hand, and the graphs that come, go or change by it.

        This is the one place that knows all kinds of writes. Raises `QuerySyntaxError`, `CallError`, `Forbidden` or
        `Conflict` for what can't be carried out.
        """
        target, settings, names = attempt.target, attempt.settings, attempt.settings.names
        before = set(target.store.named_graphs())
        match write:
            case ProjectFiles():
                assert attempt.files is not None  # noqa: S101 - they were read for it
                target.apply(attempt.files.change(target.store, keeps_foreign=not write.discard_edits))
            case SparqlUpdate():
                make_rewriter = load_hook("rewriter", names)
                rewriter = make_rewriter(None) if make_rewriter else None
                evaluate_update(
                    write,
                    target,
                    names.base,
                    union_default_graph=self._union,
                    is_derived=names.graphs.is_derived if settings.derives else lambda _: False,
                    memory_bytes=self._update_memory_bytes,
                    rewrite=partial(rewriter.rewrite, is_union=False) if rewriter else lambda query: query,
                    prefixes=names.prefixes,
                )
            case GraphWrite():
                write_graph(write, target, names.base)
            case Import():
                import_files(write, attempt)
            case Revert():
                revert_version(self._repository, write.version, target, names, derives=settings.derives)
            case Change():
                target.apply(write)
        written = target.change
        return written, written.graphs() | (before ^ set(target.store.named_graphs()))

    def _recompute(self, touched: set[GraphName], attempt: Attempt, checks: Checks) -> list[str]:
        settings = attempt.settings
        if not settings.derives:
            return []
        self._step("deriving, inferring and validating")
        which = None if attempt.is_new_ground else touched
        return recompute(attempt.target, self._parts(settings), which, checks)

    def _parts(self, settings: VersionSettings) -> Parts:
        if self._prepared is None or self._prepared[0] != settings:
            results = ResultStore(self._repository.data_dir / "results")
            parts = Parts(settings.names, settings.rules, results, texts=self._texts)
            self._prepared = (settings, parts)
        return self._prepared[1]

    def _describe(self, written: Change, commit: Commit, attempt: Attempt) -> Manifest:
        """Bring the description up to date; return what the new version says of itself."""
        manifest = self._manifest(commit, attempt)
        attempt.catalog = attempt.files.catalog if attempt.files else read_catalog(attempt.base)
        if attempt.settings.derives:
            self._step("describing the dataset")
            describe_dataset(attempt)
            attempt.edits = attempt.edits_after(written)
        return replace(manifest, **count_figures(manifest.version, attempt))

    def _manifest(self, commit: Commit, attempt: Attempt) -> Manifest:
        settings, previous, content = attempt.settings, attempt.previous, attempt.target.change
        if previous is not None and previous.manifest.derives and not settings.derives:
            # The description of the dataset goes with all else, but was never counted in.
            content = content.of_graphs(lambda graph: graph != previous.names.graphs.catalog)
        before = previous.manifest.content_digest if previous else content_digest([])
        digest = digest_after(before, content.added, content.removed)
        return Manifest(
            version=self._repository.next_version(digest),
            content_digest=digest,
            inputs_sha256=settings.inputs,
            created=self._repository.now(),
            quads=0,
            infers=settings.derives,
            derives=settings.derives,
            namespaces=write_namespaces(settings.names),
            previous=attempt.version_before,
            action=commit.action,
            author=commit.author,
            message=commit.message,
            request_id=commit.request_id,
        )


def _refusal(report: Report, attempt: Attempt) -> InvalidData:
    """Return the error for a dataset that violates the shapes; for files it tells the places in them."""
    names = attempt.settings.names
    if attempt.files is not None:
        text = report.to_text(attempt.files.sources.place_of)
        return InvalidData(text, hint="Nothing was published. Correct the data first.")
    first, count = report.violations[0], len(report.violations)
    message = f"the result would have {count} violation{'' if count == 1 else 's'} of the shapes"
    message += f"; {names.shorten(first.focus_node)}: {first.message}"
    hint = "Nothing was changed. Correct what the report names, then send it again."
    return InvalidData(message, hint=hint, report=report)
