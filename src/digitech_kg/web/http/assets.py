"""Static files under names with their hash: compressed once, and kept by browsers for good (RFC 8246)."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for

from digitech_kg.errors import NotFound
from digitech_kg.web.http.caching import coding_of_request, encode

_FOLDER = Path(__file__).parent.parent / "static"
#: How the bundler names its files, e.g. `editor-QFGGV3Y5.js`.
_HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+(\.map)?$")
_FOR_GOOD = "public, max-age=31536000, immutable"


def script_address(name: str) -> str | None:
    """Return the address of a bundled script, or None if the front end was not bundled."""
    try:
        entries = json.loads((_FOLDER / "dist" / "entries.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return url_for("static", filename=f"dist/{entries[name]}") if name in entries else None


class Assets:
    """The files of a folder, each by its own name and by a name with its hash."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        self._names = {file: _hashed_name(file, path) for file, path in files.items()}
        self._paths = files | {name: files[file] for file, name in self._names.items()}

    def name_of(self, filename: str) -> str:
        """Return the name with the hash; a file that isn't there keeps its own."""
        return self._names.get(filename, filename)

    def is_hashed(self, name: str) -> bool:
        """Whether a name changes with the content of its file."""
        return name in self._names.values()

    def find(self, name: str) -> Path:
        """Return the file of a name, with or without hash. Raises `NotFound`."""
        if name not in self._paths:
            hint = "Reload the page: its files may have new names."
            raise NotFound(f"there is no file '{name[:200]}'", hint=hint)
        return self._paths[name]


def register_assets(app: Flask) -> None:
    """Serve `/static/…` (the application must have no static folder of its own), and let templates name scripts."""
    assets = Assets()

    @app.url_defaults
    def name_by_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = assets.name_of(values["filename"])

    @app.get("/static/<path:filename>", endpoint="static")
    def static(filename: str) -> Response:
        path = assets.find(filename)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        coding = coding_of_request(media_type, path.stat().st_size)
        body = compressed(path, coding)
        response = Response(body, mimetype=media_type)
        if coding:
            response.content_encoding = coding
        response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = _FOR_GOOD if assets.is_hashed(filename) else "no-cache"
        response.set_etag(hashlib.sha256(body).hexdigest()[:20])
        response.make_conditional(request)
        return response

    app.jinja_env.globals["script_address"] = script_address


@lru_cache(maxsize=128)
def compressed(path: Path, coding: str) -> bytes:
    """Return the content of a file in a content coding; compressed well, once."""
    return encode(path.read_bytes(), coding, best=True)


def _hashed_name(file: str, path: Path) -> str:
    if _HASHED.search(file):
        return file
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    return f"{file.removesuffix(path.suffix)}.{digest}{path.suffix}"
