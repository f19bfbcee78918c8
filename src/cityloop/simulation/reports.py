"""What is told, by which channel: sentences made from the pack's own words, at places of the pack. No pack, no sentence."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from random import Random

from msgspec import Struct

from cityloop.domain.ids import CellCode
from cityloop.domain.policy import Component, Kind, Policy, ProblemClass, Rule
from cityloop.stages.intake.model import Contact


class Route(StrEnum):
    """How a report comes in. Several of these are one channel for the city."""

    app = "app"  # a resident's page, with a contact
    anonymous = "anonymous"  # the same, and nobody to call back
    text = "text"  # words that name a place, without coordinates
    collector = "collector"
    cleared = "cleared"  # a collector put it right on the spot
    counter = "counter"  # a clerk writes down what somebody who came says
    seat = "seat"  # a seat of the city's own hotline writes down what a caller says
    order = "order"  # a work order of the 12345 hotline's system
    partner = "partner"  # another system, by Open311, with its key


ROUTES = ((Route.app, 24), (Route.anonymous, 10), (Route.text, 5), (Route.collector, 27), (Route.cleared, 5),
          (Route.counter, 6), (Route.seat, 3), (Route.order, 13), (Route.partner, 7))  # fmt: skip
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
WITH_CONTACT = (Route.app, Route.counter, Route.seat, Route.order, Route.partner)
NAMES = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴")


class Truth(Struct, frozen=True, kw_only=True):
    """What a report is really about; the simulated people know it, the machine must find out."""

    class_key: str
    rule: str
    lon: float
    lat: float


class Telling(Struct, frozen=True, kw_only=True):
    """What somebody tells, before it goes through a door."""

    route: Route
    truth: Truth
    text: str
    placed: bool  # coordinates are given
    address: str
    declared: str | None = None
    contact: Contact | None = None


class Reporter:
    """Makes up what is told, each with its truth."""

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

    def telling(self) -> Telling:
        """What somebody tells next, and what it is about."""
        random = self.random
        route = random.choices([each for each, _ in ROUTES], [weight for _, weight in ROUTES])[0]
        if route is Route.cleared:
            truth = self._trifle()
        elif self.told and random.random() < AGAIN:
            before = random.choice(self.told[-30:])
            truth = Truth(
                class_key=before.class_key, rule=before.rule, lon=self.near(before.lon), lat=self.near(before.lat)
            )
        else:
            of, rules = random.choices(self.classes, self.weights)[0]
            truth = self._truth(of, random.choice(rules))
        self.told.append(truth)
        return self._said(route, truth)

    def _trifle(self) -> Truth:
        """Something that a collector may put right on the spot."""
        key = self.random.choice(self.policy.settings.self_handle)
        return self._truth(self.policy.class_by_key[key], self.policy.rules_of_class[key][0])

    def _truth(self, of: ProblemClass, rule: Rule) -> Truth:
        lon, lat = self.place(of)
        return Truth(class_key=of.key, rule=rule.code, lon=lon, lat=lat)

    def _said(self, route: Route, truth: Truth) -> Telling:
        random = self.random
        of, rule = self.policy.class_by_key[truth.class_key], self.policy.rule_by_code[truth.rule]
        on_duty = route in (Route.collector, Route.cleared)
        placed = route is not Route.text and (on_duty or route is Route.partner or random.random() >= PLACELESS)
        sure = route in (Route.cleared, Route.partner) or (on_duty and random.random() < COLLECTORS_SURE)
        contact = None
        if route in WITH_CONTACT or (route is Route.text and random.random() < 0.7):
            phone = f"139{random.randrange(10**8):08d}"
            contact = Contact(name=random.choice(NAMES) + random.choice(("女士", "先生")), phone=phone)
        return Telling(
            route=route, truth=truth, text=self.words(of, rule, vague=not on_duty and random.random() < VAGUE),
            placed=placed, address="" if placed else self.area_named(truth), declared=of.key if sure else None,
            contact=contact,
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
        lon, lat = lon + (corner[0] - lon) * share, lat + (corner[1] - lat) * share
        lon, lat = self._at_a_door(of, lon, lat)
        return round(lon, 6), round(lat, 6)

    def _at_a_door(self, of: ProblemClass, lon: float, lat: float) -> tuple[float, float]:
        """The door of the nearest shop, for what happens at doors; else the place itself."""
        frontage = self.policy.frontage_of.get(of.key)
        shops = [each for trade in self.policy.trades_of[frontage.thing] for each in self.components.get(trade, [])] if frontage else []
        if not shops:
            return lon, lat
        shop = min(shops, key=lambda each: ((each.lon - lon) ** 2 + (each.lat - lat) ** 2, each.code))
        return shop.lon + 4 * METRE, shop.lat

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
