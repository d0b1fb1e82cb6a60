"""`/about`: who made the dataset, how, its licence and version, and how to cite it; `/download/`: its files."""

import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from digitech_kg.errors import NotFound, NotReady
from digitech_kg.exports.writing import keep_by_process, kept_path
from digitech_kg.formats import Download
from digitech_kg.hooks import downloads_of, find_file
from digitech_kg.namespaces import DCTERMS, Namespaces
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.web.http.limits import OF_PAGES, check_names
from digitech_kg.web.pages.citing import Author, Reference, to_bibtex
from digitech_kg.web.reading.dataset import Metadata, read_metadata
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, once_per_version
from digitech_kg.web.site import Site


def reference_to(dataset: Metadata, address: str) -> Reference:
    words = re.findall(r"[a-z0-9]+", dataset.title.lower())
    return Reference(
        f"{'-'.join(words[:3]) or 'dataset'}-{dataset.version or dataset.snapshot}",
        dataset.title,
        (Author(dataset.creator, dataset.creator),) if dataset.creator else (),
        year=dataset.issued[:4],
        address=address,
        version=dataset.version,
        place=f"Data set, snapshot {dataset.snapshot}",
        is_document=False,
    )


def cite(dataset: Metadata, address: str) -> str:
    """Return how to cite the dataset in a sentence."""
    if dataset.citation:
        return f"{dataset.citation.rstrip('.')} (snapshot {dataset.snapshot})"
    who = dataset.creator + (f" ({dataset.issued[:4]})" if dataset.issued else "")
    what = dataset.title + (f", version {dataset.version}" if dataset.version else "")
    return ". ".join(part for part in (who, f"{what} (snapshot {dataset.snapshot})", address) if part)


def markup(dataset: Metadata, root: str, iri: str, files: Iterable[Download], names: Namespaces) -> dict[str, Any]:
    """Return the dataset in the words by which search engines for data find it (schema.org/Dataset), as JSON-LD."""
    told = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": iri,
        "name": dataset.title,
        "description": dataset.descriptions.get("en") or next(iter(dataset.descriptions.values()), dataset.title),
        "url": f"{root}/",
        "version": dataset.version or dataset.snapshot,
        "license": dataset.license,
        "datePublished": dataset.issued,
        "isAccessibleForFree": True,
        "creator": dataset.creator and {"@type": "Organization", "name": dataset.creator},
        "publisher": dataset.publisher and {"@type": "Organization", "name": dataset.publisher},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": each.title,
                "contentUrl": f"{root}/download/{each.file_name(names)}",
                "encodingFormat": each.content_type.partition(";")[0],
            }
            for each in files
        ],
    }
    return {key: value for key, value in told.items() if value}


@once_per_version
def _sources(reader: GraphReader) -> list[tuple[Name, list[Name]]]:
    """Return the sources of facts from outside, by name, each with its licence or what is said of rights instead."""
    book, dataset = reader.book, reader.names.dataset.value
    own = book.values([dataset], DCTERMS.source).get(dataset, {})
    told = book.values([term.value for term in own.get(DCTERMS.source, ())], DCTERMS.license, DCTERMS.rights)
    labels = Labels(reader, told)
    found = [
        (labels.name(iri), [*map(labels.value, labels.in_one_language([t for terms in v.values() for t in terms]))])
        for iri, v in told.items()
    ]
    return sorted(found, key=lambda row: row[0].text.casefold())


def _about_pages(site: Site) -> Blueprint:
    """Return the blueprint of `/about`, which names the public address of services, or else the one asked."""
    blueprint = site.blueprint("about", __name__)

    @blueprint.get("/about")
    def about() -> str:
        reader, names = site.reader, site.reader.names
        dataset, is_own = read_metadata(reader), isinstance(reader.service.snapshot, Snapshot)
        files = downloads_of(names).values() if is_own else ()
        return render_template(
            "about.html",
            # A citation is the same for readers of every language.
            citation=cite(dataset, names.base),
            cited=names.base,
            sources=_sources(reader),
            bibtex=to_bibtex([reference_to(dataset, names.base)]).strip(),
            markup=markup(dataset, site.root, names.dataset.value, files, names),
            manifest=reader.service.snapshot.manifest,
            program_version=version("digitech-kg"),
            root=site.root,
        )

    return blueprint


#: How long a request waits until other files are written.
_PATIENCE_S = 20.0


def find_or_write(snapshot: Snapshot, name: str, writing: Lock) -> Path:
    """Return a file. Raises `NotReady` if others are being written for longer than a request may wait."""
    path = kept_path(snapshot, name)
    if path.exists():
        return path
    if not writing.acquire(timeout=_PATIENCE_S):
        raise NotReady("other files are being written", hint="Ask again after the number of seconds in Retry-After.")
    try:
        if not path.exists():
            keep_by_process(snapshot, name)
    finally:
        writing.release()
    return path


def _downloads_pages(site: Site) -> Blueprint:
    """Return the blueprint of the list of files and of `/download/<file>`; files are written one after the other."""
    blueprint, service, writing = Blueprint("downloads", __name__), site.service, Lock()

    @blueprint.before_request
    def read_range() -> None:
        # Units other than bytes must be ignored, and several ranges may be (RFC 9110, section 14.2).
        wanted = request.range
        if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
            request.environ.pop("HTTP_RANGE", None)

    @blueprint.get("/download/")
    def listing() -> str:
        snapshot = service.snapshot
        there = downloads_of(snapshot.names).values() if isinstance(snapshot, Snapshot) else ()
        files = [(download.file_name(service.names), download) for download in there]
        return render_template("downloads.html", files=files, version=snapshot.version)

    @blueprint.get("/download/<name>")
    def download(name: str) -> Response:
        snapshot = service.snapshot
        if not isinstance(snapshot, Snapshot):
            raise NotFound("a remote store has no downloads here", hint="Ask the store itself for its data.")
        check_names(request.args, frozenset(), OF_PAGES)
        wanted = find_file(name, snapshot.names)
        if wanted is None:
            there = sorted(download.file_name(snapshot.names) for download in downloads_of(snapshot.names).values())
            raise NotFound(f"there is no download '{name}'", hint=f"There are: {', '.join(there)}.")
        tag = f"{snapshot.version}-{wanted.name}"
        if request.if_none_match.contains_weak(tag):
            # This is known without the file, so that none is written for it.
            response = Response(status=304)
        else:
            path = find_or_write(snapshot, wanted.name, writing)
            response = send_file(path, wanted.media_type, as_attachment=True, download_name=name, etag=tag)
            response.content_type = wanted.content_type
        response.set_etag(tag)
        response.headers["Cache-Control"] = "no-cache"
        return response

    return blueprint


def blueprints(site: Site) -> tuple[Blueprint, ...]:
    return _about_pages(site), _downloads_pages(site)
