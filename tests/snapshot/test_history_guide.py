"""The guide to versions: each of its commands does what it says, in the order in which they stand there."""

import shlex
import subprocess
from collections.abc import Callable

from conftest import ROOT, Workshop

Run = Callable[..., "subprocess.CompletedProcess[str]"]
GUIDE = (ROOT / "docs" / "history.md").read_text(encoding="utf-8")
NOTES = """@prefix dk: <https://w3id.org/digitech-kg/ontology#> .
@prefix id: <https://w3id.org/digitech-kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
id:dye a dk:Field ; rdfs:label "dye"@en, "farge"@nb, "染料"@zh-hans ; skos:definition "Colours for cloth."@en ;
  dk:describedIn <https://w3id.org/digitech-kg/passage/note/s01> .
"""


def test_commands_of_the_guide_run_in_order(run: Run, workshop: Workshop) -> None:
    directory = workshop.root.parent
    (directory / "notes.ttl").write_text(NOTES, encoding="utf-8")
    commands = [line.strip() for line in GUIDE.splitlines() if line.startswith("    digitech-kg ")]
    assert len(commands) > 8
    for command in commands:
        arguments = shlex.split(command)[1:]
        result = run(*arguments, *workshop.options, cwd=directory)
        assert result.returncode == 0, f"{command}\n{result.stderr}"
    history = [manifest.action for manifest in workshop.repository.history()]
    assert history == ["build", "import", "revert", "revert", "build"]
    assert workshop.current().manifest.edits == 0
    assert "id:dye" in (workshop.note.parent / "added.ttl").read_text(encoding="utf-8")
