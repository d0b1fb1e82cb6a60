"""Run the tests against a server, those that share data together, and set aside those that are excluded."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from conformance.checks import CHECKS, load_all_data, load_data
from conformance.manifests import Test, load_tests
from conformance.targets import Target
from conformance.updates import writes

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
    #: Tests that fail: under "all" in every server, else by server.
    failing: dict[str, dict[str, str]]
    #: Tests of SHACL that fail, by validator.
    shacl: dict[str, dict[str, str]]

    @classmethod
    def load(cls) -> "Exceptions":
        """Read `exceptions.toml`."""
        table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
        return cls(table["excluded"], table["failing"], table["shacl"])

    def why_excluded(self, test: Test) -> str | None:
        """Give the reason why a test is not run, if it is not."""
        return self.excluded.get(test.iri) or self.excluded.get(test.suite)

    def why_failing(self, server: str) -> dict[str, str]:
        """Give the reasons of the tests that fail in a server."""
        return self.failing["all"] | self.failing.get(server, {})


def load_all(root: Path) -> list[Test]:
    """Read all tests; one that two manifests list is given once."""
    tests = [test for manifest in MANIFESTS for test in load_tests(root, manifest)]
    return list({(test.suite, test.iri): test for test in tests}.values())


def run_each(
    target: Target, root: Path, tests: Iterable[Test], step: Callable[[str], None] = lambda _: None
) -> list[Outcome]:
    """Run tests on datasets of their own; one is loaded once for all tests that use it."""
    outcomes: list[Outcome] = []
    for (writing, *_), group in groupby(sorted(tests, key=_data_key), key=_data_key):
        members = list(group)
        if not writing:
            load_data(target, root, members[0])
        outcomes += [Outcome(test, _run(target, root, test)) for test in members]
        step(f"{target.name}: {len(outcomes)} tests")
    return outcomes


def run_together(target: Target, root: Path, tests: Iterable[Test]) -> list[Outcome]:
    """Run tests on one dataset that holds the data of all; what writes has its turn at the end."""
    reading = [test for test in tests if not writes(test)]
    writing = [test for test in tests if writes(test)]
    load_all_data(target, root, reading)
    target.holds_all = True
    return [Outcome(test, _run(target, root, test)) for test in (*reading, *writing)]


def _run(target: Target, root: Path, test: Test) -> str | None:
    """Give what is wrong; a server that breaks the connection or sends rubbish fails the test as well."""
    try:
        return CHECKS[test.kind](target, root, test)
    except (OSError, SyntaxError, ValueError, KeyError, IndexError) as error:
        return f"{type(error).__name__}: {error}"


def _data_key(test: Test) -> tuple[bool, str, str]:
    """Sort by data; tests that write come last."""
    return writes(test), repr(test.data), repr(test.graphs)
