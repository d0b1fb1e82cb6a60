"""Bodies that keep a parser busy for long, and an update that grows: each gets a clear answer and frees memory."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import requests
from target import Target

from digitech_kg.access import TokenStore

_TRIPLE = "<x:a> <x:b> "
_MANY = 100_000
_XML = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
_TEXT = "x" * 30_000_000
#: Name, media type and body of each, and the answer that it should get.
BODIES = {
    "lists in lists": ("text/turtle", _TRIPLE + "(" * _MANY + ")" * _MANY + " .", 400),
    "blank nodes in blank nodes": ("text/turtle", _TRIPLE + "[ <x:b> " * _MANY, 400),
    "triple terms": ("application/n-triples", _TRIPLE + "<<( <x:a> <x:b> " * _MANY, 400),
    "JSON in JSON": ("application/ld+json", '{"http://e.org/b": ' * _MANY, 400),
    "elements in elements": ("application/rdf+xml", _XML + "<r:Bag><r:value>" * _MANY, 400),
    "a literal of 30 MB": ("text/turtle", f'{_TRIPLE}"{_TEXT}" .', 413),
    "a literal of 30 MB in XML": (
        "application/rdf+xml",
        f"{_XML}<r:Bag><r:value>{_TEXT}</r:value></r:Bag></r:RDF>",
        413,
    ),
}
_GROWING = "INSERT { ?a <x:q> ?y } WHERE { ?a <x:p> ?x . ?b <x:p> ?y . ?c <x:p> ?z }"
_WRITE_S, _PATIENCE_S = 20, 60
#: What may stay in memory: what a process holds after its first work, and none of the refused data.
_MOST_LEFT_MIB = 100


@dataclass
class Outcome:
    """What came back, and the memory of all processes before and after in MiB."""

    answers: dict[str, tuple[int, float, int]] = field(default_factory=dict)
    resident_mib: tuple[float, float, float] = (0, 0, 0)

    @property
    def met(self) -> bool:
        """Whether the aims are met."""
        before, _, after = self.resident_mib
        return after - before <= _MOST_LEFT_MIB and all(found == wanted for found, _, wanted in self.answers.values())


def send_bodies() -> Outcome:
    """Send each body, and an update whose solutions grow, to a server that takes writes."""
    target, outcome = Target("--empty", "--write-timeout", str(_WRITE_S)), Outcome()
    token, _ = TokenStore(Path(target.directory.name)).create("attack", scopes=["write"])
    small = " ".join(f"<x:{number}> <x:p> {number} ." for number in range(2000))
    for warm in range(3):
        _send(target, token, "PUT", "text/turtle", f"{small} <x:w> <x:p> {warm} .")
    before = most = target.resident_mib()
    for name, (kind, body, wanted) in BODIES.items():
        outcome.answers[name] = (*_send(target, token, "PUT", kind, body), wanted)
        most = max(most, target.resident_mib())
    status, seconds = _send(target, token, "POST", "application/sparql-update", _GROWING)
    # Whether its time or its memory is used up first depends on the machine.
    outcome.answers["an update that grows"] = (status, seconds, 507 if status == 507 else 504)
    most = max(most, target.resident_mib())
    for _ in range(3):
        _send(target, token, "PUT", "text/turtle", small)
    outcome.resident_mib = before, most, target.resident_mib()
    target.stop()
    return outcome


def _send(target: Target, token: str, method: str, kind: str, body: str) -> tuple[int, float]:
    """Return the status of the answer and the seconds that it took."""
    path = "/sparql" if method == "POST" else "/graph-store?graph=http://example.org/attacked"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    started = time.monotonic()
    url = f"http://{target.host}:{target.port}{path}"
    response = requests.request(method, url, data=body.encode(), headers=headers, timeout=_PATIENCE_S)
    return response.status_code, time.monotonic() - started


def to_text(outcome: Outcome) -> str:
    """Return the outcome as Markdown."""
    before, most, after = outcome.resident_mib
    rows = [
        f"| {name} | {status}{'' if status == wanted else f', not {wanted}'} | {seconds:.1f} |"
        for name, (status, seconds, wanted) in outcome.answers.items()
    ]
    return "\n".join([
        f"Writes that nest without end, have huge literals or grow ({_WRITE_S} s allowed):",
        "",
        "| body | answer | s |",
        "|---|---|---|",
        *rows,
        "",
        f"Memory of all processes: {before:,.0f} MiB before, {most:,.0f} MiB at most, {after:,.0f} MiB after",
        f"(aim: at most {_MOST_LEFT_MIB} more than before).",
    ])  # fmt: skip
