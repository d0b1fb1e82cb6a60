"""HermiT, an OWL 2 DL reasoner, through the command line that owlready2 extends and ships.

owlready2's own reading of the output is not used: it drops values of super-properties, which HermiT lists only at the
most specific property, and all values of datatype properties.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyoxigraph import NamedNode, Triple

from digitech_kg.namespaces import OWL
from digitech_kg.reasoning.completion import Findings, Role
from digitech_kg.reasoning.java import failure, run_hermit

_MAIN = "org.semanticweb.HermiT.cli.CommandLine"
#: Classes, object and datatype properties, individuals, property values. Dates and the like, which are outside OWL 2's
#: datatypes, are compared as they are written.
_ARGUMENTS = ("-c", "-O", "-D", "-I", "-Y", "--ignoreUnsupportedDatatypes", "{iri}")
_AXIOM = re.compile(r"^(\w+)\( (.*) \)$")
_ROLE = re.compile(r"ObjectInverseOf\( <([^>]+)> \)|<([^>]+)>")
_VALUES = re.compile(r"^<([^>]+)> \(known instances: (.*) \| possible instances: ")
_PAIR = re.compile(r"\(<([^>]+)>, <([^>]+)>\)")


def reason(premises: Sequence[Triple]) -> Findings:
    """Return HermiT's findings. Raises `ReasonerFailure` if it cannot be run."""
    status, output, errors = run_hermit(_MAIN, _ARGUMENTS, premises)
    if status == 1 and "InconsistentOntologyException" in errors:
        return Findings(consistent=False)
    if status != 0:
        raise failure(errors)
    return parse(output)


def parse(output: str) -> Findings:
    """Read what HermiT printed."""
    findings = Findings()
    for line in output.splitlines():
        if match := _AXIOM.match(line):
            _read_axiom(findings, match[1], match[2])
        elif match := _VALUES.match(line):
            predicate = NamedNode(match[1])
            findings.values.update(Triple(NamedNode(a), predicate, NamedNode(b)) for a, b in _PAIR.findall(match[2]))
    return findings


def _read_axiom(findings: Findings, kind: str, text: str) -> None:
    roles = [Role(inverse or plain, bool(inverse)) for inverse, plain in _ROLE.findall(text)]
    names = [role.iri for role in roles]
    if kind == "Type" and not names[0].startswith("_:"):
        findings.types.add((NamedNode(names[0]), names[1]))
    elif kind == "SubClassOf":
        findings.subclasses.add((names[0], names[1]))
    elif kind == "EquivalentClasses":
        findings.add_equivalent_classes(names, OWL.Nothing.value)
    elif kind in ("SubObjectPropertyOf", "SubDataPropertyOf"):
        findings.subroles.add((roles[0], roles[1]))
    elif kind in ("EquivalentObjectProperties", "EquivalentDataProperties"):
        findings.subroles.update((a, b) for a in roles for b in roles if a != b)
