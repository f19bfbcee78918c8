"""Who answers beside the units of the fictional city: companies under contract, and shops with their doors."""

import random
from collections.abc import Iterable, Sequence
from itertools import pairwise

DOCUMENT = "霁川市承包合同台账（虚构，演示用） / contracts of a fictional city"
THING = "component/0399"
SHOPS = 108
WITHIN_M = 30
# extension classes count down from 99; the trades are its fine classes: key, name zh/en, names of shops end so
TRADES = (
    ("039901", "餐饮店", "Eating place", (("面馆", "Noodles"), ("小吃店", "Snacks"), ("饭庄", "Kitchen"), ("茶楼", "Tea House"))),
    ("039902", "零售店", "Store", (("便利店", "Corner Shop"), ("水果店", "Fruit"), ("文具店", "Stationery"), ("五金店", "Hardware"))),
    ("039903", "服务店", "Service shop", (("理发店", "Barber"), ("修车铺", "Bike Repair"), ("洗衣店", "Laundry"), ("打印店", "Print Shop"))),
)  # fmt: skip
STEMS = ("青禾", "老巷", "得月", "小满", "柳岸", "知味", "顺和", "百味", "南风", "春在", "同乐", "半坡")
FRONTAGES = ("event/0128", "event/0206", "event/0405", "event/0604")  # noise, signs, trading outside, the frontage itself

MAJOR = ("市容环境设施", "City appearance facilities")
CLASSES = (
    (THING, *MAJOR, "沿街门店", "Shop", "", "", 15, 72),
    *(("component/" + key, *MAJOR, zh, en, "", "", 15, 72) for key, zh, en, _ in TRADES),
)
CONTRACTORS = (
    ("jiecheng", "洁城环卫有限公司", "Jiecheng Sanitation Ltd"),
    ("qingyuan", "清源环境服务有限公司", "Qingyuan Environment Ltd"),
    ("huanyu", "环宇保洁有限公司", "Huanyu Cleaning Ltd"),
    ("lvyin", "绿茵园林养护有限公司", "Lvyin Gardens Ltd"),
    ("minghui", "明晖照明工程有限公司", "Minghui Lighting Ltd"),
    ("luan", "路安市政养护有限公司", "Luan Road Works Ltd"),
)
# contract, contractor, unit, first day, last day
CONTRACTS = (
    ("JC-HW-2025-1", "jiecheng", "sanitation-990101", "2025-01-01", ""),
    ("JC-HW-2025-2", "qingyuan", "sanitation-990102", "2025-01-01", ""),
    ("JC-HW-2025-3", "huanyu", "sanitation-990103", "2025-01-01", ""),
    ("JC-HW-2025-4", "jiecheng", "sanitation-reserve", "2025-01-01", ""),
    ("JC-YL-2025-1", "lvyin", "greening", "2025-01-01", ""),
    ("JC-ZM-2025-1", "minghui", "lighting", "2025-01-01", ""),
    ("JC-SZ-2025-1", "luan", "municipal-works", "2025-01-01", ""),
)


def make_shops(
    rng: random.Random, doors: Iterable[tuple[str, ...]], cells: dict[str, Sequence[tuple[float, float]]], scheme: str
) -> list[tuple[str, ...]]:  # fmt: skip
    """Rows of components.csv: shops at doors of the city, each kept by its street office. No two have one name."""
    places = [(lon, lat, cell) for _, _, lon, lat in doors if (cell := _cell_of(float(lon), float(lat), cells))]
    names = [(trade, stem + zh) for trade, _, _, ends in TRADES for stem in STEMS for zh, _ in ends]
    serial: dict[str, int] = {}
    rows = []
    for _ in range(min(SHOPS, len(places), len(names))):
        lon, lat, cell = places.pop(int(rng.random() * len(places)))
        trade, name = names.pop(int(rng.random() * len(names)))
        serial[cell[:6]] = serial.get(cell[:6], 0) + 1
        code, keeper = f"{cell[:6]}0399{serial[cell[:6]]:06d}", f"street-{cell[:9]}"
        rows.append((code, f"{scheme}/component/{trade}", cell, lon, lat, keeper, keeper, "intact", name))
    return sorted(rows)


def _cell_of(lon: float, lat: float, cells: dict[str, Sequence[tuple[float, float]]]) -> str | None:
    """The cell in which a point lies."""
    for code, ring in cells.items():
        inside = False
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        if inside:
            return code
    return None
