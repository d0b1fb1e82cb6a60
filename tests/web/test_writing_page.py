"""What docs/writing.md shows works as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, start_server, stop_server


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is absent")
def test_each_command_of_the_page_is_accepted(data_dir: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/writing.md").read_text(), re.DOTALL)
    copy = tmp_path / "kg"
    shutil.copytree(data_dir, copy)
    server = start_server(copy, "--workers", "2")
    script = "set -eu\n" + "\n".join(blocks).replace("http://127.0.0.1:8000", server.url)
    script = script.replace(
        "digitech-kg token create", f"'{sys.executable}' -m digitech_kg token create --data-dir '{copy}'"
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
