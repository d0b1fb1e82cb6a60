"""The history for programs, as JSON and as patches."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from flask import url_for

from digitech_kg.commit.changes.patches import MEDIA_TYPE as PATCH_TYPE
from digitech_kg.formats import Format, Kind
from digitech_kg.snapshot import Manifest, SnapshotRepository, topics_document, version_document
from digitech_kg.web.history.reader import Difference


def list_json(repository: SnapshotRepository, manifests: Sequence[Manifest], part: int, parts: int) -> str:
    """Return one part of the versions, newest first, with the address of the next part."""
    following = {"next": url_for("history.versions", part=part + 1, format="json")} if part < parts else {}
    rows = [{**version_document(repository, m), "href": _address(m)} for m in manifests]
    retention = str(repository.retention)
    return _json({"versions": rows, "part": part, "parts": parts, "retention": retention, **following})


def version_json(repository: SnapshotRepository, manifest: Manifest, difference: Difference, part: int) -> str:
    """Return a version and one part of what it changed by thing and claim."""
    parts = len(difference.parts)
    following = {"next": _address(manifest, part=part + 1, format="json")} if part < parts else {}
    topics = topics_document(difference.parts[part - 1]) if parts else None
    links = {"patch": _address(manifest, format="patch"), **following}
    document = version_document(repository, manifest)
    return _json({**document, "derived": difference.derived, "topics": topics, "part": part, "parts": parts, **links})


def _address(manifest: Manifest, **values: Any) -> str:
    return url_for("history.version", name=manifest.version, lang=None, **values)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)


#: A change as RDF Patch.
PATCH: Final = Format("patch", PATCH_TYPE, "patch", Kind.DOCUMENT, None)
