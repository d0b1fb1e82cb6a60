"""Turn a write into the next snapshot, or refuse it and leave everything as it is."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pyoxigraph import NamedNode

from digitech_kg.description import describe_version, described_versions, quads_about_version
from digitech_kg.description.search_index import FILE_NAME, update_search_index
from digitech_kg.errors import Forbidden
from digitech_kg.snapshot import EDITS, Change, Manifest, Snapshot, SnapshotRepository, content_digest, sorted_lines
from digitech_kg.triple_store import open_checkpoint
from digitech_kg.update.account import count_figures, describe_outcome
from digitech_kg.update.conditions import check_conditions
from digitech_kg.update.delta import TrackedStore
from digitech_kg.update.evaluation import evaluate_update
from digitech_kg.update.gate import Verdict
from digitech_kg.update.graphs import check_graphs, write_graph
from digitech_kg.update.patching import apply_patch, revert_version
from digitech_kg.update.request import Commit, GraphWrite, Outcome, Patch, Revert, SparqlUpdate, Write
from digitech_kg.update.state import State
from digitech_kg.update.statements import update_statements

_NO_REASONING = "none"


class Writer:
    """Writes to one data directory, one write at a time; other processes may write to it as well."""

    def __init__(self, repository: SnapshotRepository, *, union_default_graph: bool = True) -> None:
        self._repository = repository
        self._union = union_default_graph
        self._state: State | None = None

    def prepare(self) -> None:
        """Read what is needed of the current version beforehand, so that the first write need not wait for it."""
        current = self._repository.current()
        if current is not None and self._state is None:
            self._state = State(current)

    def write(self, write: Write, commit: Commit) -> Outcome:
        """Carry out a write and publish the result, unless nothing changes or `commit.dry_run` is set.

        Raises `QuerySyntaxError` or `CallError` for what cannot be carried out, `PreconditionFailed`, `Forbidden` for
        a graph that is not to be written, `InvalidData` with the report for new violations, `InconsistentData` with
        the conflicts, and `StorageFailure`. Nothing is published then.
        """
        with self._repository.writing() as directory:
            previous = self._repository.current()
            if previous is None:
                raise Forbidden("there is no dataset to write to yet", hint="Run: digitech-kg build")
            check_conditions(previous.manifest, write, commit)
            attempt = _Attempt(previous, directory)
            if self._state is None or self._state.version != previous.version:
                with attempt.timed("preparing"):
                    self._state = State(previous)
            try:
                return self._carry_out(write, commit, attempt, self._state)
            finally:
                attempt.close()

    def _carry_out(self, write: Write, commit: Commit, attempt: _Attempt, state: State) -> Outcome:
        previous, target = attempt.previous, attempt.target
        before = set(target.store.named_graphs())
        with attempt.timed("applying"):
            self._apply(write, target)
        written = target.change
        # Graphs without a quad come and go as well.
        touched = {quad.graph_name for quad in (*written.added, *written.removed)}
        touched |= before ^ set(target.store.named_graphs())
        check_graphs(touched, commit, previous.manifest)
        if not touched:
            return Outcome(previous.version, previous.version, published=False, seconds=attempt.seconds)
        try:
            verdict, manifest = self._derive(written, commit, attempt, state)
            outcome = describe_outcome(
                written,
                target,
                manifest,
                verdict,
                reasoning=attempt.reasoning,
                seconds=attempt.seconds,
                dry_run=commit.dry_run,
            )
            if not commit.dry_run:
                state.accept(self._publish(written, manifest, attempt), verdict.parts)
            return outcome
        finally:
            # What was not accepted, be it refused, failed or only tried, is taken back.
            state.undo()

    def _apply(self, write: Write, target: TrackedStore) -> None:
        match write:
            case SparqlUpdate():
                evaluate_update(write, target, union_default_graph=self._union)
            case GraphWrite():
                write_graph(write, target)
            case Patch():
                apply_patch(write, target)
            case Revert():
                revert_version(self._repository, write.version, target)

    def _derive(self, written: Change, commit: Commit, attempt: _Attempt, state: State) -> tuple[Verdict, Manifest]:
        """Bring all that is derived up to date, validate the whole, and give what the new version says of itself."""
        previous, target = attempt.previous.manifest, attempt.target
        if previous.derives:
            with attempt.timed("deriving statements"):
                update_statements(target, written)
        with attempt.timed("validating"):
            verdict = state.gate.check(target.store, target.change, state.results)
            if verdict.blocking:
                raise verdict.refusal()
        reasoning = previous.reasoning
        if previous.derives and reasoning != _NO_REASONING:
            with attempt.timed("reasoning"):
                attempt.reasoning, reasoning = state.infer(target), "rl"
        created = self._repository.now()
        content = target.change
        digest = content_digest(
            sorted_lines(content.added).splitlines(),
            removed=sorted_lines(content.removed).splitlines(),
            before=previous.content_digest,
        )
        version = self._repository.next_version(digest)
        if previous.derives:
            with attempt.timed("describing"):
                self._describe(version, created, commit, attempt, state)
        manifest = replace(
            previous,
            version=version,
            content_digest=digest,
            created=created,
            reasoning=reasoning,
            validation=verdict.counts(),
            previous=previous.version,
            action=commit.action,
            author=commit.author,
            message=commit.message,
            request_id=commit.request_id,
            **count_figures(version, previous, target),
        )
        return verdict, manifest

    def _describe(self, version: str, created: str, commit: Commit, attempt: _Attempt, state: State) -> None:
        target = attempt.target
        target.apply(state.describe(target.change))
        kept = set(self._repository.versions())
        for old in described_versions(target.store) - kept:
            target.remove(quads_about_version(target.store, old))
        target.add(
            describe_version(
                version,
                previous=attempt.previous.version,
                created=created,
                action=commit.action,
                author=commit.author,
                message=commit.message,
            )
        )

    def _publish(self, written: Change, manifest: Manifest, attempt: _Attempt) -> Snapshot:
        with attempt.timed("writing"):
            previous, directory, target = attempt.previous, attempt.directory, attempt.target
            for name in ("shapes.nt", "house-rules.nt"):
                (directory / name).hardlink_to(previous.directory / name)
            if (previous.directory / FILE_NAME).is_file():
                shutil.copyfile(previous.directory / FILE_NAME, directory / FILE_NAME)
                update_search_index(directory / FILE_NAME, target.store, _named_subjects(target.change))
            change = target.change
            change.write(directory)
            if manifest.derives:
                edits = previous.edits().then(written)
                edits.write(directory, EDITS)
                manifest = replace(manifest, edits=len(edits))
            attempt.close()
            return self._repository.publish(directory, manifest)


@dataclass
class _Attempt:
    """A copy of the previous version's store to write to, closed before it is published."""

    previous: Snapshot
    directory: Path
    seconds: dict[str, float] = field(default_factory=dict)
    reasoning: str = ""

    def __post_init__(self) -> None:
        self.target = TrackedStore(open_checkpoint(self.previous.store, self.directory / "store"))

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note how long a step takes."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(time.perf_counter() - started, 4)

    def close(self) -> None:
        """Write everything out and let go of the store."""
        self.target.close()


def _named_subjects(change: Change) -> set[NamedNode]:
    return {q.subject for q in (*change.added, *change.removed) if isinstance(q.subject, NamedNode)}
