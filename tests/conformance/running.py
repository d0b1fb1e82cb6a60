"""Run the tests against a server, those that share data together, and set aside those that are excluded."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from conformance.checks import CHECKS, load_data
from conformance.manifests import Test, load_tests
from conformance.targets import Target

MANIFESTS = ("sparql11/manifest-all.ttl", "sparql10/manifest.ttl")
_TABLE = Path(__file__).parent / "exceptions.toml"


@dataclass(frozen=True)
class Outcome:
    """What came of a test: `problem` is None if it passed."""

    test: Test
    problem: str | None


@dataclass(frozen=True)
class Exceptions:
    """The table of exceptions: reasons by test IRI, or by folder."""

    #: Folders and tests that are not run, for any server.
    excluded: dict[str, str]
    #: Tests that fail, by server.
    failing: dict[str, dict[str, str]]

    @classmethod
    def load(cls) -> Exceptions:
        """Read `exceptions.toml`."""
        table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
        return cls(table["excluded"], table["failing"])

    def reason(self, test: Test) -> str | None:
        """Give the reason why a test is not run, if it is not."""
        return self.excluded.get(test.iri) or self.excluded.get(test.suite)


def load_all(root: Path) -> list[Test]:
    """Read all tests; one that two manifests list is given once."""
    tests = [test for manifest in MANIFESTS for test in load_tests(root, manifest)]
    return list({(test.suite, test.iri): test for test in tests}.values())


def run_tests(
    target: Target, root: Path, tests: Iterable[Test], step: Callable[[str], None] = lambda _: None
) -> list[Outcome]:
    """Run tests, sorted so that a data set is loaded once for all that use it."""
    outcomes = []
    for (data, graphs), group in groupby(sorted(tests, key=_data_key), key=lambda test: (test.data, test.graphs)):
        first, *others = group
        load_data(target, root, first)
        for test in (first, *others):
            outcomes.append(Outcome(test, _run(target, root, test)))
            if CHECKS[test.kind] is CHECKS["GraphStoreProtocolTest"]:
                load_data(target, root, first)
        step(f"{len(outcomes)} tests, {len(data) + len(graphs)} files")
    return outcomes


def _run(target: Target, root: Path, test: Test) -> str | None:
    """Give what is wrong; a server that breaks the connection or sends rubbish fails the test as well."""
    try:
        return CHECKS[test.kind](target, root, test)
    except (OSError, SyntaxError, ValueError, KeyError, IndexError) as error:
        return f"{type(error).__name__}: {error}"


def _data_key(test: Test) -> tuple[str, str]:
    return repr(test.data), repr(test.graphs)
