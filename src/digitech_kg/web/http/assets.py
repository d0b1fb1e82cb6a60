"""Static files under names with their hash: compressed once, and kept by browsers for good (RFC 8246)."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for

from digitech_kg.errors import NotFound
from digitech_kg.web.http.caching import coding_of_request, encode

_DIST = Path(__file__).parent.parent / "static" / "dist"


def script_address(name: str) -> str | None:
    """Return the address of a bundled script, or None if the front end was not bundled."""
    try:
        entries = json.loads((_DIST / "entries.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return url_for("static", filename=f"dist/{entries[name]}") if name in entries else None


_FOLDER = Path(__file__).parent.parent / "static"
#: How the bundler names its files, e.g. `editor-QFGGV3Y5.js`.
_HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+(\.map)?$")
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file, the name under which it is served, and its media type."""

    path: Path
    name: str
    media_type: str


class Assets:
    """The files of a folder by their own name and by the name with their hash."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self._by_file = {path.relative_to(folder).as_posix(): _describe(path, folder) for path in files}
        self._by_name = {asset.name: asset for asset in self._by_file.values()}

    def name_of(self, filename: str) -> str:
        """Return the name with the hash; a file that is not there keeps its own."""
        return self._by_file[filename].name if filename in self._by_file else filename

    def find(self, name: str) -> Asset:
        """Return the file of a name, with or without hash. Raises `NotFound`."""
        asset = self._by_name.get(name) or self._by_file.get(name)
        if asset is None:
            raise NotFound(
                f"there is no file '{name[:200]}'",
                hint="Reload the page: its files may have new names.",
            )
        return asset


def register_assets(app: Flask) -> None:
    """Serve `/static/…` (the application must have no static folder of its own), and let templates name scripts."""
    assets = Assets()

    @app.url_defaults
    def name_by_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = assets.name_of(values["filename"])

    @app.get("/static/<path:filename>", endpoint="static")
    def static(filename: str) -> Response:
        asset = assets.find(filename)
        coding = coding_of_request(asset.media_type, asset.path.stat().st_size)
        body = compressed(asset.path, coding)
        response = Response(body, mimetype=asset.media_type)
        if coding:
            response.content_encoding = coding
        response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = _FOR_GOOD if filename == asset.name else "no-cache"
        response.set_etag(hashlib.sha256(body).hexdigest()[:20])
        response.make_conditional(request)
        return response

    app.jinja_env.globals["script_address"] = script_address


@lru_cache(maxsize=128)
def compressed(path: Path, coding: str) -> bytes:
    """Return the content of a file in a content coding; compressed well, once."""
    return encode(path.read_bytes(), coding, best=True)


def _describe(path: Path, folder: Path) -> Asset:
    name = path.relative_to(folder).as_posix()
    if not _HASHED.search(name):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        name = f"{name.removesuffix(path.suffix)}.{digest}{path.suffix}"
    return Asset(path, name, mimetypes.guess_type(path.name)[0] or "application/octet-stream")
