"""Run all tests against this service and Oxigraph's own server, and write docs/conformance.md."""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from conformance import shacl as shapes
from conformance.manifests import Test, unpack
from conformance.running import Exceptions, Outcome, load_all, run_each
from conformance.targets import oxigraph_server, this_service
from conftest import ROOT, SHARED

_HEAD = """# Conformance

The W3C's SPARQL tests ({archive}), run over HTTP against running servers by `make conformance`
on {date}: digitech-kg with `--empty --default-graph own`, each test with its own data set, and Oxigraph's own server
{oxigraph} for comparison. Updates and graphs are sent with a token, and each is validated.
Results are compared as multisets of solutions, or in order where the query orders; graphs up to the names of blank
nodes; numbers and booleans by value and datatype. SPARQL 1.0's tests are included for information.
"""


def main() -> None:
    """Run, write the page, and end with 1 if something fails that the table of exceptions does not explain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, default=SHARED / "w3c" / "rdf-tests-sparql.tar.xz")
    parser.add_argument("--shacl-archive", type=Path, default=SHARED / "w3c" / "shacl-tests.tar.xz")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "conformance.md")
    options = parser.parse_args()
    for archive, option in ((options.archive, "--archive"), (options.shacl_archive, "--shacl-archive")):
        if not archive.is_file():
            sys.exit(f"The W3C's tests are not at {archive}; name their archive with {option}.")
    exceptions, outcomes = Exceptions.load(), {}
    with tempfile.TemporaryDirectory(prefix="digitech-kg-w3c-") as directory:
        root = unpack(options.archive, Path(directory))
        tests = load_all(root)
        todo = [test for test in tests if not exceptions.why_excluded(test)]
        for start in (this_service, oxigraph_server):
            with start(Path(directory) / start.__name__) as target:
                outcomes[target.name] = run_each(target, root, todo, _say)
            print(file=sys.stderr)
        shacl = shapes.run_all(shapes.unpack(options.shacl_archive, Path(directory)))
    page = _page(tests, outcomes, exceptions) + shapes.page(shacl, exceptions.shacl)
    options.output.write_text(page, encoding="utf-8")
    unexplained = shapes.unexplained(shacl, exceptions.shacl) + [
        f"{name}: {outcome.test.iri}: {outcome.problem}"
        for name, results in outcomes.items()
        for outcome in results
        if outcome.problem and outcome.test.iri not in exceptions.why_failing(name)
    ]
    print("\n".join(unexplained) or f"Written to {options.output}", file=sys.stderr)
    sys.exit(bool(unexplained))


def _say(what: str) -> None:
    print(f"\r{what}", end="", file=sys.stderr, flush=True)


def _page(tests: list[Test], outcomes: dict[str, list[Outcome]], exceptions: Exceptions) -> str:
    head = _HEAD.format(
        archive="`rdf-tests`, commit ad541a5", date=datetime.now(UTC).date(), oxigraph=version("oxigraph")
    )
    parts = [head, *_scores(outcomes), "", "## Failing", "", *_failing(outcomes, exceptions), "", "## Not run", ""]
    return "\n".join([*parts, *_not_run(tests, exceptions)]) + "\n"


def _scores(outcomes: dict[str, list[Outcome]]) -> list[str]:
    names = list(outcomes)
    suites: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        for outcome in outcomes[name]:
            row = suites.setdefault(outcome.test.suite, [0] * (len(names) + 1))
            row[position] += outcome.problem is None
            row[-1] += position == 0
    lines = [f"| suite | tests | {' | '.join(names)} |", "|---|---|" + "---|" * len(names)]
    for edition in ("sparql11", "sparql10"):
        rows = {suite: row for suite, row in sorted(suites.items()) if suite.startswith(edition)}
        lines += [f"| {suite} | {row[-1]} | {' | '.join(map(str, row[:-1]))} |" for suite, row in rows.items()]
        total = [sum(column) for column in zip(*rows.values(), strict=True)]
        lines.append(f"| **{edition}** | **{total[-1]}** | {' | '.join(f'**{n}**' for n in total[:-1])} |")
    return lines


def _failing(outcomes: dict[str, list[Outcome]], exceptions: Exceptions) -> list[str]:
    """Give one line per test that fails anywhere, with where and why."""
    where: dict[str, list[str]] = {}
    for name, results in outcomes.items():
        for outcome in results:
            if outcome.problem:
                where.setdefault(outcome.test.iri, []).append(name)
    lines = []
    for iri, names in where.items():
        reason = exceptions.why_failing(names[0]).get(iri, "not explained")
        lines.append(f"- <{iri}> ({', '.join(names)}): {reason}")
    return sorted(lines)


def _not_run(tests: list[Test], exceptions: Exceptions) -> list[str]:
    counts: dict[str, int] = {}
    for test in tests:
        if exceptions.why_excluded(test):
            key = test.iri if test.iri in exceptions.excluded else test.suite
            counts[key] = counts.get(key, 0) + 1
    return [
        f"- {f'<{key}>' if '://' in key else f'`{key}` ({count} tests)'}: {exceptions.excluded[key]}"
        for key, count in counts.items()
    ]


if __name__ == "__main__":
    main()
