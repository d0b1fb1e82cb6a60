"""Make a version. Every write does it this way: apply, derive, infer, validate, compare, describe, publish.

A build, an update, a graph write, an import and a revert differ in what they apply; everything else is the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from digitech_kg.commit.attempt import Attempt, KnownGraphs, TrackedStore
from digitech_kg.commit.derived_graphs import DerivedGraphs, recompute
from digitech_kg.commit.files import VersionSettings, read_files
from digitech_kg.commit.graphs import check_graphs, revert_version
from digitech_kg.commit.importing import import_files
from digitech_kg.commit.publication import describe_outcome, describe_version, write_version
from digitech_kg.commit.request import Commit, Import, Outcome, ProjectFiles, Revert, SparqlUpdate, Write
from digitech_kg.commit.results import Checks, ResultStore, key_of
from digitech_kg.commit.update import evaluate_update
from digitech_kg.errors import Forbidden, InconsistentData, InvalidData
from digitech_kg.hooks import load_hook
from digitech_kg.processes import without_collection
from digitech_kg.snapshot.changes import Change, QuadFile
from digitech_kg.snapshot.repository import Snapshot, SnapshotRepository
from digitech_kg.triple_store import open_read_only
from digitech_kg.validation.report import Report, report_of
from digitech_kg.validation.things import check_literals

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
        self._prepared: DerivedGraphs | None = None
        #: A version, and the graphs of it that have been read.
        self._known: tuple[str, KnownGraphs] = ("", {})

    def prepare(self) -> None:
        """Read beforehand what the next commit needs of the current version."""
        current = self._repository.current()
        if current is not None and current.manifest.derives:
            target = TrackedStore(open_read_only(current.store))
            self._derived(VersionSettings.of(current), target).prepare()
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
                commit.check_conditions(previous.manifest, write)
            attempt = self._begin(write, previous, directory)
            if attempt is None:
                return _unchanged(previous)
            try:
                return self._carry_out(write, commit, attempt)
            finally:
                attempt.target.close()

    def _begin(self, write: Write, previous: Snapshot | None, directory: Path) -> Attempt | None:
        """Return a copy of the version before to write to; None if a project's files have not changed."""
        version, known = self._known
        known = known if previous is not None and previous.version == version else {}
        if isinstance(write, ProjectFiles):
            self._step("reading files")
            files = read_files(write, previous)
            if files is None:
                return None
            return Attempt(previous, directory, VersionSettings.of_files(write.project, files), known, files)
        if previous is None:
            raise Forbidden("there is no dataset to write to yet", hint="Run: digitech-kg build")
        restored = self._version_to_restore(write, previous)
        return Attempt(previous, directory, VersionSettings.of(restored or previous), known, restored=restored)

    def _version_to_restore(self, write: Write, previous: Snapshot) -> Snapshot | None:
        """Return the version to go back to if the current one put a project in the place of other data, or the reverse.

        Raises `Gone` if its data is no longer kept.
        """
        if not isinstance(write, Revert) or write.version != previous.version or not previous.manifest.previous:
            return None
        before = self._repository.manifest(previous.manifest.previous)
        return None if before.derives == previous.manifest.derives else self._repository.resolve(before.version)

    def _carry_out(self, write: Write, commit: Commit, attempt: Attempt) -> Outcome:
        target, settings, is_build = attempt.target, attempt.settings, attempt.files is not None
        # With other files, shapes or languages, the verdict on unchanged data may differ.
        is_all_new = is_build or attempt.restored is not None
        there = set(target.store.named_graphs())
        self._apply(write, attempt)
        written, documents = target.change, list[str]()
        # Graphs that change, come or go by what is written by hand.
        touched = written.graphs() | (there ^ set(target.store.named_graphs()))
        if not is_build:
            check_graphs(touched, settings.names if settings.derives else None)
            if not touched:
                return _unchanged(attempt.previous)
        with Checks() as checks:
            # Checking what is loaded in bulk would take too long.
            few = written.added.few if isinstance(written.added, QuadFile) else written.added
            checks.start(lambda: check_literals(few, settings.names), counts=False)
            if settings.derives:
                self._step("deriving, inferring and validating")
                try:
                    derived = self._derived(settings, target)
                    documents = recompute(target, derived, None if is_all_new else touched, checks)
                except InconsistentData as error:
                    # A shape says what is wrong in plainer words than a proof.
                    _refuse_violations(report_of(checks.results(), settings.names), attempt)
                    raise (attempt.files.sources.with_places(error) if attempt.files else error) from None
                self._step("describing the dataset")
            manifest = describe_version(attempt, written, commit, self._repository)
            if not commit.dry_run:
                # If checks find violations, only a directory that nobody has seen is lost.
                self._step("writing the snapshot")
                write_version(attempt)
            report = report_of(checks.results(), settings.names)
        _refuse_violations(report, attempt)
        before = attempt.previous.manifest.found if attempt.previous else {}
        # Findings in graphs outside the project are dropped together with those graphs.
        kept = {unit: keys for unit, keys in before.items() if ":" not in unit or unit in manifest.graphs}
        found = kept | checks.by_unit()
        counts = Counter(key.partition(" ")[0] for key in {key for keys in found.values() for key in keys})
        manifest = replace(manifest, validation=dict(sorted(counts.items())), found=found)
        told = {key for keys in before.values() for key in keys} | self._told_by_texts(attempt, written, documents)
        new = [result for result in report.results if key_of(result) not in told]
        outcome = describe_outcome(written, manifest, new, documents, dry_run=commit.dry_run)
        if not commit.dry_run:
            self._repository.publish(attempt.directory, manifest)
            self._known = (manifest.version, target.known(_MOST_KNOWN))
        return outcome

    def _apply(self, write: Write, attempt: Attempt) -> None:
        """Change what is written by hand. This is the one place that knows all kinds of writes.

        Raises `QuerySyntaxError`, `CallError`, `Forbidden` or `Conflict` for what can't be carried out.
        """
        target, settings, names = attempt.target, attempt.settings, attempt.settings.names
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
                    names,
                    union_default_graph=self._union,
                    derives=settings.derives,
                    memory_bytes=self._update_memory_bytes,
                    rewrite=partial(rewriter.rewrite, is_union=False) if rewriter else lambda query: query,
                )
            case Import():
                import_files(write, attempt)
            case Revert():
                revert_version(self._repository, write.version, target, names, derives=settings.derives)
            case Change():
                target.apply(write)

    def _told_by_texts(self, attempt: Attempt, written: Change, documents: Iterable[str]) -> set[str]:
        """Return the names of what texts say otherwise than documents before a write: no version keeps them."""
        told, target, document = set[str](), attempt.target, attempt.settings.names.graphs.document
        for name in documents if self._texts else ():
            removed = {quad for quad in written.removed if quad.graph_name == document(name)}
            before = [*(set(target.quads(document(name))) - written.added), *removed]
            told |= set(map(key_of, self._derived(attempt.settings, target).quotes(name, before)))
        return told

    def _derived(self, settings: VersionSettings, target: TrackedStore) -> DerivedGraphs:
        """Return what computes the derived graphs; what was read from the same shared graphs is used again."""
        results = ResultStore.beside(self._repository.data_dir)
        derived = DerivedGraphs(settings, target.quads(*settings.names.graphs.shared), results, texts=self._texts)
        if self._prepared is None or self._prepared.digest != derived.digest:
            self._prepared = derived
        return self._prepared


def _unchanged(previous: Snapshot | None) -> Outcome:
    version = previous.version if previous else ""
    return Outcome(version, version, published=False)


def _refuse_violations(report: Report, attempt: Attempt) -> None:
    """Raise `InvalidData` for a dataset that violates the shapes; for files it tells the places in them."""
    if not report.violations:
        return
    names = attempt.settings.names
    if attempt.files is not None:
        text = report.to_text(attempt.files.sources.place_of)
        raise InvalidData(text, hint="Nothing was published. Correct the data first.")
    first, count = report.violations[0], len(report.violations)
    message = f"the result would have {count} violation{'' if count == 1 else 's'} of the shapes"
    message += f"; {names.shorten(first.focus_node)}: {first.message}"
    hint = "Nothing was changed. Correct what the report names, then send it again."
    raise InvalidData(message, hint=hint, report=report)
