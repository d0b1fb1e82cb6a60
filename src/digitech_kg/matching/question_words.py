"""Words of questions in three languages, in their plain form: common ones, and those that tell what is asked for."""

from __future__ import annotations

import re
from typing import Final

#: Words that stand in any question. They count only for so much as others do.
_COMMON_WORDS: Final = """
a about according actually all also an and any are as at be been by can could did do does done for from get give had has
have how i if in is it its made make many me mean more much must no not of off on one or out over said say saying
says should since so some tell than that the their them there they think thinks this to until up was we were what when
where which who whom whose why will with would you s t d ll re ve just only still too very really than then
he him his she her hers our ours your yours my i m itself himself themselves these those such each other another being
having doing got gets getting goes going went come comes came put puts take takes took let lets makes making cannot
into onto through throughout under before after during while because though although however whether per via upon
without within along across like now here always never often also both either neither else thing things way ways lot
lots bit kind sort ones someone anyone anything something nothing everything talk talks talking tell tells told ask
asks know knows mean s eyes basically exactly currently today please explain
alle at av ble blir blitt bor burde da de dem den der dere det du eller en er et for fra gi gir gjor gjore gjort ha
hadde har hva hvem hvilke hvilken hvis hvor hvorfor i ikke kan ma man mange med men mener meg mot mye noe noen nar og
om over pa sa si siden sier skal som til ut var ved vi vil bare fortsatt slags mente mening jeg han hun enn nok jo
hvordan hvorledes tradte trer sin sitt sine seg selv hans hennes deres var vare oss dere min mitt dette denne disse
slik slike hver annen annet andre samme noe ingen intet hos blant fordi uten utenom innen gjennom under etter for mens
eller enten bade ogsa na her kom kommer kommet far fikk fatt gar gikk gatt tar tok tatt ta la lar latt finnes fins star
sto ligger heter kalles kalt vet tro tror synes forklar egentlig mest mer flere ganske veldig litt hele helt gjennom
snakker fortell happen happens happened happening skjer skje skjedde skjedd innen
哪几条 几条 都有 哪几点 几点 因为 没 不 也 都 就 主要 内容 哪一天 哪家 哪些人 怎么样 为何 干嘛 有多少 多少家
还 很 会 能 可以 把 给 让 从 到 里 最 呢 吧 它 他 她 他们 哪天 几 哪几个 哪里 真的 谈
的 是 吗 谁 什么 哪些 哪个 如何 为什么 何时 什么时候 多少 是否 是不是 有没有 在 和 了 有 对 与 说 做 关于 应该 必须
怎么 怎么办 怎么做 怎样 怎么看 看待 看法 认为 上 被
"""
#: Words that ask for nothing more.
_FILLER_WORDS: Final = """
actually between compare compared difference ever really versus vs
egentlig forskjell forskjellen mellom noensinne sammenlign virkelig 到底 究竟 比较
"""
HOW_MANY: Final = (
    "how many",
    "how much",
    "how long",
    "how big",
    "how expensive",
    "cost",
    "costs",
    "koster",
    "hvor stor",
    "hvor stort",
    "prosent",
    "percent",
    "多大",
    "多久",
    "几天",
    "多少天",
    "百分之几",
    "hvor mange",
    "hvor mye",
    "hvor lenge",
    "多少",
    "几",
    "哪几个",
)
WHEN: Final = ("when", "since when", "nar", "何时", "什么时候", "哪天")
#: What a question has that asks for more than yes or no, besides how many and when.
WHICH: Final = (
    *["which", "why", "who", "whom", "whose", "hvilke", "hvilken", "hvilket", "hvorfor", "hvem"],
    *["哪些", "哪个", "哪几个", "为什么", "谁", "多少"],
)
#: What a question begins with, or has in Chinese, that asks for yes or no.
_YES_OR_NO_WORDS: Final = """
is are was were does do did has have had can could will would should must
er var har hadde kan vil skal bor ma ble blir finnes gjor
"""
YES_OR_NO: Final = frozenset(_YES_OR_NO_WORDS.split())
YES_OR_NO_IN_CHINESE: Final = frozenset(["吗", "是否", "是不是", "有没有", "会不会", "能不能"])
#: What a sentence has that gives a year or a number, and what looks like a number and is none.
_YEAR: Final = re.compile(r"\b(19|20)\d\d\b")
_NO_NUMBER: Final = re.compile(
    r"\d{1,2}\.? [A-Za-z]+ (19|20)\d\d|\b(19|20)\d\d\b|\b1[34]\d{3}\b|\b\dG\b|\b(?:the two|de to)\b"
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
_SAYING: Final = frozenset(_SAYING_WORDS.split())
FILLERS: Final = frozenset(_FILLER_WORDS.split())
COMMON: Final = frozenset(_COMMON_WORDS.split()) | FILLERS


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


def gives_date(text: str) -> bool:
    """Whether a sentence has a year."""
    return bool(_YEAR.search(text))
