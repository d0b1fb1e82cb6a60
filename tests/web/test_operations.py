"""The files in docs/operations.md work as they stand: behind nginx under a path prefix, and as a systemd unit."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from conftest import ON_DISK, ROOT, Server, start_server, stop_server
from stores import free_port

QUERY = "ASK { <https://w3id.org/digitech-kg/id/huawei> ?p ?o }"
OUTER = """\
{user}
daemon off;
pid {directory}/nginx.pid;
error_log stderr notice;
events {{}}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
{block}
}}
"""


def documented(language: str) -> str:
    """Give the one code block of a language in the page."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL)
    return str(block)


@pytest.fixture(scope="module")
def behind(data_dir: Path) -> Iterator[Server]:
    """The service as it runs behind one proxy."""
    server = start_server(data_dir, *ON_DISK, "--trusted-proxies", "1", "--body-size", "1")
    yield server
    stop_server(server)


@pytest.fixture(scope="module")
def public(behind: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that visitors of the proxy use, with a slash at the end."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if nginx is None:
        pytest.skip("nginx is absent; on Debian: apt-get install nginx-light")
    directory, port = tmp_path_factory.mktemp("nginx"), free_port()
    block = documented("nginx").replace("listen 80;", f"listen 127.0.0.1:{port};")
    block = block.replace("http://127.0.0.1:8000/", f"{behind.url}/")
    # Workers of a root's nginx would be another user, who cannot write where the test keeps its files.
    user = "user root;" if os.geteuid() == 0 else ""
    (directory / "nginx.conf").write_text(OUTER.format(user=user, directory=directory, block=block))
    command = [nginx, "-p", str(directory), "-c", str(directory / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    said = []
    for line in process.stderr or ():
        said.append(line)
        if "start worker process " in line:
            break
    assert process.poll() is None, "".join(said)
    yield f"http://127.0.0.1:{port}/kg/"
    process.terminate()
    process.wait(timeout=60)
    if process.stderr:
        process.stderr.close()


def get(url: str, **options: object) -> requests.Response:
    return requests.get(url, timeout=60, allow_redirects=False, **options)  # type: ignore[arg-type]


def links(page: requests.Response) -> list[str]:
    """The addresses on a page that lead to this host."""
    found = [urljoin(page.url, path) for path in re.findall(r'(?:href|src|action)="([^"]+)"', page.text)]
    return [url.partition("#")[0] for url in found if url.startswith(urljoin(page.url, "/"))]


def test_visitor_walks_from_the_start_page_to_an_answer(public: str) -> None:
    start = get(public)
    assert start.status_code == 200
    issue = get(next(url for url in links(start) if url.endswith("/issue/huawei-state")))
    assert "Is Huawei owned by the Chinese state?" in issue.text
    assert f"{public}document/nupi-digi-tech" in links(issue)
    data = get(next(url for url in links(issue) if url.endswith("/data")))
    answer = get(next(url for url in links(data) if url.endswith("/query/is_state_ownership_denied")))
    assert "Huawei is not owned by the state" in answer.text
    download = next(url for url in links(answer) if "/sparql?" in url and "format=json" in url.replace("&amp;", "&"))
    assert "boolean" in get(download.replace("&amp;", "&")).json()


def test_every_link_has_the_prefix_and_leads_somewhere(public: str) -> None:
    found = links(get(public))
    assert len(found) > 10
    assert [url for url in found if not url.startswith(public)] == []
    styles = next(url for url in found if url.endswith(".css"))
    assert get(styles).status_code == 200
    assert f"{public}sparql" in get(public + "about").text


def test_redirect_to_a_page_keeps_the_prefix(public: str) -> None:
    response = get(public + "sparql", params={"query": QUERY}, headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert urljoin(response.url, response.headers["Location"]).startswith(public + "results?")
    older = get(public + "ontology/2.0.0/policy")
    assert urljoin(older.url, older.headers["Location"]) == public + "ontology/policy"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "QUERY"])
def test_endpoint_answers_through_the_proxy(public: str, method: str) -> None:
    sent = {"params": {"query": QUERY}} if method in ("GET", "HEAD") else {"data": QUERY}
    headers = {"Content-Type": "application/sparql-query"}
    response = requests.request(method, public + "sparql", headers=headers, timeout=60, **sent)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert method == "HEAD" or response.json()["boolean"] is True
    again = get(public + "sparql", params={"query": QUERY}, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_machine_readable_addresses_are_the_public_ones(public: str) -> None:
    description = get(public + "sparql", headers={"Accept": "application/n-triples"}).text
    assert f"endpoint> <{public}sparql>" in description


def test_problem_pages_and_documents_come_through(public: str) -> None:
    page = get(public + "page/query/no_such_question", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert public in links(page)
    large = requests.post(
        public + "sparql", data=b" " * 2_000_000, headers={"Content-Type": "application/sparql-query"}, timeout=60
    )
    assert (large.status_code, large.headers["Content-Type"]) == (413, "application/problem+json")


def test_metrics_stay_inside(public: str, behind: Server) -> None:
    assert get(public + "metrics").status_code == 403
    assert behind.get("/metrics").status_code == 200


def test_prefix_without_its_slash_leads_to_the_start_page(public: str) -> None:
    response = get(public.rstrip("/"))
    assert (response.status_code, urljoin(response.url, response.headers["Location"])) == (301, public)


def test_forwarded_headers_mean_nothing_unless_proxies_are_trusted(server: Server) -> None:
    headers = {"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    page = server.get("/", headers=headers)
    assert page.status_code == 200
    assert "evil" not in page.text


def test_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is absent; on Debian: apt-get install systemd")
    unit = tmp_path / "digitech-kg.service"
    command = str(Path(sys.executable).parent / "digitech-kg")
    unit.write_text(documented("ini").replace("/opt/digitech-kg/bin/digitech-kg", command))
    result = subprocess.run(
        [str(shutil.which("systemd-analyze")), "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    ours = [line for line in result.stderr.splitlines() if "digitech-kg" in line]
    assert (result.returncode, ours) == (0, []), result.stderr


def test_options_in_the_unit_are_ones_that_serve_has() -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "digitech_kg", "serve", "--help"], capture_output=True, text=True, timeout=60
    ).stdout
    used = re.findall(r"--[a-z-]+", re.search(r"^ExecStart=.*$", documented("ini"), re.MULTILINE)[0])  # type: ignore[index]
    assert used
    assert [option for option in used if option not in helped] == []
