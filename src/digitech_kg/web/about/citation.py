"""How to cite the dataset, made from its own description: a sentence, BibTeX, and a citation file.

Citation File Format 1.2.0, https://github.com/citation-file-format/citation-file-format
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digitech_kg.namespaces import BASE
from digitech_kg.web.about.view import DatasetFacts

#: SPDX names of the licences that open data has; others are cited by their address.
_SPDX = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/licenses/by-nc/4.0/": "CC-BY-NC-4.0",
    "https://creativecommons.org/licenses/by-sa/3.0/": "CC-BY-SA-3.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC-BY-SA-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL-1.0",
    "https://opensource.org/license/mit": "MIT",
    "https://www.gnu.org/licenses/old-licenses/lgpl-2.1.html": "LGPL-2.1",
}


@dataclass(frozen=True)
class Citation:
    """The same citation in three forms."""

    sentence: str
    bibtex: str
    cff: str


def licence_name(iri: str) -> str:
    """Give the SPDX name of a licence, or its address.

    >>> licence_name("https://creativecommons.org/licenses/by/4.0/")
    'CC-BY-4.0'
    """
    return _SPDX.get(iri, iri)


def cite(dataset: DatasetFacts, snapshot: str) -> Citation:
    """Give the citation of a dataset in the snapshot of a name."""
    return Citation(_sentence(dataset, snapshot), _bibtex(dataset, snapshot), _cff(dataset))


def _sentence(dataset: DatasetFacts, snapshot: str) -> str:
    who = dataset.creator + (f" ({dataset.issued[:4]})" if dataset.issued else "")
    what = dataset.title + (f", version {dataset.version}" if dataset.version else "")
    return ". ".join(part for part in (who, f"{what} (snapshot {snapshot})", BASE) if part)


def _bibtex(dataset: DatasetFacts, snapshot: str) -> str:
    fields = {
        "author": f"{{{_tex(dataset.creator)}}}" if dataset.creator else "",
        "title": f"{{{_tex(dataset.title)}}}" if dataset.title else "",
        "version": _tex(dataset.version),
        "year": dataset.issued[:4],
        "url": BASE,
        "note": f"Data set, snapshot {_tex(snapshot)}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{digitech-kg-{dataset.version or snapshot},\n" + ",\n".join(lines) + "\n}"


def _tex(text: str) -> str:
    return re.sub(r"([&%#_${}])", r"\\\1", text.replace("\\", ""))


def _cff(dataset: DatasetFacts) -> str:
    licence = licence_name(dataset.licence)
    fields = {
        "title": dataset.title,
        "version": dataset.version,
        "date-released": dataset.issued,
        "license" if licence != dataset.licence else "license-url": licence,
        "url": BASE,
    }
    lines = ["cff-version: 1.2.0", "message: If you use this data, please cite it with its version.", "type: dataset"]
    lines += [f"authors:\n  - name: {_yaml(dataset.creator)}"] if dataset.creator else []
    return "\n".join([*lines, *(f"{name}: {_yaml(value)}" for name, value in fields.items() if value)])


def _yaml(text: str) -> str:
    """Give a text as a quoted YAML scalar."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
