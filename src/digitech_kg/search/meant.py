"""What a search is taken to ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from digitech_kg.book import Hit

#: A page, what is said of things, single claims, or nothing.
AnswerKind = Literal["issue", "question", "topic", "said", "claims", "nothing"]


@dataclass(frozen=True)
class Meant:
    """What is asked for. Of "claims" only the words are known; of "nothing" not even these."""

    kind: AnswerKind
    #: The IRI of the issue, saved question or topic.
    iri: str = ""
    #: The name of the document whose words are asked for.
    document: str = ""
    #: IRIs of the things that are spoken of, and those among them that a page is not about by itself.
    things: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    #: IRIs of the documents that are asked side by side.
    documents: tuple[str, ...] = ()
    #: IRIs of things, or the topic, that no main claim has together with these; words that stand nowhere.
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    #: Names that stand nowhere, of which is asked whether they are on a list.
    unlisted: tuple[str, ...] = ()
    #: IRIs of named things of which documents are known to say nothing, and none says anything.
    unsaid: tuple[str, ...] = ()
    #: The IRI of somebody whose answer is asked for and of whom no document has any words.
    unheard: str = ""
    #: IRIs of named things that no claim has together, and words of the question that none has together with these.
    apart: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    #: The years that are typed.
    years: tuple[str, ...] = ()
    #: "count", "amount", "time" or "date" if one is asked for; and the claims that fit closely and give one, by their
    #: main claims, those first that come nearest.
    wanted: str = ""
    giving: Mapping[str, str] = field(default_factory=dict)
    #: The classes of the groups of which a list is asked for.
    listed: frozenset[str] = frozenset()
    #: By main claims, the part that is told below it.
    parts: Mapping[str, str] = field(default_factory=dict)
    #: IRIs of named things that the answer leaves out, or that are called the same as one of these.
    beside: tuple[str, ...] = ()
    #: The main claims with which the answer opens because they come nearest, and those that come near besides.
    nearest: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    #: The IRI of an issue that is close to the question and on which the nearest main claim takes a side.
    disputed: str = ""
    #: Parameters of a saved question with the ends of the IRIs of what they stand for.
    given: tuple[tuple[str, str], ...] = ()
    #: Words that were misspelt, each with what it was taken for.
    cured: tuple[tuple[str, str], ...] = ()
    #: Whether its page is asked for, not only one close to that.
    is_sure: bool = True
    #: Whether the nearest claims are all that is asked for.
    is_all: bool = False
    #: Whether only the likeness of a name led to the thing.
    is_guessed: bool = False
    #: IRIs of the pages that fit besides, best first, and of the topics near to words that no document has.
    close: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    #: What a search for names finds.
    hits: tuple[Hit, ...] = ()
