"""What the sentence of a main claim names, it is found with: on its page, in lists, comparisons and answers.

Only names are looked for, which begin with a capital or a digit: "Huawei", "5G".
"""

import re
from collections import defaultdict
from typing import Final

from digitech_kg.book import NAMES, ClaimFilter, Term, open_book
from digitech_kg.namespaces import DCTERMS, DK
from digitech_kg.snapshot.repository import Snapshot

#: Where short names are no adjectives, as they are in "US persons" and "EU funding".
NOUNS: Final = {"US": "(?<=by the )US", "EU": "EU(?='s)|(?<=[Tt]he )EU"}
#: Names of documents in the words of sentences: "China's data security initiative requires".
TITLES: Final = ("China's data security initiative",)


def test_main_claims_are_found_with_all_that_their_sentences_name(snapshot: Snapshot) -> None:
    book = open_book(snapshot)
    told = book.values({iri for iri, _label in book.named_things()} - {*book.documents.values()}, *NAMES)
    called = defaultdict[str, set[str]](set)
    for iri, own in told.items():
        for name in (term.value.replace("’", "'") for values in own.values() for term in values if is_english(term)):
            if name[:1].isupper() or name[:1].isdigit():
                called[name].add(iri)
    documents = book.values(book.documents.values(), *NAMES, DCTERMS.title, DCTERMS.creator)
    titles = {t.value for own in documents.values() for prop in (*NAMES, DCTERMS.title) for t in own.get(prop, ())}
    masked = re.compile("|".join(map(re.escape, sorted({*TITLES, *titles}, key=len, reverse=True))))
    longest_first = sorted(called, key=len, reverse=True)
    naming = re.compile(r"(?<!\w)(?:" + "|".join(NOUNS.get(n, re.escape(n)) for n in longest_first) + r")(?!\w)")
    # Who writes a document is named in it as the one who says so: "Balding and Clarke write".
    writers = {iri for iri, _cls in book.instances(DK.Person, DK.MediaOrganisation)}
    found = {iri: set(mains) for iri, mains in book.mains_on(told).items()}
    mains = book.values(book.find_claims(ClaimFilter(part="0")), DK.sentence)
    lost = []
    for main, own in mains.items():
        document = book.documents[book.names.document_of(main) or ""]
        authors = writers.intersection(term.value for term in documents[document].get(DCTERMS.creator, ()))
        (sentence,) = (term.value.replace("’", "'") for term in own[DK.sentence] if is_english(term))
        for match in naming.finditer(masked.sub("…", sentence)):
            things = called[match[0]]
            if not things & authors and not any(main in found.get(thing, ()) for thing in things):
                lost.append(f"{main} names {match[0]}: say so with dk:mentions")
    assert len(mains) > 500
    assert not lost


def is_english(term: Term) -> bool:
    return getattr(term, "language", None) in (None, "en")
