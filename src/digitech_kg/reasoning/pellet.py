"""Pellet, an OWL 2 DL reasoner, through the command line that owlready2 ships. It needs Java 25."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode, Triple

from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.findings import Findings
from digitech_kg.reasoning.java import failure, owlready_version, run_jar

_MAIN = "pellet.Pellet"
_ARGUMENTS = (
    "realize",
    "--loader",
    "Jena",
    "--input-format",
    "N-Triples",
    "--ignore-imports",
    "--infer-prop-values",
    "{file}",
)
_VALUE = re.compile(r"^PROPINST: (\S+) (\S+) (\S+)$")


def version() -> str:
    """Give what the results depend on."""
    return f"Pellet of owlready2 {owlready_version()}"


def reason(premises: Sequence[Triple]) -> Findings:
    """Give Pellet's findings. It does not classify properties: their hierarchy is what the premises state.

    Raises `ReasonerFailure` if it cannot be run.
    """
    status, output, errors = run_jar("pellet", _MAIN, _ARGUMENTS, premises)
    if status == 1 and "inconsistent" in errors:
        return Findings(consistent=False)
    if status != 0:
        raise failure("Pellet", errors)
    return parse(output)


def parse(output: str) -> Findings:
    """Read what Pellet printed: an indented tree of classes with their direct members, and property values."""
    findings = Findings()
    above: list[tuple[int, list[str]]] = []
    for line in output.splitlines():
        if match := _VALUE.match(line):
            findings.values.add(Triple(NamedNode(match[1]), NamedNode(match[2]), NamedNode(match[3])))
        elif line.strip() and not line.startswith("DATAPROPVAL"):
            _read_node(findings, line, above)
    return findings


def _read_node(findings: Findings, line: str, above: list[tuple[int, list[str]]]) -> None:
    text = line.lstrip()
    depth = len(line) - len(text)
    head, _, members = text.partition(" - ")
    classes = head.split(" = ")
    while above and above[-1][0] >= depth:
        above.pop()
    findings.add_equivalent_classes(classes, OWL.Nothing.value)
    if OWL.Nothing.value in classes:
        return
    if above:
        findings.subclasses.update((cls, upper) for cls in classes for upper in above[-1][1])
    above.append((depth, classes))
    for member in members.strip("()").split(", ") if members else ():
        if "://" in member or member.startswith("urn:"):
            findings.types.update((NamedNode(member), cls) for cls in classes)
