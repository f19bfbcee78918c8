"""What people do with cases: who acts next on which, and the request that says so."""

import json
import random
from collections import deque
from urllib.parse import urlencode

from msgspec import Struct

from bench.load.asking import http
from bench.load.bodies import FORM, form
from bench.load.city import Town
from cityloop.pages.now.mercator import share_of

SEARCHED = ("垃圾", "路灯", "井盖", "噪音", "占道", "解放", "道路", "破损")
LEADER = "duty_leader"


class Next(Struct, kw_only=True):
    """A case on which somebody acts next. `post` None: whoever the case names."""

    id: str
    unit: str | None = None
    post: str | None = None


class Work:
    """The cases on which people work. A case that was moved comes again after all others."""

    def __init__(self, town: Town, tokens: dict[str, str], seed: int = 3):
        self.town = town
        self.tokens = tokens  # by post
        self.pool = deque(Next(id=each.id, unit=each.unit, post=town.units[each.unit]) for each in town.open)
        self.known = {each.id for each in town.open}
        self.random = random.Random(seed)
        self.leader = next(post.id for post in town.policy.posts if post.role == LEADER and post.id in tokens)
        self.posts = [post for post in town.units.values() if post in tokens]

    def read(self, case: str, post: str | None = None, *, desk: bool = False) -> bytes:
        """The request for a case."""
        return self._get(f"/v1/{'screens/case' if desk else 'cases'}/{case}", post or self.leader)

    def read_old(self) -> bytes:
        """Somebody opens a case of some year."""
        return self.read(self.random.choice(self.town.closed), desk=self.random.random() < 0.5)

    def list(self) -> tuple[bytes, str | None]:
        """A list: every other is a unit's own of what it must sign for; gives its post, so that what is new can be taken up."""
        if self.random.random() < 0.5:
            post = self.random.choice(self.posts)
            return self._get("/v1/cases?" + urlencode({"state": "to_sign", "limit": 100}), post), post
        return self._get("/v1/screens/queue?limit=50", self.leader), None

    def search(self) -> bytes:
        """A search for words."""
        return self._get("/v1/screens/queue?" + urlencode({"q": self.random.choice(SEARCHED), "limit": 50}), self.leader)

    def tile(self) -> bytes:
        """A tile of cases that no cache of the asker has."""
        west, south, east, north = self.town.policy.settings.bounds
        zoom = self.random.choice((12, 13, 14, 15, 16))
        lon, lat = self.random.uniform(west, east), self.random.uniform(south, north)
        x, y = (int(each * 2**zoom) for each in share_of(lon, lat))
        return self._get(f"/tiles/cases/{zoom}/{x}/{y}.pbf", self.leader)

    def taken_up(self, body: bytes, post: str) -> None:
        """Take up cases that a list showed and nobody has yet."""
        for line in json.loads(body)["items"]:
            if line["id"] not in self.known:
                self.known.add(line["id"])
                self.pool.append(Next(id=line["id"], unit=line.get("unit"), post=post))

    def move(self, seen: bytes) -> tuple[bytes, str] | None:
        """What whoever acts next does, after they have read the case; None where nobody does anything."""
        case = json.loads(seen)
        state, path = case["state"], f"/v1/cases/{case['id']}"
        if state == "to_sign":
            return self._post(f"{path}/signature", self.town.units.get(case["unit"], ""), case["no"]), state
        if state == "handling":
            body = form({"note": "已清理完毕，路面恢复整洁。"})
            return self._post(f"{path}/completion", self.town.units.get(case["unit"], ""), case["no"], body), state
        if state == "inspecting" and case["post"] in self.tokens:
            body = form({"passed": "true", "note": "现场查看，已经解决。"})
            return self._post(f"{path}/inspection", case["post"], case["no"], body), state
        return None

    def _get(self, path: str, post: str) -> bytes:
        return http("GET", path, headers={"Authorization": f"Bearer {self.tokens[post]}"})

    def _post(self, path: str, post: str, no: int, body: bytes = b"") -> bytes:
        headers = {"Authorization": f"Bearer {self.tokens.get(post, '')}", "If-Match": f'"{no}"'}
        return http("POST", path, body, headers | (FORM if body else {}))
