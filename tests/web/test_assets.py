"""Static files: named by their content, packed, and kept by browsers for good."""

import gzip
import re
import shutil
import sys
from pathlib import Path

import pytest
import requests
import zstandard
from flask import Flask

import digitech_kg.web
from conftest import Server
from digitech_kg.web.http.assets import hashed_name, keep_compiled_templates

STATIC = Path(digitech_kg.web.__file__).parent / "static"


@pytest.fixture(scope="module")
def style() -> str:
    """The address of the style sheet."""
    return f"/static/{hashed_name('style.css', STATIC / 'style.css')}"


def test_name_holds_the_hash_and_the_file_is_kept_for_good(server: Server, style: str) -> None:
    assert re.fullmatch(r"/static/style\.[0-9a-f]{10}\.css", style)
    answer = server.get(style)
    assert answer.content == (STATIC / "style.css").read_bytes()
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_other_content_gets_another_name(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("p {}")
    before = hashed_name(file.name, file)
    file.write_text("p { color: red }")
    assert hashed_name(file.name, file) != before


def test_a_name_without_hash_is_asked_for_again_each_time(server: Server) -> None:
    assert server.get("/static/style.css").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("accept", "coding"), [("gzip", "gzip"), ("gzip, deflate, br, zstd", "zstd"), ("", None)])
def test_files_come_packed_as_the_client_takes_them(server: Server, style: str, accept: str, coding: str) -> None:
    with requests.get(server.url + style, headers={"Accept-Encoding": accept}, stream=True, timeout=60) as answer:
        body = answer.raw.read(decode_content=False)
    assert answer.headers.get("Content-Encoding") == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    unpack = {"gzip": gzip.decompress, "zstd": zstandard.ZstdDecompressor().decompress, None: bytes}[coding]
    assert unpack(body) == (STATIC / "style.css").read_bytes()


def test_unchanged_file_is_304_in_each_coding(server: Server, style: str) -> None:
    tags = set()
    for accept in ("gzip", "zstd"):
        tag = server.get(style, headers={"Accept-Encoding": accept}).headers["ETag"]
        tags.add(tag)
        again = server.get(style, headers={"Accept-Encoding": accept, "If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert len(tags) == 2


@pytest.mark.parametrize("path", ["/static/style.0000000000.css", "/static/../app.py", "/static/%2e%2e/app.py"])
def test_what_is_no_static_file_is_404(server: Server, path: str) -> None:
    assert server.get(path).status_code == 404


def test_templates_are_compiled_once_and_rendered_without_room_to_keep_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "page.html").write_text("{{ 1 + 1 }}")
    for compiled in (0, 1):
        app = Flask("pages", template_folder=str(tmp_path))
        keep_compiled_templates(app)
        assert len(list(tmp_path.glob("__pycache__/*"))) == compiled
        assert app.jinja_env.get_template("page.html").render() == "2"
    shutil.rmtree(tmp_path / "__pycache__")
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    assert app.jinja_env.get_template("page.html").render() == "2"
