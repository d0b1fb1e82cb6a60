"""How to cite the dataset, made from its own description: a sentence, BibTeX, and a citation file.

Citation File Format 1.2.0, https://github.com/citation-file-format/citation-file-format
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digitech_kg.description import Metadata
from digitech_kg.web.reading.dataset import licence_name


@dataclass(frozen=True)
class Citation:
    """The same citation in three forms."""

    sentence: str
    bibtex: str
    cff: str


def cite(dataset: Metadata, address: str) -> Citation:
    """Return the citation of a dataset at an address."""
    return Citation(_sentence(dataset, address), _bibtex(dataset, address), _cff(dataset, address))


def _sentence(dataset: Metadata, address: str) -> str:
    if dataset.citation:
        return f"{dataset.citation.rstrip('.')} (snapshot {dataset.snapshot})"
    who = dataset.creator + (f" ({dataset.issued[:4]})" if dataset.issued else "")
    what = dataset.title + (f", version {dataset.version}" if dataset.version else "")
    return ". ".join(part for part in (who, f"{what} (snapshot {dataset.snapshot})", address) if part)


def _bibtex(dataset: Metadata, address: str) -> str:
    fields = {
        "author": f"{{{_tex(dataset.creator)}}}" if dataset.creator else "",
        "title": f"{{{_tex(dataset.title)}}}" if dataset.title else "",
        "version": _tex(dataset.version),
        "year": dataset.issued[:4],
        "url": address,
        "note": f"Data set, snapshot {_tex(dataset.snapshot)}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{_key(dataset)}-{dataset.version or dataset.snapshot},\n" + ",\n".join(lines) + "\n}"


def _key(dataset: Metadata) -> str:
    """Return what an entry is called in BibTeX: the first words of the title."""
    words = re.findall(r"[a-z0-9]+", dataset.title.lower())
    return "-".join(words[:3]) or "dataset"


def _tex(text: str) -> str:
    return re.sub(r"([&%#_${}])", r"\\\1", text.replace("\\", ""))


def _cff(dataset: Metadata, address: str) -> str:
    licence = licence_name(dataset.license)
    fields = {
        "title": dataset.title,
        "version": dataset.version,
        "date-released": dataset.issued,
        "license" if licence != dataset.license else "license-url": licence,
        "url": address,
    }
    lines = ["cff-version: 1.2.0", "message: If you use this data, please cite it with its version.", "type: dataset"]
    lines += [f"authors:\n  - name: {_yaml(dataset.creator)}"] if dataset.creator else []
    return "\n".join([*lines, *(f"{name}: {_yaml(value)}" for name, value in fields.items() if value)])


def _yaml(text: str) -> str:
    """Return a text as a quoted YAML scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
