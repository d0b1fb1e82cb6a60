"""What docs/writing.md shows works as it stands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, Workshop, start_server, stop_server
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only
from small import claim_text, insert

BLOCKS = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/writing.md").read_text(encoding="utf-8"), re.DOTALL)
CLAIM = "research-indicates-digi-tech-capacity"


def test_what_the_page_corrects_stands_in_the_bundled_graph(snapshot: Snapshot) -> None:
    update = BLOCKS[0].partition("<<'UPDATE'\n")[2]
    prefixes, deleted = re.findall(r"^PREFIX .*$", update, re.MULTILINE), re.findall(r"DELETE DATA (.*) ;", update)
    assert f"claim:{CLAIM}" in deleted[0]
    assert bool(open_read_only(snapshot.store).query("\n".join([*prefixes, "ASK", deleted[0]])))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is absent")
def test_each_command_of_the_page_is_accepted(workshop: Workshop, tmp_path: Path) -> None:
    """A document of one sentence stands for that of the page: each write looks at all of a document."""
    said = claim_text(CLAIM, rest='; dk:certainty dk:probable ; dk:cue "generally"')
    Committer(workshop.repository).commit(insert(said), Commit())
    server = start_server(workshop.data_dir, "--project", str(workshop.root), "--workers", "2")
    script = "set -eu\n" + "\n".join(BLOCKS).replace("http://127.0.0.1:8000", server.url)
    script = script.replace("nupi-digi-tech", "note").replace(
        "digitech-kg token create", f"'{sys.executable}' -m digitech_kg token create --data-dir '{workshop.data_dir}'"
    )
    try:
        result = subprocess.run(
            [str(shutil.which("bash")), "-c", script],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
            env=dict(os.environ),
        )
    finally:
        stop_server(server)
    assert result.returncode == 0, result.stdout + result.stderr
    published = re.findall(r'"published": (\w+)', result.stdout)
    assert published == ["true", "false", "true", "true"]
