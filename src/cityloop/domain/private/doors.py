"""Doors: building, unit and room of an estate, or the household's number in a village. Roads, estates and houses are public."""

import re

from cityloop.domain.private.kinds import Private, PrivateKind

_G = r"[ \-\u200b]?"
_NUM = r"(?:[A-Za-z]?[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
_BUILDING = rf"(?:{_NUM}|[A-Za-z東东西南北中])(?:号楼|栋|幢|座|#楼|#)"
_UNIT = rf"{_NUM}(?:单元|门|梯)"
_FLOOR = rf"(?:{_NUM}(?:楼|层){_G})?"
_ROOM = r"(?:[0-9]{1,2}[\-])?[0-9]{1,4}[A-Za-z]?"
_SPOKEN = "零〇一二三四五六七八九十百两幺"
_CLOSED = r"(?:号房间|号房|号室|房间|室|房|户)"
_SPOKEN_CLOSED = r"(?:号房间|号房|号室|房间|室|房)"  # "二十户" are as many households
_SIDE = r"[东西南北中]{1,2}(?:边|侧|面)?户(?![外口主型])"  # doors of a landing, as they are called in the north
_ENDS = (
    rf"{_ROOM}{_CLOSED}|[0-9]{{3,4}}(?![0-9A-Za-z.%元米块平])|{_SIDE}|[{_SPOKEN}]{{2,6}}{_SPOKEN_CLOSED}"
    rf"|[一二三四五六七八九幺][零〇一二三四五六七八九幺]{{2,3}}户?(?![{_SPOKEN}元米块平个人户家])"
)
_HOUSE = re.compile(rf"(?:{_BUILDING}{_G}(?:{_UNIT}{_G})?|{_UNIT}{_G}){_FLOOR}(?:{_ENDS})")
_ROOM_ONLY = re.compile(r"(?<![0-9A-Za-z.\-#])[0-9]{3,4}[A-Za-z]?(?:号房间|号房|室|房)(?![0-9东屋产])")
_AFTER_ESTATE = re.compile(
    r"(?:小区|花园|家园|公寓|[苑城园里湾府庭居庄郡邸寓轩廊村])(?:[A-Za-z0-9]{1,3}[区期])?[ :]?"
    r"((?:[A-Za-z]?[0-9]{1,3}#?[\-－/]){1,2}[0-9]{3,4}(?:室|房)?)(?![0-9\-年月])"
)
_LIVES = re.compile(r"(?:楼上|楼下|我住|住在|住|对门|隔壁)([0-9]{3,4})(?:室|房)?(?=的|住户|，|,|。|邻居|业主)")
_VILLAGE = re.compile(rf"(?<=[村屯寨社队湾冲])(?:第)?{_NUM}(?:村民小组|组|队){_NUM}号(?!线|院|门)")
_NUMBERED = re.compile(  # what every door has
    rf"[0-9]{{3}}|[0-9][A-Za-z]?[号房室户]|[组队]|[{_SPOKEN}]{{2}}[号房室户]|[一二三四五六七八九幺][零〇一二三四五六七八九幺]{{2}}|[东西南北中边侧面]户"
)
_OFFICE = re.compile(
    r"(?:中心|大厅|局|法院|医院|学院|剧院|影院|研究院|养老院|派出所|事务所|研究所|行政楼|办公楼|会议|酒店|宾馆|教室|学校|大学|KTV|办公)[^，。,;；]{0,3}\Z"
)


def doors_in(flat: str) -> list[Private]:
    """Doors behind which people live. A room of an office is none."""
    if not _NUMBERED.search(flat):
        return []
    found = [
        Private(PrivateKind.address, each.start(), each.end(), 930_000)
        for each in _HOUSE.finditer(flat)
        if not _at_office(flat, each.start())
    ]
    for pattern, group, ppm in (
        (_ROOM_ONLY, 0, 700_000),
        (_AFTER_ESTATE, 1, 850_000),
        (_LIVES, 1, 750_000),
        (_VILLAGE, 0, 800_000),
    ):
        found += [
            Private(PrivateKind.address, each.start(group), each.end(group), ppm)
            for each in pattern.finditer(flat)
            if not _at_office(flat, each.start(group))
        ]
    return found


def _at_office(flat: str, start: int) -> bool:
    return _OFFICE.search(flat[max(0, start - 8) : start]) is not None
