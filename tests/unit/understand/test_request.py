"""The kind of request is told by words of the pack, and how sure that is holds on lines that were not read for it."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.private_lines import HALVES, lines

from cityloop.domain.facts import ReportUnderstood
from cityloop.domain.facts.upcast import UPCAST
from cityloop.domain.policy import RequestKind
from cityloop.packs import load
from cityloop.stages.understand import rules

CITY = load("demo")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问办理居住证需要什么材料？", "consult"),
        ("老人走失，请帮忙寻找", "help"),
        ("投诉楼下烧烤摊噪音扰民", "complain"),
        ("举报工厂偷排污水", "accuse"),
        ("建议在路口增设红绿灯", "suggest"),
        ("感谢环卫工人归还钱包", "praise"),
        ("舉報工廠偷排污水", "accuse"),
        ("ＳＵＧＧＥＳＴ more trees", "suggest"),
    ],
)
def test_words_say_what_is_wanted(text, kind):
    found = rules.request_of(text, CITY)
    assert found.kind == kind
    assert found.reasons[0].startswith("request_word:")


def test_who_says_nothing_of_it_complains_and_who_says_nothing_is_not_judged():
    usual = rules.request_of("垃圾堆在门口三天", CITY)
    assert (usual.kind, usual.reasons) == (RequestKind.complain, ("request_usual",))
    assert [rules.request_of(text, CITY) for text in ("", "坑", "Фонарь не горит", "😡😡😡")] == [None] * 4


def test_a_pack_without_words_is_not_told_it():
    assert rules.request_of("举报", msgspec.structs.replace(CITY, request_words=())) is None


@pytest.mark.parametrize("half", HALVES)
def test_it_is_right_as_often_as_it_says(half):
    """At least as many as measured; not surer than right, and not much less sure."""
    told = [(rules.request_of(line.text, CITY), line.wish) for line in lines() if line.half == half and line.wish != "-"]
    assert len(told) > 150
    right = [found is not None and found.kind == wish for found, wish in told]
    sure = [found.confidence_ppm / 1_000_000 for found, _ in told if found]
    assert sum(right) / len(told) >= 0.88
    assert -0.08 <= sum(sure) / len(sure) - sum(right) / len(told) <= 0.03, "rather too little sure than too much"


def test_every_word_of_the_pack_says_whose_it_is():
    assert {each.source.document for each in CITY.request_words} == {"ours"}
    assert {each.request_kind for each in CITY.request_words} == set(RequestKind)


def test_reasons_are_words_of_the_pack():
    known = {f"request_word:{each.word}" for each in CITY.request_words} | {"request_usual"}
    assert {why for line in lines() if (found := rules.request_of(line.text, CITY)) for why in found.reasons} <= known


def test_a_report_that_was_understood_before_is_read():
    old = {
        "report_id": "r1", "channel": "app", "proposals": [], "where": {}, "model": "words/1", "at": "2026-03-06T01:00:00Z",
    }  # fmt: skip
    assert msgspec.convert(UPCAST["ReportUnderstood", 1](old), ReportUnderstood).request is None
    join = {"case_id": "c1", "distance_m": 3, "confidence_ppm": 900_000}
    raised = msgspec.convert(UPCAST["ReportUnderstood", 2](old | {"join": join}), ReportUnderstood)
    assert (raised.join.case_id, raised.joins[0].reasons) == ("c1", ())
    assert msgspec.convert(UPCAST["ReportUnderstood", 2](old), ReportUnderstood).joins == ()
    assert msgspec.convert(UPCAST["ReportUnderstood", 3](old), ReportUnderstood).copied == ()
    assert ReportUnderstood.VERSION == 4


# whatever comes

ANY = st.text(max_size=200)
SWARM = st.sampled_from(["😡", "\u200b", "\x00", "\ud7ff", "ﷺ", "़", "路灯", "ＬＥＤ", "燈", "a\u0301", " ", "\u202e", "Фонарь", "街灯が", "가로등", "🇨🇳"])


@given(st.one_of(ANY, st.lists(SWARM, max_size=20).map("".join)))
@settings(deadline=None)
def test_understanding_never_fails(text):
    part, cut = rules.part_read(text, 100)
    guess = rules.guess_of(part, None, CITY)
    assert len(part) <= 100
    assert bool(cut) == (len(text) > 100)
    rules.why_unread(part, guess.proposals)
    found = rules.request_of(part, CITY)
    assert found is None or 0 <= found.confidence_ppm <= 1_000_000


@pytest.mark.parametrize(
    "text", ["书院路路燈不亮，晚上一片漆黑", "书院路路\u200b灯不\u200d亮，晚上一片漆黑", "書院路路燈不亮，晚上一片漆黑", "书院路路灯不亮，晚上一片漆黑\x00\x07"]
)
def test_forms_of_a_text_are_understood_alike(text):
    plain = rules.guess_of("书院路路灯不亮，晚上一片漆黑", None, CITY).proposals
    assert [each.class_key for each in rules.guess_of(text, None, CITY).proposals] == [each.class_key for each in plain]


def test_what_is_not_read_is_said():
    most = CITY.settings.text_chars_max
    part, cut = rules.part_read("灯" * 1_000_000, most)
    assert (len(part), cut) == (most, (f"text_cut:1000000>{most}",))
    assert rules.why_unread("Фонарь не горит", ()) == ("language_unread",)
    assert rules.why_unread("路灯不亮 OK é", ()) == ()
