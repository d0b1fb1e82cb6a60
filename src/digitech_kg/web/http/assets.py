"""Serve the scripts and styles of the pages, and keep compiled templates.

Static files have names with their hash, so that browsers keep them for good (RFC 8246).
"""

import hashlib
import json
import mimetypes
import re
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from jinja2.bccache import Bucket, FileSystemBytecodeCache

from digitech_kg.errors import NotFound
from digitech_kg.web.http.caching import BEST_LEVELS, coding_of_request, encode

_FOLDER = Path(__file__).parent.parent / "static"


#: How the bundler names its files, e.g. `editor-QFGGV3Y5.js`.
_HASHED = re.compile(r"-[0-9A-Z]{8}\.\w+(\.map)?$")


_FOR_GOOD = "public, max-age=31536000, immutable"


class _CompiledTemplates(FileSystemBytecodeCache):
    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def keep_compiled_templates(app: Flask) -> None:
    """Have templates compiled once and not by each server, which takes a second; they are kept as modules are."""
    if not sys.dont_write_bytecode:
        folder = Path(app.root_path, str(app.template_folder), "__pycache__")
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
        app.jinja_env.bytecode_cache = _CompiledTemplates(str(folder))


def scripts_are_built() -> bool:
    """Whether the front end was bundled: a checkout has it once it is installed where npm can be reached."""
    return (_FOLDER / "dist/entries.json").is_file()


def register_assets(app: Flask) -> None:
    """Serve `/static/…` (the application must have no static folder of its own), and let templates name scripts.

    Each file has its own name and one with its hash. Scripts have no address if the front end was not bundled.
    """
    files = {path.relative_to(_FOLDER).as_posix(): path for path in _FOLDER.rglob("*") if path.is_file()}
    names = {file: hashed_name(file, path) for file, path in files.items()}
    hashed = {name: files[file] for file, name in names.items()}
    scripts = json.loads(files["dist/entries.json"].read_bytes() or "{}") if scripts_are_built() else {}

    @app.url_defaults
    def name_by_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = names.get(values["filename"], values["filename"])

    @app.get("/static/<path:filename>", endpoint="static")
    def static(filename: str) -> Response:
        path = hashed.get(filename) or files.get(filename)
        if path is None:
            hint = "Reload the page: its files may have new names."
            raise NotFound(f"there is no file '{filename[:200]}'", hint=hint)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        coding = coding_of_request(media_type, path.stat().st_size)
        body = compressed(path, coding)
        response = Response(body, mimetype=media_type)
        if coding:
            response.content_encoding = coding
        response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = _FOR_GOOD if filename in hashed else "no-cache"
        response.set_etag(hashlib.sha256(body).hexdigest()[:20])
        response.make_conditional(request)
        return response

    @app.template_global()
    @app.template_filter()
    def script_address(name: str) -> str | None:
        return url_for("static", filename=f"dist/{scripts[name]}") if name in scripts else None


@lru_cache(maxsize=128)
def compressed(path: Path, coding: str) -> bytes:
    """Return the content of a file in a content coding; compressed well, once."""
    return encode(path.read_bytes(), coding, BEST_LEVELS)


def hashed_name(file: str, path: Path) -> str:
    """Return the name of a file with its hash, unless the bundler gave it one."""
    if _HASHED.search(file):
        return file
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    return f"{file.removesuffix(path.suffix)}.{digest}{path.suffix}"
