"""Names of people, by what announces them, what follows them and the characters that they are made of."""

import re
from collections.abc import Collection, Sequence

from cityloop.domain.private.kinds import Private, PrivateKind
from cityloop.domain.private.surnames import (
    COMMON,
    COMPOUND,
    GIVEN,
    MORE_GIVEN,
    NO_GIVEN,
    NO_NAMES,
    NOT_AFTER,
    SURNAMES,
)

FUNCTIONS = frozenset("和于都成向时应由那相危从任是项同区楼银权毕门")  # surnames too, but rarely meant as such
DOUBTFUL = frozenset("方高曾付陆谢严万")  # surnames with which many words begin
ROADS = frozenset("路街巷村镇")
_AROUND = 10  # characters in which a name is announced
_COMPOUNDS = frozenset(COMPOUND)
_FIRSTS = frozenset(SURNAMES) | {each[0] for each in COMPOUND}
_BREAK = r"[\s:，,、；;。.!！?？(（)）\[\]【】\"“”‘’'<>《》\-—/\u200b]"
_NAMED_BY = (
    "我叫", "名叫", "名字叫", "名字是", "姓名", "户名", "署名", "联系人", "反映人", "投诉人", "举报人", "当事人",
    "申请人", "负责人", "来电人", "报案人", "来访人", "收款人", "收件人", "持卡人", "开户人", "机主", "户主", "法人",
    "法人代表", "法定代表人", "自称", "化名", "原告", "被告", "本人", "我是", "叫", "叫做", "实名", "主叫人", "会计",
    "村支书", "走失者", "死者", "伤者", "失踪人员", "走失人员", "走失老人",
)  # fmt: skip
_ROLES = (
    "市民", "居民", "村民", "业主", "住户", "租户", "租客", "房东", "房主", "老板", "店主", "店长", "老板娘", "邻居",
    "患者", "病人", "学生", "学员", "孩子", "儿子", "女儿", "丈夫", "妻子", "老公", "老婆", "爱人", "父亲", "母亲",
    "爸爸", "妈妈", "爷爷", "奶奶", "外公", "外婆", "哥哥", "弟弟", "姐姐", "妹妹", "朋友", "同事", "工友", "同学",
    "老人", "女孩", "男孩", "小孩", "男子", "女子", "男孩子", "司机", "骑手", "快递员", "医生", "护士", "老师",
    "教练", "导游", "警官", "民警", "交警", "辅警", "消防员", "志愿者", "环卫工", "环卫工人", "工作人员", "话务员",
    "收费员", "保安", "经理", "主任", "书记", "村主任", "队长", "厨师长", "包工头", "工头", "师傅", "顾客", "乘客",
    "客户", "用户", "残疾人", "低保户", "党员", "干部", "村干部", "职工", "员工", "工人", "网约车司机", "公交司机",
    "出租车司机", "独居老人", "代表", "中介", "坐席", "两人", "三人", "实名举报", "举报", "投诉", "感谢", "表扬",
    "约谈", "联系", "讚扬", "赞扬", "告知", "回访",
)  # fmt: skip


def _backwards(breaks: int, between: str, words: Sequence[str]) -> re.Pattern[str]:
    """What announces a name, last character first: read from the name, there is one place to look at and not ten."""
    return re.compile(f"{_BREAK}{{0,{breaks}}}(?:{between})?(?:{'|'.join(each[::-1] for each in words)})")


_NAMED = _backwards(3, "叫|是|为|名|名姓", _NAMED_BY)
_ROLE = _backwards(2, "叫|是|为|叫名", _ROLES)
_LINKS = frozenset("，,。；;、:：（(!！?？》】和与跟同由找让被给告知对向请约谈改成去了")
_END_CHARS = frozenset(
    ":，,、；;。.!！?？(（)）[]【】\"“”‘’'<>《》-—/\u200b+*0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "称说讲问的在住家和与及或跟把被因于向对从将给为是有没不已又也都收中送带索偷开拒来去拿用代会可能要想就正捡帮救打骂卖"
)
_END_WORDS = (
    "先生", "女士", "小姐", "同志", "老师", "师傅", "医生", "护士", "大爷", "阿姨", "奶奶", "爷爷", "大妈", "经理",
    "主任", "书记", "队长", "警官", "所长", "局长", "校长", "院长", "老人", "等人", "两人", "二人", "三人", "四人",
    "五人", "两位", "本人", "夫妇", "一家", "反映", "致电", "投诉", "举报", "咨询", "求助", "表示", "反馈", "建议",
    "提出", "认为", "诉求", "独居", "电话", "手机", "身份证", "联系", "号码", "现居", "今年", "今早", "今天", "昨天",
    "昨晚", "昨日", "上午", "下午", "晚上", "经常", "总是", "天天", "多次", "无证", "拖欠", "辱骂", "体罚", "克扣",
    "态度", "强迫", "贪污", "挪用", "涉嫌", "整改", "一直", "半夜", "深夜", "超市", "冒雨", "抢救", "主动", "热心",
)  # fmt: skip
_TITLE = re.compile(
    r"(?:先生|女士|小姐|同志|老师|师傅|医生|护士|大爷|阿姨|奶奶|爷爷|大妈|经理|主任|书记|队长|警官|所长|局长|校长|院长|工程师|民警|交警)"
)
_SPEAKS = re.compile(rf"{_BREAK}{{0,2}}(?:反映|来电|致电|来信|投诉|举报|咨询|求助|表示|您好|你好|[（(]|男|女)")
_NUMBER = re.compile(
    rf"{_BREAK}{{0,3}}(?:(?:联系|手机|身份)?(?:电话|方式|手机|身份证|证件?|账号|微信|邮箱)(?:号码?|是|为)?{_BREAK}{{0,3}}|男{_BREAK}{{1,2}}|女{_BREAK}{{1,2}})?"
)
_LATIN = re.compile(
    r"(?:[Mm]y name is|[Tt]his is|[Ii] am|[Ii]'m|[Cc]ontact(?: person)?:?|[Nn]ame:|[Oo]fficer|[Dd]octor|Mr\.?|Mrs\.?|Ms\.?|[Cc]aller:?) ([A-Z][a-z]+(?: [A-Z][a-z]+){1,2})"
)


def names_in(flat: str, numbers: Collection[int] = ()) -> list[Private]:
    """Names in a text; `numbers` are the places at which private numbers begin and end: a name often stands beside them."""
    latin = _LATIN.finditer(flat) if " " in flat else ()
    found = [Private(PrivateKind.name, each.start(1), each.end(1), 850_000) for each in latin]
    reach, back = 0, flat[::-1]
    for at in [at for at, char in enumerate(flat) if char in _FIRSTS]:
        given = at + 2 if flat[at : at + 2] in _COMPOUNDS else at + 1
        if at < reach or (given == at + 1 and flat[at] not in SURNAMES):
            continue
        name = _name_at(flat, back, at, given, numbers)
        reach = name.end if name else given
        if name:
            found.append(name)
    return found


def shown_of(name: str) -> str:
    """What of a name is left: the surname.

    >>> shown_of("张伟"), shown_of("欧阳建平"), shown_of("John Miller")
    ('张', '欧阳', 'J')
    """
    return name[:2] if name[:2] in _COMPOUNDS and len(name) > 2 else name[:1]


def _name_at(flat: str, back: str, start: int, given: int, numbers: Collection[int]) -> Private | None:
    """The name that begins here, if something speaks for it. `back` is the text backwards."""
    ends = _ends(flat, given)
    if not ends or flat[start - 1 : start] == "【":  # a word that stands for something is no name
        return None
    before = len(flat) - start
    named = _NAMED.match(back, before, before + _AROUND)
    role = None if named else _ROLE.match(back, before, before + _AROUND)
    if flat[start : start + 2] in NO_NAMES and not named:
        return None
    if flat[start] in FUNCTIONS and not (named or (role and flat[start] not in "和于向由那")):
        return None
    linked = bool(named or role or start == 0 or flat[start - 1] in _LINKS or flat[start - 1].isspace())
    if not linked and flat[start] not in COMMON:
        return None
    for end in ends:
        if ppm := _speaks_for(flat, start, given, end, numbers, bool(named), bool(role), linked):
            return Private(PrivateKind.name, start, end, ppm)
    return None


def _ends(flat: str, given: int) -> tuple[int, ...]:
    """Where the name may end: after one or two characters, the likelier first; nowhere if these are in no name."""
    one = flat[given : given + 1]
    if one in NO_GIVEN or not _is_han(one):
        return ()
    two = flat[given + 1 : given + 2]
    if two in NO_GIVEN or not _is_han(two):
        return (given + 1,)
    if one not in GIVEN and two not in GIVEN:
        return (given + 1, given + 2) if _ended(flat, given + 1) or _ended(flat, given + 2) else ()
    if two in GIVEN and not (_ended(flat, given + 1) and not _ended(flat, given + 2)):
        return given + 2, given + 1
    return given + 1, given + 2


def _speaks_for(
    flat: str, start: int, given: int, end: int, numbers: Collection[int], named: bool, role: bool, linked: bool
) -> int:
    """How likely these characters are a name. Units: ppm; 0 is none."""
    if flat[end : end + 1] in NOT_AFTER or _TITLE.match(flat, given):
        return 0
    usual = sum(char in GIVEN for char in flat[given:end])
    ends = _ended(flat, end)
    full = usual == end - given
    likely = usual or any(char in MORE_GIVEN for char in flat[given:end])
    if (flat[start:end] in NO_NAMES or flat[end - 1] in ROADS) and not named:
        return 0
    if flat[given : given + 2] in NO_NAMES and not (named or role):
        return 0
    if named and ends and (likely or flat[start] in COMMON or end - given == 1):
        return 950_000
    if role and ends and (usual or (likely and flat[start] in COMMON and flat[start] not in DOUBTFUL)):
        return 850_000
    if (named or role) and full and flat[start] in SURNAMES and end - given == 2:
        return 750_000
    if not linked:
        return 600_000 if full and end - given == 2 and _TITLE.match(flat, end) else 0
    if ends and usual and (_SPEAKS.match(flat, end) or _TITLE.match(flat, end) or _number_follows(flat, end, numbers)):
        return 800_000
    if ends and full and (end - given == 2 or start - 1 in numbers or start in numbers):
        return 650_000
    if full and flat[start] in COMMON and "、" in (flat[end : end + 1], flat[start - 1 : start]) and ends:
        return 550_000
    return 0


def _ended(flat: str, at: int) -> bool:
    """Whether what stands here may follow a name."""
    char = flat[at : at + 1]
    return char in _END_CHARS or char.isspace() or not char or flat.startswith(_END_WORDS, at)


def _number_follows(flat: str, end: int, numbers: Collection[int]) -> bool:
    between = _NUMBER.match(flat, end)
    return between is not None and (between.end() in numbers or end in numbers)


def _is_han(char: str) -> bool:
    """Of one character, or of none."""
    return "\u4e00" <= char <= "\u9fff"
