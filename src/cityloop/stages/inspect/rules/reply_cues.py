"""By which words a reply shows who did what, when, with which result and why. Ours, weighed on lines that we wrote."""

import re

_WHO_ZH = (
    r"我(?:局|镇|乡|街道|办|单位|区|市|县|中心|校|公司|院|委|所|队|处|社区|部门|们单位)"
    r"|[\u4e00-\u9fff]{2,}(?:局|委(?![托员])|中心|街道办?|镇|乡政府|队(?!伍)|公司|社区|居委会|村委会|部门|集团|管委会|物业|班组)"
    r"|[\u4e00-\u9fff]{2,}(?:办公室|管理处|管理所|派出所|工作人员|执法人员|保洁员|队员)"
)
_WHO_EN = r"\b(?:department|team|office|unit|company|bureau|crew|centre|center|contractor|authority|inspectors?|workers?|officers?)\b"
_WHAT_ZH = (
    r"派|组织|安排|责成|责令|要求|协调|联系|赶赴|赶到|前往|到场|到现场|开展|清理|清运|清扫|冲洗|修复|维修|修补|更换|疏通|拆除|劝导|查处"
    r"|处罚|约谈|检查|核实|核查|调查|整改|制止|暂扣|增设|安装|补种|修剪|巡查|走访|查看|排查|督促|研究|办理|立案|受理|修好|抢修|摆正|让出|调整|监测|检测|搬走|移走|关停|调运|扶正|铺设"
)
_WHAT_EN = (
    r"\b(?:clean|clear|sweep|swept|mend|repair|fix|replac|remov|inspect|check|visit|order|ask|stop|fin(?:e|ed)\b|install|paint|"
    r"prun|pump|drain|fill|level|collect|patrol|measur|look(?:ed)? into|handl|contact|warn)\w*"
)
_WHEN = (
    r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}|\d{1,2}月\d{1,2}[日号]|(?<!\d)\d{1,2}[日号](?!线|楼|院|店|栋)|\d{1,2}[:：]\d{2}|[今昨前当明次][日天晚早]"
    r"|(?:本|上|下)(?:周|月)|月底前?|年底前?|\d+\s*(?:个)?(?:工作日|小时|天)(?:内|后|之内)|(?:\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"|\b(?:today|yesterday|tomorrow|this morning|this week|last night|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|\b\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\bwithin \d+ (?:working )?(?:days?|hours?)\b"
)
_RESULT_ZH = (
    r"已(?:经|全部|于[^，。；]{1,20})?(?:将[^，。；]{1,20})?(?:完成|清理|清运|修复|修补|修好|更换|换好|疏通|拆除|整改|解决|办结|处理完|恢复|关停|停止|安装|补种|补齐|处罚|取缔|搬走|移走|摆正|扶正|消除|立案|纳入|通水|通电|归店|规范|落实)"
    r"|完毕|到位|整改完成|修复完成|恢复(?:正常|通行|原状|供|照明)|符合[^，。；]{0,10}(?:要求|标准|规定)|(?:不|未)属实|不符合|不属于|不予|无法|不能|暂不|暂无|未发现|没有发现"
    r"|预计|计划(?:于|在)|将于|定于|力争|确保[^，。；]{0,12}(?:完成|解决)|可以|请(?:您)?(?:携带|凭|带)|(?:归店|入室)经营|通行(?:正常|顺畅)|点亮|亮灯|水已退|停工|责令[^，。；]{0,20}(?:前|停)|已(?:排净|让出|平整|调整|公告)"
)
_RESULT_EN = (
    r"\b(?:is|are|was|were|has been|have been|now)\s+(?:now\s+)?(?:done|mended|repaired|fixed|clean|clear|cleared|replaced|removed|"
    r"finished|solved|closed|open|lit|restored|stopped|level|firm|pruned|drained|filled|installed|passed|gone|cleaned|swept|fined)\b"
    r"|\b(?:cannot|can not|could not|not taken up|will be|found no|no such|not true|not ours|is not|are not|you may|please bring)\b"
)
_LEGAL = r"《[^》]{2,}》|第[一二三四五六七八九十百零\d]+条|根据|依据|按照|依照|规定|\b(?:under|according to|article \d+|regulations?|act|law|by-?law)\b"
_REASON = r"因|由于|原因|所以|鉴于|为了|缘于|系[^，。]{2,}|不在[^，。；]{1,12}范围|\b(?:because|since|as the|due to|so that|belongs to)\b"
_REFUSES = r"不予|无法|不能|不符合|不属于|暂不|未通过|不宜|难以|\b(?:cannot|can not|could not|not taken up|refuse|will not|is not ours|are not ours)\b"
_FORWARDS = r"转(?:交|至|办|由|达|送)|已转|收悉|耐心等待|向[^，。]{2,15}(?:反映|咨询)|请(?:您)?(?:直接)?(?:咨询|联系|致电|拨打)|\b(?:passed on|forwarded|handed on|received your)\b"
_NEGATED = r"(?:不能|无法|不予|难以|暂不|不宜)[\u4e00-\u9fff]{2,4}"
_PASSED_ON = r"(?:有关|相关)(?:部门|单位)|(?:已|我们已|将|现)?(?:将[^，。；]{0,20})?(?:转(?:交|至|办|由|达|送)|已转)[^，。；]*|(?:passed on|forwarded|handed on) to [^,.;]*"
_SIGNED = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日\s*$"  # the date beneath a letter says nothing of when a thing was done
_HELLO = r"^.{0,40}?(?:您好|你好)[!！,，。]?|感谢您?的?[^。]{0,30}[。！]?$"

WHO = re.compile(f"{_WHO_ZH}|{_WHO_EN}", re.I)
WHAT = re.compile(f"{_WHAT_ZH}|{_WHAT_EN}", re.I)
WHEN = re.compile(_WHEN, re.I)
RESULT = re.compile(f"{_RESULT_ZH}|{_RESULT_EN}", re.I)
LEGAL = re.compile(_LEGAL, re.I)
REASON = re.compile(f"{_LEGAL}|{_REASON}", re.I)
REFUSES = re.compile(_REFUSES, re.I)
FORWARDS = re.compile(_FORWARDS, re.I)
NEGATED = re.compile(_NEGATED)
PASSED_ON = re.compile(_PASSED_ON, re.I)
SIGNED = re.compile(_SIGNED)
HELLO = re.compile(_HELLO)
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
STOP = frozenset(
    ["您好", "你好", "我们", "问题", "反映", "情况", "领导", "政府", "部门", "希望", "解决", "回复", "答复", "如下", "感谢", "工作", "支持", "理解", "监督", "关于", "网友", "留言", "收悉", "尊敬", "有关", "相关", "进行", "处理", "现将", "请问", "什么", "可以", "没有", "一个", "这个", "因为", "所以", "但是", "已经", "现在", "这里", "附近", "投诉", "举报", "咨询", "求助", "建议", "市民", "居民", "群众", "the", "and", "you", "for", "that", "was", "are", "our", "has", "this", "with"]
)
