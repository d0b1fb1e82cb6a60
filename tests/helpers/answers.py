"""Take the answers that tests expect anew from the bundled graph, all in one process: `make answers`."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from test_questions import EXPECTED, comparable

import analyst
from conftest import ROOT
from digitech_kg.api import Graph
from digitech_kg.commit.building import build
from digitech_kg.settings import Settings
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.sources.project import find_project


def main() -> None:
    project = find_project()
    with TemporaryDirectory() as folder:
        build(project, repository := SnapshotRepository(Path(folder)))
        snapshot = repository.current()
        assert snapshot is not None
        with Graph(project, snapshot, Settings(query_timeout=60)) as graph:
            for path in sorted((ROOT / "data/queries").glob("*.rq")):
                write_answer(graph, path)
        store = analyst.in_memory(snapshot.store)
        questions = analyst.read_questions()
        analyst.write_questions(replace(one, expected=analyst.answer(store, one.query)) for one in questions)


def write_answer(graph: Graph, path: Path) -> None:
    """Write the answer of a saved question, unless only its order or its blank nodes differ from the one kept."""
    body, _ = graph.run(path.read_text(encoding="utf-8"), None)
    kept = EXPECTED / f"{path.stem}.tsv"
    if not kept.is_file() or comparable(kept.read_bytes()) != comparable(body):
        kept.write_bytes(body)


if __name__ == "__main__":
    main()
