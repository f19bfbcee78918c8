"""What is private in a text is found and masked; what belongs to things, orders and authorities stays."""

import re
import sys
from importlib import import_module

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.private_lines import HALVES, NUMBERS, lines, precision, recall, scores

from cityloop.domain.private import FOR_ALL, FOR_WORK, PrivateKind, masked, private_in

PATTERNS = [
    (name, pattern)
    for name in ("accounts", "doors", "names", "numbers", "plates")
    for pattern in vars(import_module(f"cityloop.domain.private.{name}")).values()
    if isinstance(pattern, re.Pattern)
]
PIECES = st.sampled_from(
    [line.text for line in lines()]
    + ["138", "一三", " ", "-", "*", "张", "伟", "室", "栋", "@", "湘A", "\u200b", "X", "。"]
)
ANY = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=5).map("".join))


def found(text: str) -> list[tuple[str, str]]:
    return [(each.kind.value, text[each.start : each.end]) for each in private_in(text)]


@pytest.mark.parametrize("half", HALVES)
def test_numbers_of_people_are_found(half):
    counted = scores(half)
    assert recall(*(counted[kind] for kind in NUMBERS)) >= 0.95
    assert precision(*(counted[kind] for kind in NUMBERS)) >= 0.95


@pytest.mark.parametrize(("kind", "half", "floor"), [
    ("name", "tuned", 0.94), ("name", "held", 0.70), ("address", "tuned", 0.95), ("address", "held", 0.90),
    ("email", "held", 0.95), ("account", "held", 0.95),
])  # fmt: skip
def test_the_rest_is_found_as_often_as_was_measured(kind, half, floor):
    counted = scores(half)[kind]
    assert recall(counted) >= floor
    assert precision(counted) >= 0.93


def test_there_are_five_hundred_lines_with_hard_ones_among_them():
    every = list(lines())
    assert len(every) == 500
    assert {half: sum(each.half == half for each in every) for half in HALVES} == {"tuned": 250, "held": 250}
    assert sum(not each.private for each in every) > 150


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345或110没有用", "井盖编号4301021101000387破损", "订单号2024031512345678", "每平方138元，共13800元", "2024-03-15 14:30", "黄兴路与曾国藩路口",
        "居民高度关注", "统一社会信用代码91430100MA4L2XYZ3K", "客服400-820-1234", "113.0127, 28.1986", "政务中心302室", "中山路19号", "",
    ],
)  # fmt: skip
def test_what_is_nobodys_stays(text):
    assert found(text) == []
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系人：张伟，电话：13874620519", "联系人：张**，电话：【电话】"),
        ("我叫欧阳建平，住春风小区3栋2单元501室", "我叫欧阳**，住春风小区【门牌】"),
        ("联系电话１３８－７４６２－０５１９", "联系电话【电话】"),
        ("電話138\u200b7462\u200b0519，車牌湘AD38821", "電話【电话】，車牌【车牌】"),
        ("加微信 abc_2023，或者 li.na@example.org", "加微信 【账号】，或者 【邮箱】"),
        ("身份证430102********4521", "身份证【证件号】"),
        ("一三八七四六二零五一九", "【电话】"),
        ("我叫3栋2单元501室", "我叫【门牌】"),
        ("案件联系人：张伟13874620519", "案件联系人：张**【电话】"),
        ("手机13874620519vx同号，或电话13874620519x", "手机【电话】vx同号，或电话【电话】x"),
        ("加V13874620519，tel13874620519", "加V【电话】，tel【电话】"),
        ("身份证号码ID430102199003078715", "身份证号码ID【证件号】"),
        ("138、7462、0519，138/7462/0519，138−7462−0519，138\n7462\n0519", "【电话】，【电话】，【电话】，【电话】"),
        ("座机0731-88886666x12", "座机【电话】"),
        ("湘A12 345占道", "【车牌】占道"),
        ("订单退款到卡号6222021908034172653", "订单退款到卡号【卡号】"),
        ("住在三栋二单元五零一室，对面是十二栋八零二", "住在【门牌】，对面是【门牌】"),
        ("三号楼二单元五零二，3号楼2单元5楼东户", "【门牌】，【门牌】"),
    ],
)
def test_a_masked_text_can_be_read(text, expected):
    assert masked(text) == expected


@pytest.mark.parametrize(
    "said", ["工单联系电话", "工单联系电话：", "快递员电话", "快递员", "投诉案件当事人", "案件当事人电话", "社保局工作人员手机", "单车车主手机", "VIP客户电话", "VIP", "编号不详，电话"],
)  # fmt: skip
def test_a_number_of_whoever_has_to_do_with_a_thing_is_theirs(said):
    assert masked(f"{said}13874620519") == f"{said}【电话】"


@pytest.mark.parametrize(
    "text",
    [
        "快递单号YT13874620519", "快递单号：13874620519", "电话订单13874620519", "序列号SN13874620519", "a8f13874620519c", "15800、139000", "IP13.87.46.205",
        "公交IC卡号8888888888888888", "3号楼一百多户居民", "二单元六十个人", "3栋二十户人家", "3号楼东面户外广告", "2单元三三两两的人", "京A10 年前", "三栋居民",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(text):
    assert masked(text) == text


def test_who_works_on_it_reads_the_door_and_the_plate():
    text = "张先生，湘A7K325堵住了3栋2单元501室，电话13874620519"
    assert masked(text, FOR_WORK) == "张先生，湘A7K325堵住了3栋2单元501室，电话【电话】"
    assert masked(text, FOR_ALL) == "张先生，【车牌】堵住了【门牌】，电话【电话】"


@given(ANY)
@example("张伟13874620519")
@example("、501室430102********4521")
@example("我叫501室")
@settings(deadline=None)
def test_masking_twice_is_masking_once_and_nothing_is_left(text):
    once = masked(text)
    assert private_in(once) == []
    assert masked(once) == once


@given(ANY)
@settings(deadline=None)
def test_places_lie_in_the_text_in_order_and_apart(text):
    reach = 0
    for each in private_in(text):
        assert reach <= each.start < each.end <= len(text)
        assert 0 < each.sure_ppm <= 1_000_000
        reach = each.end


@pytest.mark.parametrize("half", HALVES)
def test_what_stands_around_is_not_changed(half):
    for text in [line.text for line in lines() if line.half == half]:
        shown, at, reach = masked(text), 0, 0
        for each in [*private_in(text), None]:
            around = text[reach : each.start if each else len(text)]
            assert shown.find(around, at) >= at, f"{around} was changed in {shown}"
            at, reach = shown.find(around, at) + len(around), each.end if each else 0


def test_only_the_kinds_asked_for_are_masked():
    text = "联系人张伟，电话13874620519"
    assert masked(text, {PrivateKind.phone}) == "联系人张伟，电话【电话】"
    assert masked(text, ()) == text


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "*-",
        "a@",
        "a.b@c.",
        "张",
        "张伟、",
        "一",
        "湘A",
        "3栋",
        "3-",
        "微信号",
        "我叫",
        "13874620519",
        "\u200b",
        "😡",
        "X9",
    ],
)
def test_work_grows_with_the_length_and_no_faster(piece):
    short, long = (_work(piece * (count // len(piece))) for count in (4_000, 16_000))
    assert long <= 4.5 * short + 500


def _work(text: str) -> int:
    """Steps of the interpreter: each line and call that was run."""
    count = 0

    def step(*_):
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        private_in(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(("name", "pattern"), PATTERNS)
def test_no_pattern_can_go_back_far(name, pattern):
    """What repeats without an end is one class of characters, or groups that a gap begins: nothing to try twice."""
    endless = re.findall(
        r"(\([^()]*\)|\[[^\]]*\]|.)[*+](?![?+])",
        re.sub(r"\\[.*+]|\[[^\]]*\]", lambda m: "c" if m[0][0] == "\\" else "[]", pattern.pattern),
    )
    allowed = {"_RUN", "_HAN_RUN", "_GROUP", "_HOST", "_LATIN"}
    known = next(key for key, value in vars(sys.modules[f"cityloop.domain.private.{name}"]).items() if value is pattern)
    assert not endless or known in allowed, f"{known} repeats {endless} without an end"
