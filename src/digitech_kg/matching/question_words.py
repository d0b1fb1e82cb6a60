"""Words of questions in three languages, in their plain form: common ones, and those that tell what is asked for."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

from digitech_kg.matching.spelling import plain

#: Words that ask for nothing more.
_FILLER_WORDS: Final = """
actually between compare compared difference ever really versus vs
egentlig forskjell forskjellen mellom noensinne sammenlign virkelig 到底 究竟 比较
"""
HOW_MANY: Final = (
    *["how many", "number of", "hvor mange", "antall", "几", "哪几个"],
    *["多少 个", "多少 国家", "多少 公司", "多少 企业", "多少 人"],
)
HOW_MUCH: Final = (
    *["how much", "how big", "how expensive", "cost", "costs", "percent", "percentage", "what share", "hvor mye"],
    *["hvor stor", "hvor stort", "hvor hoy", "koste", "koster", "kostnad", "prosent", "andel"],
    *["多少", "有多少", "多大", "几天", "多少天", "百分之几", "占比", "比例", "成本", "费用"],
)
#: What asks for a time, which a number of years and a year both tell.
HOW_LONG: Final = (
    *["how long", "how old", "hvor lenge", "hvor gammel", "hvor gammelt", "hvor gamle", "多久", "多长时间", "多少年"],
)
WHEN: Final = (
    *["when", "since when", "deadline", "what year", "which year", "what date", "nar", "frist", "fristen"],
    *["hvilket ar", "hvilken dato", "何时", "什么时候", "哪天", "哪年", "哪一年", "几月", "截止"],
)
#: What a question has that asks what is to come.
FORECASTS: Final = (
    *["predict", "predicts", "predicted", "prediction", "predictions", "forecast", "forecasts", "expect", "expects"],
    *["future", "outlook", "going forward", "framover", "fremover", "framtid", "framtiden", "fremtiden", "utsikter"],
    *["spar", "spa", "spadom", "spadommer", "prognose", "prognoser", "forutsier", "venter"],
    *["今后", "未来", "前景", "将来", "预测", "预计", "预期"],
)
#: What a question has that asks what to do.
ADVICE: Final = (
    *["what should", "what ought", "what can", "how should", "advice", "advise", "advises", "recommend", "recommends"],
    *["recommendation", "recommendations", "hva bor", "hva skal", "hvordan bor", "rad", "anbefaler", "anbefalinger"],
    *["应该怎么", "该怎么", "怎么办", "怎么做", "建议"],
)
#: Who asks for those who say something, not for what somebody says.
WHO: Final = frozenset(("who", "hvem", "谁"))
#: What a question has that asks for more than yes or no, besides how many and when.
WHICH: Final = (
    *["which", "why", "who", "whom", "whose", "hvilke", "hvilken", "hvilket", "hvorfor", "hvem"],
    *["哪些", "哪个", "哪几个", "为什么", "谁", "多少"],
)
#: What a question has that asks for a reason.
WHY: Final = frozenset(("why", "hvorfor", "为什么", "为何", "为啥"))
#: What a question has that asks who says that something is not so.
_DENIAL_WORDS: Final = """
deny denies denied dispute disputes reject rejects rejected refute refutes
benekter benektet avviser avviste bestrider 否认 反驳 驳斥
"""
DENIALS: Final = frozenset(_DENIAL_WORDS.split())
#: What a question has that asks for a list.
LISTS: Final = ("which", "what are", "hvilke", "哪些", "哪几个", "哪几家", "有哪几家")
#: What each part of a question has that asks two things, and what stands between them.
_ASKING_WORDS: Final = frozenset(
    ["who", "what", "why", "when", "where", "which", "how", "whose", "hvem", "hva", "hvorfor", "hvordan", "hvor", "nar"]
)
_ASKING_IN_CHINESE: Final = re.compile("谁|什么|怎么|为什么|哪|多少|几|吗|何")
_BETWEEN_PARTS: Final = re.compile(r"[,;?!:，；？。：]|\b(?:and|og|but|men|or|eller)\b")
#: What a question begins with, or has in Chinese, that asks for yes or no.
_YES_OR_NO_WORDS: Final = """
is are was were does do did has have had can could will would should must
er var har hadde kan vil skal bor ma ble blir finnes gjor star sto
"""
YES_OR_NO: Final = frozenset(_YES_OR_NO_WORDS.split())
YES_OR_NO_IN_CHINESE: Final = frozenset(["吗", "是否", "是不是", "有没有", "会不会", "能不能"])
#: What a question has that asks for yes or no behind what it is about: "true or false?"
WHETHER: Final = re.compile(r"(?i)\b(?:(true|good|yes) or (false|bad|no)|(sant|bra|ja) eller (usant|dårlig|nei))\b")
#: What a question begins with that asks which documents speak of a thing, and for no more.
WHICH_DOCUMENTS: Final = re.compile(
    r"(?i)^\s*(?:which|what) (?:documents?|texts?|sources?) (?:mentions?|names?|speaks? of|talks? about|discuss)\b"
    r"|^\s*hvilke(?:t|n)? (?:dokument(?:er)?|tekst(?:er)?|kilder?) (?:nevner|omtaler|snakker om|tar opp|handler om)\b"
    r"|^\s*(?:哪些|哪几份|哪份)(?:文件|文献|资料)(?:提到|提及|谈到|说到)[了过]?"
)
#: What a sentence has that names several things, or says that there are none, and so tells how many there are.
_COUNTABLE: Final = re.compile(r"\w, [^,.;:]+? (?:and|og) |\b(?:none|no one|ingen)\b", re.IGNORECASE)
#: What a sentence has that gives a year or a number, and what looks like a number and is none.
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_NO_NUMBER: Final = re.compile(
    r"\d{1,2}\.? [A-Za-z]+ (19|20)\d\d|\b(19|20)\d\d\b|\b1[34]\d{3}\b|\b\dG\b|\b(?:page|side) \d+|\b(?:the two|de to)\b"
)
_NUMBERS_IN_WORDS: Final = {
    "en": r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(thir|four|fif|six|seven|eigh|nine)teen"
    r"|(twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?|thousands?|(m|b)illions?|half|third|quarter"
    r"|percent|per cent",
    "nb": r"to|tre|fire|fem|seks|sju|åtte|ni|ti|elleve|tolv|(tret|fjor|fem|seks|syt|at|nit)ten|tjue"
    r"|(tret|før|fem|seks|syt|åt|nit)ti|hundre|tusen|million\w*|milliard\w*|halv\w*|tredel\w*|prosent",
}
#: Words that ask for what somebody says, thinks, wants or answers.
_SAYING_WORDS: Final = """
say says said saying think thinks view views opinion stance position claim claims argue argues want wants answer
answers answered reply replies replied respond responds responded response react reacted reaction accuse accuses
accused accusing criticise criticises criticised promise promises promised demand demands
sa sier mener mente mening syn synet holdning standpunkt vil svarer svarte svar svaret reagerer reagerte reaksjon
reaksjonen krever krevde kritiserer kritiserte lover lovet anklager
说 认为 看法 怎么看 看待 回应 回答 立场 态度 主张 批评 指责 承诺 要求 反驳 怎么说
"""
#: Words that ask whether somebody names a thing.
MENTIONS: Final = frozenset(
    ["mention", "mentions", "mentioned", "nevner", "nevnt", "nevnes", "omtaler", "omtalt", "omtales", "提到", "提及"]
)
_SAYING: Final = MENTIONS.union(_SAYING_WORDS.split())
#: What stands between such a word and who says it.
BY: Final = frozenset(("by", "av"))
#: What stands between several who are compared, or of whom the same is asked.
JOINS: Final = frozenset(
    ["and", "og", "or", "eller", "versus", "vs", "with", "med", "than", "enn", "和", "与", "跟", "及", "同", "对"]
)
FILLERS: Final = frozenset(_FILLER_WORDS.split())
#: Words that stand in any question. They count only for so much as others do.
COMMON: Final = FILLERS.union(
    word
    for line in files("digitech_kg.matching").joinpath("common_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


def parts_of_question(text: str) -> list[str]:
    """Return the parts of a text each of which asks something: one if it asks one thing.

    >>> parts_of_question("who wrote it in Oslo, and who paid")
    ['who wrote it in Oslo  ', ' who paid']
    """
    found = list[str]()
    for part in _BETWEEN_PARTS.split(text):
        words = plain(part).split()
        is_asking = bool(_ASKING_WORDS & set(words) or _ASKING_IN_CHINESE.search(part)) and not COMMON.issuperset(words)
        if found and not is_asking:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def is_common(word: str) -> bool:
    """Whether a word stands in any question."""
    return word in COMMON


def says(word: str) -> bool:
    """Whether a word in its plain form asks for somebody's words."""
    return word in _SAYING


def gives_number(text: str, language: str) -> bool:
    """Whether a sentence has a number that is no date, number of an order or generation of networks.

    >>> [gives_number(text, "en") for text in ("Order 14032 lists 59 firms.", "On 3 June 2021, 5G came.", "Ten do.")]
    [True, False, True]
    >>> [gives_number("From two to three", language) for language in ("en", "nb")]
    [True, True]
    >>> gives_number("It has come to stay", "en")
    False
    """
    words = _NUMBERS_IN_WORDS.get(language, _NUMBERS_IN_WORDS["en"])
    return bool(re.search(rf"\d|\b({words})\b", _NO_NUMBER.sub("", text), re.IGNORECASE))


def can_be_counted(text: str) -> bool:
    """Whether a sentence names several things, or says that there are none.

    >>> [can_be_counted(text) for text in ("Canada, France and Chile agree.", "None of them is.", "Chile agrees.")]
    [True, True, False]
    """
    return bool(_COUNTABLE.search(text))


def gives_date(text: str) -> bool:
    """Whether a sentence has a year."""
    return bool(_YEAR.search(text))
