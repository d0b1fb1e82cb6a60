"""What a person reads on a page that a test asks for."""

import html
import re

from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


def main_of(client: FlaskClient, path: str) -> str:
    """Return what stands between head and foot of a page, which is there."""
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text[answer.text.index("<main") : answer.text.index("</main>")]


def words(markup: str) -> str:
    """Return what markup says, with signs where a reader sees them."""
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))
    return re.sub(r" ([,.;:)])|([(]) ", r"\1\2", text)
