"""The history for programs: JSON, Atom, a time map of Memento (RFC 7089), and patches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from flask import render_template, url_for

from digitech_kg.description.versions import version_iri
from digitech_kg.errors import CallError, NotAcceptable
from digitech_kg.snapshot import Manifest, SnapshotRepository, topics_document, version_document
from digitech_kg.update.patches import MEDIA_TYPE as PATCH
from digitech_kg.web.history.reader import Difference
from digitech_kg.web.http.negotiation import HTML

JSON: Final = "application/json"
ATOM: Final = "application/atom+xml"
LINK: Final = "application/link-format"
#: What XML 1.0 has no way to write.
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A path of this server with its query, as it stands in an address.
_LOCAL: Final = re.compile(r"/(?![/\\])[!#-;=?-\[\]_a-z~%]*", re.ASCII)


def choose_type(accept: Any, wanted: str | None, offered: dict[str, str]) -> str:
    """Give the media type for a request; `offered` maps names for `?format=` to types, the first is the default.

    Raises `CallError` for an unknown name, `NotAcceptable` if the client takes none of the types.
    """
    if wanted:
        if wanted not in offered:
            raise CallError(f"unknown format '{wanted[:40]}'", hint=f"Choose one of: {', '.join(offered)}.")
        return offered[wanted]
    types = list(offered.values())
    if not accept:
        return types[0]
    best = max(types, key=lambda kind: (accept.quality(kind), -types.index(kind)))
    if accept.quality(best) <= 0:
        header = accept.to_header()
        raise NotAcceptable(f"the history cannot be given as '{header}'", available=types)
    return best


def list_json(repository: SnapshotRepository, manifests: Sequence[Manifest], part: int, parts: int) -> str:
    """Give one part of the versions, newest first, with the address of the next part."""
    following = {"next": url_for("history.versions", part=part + 1, format="json")} if part < parts else {}
    rows = [{**version_document(repository, m), "href": _address(m)} for m in manifests]
    retention = str(repository.retention)
    return _json({"versions": rows, "part": part, "parts": parts, "retention": retention, **following})


def version_json(repository: SnapshotRepository, manifest: Manifest, difference: Difference, part: int) -> str:
    """Give a version and one part of what it changed by thing and claim."""
    parts = len(difference.parts)
    following = {"next": _address(manifest, part=part + 1, format="json")} if part < parts else {}
    topics = topics_document(difference.parts[part - 1]) if parts else None
    links = {"patch": _address(manifest, format="patch"), **following}
    document = version_document(repository, manifest)
    return _json({**document, "derived": difference.derived, "topics": topics, "part": part, "parts": parts, **links})


def feed(manifests: Iterable[Manifest]) -> str:
    """Give versions, newest first, as an Atom feed (RFC 4287)."""
    entries = [(version_iri(m.version).value, m, _printable(m.message)) for m in manifests]
    return render_template("feed.xml", entries=entries)


def time_map(manifests: Sequence[Manifest], root: str, path: str) -> str:
    """Give the moments of which an address of this server is kept (RFC 7089, section 5), oldest first.

    Raises `CallError` for a path that is none of this server.
    """
    if not _LOCAL.fullmatch(path):
        raise CallError("'of' is no address of this server", hint="Give path and query, such as /page/id/huawei.")
    original, mark = root + path, "&" if "?" in path else "?"
    times = [format_datetime(datetime.fromisoformat(m.created), usegmt=True) for m in manifests]
    me = url_for("history.versions", format="link", of=path, lang=None, _external=True)
    links = [f'<{original}>; rel="original timegate"', f'<{me}>; rel="self"; type="{LINK}"']
    if times:
        links[1] += f'; from="{times[0]}"; until="{times[-1]}"'
    for index, (manifest, time) in enumerate(zip(manifests, times, strict=True)):
        places = [*(["first"] if index == 0 else []), *(["last"] if index == len(times) - 1 else []), "memento"]
        links.append(f'<{original}{mark}asOf={manifest.version}>; rel="{" ".join(places)}"; datetime="{time}"')
    return ",\n".join(links) + "\n"


def _address(manifest: Manifest, **values: Any) -> str:
    return url_for("history.version", name=manifest.version, lang=None, **values)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)


def _printable(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


LIST_TYPES: Final = {"html": HTML, "json": JSON, "atom": ATOM, "link": LINK}
VERSION_TYPES: Final = {"html": HTML, "json": JSON, "patch": PATCH}
