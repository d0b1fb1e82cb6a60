"""Questions as people type them, in three languages, with the page that their answer comes from."""

import csv
import re
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from conftest import Server

_LINES = (Path(__file__).parents[1] / "data/asked.tsv").read_text(encoding="utf-8").splitlines()
ASKED = list(csv.DictReader(_LINES, delimiter="\t"))
#: As many as have to be answered right.
LEAST = 0.95
#: Of what another test here asks for as well, in other words or of something else.
in_other_words = pytest.mark.thorough
_PAGE_LANGUAGE = {"en": "en", "nb": "nb", "zh": "en"}


def with_one(first: Any, *others: Any) -> list[Any]:
    """Return parameters of which the first is asked every day."""
    return [first, *(pytest.param(*(o if isinstance(o, tuple) else (o,)), marks=in_other_words) for o in others)]


def read(server: Server, text: str, language: str = "en") -> str:
    """Return what a search shows, between the heads and feet of the page."""
    answer = server.get("/search", params={"q": text, "lang": language}, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text.partition("<main")[2].partition("</main>")[0]


def opening(answer: str) -> str:
    """Return an answer as far as the end of what it tells first: the sentences of one passage."""
    return 'class="src"'.join(answer.split('class="src"')[:2])


def first_answer(main: str) -> set[str]:
    """Return the page that the answer is from, and the first thing of the page; "nothing" if nothing is said."""
    if '<section class="nothing">' in main:
        return {"nothing"}
    titles = re.findall(r'<p class="eyebrow">[^<]*<a href="([^"]+)"', main)
    things = re.findall(r'<li><a href="([^"]+)"', main.partition('id="things"')[2])
    return {urlsplit(link).path.removeprefix("/") for link in (*titles[:1], *things[:1])}


def is_right(found: set[str], wanted: str) -> bool:
    return any(set(each.split()) <= found for each in wanted.split("|"))


@pytest.mark.thorough
def test_at_least_95_percent_of_the_questions_are_answered_first(server: Server) -> None:
    assert len(ASKED) >= 300
    found = {
        row["question"]: first_answer(read(server, row["question"], _PAGE_LANGUAGE[row["language"]])) for row in ASKED
    }
    wrong = [
        (row["question"], found[row["question"]])
        for row in ASKED
        if not is_right(found[row["question"]], row["answers"])
    ]
    assert len(ASKED) - len(wrong) >= LEAST * len(ASKED), wrong


@pytest.mark.parametrize(
    "text", ["cryptocurrency", "Christopher Balding", "拜登 行政命令", "facial recognition exports"]
)
def test_what_is_told_under_another_name_is_not_said_to_be_missing(server: Server, text: str) -> None:
    main = read(server, text)
    assert "No document here says anything" not in main and "No sentence here" not in main
    assert 'class="answer big"' in main


def test_things_that_are_compared_are_told_each_by_itself_where_no_sentence_has_both(server: Server) -> None:
    main = read(server, "Hikvision and Google")
    assert "No sentence here mentions Hikvision and Google together." in main
    assert 'class="sides' in main.partition("beside-answer")[2]


def test_sentences_with_all_the_words_come_first(server: Server) -> None:
    assert "its founder, Jack Ma" in opening(read(server, "who founded Alibaba"))


def test_a_table_with_headings_is_told_by_them_and_what_stands_below(server: Server) -> None:
    answer = read(server, "US lists").partition("</section>")[0]
    assert re.search(r"US denial order against ZTE: ZTE since 15 April 2018 until 13 July 2018\.", answer)


def test_a_document_is_answered_with_its_authors_and_date(server: Server) -> None:
    assert "NUPI brief (Hans Jørgen Gåsemyr, 2021): " in read(server, "who wrote the policy brief")


def test_when_a_document_was_published_is_told_with_its_name(server: Server) -> None:
    answer = read(server, "When was the NUPI brief published?").partition("</section>")[0]
    assert "NUPI brief (Hans Jørgen Gåsemyr, 2021): " in answer
    assert "No date" not in answer


@in_other_words
def test_things_that_no_sentence_has_together_are_not_said_to_be_passed_over(server: Server) -> None:
    main = read(server, "does norway ban huawei")
    assert "No document here says anything" not in main
    assert "No sentence here mentions Norway and Huawei together." in main


@in_other_words
def test_authorities_that_a_sentence_calls_otherwise_are_not_said_to_be_missing(server: Server) -> None:
    main = read(server, "why did Chinese authorities intervene against Alibaba")
    assert "together" not in main.partition("</section>")[0]
    assert "central regulators intervened directly against Alibaba" in opening(main)


def test_beside_a_name_that_nobody_knows_what_is_said_of_the_other_is_told(server: Server) -> None:
    main = read(server, "does TikTok belong to ByteDance").partition("</section>")[0]
    assert "No sentence here has the word “ByteDance”." in main
    assert "/page/claim/executive-order-14034/" in main


@in_other_words
def test_no_page_answers_a_question_on_a_name_that_nobody_knows(server: Server) -> None:
    main = read(server, "Who owns ByteDance, and does the Chinese state hold a golden share in it?")
    assert 'class="eyebrow"><a href="/page/query' not in main.partition("</section>")[0]


def test_of_two_who_say_something_the_first_one_is_asked(server: Server) -> None:
    for text in ("Hva svarte Kinas utenriksdepartement da EU-kommisjonen sa nei til Huawei?", "Kinas syn på bakdører"):
        answer = read(server, text, "nb").partition("</section>")[0]
        assert "Europakommisjonen om 5G" not in opening(answer)
        assert "/page/claim/chinese-reply" in answer or "/page/claim/data-security-initiative" in answer


def test_documents_that_are_named_side_by_side_answer_in_turns(server: Server) -> None:
    answer = read(server, "Wang Yi's speech and the NUPI brief on cross-border data").partition("</section>")[0]
    first, second, *_ = re.findall(r"/page/claim/([\w-]+)/", answer)
    documents = list(dict.fromkeys(re.findall(r"/page/claim/([\w-]+)/", answer)))
    assert {first, second} <= set(documents) and len(documents) == 2


def test_a_saved_question_is_answered_for_the_company_that_is_named(server: Server) -> None:
    main = read(server, "is tencent on the us list").partition("</section>")[0]
    assert "2 entries on US lists and orders, for Tencent" in main
    assert "Tencent: US order against WeChat, since 6 August 2020, until 9 June 2021" in main
    assert "Huawei" not in main


@pytest.mark.parametrize("text", with_one("is smic state owned", "Is Xiaomi a security risk?"))
def test_an_issue_on_one_company_is_no_answer_for_another(server: Server, text: str) -> None:
    assert not any(found.startswith("issue/") for found in first_answer(read(server, text)))


def test_a_company_that_the_rows_do_not_name_is_said_to_be_absent(server: Server) -> None:
    for text in ("is alibaba on the us list", "is alibaba on the blacklist"):
        assert "Alibaba: not named in this answer." in read(server, text)
    assert "Lenovo: ikke nevnt i dette svaret." in read(server, "er lenovo svartelistet", "nb")


def test_who_owns_another_company_is_asked_of_that_company(server: Server) -> None:
    assert "No document says who owns ZTE." in read(server, "who owns ZTE")
    assert "company=tencent" in read(server, "tencent owner").partition("</section>")[0]


def test_a_word_that_stands_nowhere_is_said_to_beside_what_is_known(server: Server) -> None:
    assert "No sentence here has the word “xinjiang”." in read(server, "xinjiang huawei")


def test_an_issue_is_answered_by_both_sides_with_sentence_and_passage(server: Server) -> None:
    main = read(server, "Is Huawei state-owned?")
    assert re.search(r"Two of the \w+ documents say no", main)
    assert main.index('class="pos if"') and main.index('class="pos no"')
    assert "/page/passage/nupi-digi-tech/p12.s03" in main
    assert main.index('class="answer big"') < main.index('id="things"')


def test_a_document_and_a_thing_give_what_it_says_of_it_and_nobody_else(server: Server) -> None:
    answer = read(server, "what does the commission say about ZTE").partition("</section>")[0]
    assert "EU Commission on 5G: 12 main claims on ZTE." in answer
    assert set(re.findall(r"/page/passage/([\w-]+)/", answer)) == {"commission-5g-toolbox-2023"}


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("what does the brief predict about Europe", "en", ["nupi-digi-tech/p27.s01"]),
        ("hva sier EU-kommisjonen om Huawei og ZTE", "nb", ["commission-5g-toolbox-2023/p08.s02"]),
    ],
    ids=["forecasts first", "its own words first"],
)
def test_an_answer_opens_with_what_was_asked_for(server: Server, text: str, language: str, places: list[str]) -> None:
    answer = read(server, text, language).partition("</section>")[0]
    assert re.findall(r"/page/passage/([\w.-]+/[\w.]+)", answer)[: len(places)] == places


def test_what_no_document_speaks_of_is_said_with_what_is_near(server: Server) -> None:
    main = read(server, "Xinjiang")
    assert "No document here says anything about “Xinjiang”." in main
    assert "That a document is silent does not mean that it denies anything." in main
    assert "/topic/surveillance-and-censorship" in main.partition('id="near"')[2]
    assert "Ingen dokumenter her sier noe om «Xinjiang»." in read(server, "Xinjiang", "nb")
    whole = read(server, "What do the documents say about Xinjiang?")
    assert "/topic/surveillance-and-censorship" in whole.partition('id="near"')[2]


@pytest.mark.parametrize(
    ("text", "meant"), with_one(("Huwaei", "Huawei"), ("Is Huwaei state-owned?", "Huawei"), ("Xiomi", "Xiaomi"))
)
def test_a_misspelling_is_said_and_cured(server: Server, text: str, meant: str) -> None:
    main = read(server, text)
    assert re.search(rf"Nothing here is called “[^”]+”\. This is what is said of “{meant}”\.", main)
    assert 'class="answer big"' in main


@pytest.mark.parametrize("text", with_one("bananas", "Ericsson", "qqqqqqqq"))
def test_a_word_that_is_like_a_name_by_chance_is_not_cured(server: Server, text: str) -> None:
    main = read(server, text)
    assert f"No document here says anything about “{text}”." in main


def test_another_name_is_shown_only_if_it_was_searched_for(server: Server) -> None:
    assert "华为" not in read(server, "huawei")
    things = read(server, "norway's digi-tech interests").partition('id="things"')[2]
    assert "Norway's digi-tech interests" in things.replace("&#39;", "'")


def test_without_a_text_there_is_a_box_to_ask(server: Server) -> None:
    assert 'name="q"' in read(server, "")


def test_suggestions_begin_with_the_page_that_is_called_as_the_text_is(server: Server) -> None:
    text = "Should markets stay open to Chinese digi-tech companies?"
    found = server.get("/search/suggestions.json", params={"q": text, "lang": "en"}).json()
    assert found[0] == {"label": text, "kind": "Issue", "href": "/issue/open-markets?lang=en"}


def test_matters_of_which_nothing_is_said_are_not_suggested_beside_others(server: Server) -> None:
    found = server.get("/search/suggestions.json", params={"q": "TikTok", "lang": "en"}).json()
    assert found[0]["label"] == "TikTok" and "TikTok’s algorithm" not in {one["label"] for one in found}


def test_suggestions_name_things_then_questions(server: Server) -> None:
    found = server.get("/search/suggestions.json", params={"q": "huawei", "lang": "en"}).json()
    assert found[0]["label"] == "Huawei"
    assert {"Issue"} <= {each["kind"] for each in found}


def test_a_document_called_by_two_names_has_no_verb_for_one(server: Server) -> None:
    assert "Balding and Clarke: nothing on ZTE in what was read." in read(server, "what does Balding say about ZTE")


def test_a_thing_that_no_issue_names_is_told_of_beside_the_closest_issue(server: Server) -> None:
    main = read(server, "is Suning a security risk")
    answer, _, beside = main.partition("beside-answer")
    assert "Suning.com: only one of the eleven documents has main claims on it: NUPI brief, with one." in answer
    assert "No sentence here speaks of this together with" in answer
    assert "/issue/supplier-risk" in beside
    assert "One of the eleven documents says yes" in beside


def test_what_is_left_out_of_an_answer_has_a_section_of_its_own(server: Server) -> None:
    beside = read(server, "should Norway ban Huawei").partition("beside-answer")[2]
    assert "/issue/exclude-suppliers" in beside
    assert "Huawei: five of the eleven documents have" in beside


def test_the_section_of_the_order_comes_before_the_answers_to_frequent_questions(server: Server) -> None:
    answer = read(server, "Can a company get off the list").partition("</section>")[0]
    assert "circumstances no longer warrant the ban" in answer
    assert "Frequently Asked Question 897" not in answer


@in_other_words
def test_apps_are_the_issue_where_tiktok_is_asked_about(server: Server) -> None:
    assert "/issue/apps-risk" in read(server, "Is TikTok a risk?").partition("</section>")[0]


def test_every_document_has_its_say_in_an_answer_of_many_sentences(server: Server) -> None:
    answer = read(server, "Huawei owner").partition("</section>")[0]
    assert all(name in answer for name in ("Balding and Clarke", "Huawei’s own page", "NUPI brief"))


def test_a_company_that_a_saved_question_leaves_out_is_told_of_beside_it(server: Server) -> None:
    answer, _, beside = read(server, "Norway and Huawei").partition("beside-answer")
    assert "No sentence here mentions Norway and Huawei together." in answer
    assert "Huawei: five of the eleven documents have" in beside


@pytest.mark.parametrize("text", with_one("how many companies are on the US list", "who is on the 14032 list"))
def test_the_size_of_the_list_of_order_14032_is_said_first(server: Server, text: str) -> None:
    assert '<h2 id="answer">59 companies listed in the annex to Executive Order 14032.' in read(server, text)


def test_nothing_is_said_to_be_denied_for_no_company(server: Server) -> None:
    answer = read(server, "is ZTE state-owned").partition("</section>")[0]
    assert "The document does not say whether ZTE is state-owned." in answer
    assert "The document says that" not in answer
    assert "· ZTE</a>" in answer


@in_other_words
def test_a_question_beside_which_a_company_is_named_is_answered_for_it(server: Server) -> None:
    answer = read(server, "når ble hikvision svartelistet", "nb").partition("</section>")[0]
    assert "5 oppføringer på amerikanske lister og pålegg, for Hikvision" in answer


def test_what_a_document_names_otherwise_is_found_by_its_words_or_its_topic(server: Server) -> None:
    surveillance = read(server, "what does the data security initiative say about mass surveillance")
    assert "abuse of ICT for mass surveillance" in surveillance.partition("</section>")[0]
    back_doors = read(server, "what does the data security initiative say about back doors")
    assert re.search("back ?doors", back_doors.partition("</section>")[0].partition('class="said"')[2])
    assert "No sentence here" not in back_doors.partition("</section>")[0]


def test_what_a_person_says_is_told_from_what_he_wrote(server: Server) -> None:
    answer = read(server, "hva mener Wang Yi om proteksjonisme", "nb").partition("</section>")[0]
    assert "Digital proteksjonisme" in opening(answer)


@pytest.mark.parametrize(
    ("text", "language"),
    with_one(
        ("who thinks huawei is a security risk and who denies it", "en"),
        ("hvem sier at Huawei er en sikkerhetsrisiko, og hvem avviser det?", "nb"),
    ),
)
def test_who_says_something_of_a_company_asks_for_no_words_of_its_own(server: Server, text: str, language: str) -> None:
    answer = read(server, text, language).partition("</section>")[0]
    assert "/document/huawei-ownership-page" not in answer
    assert {"nupi-digi-tech", "chinese-reply-on-5g-2023"} <= set(re.findall(r"/claim/([\w-]+)/", answer))


def test_a_page_that_has_no_more_of_a_question_than_its_company_is_not_the_answer(server: Server) -> None:
    answer = read(server, "is Alibaba a security risk").partition("</section>")[0]
    assert "/page/query/explanations_for_the_intervention" not in answer
    assert "/page/query/explanations_for_the_intervention" in read(server, "why was Alibaba stopped")


def test_of_chinese_words_that_stand_nowhere_the_nouns_are_named(server: Server) -> None:
    assert "No sentence here has the word “净利润”." in read(server, "华为2023年净利润")
    assert "No sentence here has the word “孟晚舟案”." in read(server, "华为孟晚舟案")
    assert "No sentence here has the word “否决权”." in read(server, "任正非在华为董事会有否决权吗")
    assert "No sentence here has" not in read(server, "中国外交部怎么反驳欧盟")


def test_what_happens_asks_for_nothing_by_itself(server: Server) -> None:
    assert "No document here says anything" not in read(server, "What will happen by 2030?")


def test_sentences_are_not_counted_where_others_stand_before_them(server: Server) -> None:
    answer = read(server, "why did big american websites leave china").partition("</section>")[0]
    assert answer.count("/claim/") > 1
    assert "One sentence answers this" not in answer
    assert "These sentences answer this." in read(server, "what should norway do")


def test_a_number_that_is_asked_for_comes_first_or_is_said_to_be_missing(server: Server) -> None:
    answer = read(server, "how many EU countries have actually restricted Huawei / ZTE in 5g").partition("</section>")[
        0
    ]
    before, found, _after = re.sub("only ten member states|ten have imposed", "#ten#", answer).partition("#ten#")
    assert found
    assert "Commission considers" not in before
    assert "No number for this was found in what was read." in read(server, "华为因为芯片断供亏了多少钱")


def test_a_matter_that_no_document_has_takes_the_place_of_no_sentence(server: Server) -> None:
    told = read(server, "Did the brief say who was hacked by China, and is hacking linked to China?").partition(
        "</section>"
    )[0]
    assert "nothing is said of who was hacked" in told
    assert "Several hacking operations" in told or "hacking operations reported in recent years" in told


def test_a_fine_is_not_asked_for_by_what_is_fine(server: Server) -> None:
    told = read(server, "So did Biden say TikTok is fine?").partition("</section>")[0]
    assert "US order 14034: nothing is said of the safety of TikTok. " in told


def test_what_is_set_against_the_second_sentence_is_told_next_to_it(server: Server) -> None:
    told = read(server, "did Chinese tech giants only get big because Google and Facebook were kept out?")
    truth, objection = told.find("some truth in the common assumption"), told.find("greatly undervalues")
    assert 0 < truth < objection < truth + 4000


def test_who_takes_no_side_is_heard_early_where_nobody_takes_the_other_one(server: Server) -> None:
    told = read(server, "Brussels vs Beijing: is there any evidence against Huawei?")
    assert "substantially higher risks" in told
    assert told.index("substantially higher risks") < told.index("presumption of guilt")


def test_who_asks_what_somebody_should_do_is_told_all_that_is_recommended(server: Server) -> None:
    told = read(server, "what should norway do about all this")
    assert "first recommendation" in told
    assert "fifth recommendation" in told


def test_why_a_company_is_on_a_list_is_told_beside_that_it_is(server: Server) -> None:
    told = read(server, "why is hikvision on the US list")
    assert "lists Hikvision in its annex" in told
    assert told.index("help to keep watch on religious or ethnic minorities") < told.index("Huawei Investment")


def test_who_asks_on_what_a_state_and_a_body_disagree_is_told_both(server: Server) -> None:
    told = read(server, "Er EU-kommisjonen og Kina uenige om Huawei, og om hva?", "nb").partition("</section>")[0]
    assert "/page/claim/commission-5g-toolbox-2023/" in told
    assert "/page/claim/chinese-reply-on-5g-2023/" in told


def test_a_sale_by_a_date_is_told_though_it_lacks_the_name(server: Server) -> None:
    told = read(server, "by when do US investors have to sell listed chinese military company shares")
    assert "Until 3 June 2022" in opening(told)


@pytest.mark.parametrize(
    ("text", "language", "notice"),
    [
        (
            "huawei turnover 2022",
            "en",
            "NUPI brief; Huawei’s own page; China’s reply on 5G: nothing is said of the revenue of companies. "
            "EU Commission on 5G: nothing is said of the revenue of companies in what was read.",
        ),
        ("has norway banned huawei from its 5g", "en", "NUPI brief: nothing is said of a Norwegian ban on Huawei."),
        ("Hvilke norske kommuner bruker Huawei-utstyr?", "nb", "NUPI-notatet: ingenting er sagt om hvilke norske"),
        ("has norway banned zte", "en", "No sentence here mentions Norway and ZTE together."),
        ("hvor mange ansatte har xiaomi", "nb", "Ingen setning her om Xiaomi har ordet «ansatte»."),
        ("腾讯2021年市值多少", "en", "No sentence here on Tencent has the word “市值”."),
    ],
)
def test_what_no_document_says_of_a_thing_that_is_named_is_said_first(
    server: Server, text: str, language: str, notice: str
) -> None:
    heading = read(server, text, language).partition('<h2 id="answer">')[2]
    assert heading.startswith(notice)


@in_other_words
def test_who_answers_is_asked_for_before_whose_document_is_named(server: Server) -> None:
    answer = read(server, "Hva svarte Beijing da EU-kommisjonen ville kutte ut Huawei og ZTE?", "nb")
    assert "Kinas svar om 5G" in opening(answer)


@in_other_words
def test_a_real_word_is_not_taken_for_a_misspelt_one(server: Server) -> None:
    assert "heter «sakte»" not in read(server, "går det for sakte med 5g-sikkerheten? breton", "nb")


def test_a_long_chinese_name_with_one_wrong_character_is_understood(server: Server) -> None:
    answer = read(server, "数据安全倡仪 谁提的")
    assert "“数据安全倡仪”" in answer.partition("</p>")[0] and "document/data-security-initiative-2020" in answer


def test_each_part_of_a_question_is_answered(server: Server) -> None:
    answer = read(
        server, "Why do aid donors worry about Chinese systems abroad, and who is expected to deal with that?"
    )
    first = " ".join(answer.split('class="src"')[:3])
    assert "development actors" in first and "Someone other than Chinese digi-tech providers" in first


@in_other_words
def test_a_list_that_is_asked_for_is_told_by_its_rows(server: Server) -> None:
    first = opening(read(server, "which companies make chips"))
    assert "belongs to the critical components sector" in first


@pytest.mark.parametrize(
    ("text", "language"),
    with_one(
        ("欧盟凭什么说华为中兴风险更高", "en"),
        ("Huawei Hikvision", "en"),
        ("hva svarte kinas utenriksdepartement da EU pekte ut Huawei og ZTE", "nb"),
        ("王毅说中国网民多少人 5G用户多少", "en"),
        ("中国科技企业以后在美国和欧洲的市场前景怎么样", "en"),
    ),
)
def test_names_that_stand_in_one_sentence_are_not_said_to_stand_apart(server: Server, text: str, language: str) -> None:
    main = read(server, text, language)
    assert 'class="answer big"' in main
    assert not re.search("No sentence here|Ingen setning her", main)


@in_other_words
def test_a_word_is_not_found_in_another_that_only_begins_alike(server: Server) -> None:
    assert "No sentence here has the word “apple”." in read(server, "did apple leave china")


def test_a_list_is_told_with_all_that_is_on_it(server: Server) -> None:
    answer = read(server, "hvilke kinesiske selskaper driver med mobilnett", "nb").partition("</section>")[0]
    networks = ("China Mobile", "China Telecom", "China Tower", "China Unicom", "Huawei", "ZTE")
    told = re.findall(r'class="said.*?>([^<>]+), som står i notatets tabell', answer, re.S)
    assert sorted(told) == sorted(networks)


@pytest.mark.parametrize("text", with_one("US Entity List", "companies on the us entity list", "USAs Entity List"))
def test_who_stands_on_a_list_that_no_document_names_is_told_by_its_rows(server: Server, text: str) -> None:
    answer = read(server, text).partition("</section>")[0]
    assert "Hikvision: US Entity List, since 9 October 2019" in answer
    assert "No document here" not in answer


def test_of_what_no_document_names_the_facts_from_outside_are_told(server: Server) -> None:
    answer = read(server, "Zhongxingxin").partition("</section>")[0]
    assert "No document here says anything about Zhongxingxin.</h2>" in answer
    assert "Zhongxingxin held 20.29% of ZTE in 2022" in answer


def test_a_list_is_told_by_who_is_on_it(server: Server) -> None:
    answer = read(server, "FCC Covered List").partition("</section>")[0]
    assert "ZTE: FCC list of security risks in networks (Covered List), since 12 March 2021" in answer
    assert "Entity List" not in answer


@in_other_words
def test_facts_from_outside_are_no_claims_of_documents(server: Server) -> None:
    facts = read(server, "who owns Alibaba").partition("facts-outside")[2].partition("</section>")[0]
    assert "SoftBank" in facts
    assert "/page/claim/nupi-digi-tech/" not in facts.partition('class="sides')[0]


def test_who_owns_a_company_is_told_from_outside_if_no_document_says_it(server: Server) -> None:
    answer = read(server, "who owns ZTE").partition("</section>")[0]
    assert '<h2 id="answer">No document says who owns ZTE.</h2>' in answer
    assert "Zhongxingxin held 20.29% of ZTE in 2022" in answer
    assert "Entity List" not in answer
    assert "EU Commission on 5G" not in answer


def test_who_denies_something_is_told_by_denials(server: Server) -> None:
    answer = read(server, "who denies that huawei is a security risk").partition("</section>")[0]
    assert "Chinese foreign ministry" in opening(answer)


@in_other_words
def test_a_number_on_a_list_of_an_order_that_is_named_is_said_first(server: Server) -> None:
    answer = read(server, "how many companies are in the annex of executive order 14032")
    assert '<h2 id="answer">59 companies listed in the annex to Executive Order 14032.' in answer


def test_that_a_document_says_nothing_of_what_it_is_asked_about_is_said(server: Server) -> None:
    answer = read(server, "Hva sier EU-kommisjonen om TikTok på de ansattes telefoner?", "nb").partition("</section>")[
        0
    ]
    assert "Europakommisjonen om 5G sier ingenting om TikTok i det som er lest." in answer
    assert "Huawei" not in answer


@in_other_words
def test_when_within_a_sentence_asks_for_no_date(server: Server) -> None:
    assert "No date" not in read(server, "does Wang Yi name the US when he speaks of bullying")


@in_other_words
def test_sentences_on_something_else_do_not_stand_before_the_rows_of_a_list(server: Server) -> None:
    answer = read(server, "which chinese companies are on the entity list").partition("</section>")[0]
    assert "networks sector" not in answer


@in_other_words
def test_of_a_company_on_a_list_its_own_dates_are_told(server: Server) -> None:
    answer = read(server, "When was ZTE on the Entity List?").partition("</section>")[0]
    assert "ZTE: US Entity List, since 8 March 2016, until 29 March 2017" in answer
    assert "No date" not in answer


def test_of_a_company_on_one_list_no_others_and_no_sentences_on_something_else_are_told(server: Server) -> None:
    answer = read(server, "when was huawei put on the entity list").partition("</section>")[0]
    assert "Huawei: US Entity List, since 16 May 2019" in answer
    assert "FCC" not in answer
    assert set(re.findall(r"/page/claim/([\w/-]+)", answer)) == {"federal-register/huawei-named-on-us-entity-list"}


@in_other_words
def test_of_two_companies_the_rows_of_each_are_told(server: Server) -> None:
    answer = read(server, "huawei zte us lists").partition("</section>")[0]
    assert "Huawei: US Entity List" in answer and "ZTE: US Entity List" in answer
    assert "Tencent" not in answer and "Hikvision" not in answer


@in_other_words
def test_sides_that_are_asked_for_take_turns(server: Server) -> None:
    answer = read(server, "Compare the Commission and Beijing on Huawei and ZTE in mobile networks: what does each say")
    documents = re.findall(r"/page/passage/([\w-]+)/", answer.partition("</section>")[0])
    turns = [document for document, _passages in groupby(documents)]
    assert turns[:2] == ["commission-5g-toolbox-2023", "chinese-reply-on-5g-2023"]


@in_other_words
def test_what_a_document_sets_against_a_claim_stands_beside_it(server: Server) -> None:
    asked = "er kina bare avhengig av å stenge ute konkurrenter for å lykkes"
    answer = read(server, asked, "nb").partition("</section>")[0]
    claims = list(dict.fromkeys(re.findall(r"/page/claim/nupi-digi-tech/([\w-]+)", answer)))
    first = claims.index("assumption-holds-some-truth")
    assert claims[first + 1] == "assumption-undervalues-innovative-skills"


def test_what_a_document_says_of_a_company_comes_before_the_rows_of_a_list(server: Server) -> None:
    answer = read(server, "smic us blacklist").partition("</section>")[0]
    assert 0 < answer.index("/page/claim/executive-order-14032/") < answer.index("US Entity List, since")


@in_other_words
def test_a_number_in_one_of_two_parts_of_a_question_is_not_said_to_be_missing(server: Server) -> None:
    answer = read(server, "how big is ren zhengfei's share and who picks the directors at huawei")
    assert "holds 1.14 per cent" in answer
    assert "No number for this was found" not in answer


def test_a_continent_speaks_by_none_of_its_states(server: Server) -> None:
    answer = read(server, "hvordan vil europa forholde seg til kinesisk teknologi framover", "nb")
    assert "Fire stater om eksportkontroll sier ingenting" not in answer
    assert "Europas tilnærming til styring av digi-tech blir trolig" in answer.partition("</section>")[0]


def test_the_other_side_of_an_issue_close_to_a_question_is_told_too(server: Server) -> None:
    answer = read(server, "worker-owned Huawei: fact or fairy tale?").partition("</section>")[0]
    assert "a myth that Balding and Clarke set out to refute" in answer
    assert "Huawei belongs to its employees" in answer


def test_a_name_among_chinese_characters_is_not_cut_in_two(server: Server) -> None:
    assert "Those who hold shares in Huawei have the right to vote" in read(server, "员工在华为有没有投票权")


@in_other_words
def test_why_a_company_is_on_a_list_is_answered_by_sentences_before_the_list(server: Server) -> None:
    answer = read(server, "海康威视为什么被美国列入名单").partition("</section>")[0]
    assert "A question close to yours" in answer and "Which companies stand on which US list or order" in answer
    assert "surveillance technology sector" in answer.partition("These sentences come nearest.")[2]


def test_what_lacks_a_word_of_the_question_is_not_told_as_its_answer(server: Server) -> None:
    answer = read(server, "hvor mange ansatte har xiaomi", "nb")
    assert "Ingen setning her om Xiaomi har ordet «ansatte»." in answer
    assert "svarer på dette" not in answer


@in_other_words
def test_a_fine_is_no_sanction_of_another_kind(server: Server) -> None:
    assert "No number for this was found in what was read." in read(server, "中兴当年被美国罚了多少钱")


@in_other_words
def test_the_date_of_a_document_is_not_said_to_be_missing(server: Server) -> None:
    assert "No date for this was found" not in read(server, "数据安全昌议是谁什么时候提的")


@in_other_words
def test_no_number_is_said_to_be_missing_above_the_sentence_that_gives_it(server: Server) -> None:
    answer = read(server, "hvor mange EU-land har faktisk innført begrensninger for 5g-leverandører", "nb")
    assert "har ti innført begrensninger" in answer.partition("</section>")[0]
    assert "Fant ikke noe tall" not in answer


def test_a_question_that_nothing_answers_of_another_thing_gives_way_to_sentences(server: Server) -> None:
    answer = read(server, "小米手机在全球卖得好吗").partition("</section>")[0]
    assert "best-selling mobile phone brands" in answer
    assert "The documents say nothing about this" not in answer


@pytest.mark.parametrize("text", with_one("what should Oslo do about all this", "挪威该怎么办"))
def test_what_to_do_is_answered_by_all_recommendations_in_order(server: Server, text: str) -> None:
    answer = read(server, text).partition("</section>")[0]
    told = list(dict.fromkeys(re.findall(r"(\w+) recommendation is", answer)))
    assert told == ["first", "second", "third", "fourth", "fifth"]


@pytest.mark.parametrize(
    "text",
    with_one("how many states support the export control initiative", "how long has NUPI existed", "NUPI成立多久了"),
)
def test_what_can_be_counted_and_a_year_are_numbers(server: Server, text: str) -> None:
    assert "No number" not in read(server, text)


def test_a_part_of_a_company_is_that_company(server: Server) -> None:
    assert "not named in this answer" not in read(server, "does the US accuse Huawei of surveillance")


def test_which_documents_mention_a_thing_is_asked_of_all(server: Server) -> None:
    assert "Huawei: five of the eleven documents" in read(server, "which documents mention Huawei")


def test_whoever_is_asked_to_mention_a_company_answers(server: Server) -> None:
    for text in ("is Huawei mentioned by the US", "does the US mention Huawei"):
        lines = read(server, text).partition('id="answer"')[2].partition("<li")[2].partition("</li>")[0]
        assert "Executive Order 14032 lists Huawei" in lines, text


def test_others_answer_where_a_speaker_is_silent_on_what_is_asked(server: Server) -> None:
    lines = read(server, "does Wang Yi oppose backdoors").partition('id="answer"')[2].partition("</li>")[0]
    assert "back doors" in lines


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What does the Commission say about Huawei and ZTE, and how did China respond?", "en"),
        ("Hva mener EU-kommisjonen om Huawei, og hva svarer Kina?", "nb"),
        ("欧盟委员会怎么评价成员国限制华为和中兴的决定?中方又怎么回应?", "en"),
    ],
)
def test_whose_words_each_part_of_a_question_asks_for_is_told_in_turns(
    server: Server, text: str, language: str
) -> None:
    answer = read(server, text, language).partition("</section>")[0]
    told = dict.fromkeys(re.findall(r"/claim/([\w-]+)/", answer))
    assert {*list(told)[:2]} == {"commission-5g-toolbox-2023", "chinese-reply-on-5g-2023"}


def test_of_each_whose_words_are_asked_for_what_matters_most_is_told_first(server: Server) -> None:
    text = "hva mener EU-kommisjonen om Huawei og ZTE, og hva svarer Kina"
    first = re.findall(r"/page/claim/([\w/-]+)", read(server, text, "nb").partition("</section>")[0])
    assert first[0] == "commission-5g-toolbox-2023/restrictions-are-justified"
    assert "chinese-reply-on-5g-2023/huawei-has-done-no-harm" in first


def test_of_two_documents_named_in_one_word_both_are_told_on_a_matter(server: Server) -> None:
    answer = read(server, "difference between Biden's two june 2021 orders on China").partition("</section>")[0]
    told = dict.fromkeys(re.findall(r"/claim/([\w-]+)/", answer))
    assert [*told] == ["executive-order-14034", "executive-order-14032"]


def test_a_matter_in_a_document_is_no_name_of_which_all_is_told(server: Server) -> None:
    """What is said of hacking says less than what is said of China and hacking."""
    answer = read(server, "does the brief accuse China of hacking").partition("</section>")[0]
    assert "several hacking operations reported in recent years" in answer


def test_an_issue_that_is_only_close_to_a_question_gives_no_verdict_on_it(server: Server) -> None:
    answer = read(server, "Does the EU fund Huawei?").partition("</section>")[0]
    assert "These sentences come nearest." in answer
    assert "A question close to yours" in answer and "says yes" not in answer


def test_what_rules_there_are_is_asked_for_as_a_list(server: Server) -> None:
    answer = read(server, "What new rules have Chinese tech companies been hit with in the regulatory storm?")
    first = opening(answer)
    assert "entertainment services" in first


def test_a_president_is_told_of_by_what_is_said_of_his_government(server: Server) -> None:
    assert "presidency, the US put several" in read(server, "What did Donald Trump do?").partition("</section>")[0]


def test_whether_something_will_come_is_answered_by_forecasts(server: Server) -> None:
    answer = read(server, "Kommer Europa til å gå like hardt ut mot Kina som amerikanerne?", "nb")
    assert "Europas tilnærming til styring av digi-tech blir trolig" in opening(answer)


def test_what_answers_a_saved_question_comes_before_what_only_has_its_words(server: Server) -> None:
    assert "LinkedIn and Yahoo" in opening(read(server, "us companies that pulled out of china"))


@in_other_words
def test_how_many_stand_on_a_list_is_no_question_who_does(server: Server) -> None:
    assert '<h2 id="answer">59 companies listed in the annex' in read(server, "how many firms on biden's list")


@in_other_words
def test_that_a_word_which_says_little_stands_nowhere_is_not_told(server: Server) -> None:
    assert "No sentence here" not in read(
        server, "who signed the export controls statement and who merely supported it"
    )


@in_other_words
def test_the_date_of_a_document_that_is_asked_for_is_not_said_to_be_missing(server: Server) -> None:
    answer = read(server, "全球数据安全倡议 谁 什么时候提的").partition("</section>")[0]
    assert "8 September 2020" in answer and "No date" not in answer


def test_sentences_that_list_something_together_answer_what_they_list(server: Server) -> None:
    answer = read(server, "王毅讲的三条原则分别是什么").partition("</section>")[0]
    assert all(word in answer for word in ("Multilateralism", "right to protect data security", "facts and the law"))


@in_other_words
def test_two_who_are_asked_in_chinese_are_those_before_the_words_for_saying(server: Server) -> None:
    answer = read(server, "欧盟凭什么说华为中兴风险更高？中方又怎么回应？").partition("</section>")[0]
    documents = list(dict.fromkeys(re.findall(r"/page/claim/([\w-]+)/", answer)))
    assert documents[:2] == ["commission-5g-toolbox-2023", "chinese-reply-on-5g-2023"]


@pytest.mark.parametrize("text", with_one("compare huawei and zte", "Huawei vs ZTE"))
def test_the_full_answer_on_two_that_are_compared_is_their_comparison(server: Server, text: str) -> None:
    answer = read(server, text)
    assert re.findall(r'href="/compare\?a=id:huawei&amp;b=id:zte[^"]*">\s*([^<]*)</a>', answer) == [
        "Huawei · ZTE",
        "Open the full answer",
    ]


@in_other_words
def test_a_search_that_names_two_companies_leads_to_their_comparison_besides(server: Server) -> None:
    answer = read(server, "are huawei and zte a security risk")
    assert re.search(r'href="/compare\?a=id:huawei&amp;b=id:zte[^"]*">Huawei and ZTE</a>', answer)


def test_a_question_by_its_name_shows_no_sentences_beside_its_answer(server: Server) -> None:
    answer = read(server, "who denies what").partition("</section>")[0]
    assert "None of the internationally leading brands" in answer
    assert "/page/claim/commission-5g-toolbox-2023/" not in answer


def test_where_hardly_a_claim_is_on_all_that_is_named_those_on_most_are_told(server: Server) -> None:
    text = "Hva mener Balding og Clarke at fagforeningen i Huawei betyr for hvem som eier selskapet?"
    assert "i praksis kan regnes som statseid" in read(server, text, "nb").partition("</section>")[0]


def test_a_company_that_is_not_on_the_list_asked_for_gets_no_other_lists(server: Server) -> None:
    answer = read(server, "is ZTE on the Biden investment ban list?").partition("</section>")[0]
    names = "ZTE and the annex to Executive Order 14032"
    text = f"The sources here have no such entry. No entry here names {names} together."
    assert f'<h2 id="answer">{text}</h2>' in answer
    assert "Entity List" not in answer


@in_other_words
def test_of_two_companies_a_document_is_silent_on_one_only(server: Server) -> None:
    answer = read(server, "拜登2021年6月的投资禁令名单里有中芯国际和小米吗").partition("</section>")[0]
    assert "/page/claim/executive-order-14032/" in answer and "nothing on Xiaomi" not in answer


@in_other_words
def test_what_stands_behind_the_word_for_saying_in_chinese_says_nothing(server: Server) -> None:
    answer = read(server, "报告认为挪威该怎么应对中国科技？为什么说没有简单答案？").partition("</section>")[0]
    assert "/page/claim/nupi-digi-tech/" in answer and "Four states on export controls" not in answer


@in_other_words
def test_a_number_in_the_second_sentence_is_not_said_to_be_missing(server: Server) -> None:
    text = "Hvor mange mobile nettbrukere snakket Kinas utenriksminister om i 2020"
    answer = read(server, text, "nb").partition("</section>")[0]
    assert "3,5 milliarder" in answer and "Fant ikke noe tall" not in answer


def test_of_several_companies_on_one_list_each_row_of_that_list_is_told(server: Server) -> None:
    answer = read(server, "are huawei and zte on the entity list").partition("</section>")[0]
    assert "Huawei: US Entity List, since 16 May 2019" in answer
    assert "ZTE: US Entity List, since 8 March 2016, until 29 March 2017" in answer
    assert "no such entry" not in answer and "FCC" not in answer


@in_other_words
def test_a_name_that_nobody_knows_is_no_compound_of_other_words(server: Server) -> None:
    assert "No document here says anything about “Starlink”." in read(server, "what does the brief say about Starlink")


@in_other_words
def test_several_reports_are_not_the_report(server: Server) -> None:
    text = "how many days did the commerce secretary get for the reports on data and apps"
    answer = read(server, text).partition("</section>")[0]
    assert "120 days" in answer and "180 days" in answer


def test_a_body_with_several_documents_and_a_state_answer_in_turns(server: Server) -> None:
    text = "Hva sa EU om Huawei og ZTE i juni 2023, og hva svarte Beijing?"
    documents = re.findall(r"/page/claim/([\w-]+)/", read(server, text, "nb").partition("</section>")[0])
    assert {"commission-5g-toolbox-2023", "chinese-reply-on-5g-2023"} == set(documents[:4])


@in_other_words
def test_a_company_and_those_who_wrote_on_it_answer_in_turns(server: Server) -> None:
    text = "Do Huawei staff really have a say over the company? Huawei vs the two professors"
    documents = re.findall(r"/page/claim/([\w-]+)/", read(server, text).partition("</section>")[0])
    assert {"balding-clarke-2019", "huawei-ownership-page"} == set(documents[:4])


@in_other_words
def test_who_owns_a_company_is_no_answer_to_something_else(server: Server) -> None:
    assert "Who owns Hikvision" not in read(server, "hikvision blacklist heading")


def test_who_is_asked_for_by_more_than_yes_or_no(server: Server) -> None:
    first = opening(read(server, "who is scored under social credit"))
    assert "companies, government entities, citizens and other actors" in first


@in_other_words
def test_nobody_who_is_compared_is_asked_alone(server: Server) -> None:
    first = opening(read(server, "Europa sammenlignet med USA i synet på digital styring", "nb"))
    assert "Europas tilnærming" in first


def test_a_count_of_something_else_is_no_amount(server: Server) -> None:
    text = "How much money does the brief ask Norway to spend on digital security?"
    assert "No number for this was found in what was read." in read(server, text)


def test_companies_of_the_table_on_a_list_are_told_alone(server: Server) -> None:
    answer = read(server, "which companies in NUPI's table are also on the Biden investment ban list")
    assert "8 companies of the table stand on a list of the order: China Electronics, " in answer


def test_what_makes_a_position_less_firm_is_told_with_it(server: Server) -> None:
    answer = read(server, "美国制裁对中国芯片产业只有坏处吗").partition("</section>")[0]
    assert "Points to yes" in answer
    assert "adds that the sanctions also drive China" in answer


@in_other_words
def test_who_takes_no_side_is_heard_where_nobody_takes_the_other_one(server: Server) -> None:
    answer = read(server, "hva mener Beijing Huawei og ZTE har gjort for Europa", "nb").partition("</section>")[0]
    assert "vært til stor nytte" in answer
    assert "vesentlig større risiko" in answer.partition("vært til stor nytte")[2]


@in_other_words
def test_the_other_side_of_an_issue_that_a_sentence_touches_stands_beside_it(server: Server) -> None:
    answer = read(server, "who elects Huawei's board").partition("</section>")[0]
    claims = list(dict.fromkeys(re.findall(r"/page/claim/([\w/-]+)", answer)))
    assert claims[:2] == [
        "huawei-ownership-page/commission-elects-board-of-directors",
        "balding-clarke-2019/virtual-stock-gives-no-vote",
    ]


def test_the_date_of_a_document_answers_who_asks_for_it(server: Server) -> None:
    assert "Dokumentets dato: 2021. Det oppgir utgiveren; teksten selv har ingen dato." in read(
        server, "hvilken dato ble NUPI-notatet publisert", "nb"
    )
    assert "Date of the document: 2021. Its publisher says so" in read(server, "when was the brief published?")
    assert "Date of the document" not in read(server, "when was the Biden order 14034 signed")


@in_other_words
def test_what_others_report_of_a_document_comes_first_if_it_is_asked_for(server: Server) -> None:
    answer = read(server, "欧盟委员会自己的办公通信还会用华为吗？").partition("</section>")[0]
    assert answer.index("commission-will-not-rely-on-huawei") < answer.index("restrictions-are-justified")


def test_what_goes_on_with_the_nearest_sentence_needs_no_name_of_its_own(server: Server) -> None:
    answer = read(server, "挪威这样的小国要在哪些目标之间找平横").partition("</section>")[0]
    assert "response-not-simple" in answer and "navigating-balance-never-easy" in answer


@in_other_words
def test_a_document_that_speaks_of_a_country_is_not_silent_on_its_capital(server: Server) -> None:
    answer = read(server, "Which hacker groups does the NUPI paper tie to Beijing?").partition("</section>")[0]
    assert "nothing on Beijing" not in answer
    assert "hacking operations" in answer


def test_a_definition_comes_first_if_it_is_asked_for(server: Server) -> None:
    answer = read(server, "How does order 14034 define a foreign adversary?").partition("</section>")[0]
    assert "“foreign adversary” means" in opening(answer)


@in_other_words
def test_what_answers_a_question_comes_before_what_only_has_its_words(server: Server) -> None:
    answer = read(server, "component makers listed in NUPI table").partition("</section>")[0]
    last = max(answer.index(f"{name}-in-critical") for name in ("semiconductor-manufacturing", "will-semiconductor"))
    assert answer.index("in-devices-sector") > last


@in_other_words
def test_two_who_are_compared_are_told_without_the_sides_of_an_issue(server: Server) -> None:
    text = "Huawei staff ownership: company line versus the two professors"
    answer = read(server, text).partition("</section>")[0]
    assert set(re.findall(r"/page/claim/([\w-]+)/", answer)) == {"huawei-ownership-page", "balding-clarke-2019"}


def test_the_report_is_not_always_the_brief(server: Server) -> None:
    text = "Hvem skal den amerikanske handelsministeren rådføre seg med før rapporten om helsedata?"
    answer = read(server, text, "nb").partition("</section>")[0]
    assert "sier ingenting" not in answer
    assert "/page/claim/executive-order-14034/" in answer


@in_other_words
def test_of_several_who_are_asked_each_comes_near(server: Server) -> None:
    text = "欧盟委员会2023年对华为和中兴作了什么评估？中国外交部怎么回应？"
    documents = re.findall(r"/page/claim/([\w-]+)/", read(server, text).partition("</section>")[0])
    assert {"commission-5g-toolbox-2023", "chinese-reply-on-5g-2023"} == set(documents)


def test_a_list_is_no_answer_to_a_yes_or_no(server: Server) -> None:
    first = opening(read(server, "is the tech crackdown hurting chinese companies"))
    assert "undoubtedly affect many digi-tech companies" in first


@in_other_words
def test_a_promise_comes_first_if_it_is_asked_for(server: Server) -> None:
    text = "has china promised not to make its companies hand over data stored abroad"
    assert "China promises not to ask Chinese companies" in opening(read(server, text))


@in_other_words
def test_who_says_something_is_answered_by_where_documents_stand(server: Server) -> None:
    assert "issue/huawei-state" in first_answer(read(server, "Hvem sier at Huawei eies av staten", "nb"))


def test_one_thing_called_by_two_names_is_told_once(server: Server) -> None:
    assert "Belt and Road Initiative and Belt and Road" not in read(server, "digital silk road belt and road")


@in_other_words
def test_more_than_the_one_claim_on_a_matter_is_told_where_more_come_near(server: Server) -> None:
    answer = read(server, "王毅讲话 数字经济占GDP多少").partition("</section>")[0]
    assert "15 per cent" in answer and "more than a third" in answer


@pytest.mark.parametrize(
    "text", with_one("中国数字科技在美国和欧洲市场的前景", "outlook for chinese digi-tech in europe and america")
)
def test_an_issue_that_nobody_answers_is_no_headline(server: Server, text: str) -> None:
    answer = read(server, text).partition("</section>")[0]
    assert "None of the eleven documents answers" not in answer
    assert "bleak" in answer


def test_who_says_what_on_an_issue_is_answered_by_its_sides_though_it_asks_for_yes_or_no(server: Server) -> None:
    answer = read(server, "is huawei state owned or not, who says what").partition("</section>")[0]
    assert re.search(r'<p class="eyebrow"><a href="/issue/huawei-state[?"]', answer)


@in_other_words
@pytest.mark.parametrize(
    "text",
    [
        "social credit: what do the norwegian brief and the US-EU statement each make of it",
        "social scoring: what do the US and EU say about it and what does the Norwegian brief say",
    ],
)
def test_the_brief_is_called_the_norwegian_one_and_answers_in_turn(server: Server, text: str) -> None:
    answer = read(server, text).partition("</section>")[0]
    first = re.findall(r"/page/passage/([\w-]+)/", answer)[:2]
    assert set(first) == {"nupi-digi-tech", "ttc-ai-annex-2021"}


@in_other_words
def test_each_of_two_companies_on_a_list_is_told(server: Server) -> None:
    answer = read(server, "美国投资禁令附件里有没有中国移动和中芯国际").partition("</section>")[0]
    first = answer.partition("is to take effect")[0]
    assert "lists China Mobile in its annex" in first
    assert "lists Semiconductor Manufacturing International Corporation in its annex" in first


def test_a_part_that_has_more_of_the_question_is_told_below_its_main_claim(server: Server) -> None:
    answer = read(server, "Proven Honour Capital why listed").partition("</section>")[0]
    assert "because the company is tied by ownership or control" in answer.partition("nine other companies")[2]


@in_other_words
def test_a_question_on_somebody_else_is_only_close(server: Server) -> None:
    answer = read(server, "norske bedrifter rammet av amerikanske sanksjoner mot kina, hvilke?", "nb")
    heading = answer.partition('<h2 id="answer">')[2].partition("</h2>")[0]
    assert heading == "Disse setningene ligger nærmest."


def test_who_pays_is_told_by_name(server: Server) -> None:
    assert "NUPI brief: Norwegian Ministry of Foreign Affairs and" in read(server, "who paid for the NUPI paper?")


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("which executive ordres were revoked", "This is what is said of “orders”."),
        ("foreign internet companies that scaled down in China", ""),
        ("dni threat assesment deadline", "This is what is said of “assessment”."),
    ],
    ids=["letters that changed places", "another form of a word", "parts that are words"],
)
def test_a_slip_is_told_but_not_another_form_of_a_word(server: Server, text: str, notice: str) -> None:
    main = read(server, text)
    assert ("Nothing here is called" in main) is bool(notice)
    assert notice in main


def test_orders_that_are_revoked_are_told_with_their_numbers(server: Server) -> None:
    answer = read(server, "presidentordrer Biden opphevet i juni 2021 kina apper", "nb").partition("</li>")[0]
    assert "13942 om TikTok, 13943 om WeChat og 13971 om kinesisk programvare" in answer


@in_other_words
def test_who_says_that_something_is_not_so_is_told_by_those_who_do(server: Server) -> None:
    answer = read(server, "Huawei claims its workers own the company. Who says that's not true?").partition(
        "</section>"
    )[0]
    assert re.findall(r"/page/passage/([\w-]+)/", answer)[0] == "balding-clarke-2019"


@pytest.mark.parametrize(
    "text",
    ["penalties game studios face under China's screen time rules", "what does biden say about tiktok"],
)
def test_a_page_on_something_else_is_no_answer_though_no_sentence_has_it_all(server: Server, text: str) -> None:
    answer = read(server, text).partition("</section>")[0]
    assert '<h2 id="answer">These sentences come nearest.</h2>' in answer


def test_two_documents_that_are_named_lead_to_their_comparison(server: Server) -> None:
    answer = read(server, "Compare the NUPI brief and the EU Commission on 5G").partition("</section>")[0]
    assert 'href="/compare?a=id:nupi-digi-tech&amp;b=id:commission-5g-toolbox-2023' in answer


def test_what_was_read_out_of_a_main_claim_is_told_itself(server: Server) -> None:
    answer = read(server, "Which predictions came true?").partition("</section>")[0]
    assert "marked by conflict over the use of Chinese 5G suppliers in Europe" in answer
    assert "Our reading" in answer


def test_advice_of_a_document_to_somebody_is_told_by_what_comes_nearest(server: Server) -> None:
    answer = read(server, "简报建议挪威怎样平衡开放经济、数字安全和人权？").partition("</section>")[0]
    assert re.findall(r"/page/passage/([\w.-]+/[\w.]+)", answer)[0] == "nupi-digi-tech/p05.s01"


@pytest.mark.parametrize(
    ("text", "denials"),
    [
        ("what does China deny", ["wang-yi-speech-2020", "chinese-reply-on-5g-2023"]),
        ("Hva benekter Huawei?", ["huawei-ownership-page"]),
    ],
)
def test_what_somebody_denies_is_told_by_all_their_denials(server: Server, text: str, denials: list[str]) -> None:
    answer = read(server, text).partition("</section>")[0]
    assert "These sentences answer this." in answer
    assert set(denials) <= set(re.findall(r"/page/claim/([\w-]+)/", answer))
    assert "/nupi-digi-tech/" not in answer
    assert "should not" not in answer


def test_what_documents_say_is_more_than_what_one_of_them_says(server: Server) -> None:
    answer = read(server, "hva sier dokumentene om Norge", "nb").partition("</section>")[0]
    assert {"nupi-digi-tech", "export-controls-human-rights-2021"} <= set(re.findall(r"/page/claim/([\w-]+)/", answer))
    assert "Åpne Fire stater om eksportkontroll" in answer


def test_a_group_of_which_many_are_said_to_be_state_owned_is_no_silence(server: Server) -> None:
    answer = read(server, "which companies in the table are state-owned").partition("</section>")[0]
    assert "Of companies in the critical components category it says that many are, without naming them." in answer


def test_a_page_close_to_a_question_is_told_with_its_finding_before_the_nearest_sentences(server: Server) -> None:
    answer = read(server, "Which of the firms in the Norwegian table also ended up on the US investment blacklist?")
    close = answer.partition("A question close to yours")[2].partition("These sentences come nearest.")[0]
    assert "8 companies of the table stand on a list of the order" in close and "Hikvision" in close


def test_a_few_rows_of_a_page_close_to_a_question_are_told_with_it(server: Server) -> None:
    answer = read(server, "Which firms does the White House list for surveillance?")
    close = answer.partition("A question close to yours")[2].partition("These sentences come nearest.")[0]
    assert "59 companies" in close and "(3 also under another heading)" in close


def test_a_thing_that_tells_much_is_told_of_where_the_rest_stands_nowhere(server: Server) -> None:
    main = read(server, "社会信用体系哪一年在全国正式实施？")
    assert "No document here says anything" not in main
    assert "No date for this was found" in main and "social credit system" in main


def test_a_misspelt_product_is_not_taken_for_a_company(server: Server) -> None:
    assert "satellite navigation system" in opening(read(server, "beidu satelite navigation"))


@pytest.mark.parametrize(
    ("text", "name"),
    with_one(
        ("does nupi say baidu belongs to the state?", "Baidu"),
        ("is China Mobile state-owned, by the NUPI paper?", "China Mobile"),
    ),
)
def test_what_a_document_leaves_open_of_a_company_is_told_by_the_question_on_it(
    server: Server, text: str, name: str
) -> None:
    assert f"The document does not say whether {name} is state-owned." in read(server, text).partition("</section>")[0]


def test_a_thing_that_only_sentences_name_is_not_said_to_be_missing(server: Server) -> None:
    main = read(server, "cables")
    assert "No document here says anything" not in main
    assert "satellites and cables" in opening(main)


def test_a_rare_word_is_told_by_the_part_that_says_it(server: Server) -> None:
    assert "counts genetic information as sensitive" in read(server, "genetic data").partition("</section>")[0]


@pytest.mark.parametrize("text", with_one("difference between 14032 and 14034", "compare Biden's two orders"))
def test_two_documents_that_are_all_that_is_asked_for_are_told_in_turns(server: Server, text: str) -> None:
    main = read(server, text)
    told = re.findall(r'class="said.*?href="/page/claim/([\w-]+)/', main.partition("</section>")[0], re.S)
    assert sorted(told[:2]) == ["executive-order-14032", "executive-order-14034"]
    assert told[:2] == told[2:4]
    assert "/compare?" in main


def test_each_of_two_documents_is_told_to_be_silent(server: Server) -> None:
    answer = read(server, "Do the human rights export control statement and the US-EU AI annex accuse China by name?")
    told = answer.partition("</section>")[0]
    assert "Four states on export controls; EU and USA on AI: nothing is said of China." in told


def test_two_speakers_are_told_by_their_documents_in_turns(server: Server) -> None:
    told = opening(read(server, "breton vs wang wenbin"))
    assert "Breton" in told
    assert "/page/claim/commission-5g-toolbox-2023/" in told
    assert "/page/claim/chinese-reply-on-5g-2023/" in read(server, "breton vs wang wenbin")


def test_whom_a_question_is_asked_according_to_need_not_stand_in_the_sentences(server: Server) -> None:
    text = "is the outlook in Europe and NATO as bleak as in the US according to NUPI"
    answer = read(server, text).partition("</section>")[0]
    assert "mentions" not in answer
    assert "outlook for growth in Chinese digi-tech is still uncertain" in answer


def test_who_asks_which_of_two_companies_it_is_is_not_told_that_a_list_is_open(server: Server) -> None:
    assert "It is not said which they are" not in read(server, "alibaba vs tencent, which lives off the home market")


def test_a_success_put_down_to_a_closed_market_is_told_with_what_speaks_against_it(server: Server) -> None:
    answer = read(server, "did chinese internet firms only get big because google and facebook were kept out?")
    assert "/issue/state-made-success" in answer
    assert "greatly undervalues the innovative and commercial skills" in answer.partition("</section>")[0]


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    with_one(
        (
            "美欧人工智能声明有没有点名批评中国？",
            "en",
            "EU and USA on AI: nothing on China in what was read.",
        ),
        (
            "does the export controls and human rights statement name China?",
            "en",
            "Four states on export controls: nothing on China in what was read.",
        ),
    ),
)
def test_whom_a_document_does_not_name_it_says_nothing_of(
    server: Server, text: str, language: str, answer: str
) -> None:
    assert answer in read(server, text, language).partition("</section>")[0]


@pytest.mark.parametrize(
    ("text", "language", "silent"),
    with_one(
        ("penalty for breaking the investment ban", "en", "US order 14032: nothing is said of penalties."),
        ("how did Beijing retaliate against the EU", "en", "China’s reply on 5G: nothing is said of countermeasures."),
        ("hva heter de andre notatene", "nb", "NUPI-notatet: ingenting er sagt om de andre notatene i serien."),
        (
            "gjelder datainitiativet også egne borgere",
            "nb",
            "Kinas datainitiativ: ingenting er sagt om folk på en stats eget territorium.",
        ),
    ),
)
def test_what_a_document_says_nothing_of_is_told_to_who_asks_for_it(
    server: Server, text: str, language: str, silent: str
) -> None:
    assert silent in read(server, text, language).partition("</section>")[0]


def test_who_asks_for_a_list_that_a_sentence_leaves_open_is_told_so(server: Server) -> None:
    answer = read(server, "Hvilke ti EU-land har innført begrensninger mot høyrisikoleverandører?", "nb")
    assert "Det er ikke sagt hvilke det er." in answer.partition("</section>")[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("中国在哪些技术上还落后于人?", "shortcomings"),
        ("which kind of chinese tech firms tend to belong to the state", "companies are owned by the state"),
    ],
)
def test_who_asks_for_no_list_is_not_told_that_one_is_left_open(server: Server, text: str, told: str) -> None:
    answer = read(server, text)
    assert told in answer
    assert "It is not said which they are" not in answer


def test_the_date_of_a_document_is_none_of_what_it_tells_of(server: Server) -> None:
    text = "Når skal EU-kommisjonen være ferdig med å kvitte seg med Huawei i egne bygg?"
    answer = read(server, text, "nb").partition("</section>")[0]
    assert "Fant ingen dato for dette i det som er lest" in answer
    assert "Dokumentets dato" not in answer


def test_a_date_that_a_closely_fitting_claim_gives_is_not_said_to_be_missing(server: Server) -> None:
    answer = read(server, "by when do US investors have to sell listed chinese military company shares")
    assert "Executive Order 14032" in answer
    assert "No date for this was found" not in answer


def test_a_state_that_a_document_does_not_name_is_told_to_be_unnamed(server: Server) -> None:
    answer = read(server, "挪威签署《全球数据安全倡议》了没有").partition("</section>")[0]
    assert "Norway: not named in this answer." in answer


def test_who_asks_for_words_and_their_grounds_is_told_who_disputes_these(server: Server) -> None:
    told = read(server, "欧盟说华为有风险,拿出证据了吗?").partition("</section>")[0]
    assert "/page/claim/commission-5g-toolbox-2023/huawei-risk-to-eu-security" in told
    assert "/page/claim/chinese-reply-on-5g-2023/commission-alleges-without-evidence" in told


def test_an_author_need_not_be_named_on_the_page_that_answers(server: Server) -> None:
    answer = read(server, "Hvilke av selskapene i tabellen til Gåsemyr er også på Bidens liste fra juni 2021?", "nb")
    assert "8 selskaper i tabellen står på en av listene" in answer.partition("</section>")[0]


def test_who_asks_for_critics_too_is_told_both_sides(server: Server) -> None:
    answer = read(server, "Do Huawei's employee shares come with voting rights? What do Huawei and its critics say")
    told = answer.partition("</section>")[0]
    assert "/page/claim/huawei-ownership-page/" in told and "/page/claim/balding-clarke-2019/" in told


def test_what_each_side_says_of_an_issue_close_to_a_question_is_among_the_first_sentences(server: Server) -> None:
    answer = read(server, "Can anybody actually prove there are security holes in Chinese network kit?")
    told = re.findall(r'class="said-link"[^>]*>([^<]+)<', answer)
    assert any("hard to pin down actual, verifiable risks" in each for each in told[:3])


def test_what_documents_agree_on_is_told_of_the_company_that_is_named(server: Server) -> None:
    answer = read(server, "what do documents agree on about Huawei").partition("</section>")[0]
    assert "What do documents agree on?" in answer and "Huawei is not owned" in answer
    assert "European" not in opening(answer) and "non-discriminatory" not in answer


def test_who_owns_a_company_is_told_by_one_document_after_another(server: Server) -> None:
    answer = read(server, "who realy owns huawai").partition("</section>")[0]
    told = re.findall(r'class="said.*?href="/page/claim/([\w-]+)/', answer, re.S)
    assert len({*told[:3]}) == 3


def test_a_word_without_its_apostrophe_is_no_word_that_is_missing(server: Server) -> None:
    assert (
        "cant"
        not in read(server, "which companies cant americans invest in").partition("</h2>")[0].partition("</h1>")[2]
    )


def test_a_year_asks_for_the_documents_of_that_year(server: Server) -> None:
    answer = read(server, "what was said of AI in 2021").partition("</section>")[0]
    assert "/page/claim/ttc-ai-annex-2021/" in opening(answer)


def test_others_speak_where_a_document_is_silent_on_what_is_asked(server: Server) -> None:
    answer = read(server, "Does Huawei mention the trade union when it explains who owns the company?")
    assert "own page: nothing on trade union committee" in answer.partition("</h2>")[0]
    assert "about 99 per cent of Huawei Investment" in answer.partition('class="sides')[2].partition("</section>")[0]


def test_two_who_are_set_side_by_side_are_told_in_turns(server: Server) -> None:
    answer = read(server, "China and the European Commission on whether Huawei is dangerous, side by side")
    first, second, *_ = re.findall(r'<div class="src"><a[^>]*>([^<]*)', answer.partition('class="sides')[2])
    assert {first, second} == {"China’s reply on 5G", "EU Commission on 5G"}


def test_what_comes_nearest_is_told_where_most_words_stand_nowhere(server: Server) -> None:
    answer = read(server, "Gjelder aksjeforbudet en trapesartist som jobber i Vadsø og Tolga?", "nb")
    assert "«Vadsø» og «Tolga»" in answer.partition("</h2>")[0] and "Ingen dokumenter her" in answer
    assert "Presidentordre 14032" in answer


def test_a_detail_is_told_by_the_part_that_gives_it(server: Server) -> None:
    answer = read(server, "does the share ban reach index funds and options too")
    assert "bars US persons from trading in derivatives" in answer.partition("</section>")[0]


def test_each_of_several_firms_is_told_to_stand_in_no_entry(server: Server) -> None:
    answer = read(server, "is ZTE on the american investment ban list of june 2021? Xiaomi?")
    for firm in ("ZTE", "Xiaomi"):
        assert f"No entry here names {firm} and the annex to Executive Order 14032 together." in answer


def test_when_a_document_came_out_is_told_by_its_own_date(server: Server) -> None:
    answer = read(server, "when did nupi publish this brief?")
    assert "Date of the document: 2021. Its publisher says so; the text gives no date." in answer


def test_who_disagrees_with_a_document_is_told_beside_it(server: Server) -> None:
    answer = read(server, "华为说自己是谁的?有没有人反对?").partition("</section>")[0]
    assert "a myth that Balding and Clarke set out to refute" in answer
    assert "Huawei is independent and privately owned" in answer


def test_the_recommendations_are_told_in_their_order_and_whole(server: Server) -> None:
    answer = read(server, "how many recomendations does the nupi paper give and what are they").partition("</section>")
    numbers = re.findall(r"The brief(?:'|&#39;)s (\w+) recommendation is", answer[0])
    assert numbers == ["first", "second", "third", "fourth", "fifth"]


def test_the_only_document_silent_on_what_another_alone_speaks_of_is_told(server: Server) -> None:
    answer = read(server, "华为工会委员会的成员是怎么选出来的?").partition("</section>")[0]
    assert "own page: nothing is said of the trade union committee of Huawei" in answer.replace("&#39;", "'")
    assert "It is unknown who belongs to Huawei" in opening(answer)


def test_both_sides_are_told_of_what_is_asked_to_be_disputed(server: Server) -> None:
    text = "hva bygger EU-kommisjonen på når den sier at to leverandører er mer risikable, og er grunnlaget omstridt?"
    answer = read(server, text, "nb").partition("</section>")[0]
    documents = re.findall(r'<div class="src"><a[^>]*>([^<]*)', answer)
    assert {*documents[:3]} == {"Europakommisjonen om 5G", "NUPI-notatet"}


def test_an_institute_that_speaks_is_not_missed_beside_what_it_speaks_of(server: Server) -> None:
    answer = read(
        server, "Which Chinese tech firms does NUPI regard as government-owned, and does that include Huawei?"
    )
    assert "together" not in answer.partition("</h2>")[0]


def test_the_other_side_is_told_by_who_comes_nearest(server: Server) -> None:
    answer = read(server, "did china threaten to retaliate against the EU over 5g").partition("</section>")[0]
    assert "China calls strongly on the EU to respect the rules of international trade" in answer
    assert "All companies should be given business conditions" not in answer


def test_a_ban_is_not_taken_for_the_document_that_objects_to_it(server: Server) -> None:
    answer = read(server, "EU comission ban on huawai").partition("</section>")[0]
    assert "Should high-risk suppliers be restricted or shut out?" in opening(answer)


def test_a_document_is_asked_though_it_stands_before_a_pronoun(server: Server) -> None:
    text = "balding clark paper does it say huawei is owned by chinese goverment"
    answer = read(server, text).partition("</section>")[0]
    assert {*re.findall(r'<div class="src"><a[^>]*>([^<]*)', answer)} == {"Balding and Clarke"}
    assert "effectively state-owned if the trade union committee" in answer


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "is Xiaomi in the annex of Executive Order 14032",
            "No entry here names Xiaomi and the annex to Executive Order 14032 together.",
        ),
        ("is xiaomi on the annex", "no such entry"),
        ("hikvision in the annex", "1 entry"),
    ],
)
def test_whether_a_company_is_in_the_annex_is_told_by_that_list(server: Server, text: str, told: str) -> None:
    assert told in read(server, text).partition("</h2>")[0]


def test_two_who_are_asked_whether_they_see_it_the_same_way_are_told_both(server: Server) -> None:
    text = "what harm can exported facial recognition do, and does washington see it the same way as nupi"
    answer = read(server, text).partition("</section>")[0]
    assert {"US order 14032", "NUPI brief"} <= {*re.findall(r'<div class="src"><a[^>]*>([^<]*)', answer)}


def test_who_asks_why_is_not_told_all_that_is_said_of_a_name(server: Server) -> None:
    answer = read(server, "那份挪威报告认为中国科技巨头为什么能成功").partition("</section>")[0]
    assert "were set up by private entrepreneurs" in answer


def test_who_asks_whether_anybody_says_it_asks_for_no_words_of_those_named(server: Server) -> None:
    answer = read(server, "does anybody say Huawei and ZTE have been good for Europe").partition("</section>")[0]
    assert "own page: nothing" not in answer.replace("&#39;", "'")
    assert "brought Europe large social and economic benefits" in opening(answer)


@pytest.mark.parametrize("text", ["what does huawei say", "and what does Huawei say to that"])
def test_who_asks_what_somebody_says_reads_their_only_document(server: Server, text: str) -> None:
    told = re.findall(r'class="said.*?href="/page/claim/([\w-]+)/', read(server, text).partition("</section>")[0], re.S)
    assert len(told) >= 5
    assert {*told} == {"huawei-ownership-page"}


@pytest.mark.parametrize(("text", "language"), [("what is said of Huawei", "en"), ("hva sies om Huawei", "nb")])
def test_what_is_said_of_somebody_is_said_by_all(server: Server, text: str, language: str) -> None:
    told = re.findall(r'class="said.*?href="/page/claim/([\w-]+)/', read(server, text, language), re.S)
    assert len({*told[:5]}) == 5


def test_an_answer_that_no_document_has_is_said_to_be_absent(server: Server) -> None:
    answer = read(server, "What did Alibaba reply to the regulators?").partition("</h2>")[0]
    assert "No document here says what Alibaba answered." in answer
    assert "answered." not in read(server, "What did the Chinese foreign ministry reply?").partition("</h2>")[0]


@pytest.mark.parametrize(
    "text",
    [
        "points of the data security initiative",
        "全球数据安全倡议有哪几点主要内容",
        "全球数据安全倡议的八点内容",
        "王毅提出的全球数据安全倡议有哪几点",
        "the eight points of the global data security initiative that Wang Yi proposed",
        "punktene i Kinas datainitiativ, foreslått av Wang Yi",
    ],
)
def test_the_points_of_a_proposal_are_told_each_in_its_order(server: Server, text: str) -> None:
    found = re.findall(r"point (\d)", read(server, text).partition("</section>")[0])
    assert found == list("12345678")


def test_a_document_beside_two_that_one_word_names_is_told_too(server: Server) -> None:
    answer = read(server, "王毅讲话和两份行政令有什么不同").partition("</section>")[0]
    told = re.findall(r'class="said.*?href="/page/claim/([\w-]+)/', answer, re.S)
    assert {*told[:3]} == {"wang-yi-speech-2020", "executive-order-14032", "executive-order-14034"}


@pytest.mark.parametrize("text", ["jack ma what happened", "马云和蚂蚁集团上市的事,挪威那份简报怎么看"])
def test_what_the_author_sets_against_a_claim_on_somebody_is_told_too(server: Server, text: str) -> None:
    answer = read(server, text).partition("</section>")[0]
    assert "/page/claim/nupi-digi-tech/outspokenness-may-have-contributed" in answer
    assert "/page/claim/nupi-digi-tech/intervention-fits-wider-pattern" in answer


def test_a_company_that_is_not_on_the_list_asked_for_is_said_not_to_be(server: Server) -> None:
    answer = read(server, "er ZTE på den amerikanske investeringslista fra juni 2021", "nb").partition("</h2>")[0]
    assert "ingen slik oppføring" in answer and "ZTE og vedlegget til presidentordre 14032" in answer


def test_a_comparison_of_what_somebody_speaks_of_is_told_by_them(server: Server) -> None:
    answer = read(server, "Why does Breton compare Huawei with energy?").partition("</section>")[0]
    told = [*dict.fromkeys(re.findall(r"/page/claim/([\w/-]+)", answer))]
    assert "commission-5g-toolbox-2023/breton-other-dependence-was-cut-fast" in told[:2]


def test_on_a_matter_of_which_one_document_speaks_the_others_named_are_told_too(server: Server) -> None:
    answer = read(server, "王毅讲话和美国总统行政令在数据安全上的说法有什么不同?").partition("</section>")[0]
    told = re.findall(r'class="said.*?href="/page/claim/([\w-]+)/', answer, re.S)
    assert {"wang-yi-speech-2020", "executive-order-14034"} <= {*told[:3]}


def test_a_comparison_according_to_somebody_is_told_by_them_alone(server: Server) -> None:
    text = "forskjellen på trump og biden når det gjelder kinesisk teknologi ifølge NUPI"
    told = re.findall(
        r'class="said.*?href="/page/claim/([\w-]+)/', read(server, text, "nb").partition("</section>")[0], re.S
    )
    assert {*told} == {"nupi-digi-tech"}


def test_who_asks_whether_somebody_accepts_it_is_told_their_words_first(server: Server) -> None:
    answer = read(server, "Does China accept that countries can shut out suppliers for security reasons?")
    first, *_ = re.findall(r'class="said.*?href="/page/claim/([\w-]+)/', answer.partition("</section>")[0], re.S)
    assert first in {"data-security-initiative-2020", "wang-yi-speech-2020", "chinese-reply-on-5g-2023"}


def test_sentences_that_are_shown_are_not_counted_as_more(server: Server) -> None:
    answer = read(server, "BeiDou", "nb").partition("</section>")[0]
    assert "har fått global rekkevidde" in answer
    assert not re.search(r"-\d+ til står på siden", answer)


@pytest.mark.parametrize(
    ("text", "language"),
    [("who denies that Huawei is state-owned?", "en"), ("hvem benekter at Huawei er statseid?", "nb")],
)
def test_who_denies_it_is_told_by_the_issue(server: Server, text: str, language: str) -> None:
    answer = read(server, text, language).partition("</section>")[0]
    assert 'href="/issue/huawei-state' in answer and "huawei-ownership-page/huawei-not-state-owned" in answer


def test_a_question_that_is_surely_asked_has_its_own_rows_alone(server: Server) -> None:
    answer = read(server, "who must do what by when?").partition("</section>")[0]
    assert "Who must do what by when?" in answer
    assert "five-year plan" not in answer.casefold()


@pytest.mark.parametrize(
    "text", ["Do these documents mention TSMC?", "这些文件提到台积电吗", "Nevner noen av dokumentene TSMC?"]
)
def test_whether_documents_mention_an_unknown_name_is_answered(server: Server, text: str) -> None:
    assert "No document here says anything about" in read(server, text)


def test_an_english_word_is_no_slip_of_a_norwegian_one(server: Server) -> None:
    assert "refse" not in read(server, "can applicants refuse automated decisions").partition("</section>")[0]


@pytest.mark.parametrize(
    ("text", "name"),
    with_one(
        ("is DJI in the annex of order 14032", "“DJI”"),
        ("Did the US put SenseTime or Megvii on the June 2021 annex?", "“SenseTime” and “Megvii”"),
        ("is SenseTime on the annex", "“SenseTime”"),
    ),
)
def test_a_name_that_stands_nowhere_is_told_to_be_on_no_list(server: Server, text: str, name: str) -> None:
    answer = read(server, text)
    assert f"No entry here names {name}" in answer
    assert "The sources here have" in answer


def test_a_name_with_a_capital_inside_is_no_slip_of_a_word(server: Server) -> None:
    assert "sensitive" not in read(server, "is SenseTime on the annex of order 14032").partition("</section>")[0]


@pytest.mark.parametrize(
    ("text", "language"),
    with_one(("how does Wang Yi 2020 speech talk about data security", "en"), ("王毅2020年讲话怎么谈数据安全", "en")),
)
def test_a_year_inside_the_name_of_a_document_asks_for_nothing_more(server: Server, text: str, language: str) -> None:
    answer = read(server, text, language)
    assert "Wang Yi’s speech" in answer
    assert answer.count("data security") > 2


def test_who_asks_why_an_order_was_revoked_is_told_the_reason_first(server: Server) -> None:
    assert "evidence" in opening(read(server, "Why did Biden scrap Trump's TikTok order?"))


def test_a_chinese_word_that_stands_nowhere_is_told_beside_the_word_for_documents(server: Server) -> None:
    assert "“稀土”" in read(server, "中国的稀土出口管制文件里怎么说")


def test_what_is_said_of_a_company_that_no_row_names_stands_before_the_rows(server: Server) -> None:
    answer = read(server, "is lenovo state owned or blacklisted").partition("</section>")[0]
    assert "Lenovo: not named in this answer." in answer
    assert answer.index("is owned by the state") < answer.index("China Electronics")


def test_orders_that_are_compared_are_told_by_what_they_order(server: Server) -> None:
    answer = read(server, "difference between the executive order on investments and the one on apps")
    told = list(dict.fromkeys(re.findall(r"/page/claim/([\w/-]+)", answer)))[:6]
    assert "executive-order-14032/order-prohibits-trade-in-securities" in told
    assert "executive-order-14034/order-revokes-order-on-tiktok" in told


def test_what_another_says_of_a_document_stands_second_if_it_has_far_more_of_the_question(server: Server) -> None:
    answer = read(server, "Does the Commission give evidence that ZTE spies?")
    told = list(dict.fromkeys(re.findall(r"/page/claim/([\w/-]+)", answer)))
    assert told[1] == "chinese-reply-on-5g-2023/commission-alleges-without-evidence"


def test_a_number_of_a_company_is_no_question_of_who_owns_it(server: Server) -> None:
    answer = read(server, "how many employees does Tencent have")
    assert "who_owns_huawei" not in answer.partition("</h2>")[0]
    assert "Tencent" in answer


def test_a_list_of_sentences_below_headings_is_told_by_these_sentences(server: Server) -> None:
    answer = read(server, "What should states and companies do, and who says so?").partition("</section>")[0]
    assert "7 documents say what should be done, in 46 main claims." in answer
    assert "must deal with the dilemmas that exported Chinese digi-tech creates" in opening(answer)
    assert answer.count("Call or demand") + answer.count("Recommendation") >= 7


@pytest.mark.parametrize(
    ("text", "language"),
    with_one(("what does Wang Yi predict", "en"), ("hva spår Wang Yi", "nb"), ("王毅预测什么", "zh")),
)
def test_what_an_author_predicts_is_told_by_their_own_predictions(server: Server, text: str, language: str) -> None:
    answer = read(server, text, _PAGE_LANGUAGE[language]).partition("</section>")[0]
    assert set(re.findall(r"/page/claim/([\w-]+)/", answer)) == {"wang-yi-speech-2020"}
    assert "politicisation" in opening(answer) or "politisering" in opening(answer)


def test_all_predictions_are_asked_of_all_documents(server: Server) -> None:
    answer = read(server, "What predictions were made and what came of them?").partition("</section>")[0]
    assert "Later documents take up 1 prediction. No later document says what came of 8 predictions." in answer
    assert "politicisation of security" in answer


def test_opposite_claims_are_told_in_pairs_with_who_makes_them(server: Server) -> None:
    answer = read(server, "where do documents contradict each other on Huawei").partition("</section>")[0]
    assert "9 pairs of claims go against each other." in answer
    told = answer.partition("9 pairs")[2]
    assert told.index("Huawei’s own page: Huawei belongs to its employees") < told.index(
        "Balding and Clarke: Huawei&#39;s"
    )


def test_a_company_is_told_with_all_its_lists_where_one_of_them_is_asked_for(server: Server) -> None:
    answer = read(server, "Is ZTE on Biden's list of Chinese military-industrial companies?").partition("</section>")[0]
    assert "for ZTE." in answer and answer.count("ZTE: ") == 5 and "14032" not in answer
    close = read(server, "how many US lists is Huawei on").partition("</section>")[0]
    assert "The sources here have 8 entries on US lists and orders, for Huawei" in close
    assert "Huawei: US Entity List, since 16 May 2019." in close


def test_how_many_own_shares_is_told_by_a_number(server: Server) -> None:
    for text in ("number of Huawei employee shareholders", "how many shareholders does Huawei have"):
        answer = read(server, text).partition("</section>")[0]
        assert "A total of 96,768 employees held shares in Huawei in 2018." in answer


def test_the_points_of_a_proposal_that_is_named_with_who_made_it_keep_their_order(server: Server) -> None:
    text = "List the eight points of China's Global Initiative on Data Security"
    answer = read(server, text).partition("</section>")[0]
    points = [int(number) for number in re.findall(r"\bpoint (\d)", answer)]
    assert {*points} == {*range(1, 9)} and points == sorted(points)
