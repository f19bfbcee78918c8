"""What residents say: sentences made from the pack's own words, at places of the pack. No pack, no sentence."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from random import Random

from msgspec import Struct

from cityloop.domain.facts import Channel
from cityloop.domain.ids import CellCode
from cityloop.domain.policy import Component, Kind, Policy, ProblemClass, Rule
from cityloop.stages.intake.model import Contact, Sound

CHANNELS = ((Channel.app, 45), (Channel.hotline, 18), (Channel.collector, 32), (Channel.text, 5))
AGAIN = 0.08  # share of reports that tell of a thing which somebody has told of already
VAGUE = 0.06  # share whose words nobody can make out
PLACELESS = 0.05  # share without coordinates
COLLECTORS_SURE = 0.8  # share of collectors who choose the class from a list
METRE = 1 / 111_000  # degrees of latitude
HOT_CELLS = 40

OPENINGS = ("", "你好，", "反映一下，", "麻烦看看，", "我要投诉：", "请尽快处理，", "路过发现，")
PLACES = ("门口", "路口", "旁边", "对面", "小区外", "公交站后面", "菜市场附近", "学校门前", "桥下")
ENDS = (
    "。",
    "，影响通行。",
    "，好几天了没人管。",
    "，请派人来看看。",
    "，很不安全！",
    "，味道很大。",
    "，昨天就这样了。",
    "，谢谢。",
)
VAGUE_SAID = ("这里又这样了，怎么还没人管？", "老样子，你们懂的。", "太不像话了，快来看看吧。", "和上次说的一样。")
NAMES = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴")


class Truth(Struct, frozen=True, kw_only=True):
    """What a report is really about; the simulated people know it, the machine must find out."""

    class_key: str
    rule: str
    lon: float
    lat: float


class Reporter:
    """Makes up reports, each with its truth."""

    def __init__(self, policy: Policy, random: Random):
        self.policy = policy
        self.random = random
        self.told: list[Truth] = []
        by_weight = sorted(policy.cells, key=lambda cell: cell.code)
        self.hot = random.sample(by_weight, min(HOT_CELLS, len(by_weight)))

    @cached_property
    def classes(self) -> Sequence[tuple[ProblemClass, Sequence[Rule]]]:
        """Classes that have rules, those that happen often first."""
        found = [
            (each, self.policy.rules_of_class[each.key])
            for each in self.policy.classes
            if each.key in self.policy.rules_of_class
        ]
        self.random.shuffle(found)
        return found

    @cached_property
    def weights(self) -> list[float]:
        """How often each class happens: a few very often, most seldom."""
        return [1 / (place + 3) for place in range(len(self.classes))]

    @cached_property
    def components(self) -> dict[str, list[Component]]:
        """The components of each class."""
        found: dict[str, list[Component]] = {}
        for each in self.policy.components:
            found.setdefault(each.class_key, []).append(each)
        return found

    def report(self, now: datetime) -> tuple[Sound, Truth]:
        """A report, and what it is about."""
        random = self.random
        if self.told and random.random() < AGAIN:
            truth = random.choice(self.told[-30:])
            of = self.policy.class_by_key[truth.class_key]
            rule = self.policy.rule_by_code[truth.rule]
            truth = Truth(
                class_key=truth.class_key, rule=truth.rule, lon=self.near(truth.lon), lat=self.near(truth.lat)
            )
        else:
            of, rules = random.choices(self.classes, self.weights)[0]
            rule = random.choice(rules)
            lon, lat = self.place(of)
            truth = Truth(class_key=of.key, rule=rule.code, lon=lon, lat=lat)
        self.told.append(truth)
        channel = random.choices([each for each, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]
        return self.sound(truth, of, rule, channel), truth

    def sound(self, truth: Truth, of: ProblemClass, rule: Rule, channel: Channel) -> Sound:
        random = self.random
        by_collector = channel is Channel.collector
        placed = by_collector or random.random() >= PLACELESS
        declared = by_collector and random.random() < COLLECTORS_SURE
        contact = None
        if not by_collector and random.random() < 0.7:
            phone = f"139{random.randrange(10**8):08d}"
            contact = Contact(name=random.choice(NAMES) + random.choice(("女士", "先生")), phone=phone)
        return Sound(
            channel=channel, text=self.words(of, rule, vague=not by_collector and random.random() < VAGUE),
            address="" if placed else self.area_named(truth), lon=truth.lon if placed else None,
            lat=truth.lat if placed else None, raw_place=None, raw_time=None, happened_at=None,
            declared_class=truth.class_key if declared else None, contact=contact, simulated=True,
        )  # fmt: skip

    def words(self, of: ProblemClass, rule: Rule, *, vague: bool) -> str:
        """A sentence that a resident might say."""
        random = self.random
        if vague:
            return random.choice(VAGUE_SAID)
        thing = random.choice([*(word for word in of.synonyms if not word.isascii()), of.name["zh"]])
        hints = [word for word in rule.words if not word.isascii()]
        hint = random.choice(hints) if hints and random.random() < 0.8 else ""
        return (
            f"{random.choice(OPENINGS)}{random.choice(PLACES)}{thing}{'，' + hint if hint else ''}{random.choice(ENDS)}"
        )

    def place(self, of: ProblemClass) -> tuple[float, float]:
        """Somewhere in the city: at a component of the class, in a hot cell, or anywhere."""
        random = self.random
        if of.kind is Kind.component and (known := self.components.get(of.key)):
            one = random.choice(known)
            return self.near(one.lon, 5), self.near(one.lat, 5)
        cell = random.choice(self.hot) if random.random() < 0.5 else random.choice(self.policy.cells)
        inside = cell.ring[:-1]
        lon = sum(point[0] for point in inside) / len(inside)
        lat = sum(point[1] for point in inside) / len(inside)
        corner, share = random.choice(inside), random.random() * 0.8
        return round(lon + (corner[0] - lon) * share, 6), round(lat + (corner[1] - lat) * share, 6)

    def near(self, degrees: float, metres: float = 12) -> float:
        """A coordinate moved a little."""
        return round(degrees + self.random.uniform(-metres, metres) * METRE, 6)

    def area_named(self, truth: Truth) -> str:
        """The community of a place, by name: what somebody says who knows no coordinates."""
        cell = min(
            self.policy.cells, key=lambda each: abs(each.ring[0][0] - truth.lon) + abs(each.ring[0][1] - truth.lat)
        )
        return self.policy.area_by_code[community_of(cell.code)].name["zh"]


def community_of(cell: CellCode) -> str:
    """The community of a cell: its first twelve digits."""
    return cell[:12]
