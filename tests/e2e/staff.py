"""The people of the demo city at the API: what happens before and between what is looked at, on any day and hour.

A journey makes the case that it needs: what lies in the demo city depends on the hour at which its days were played.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.e2e.browser import PATIENCE_S, DemoCity

ACCEPTOR, LEADER, DISPATCHER = "wu.ning", "gao.tao", "liang.yu"
WORKS = "municipal-works"  # a unit of the whole city
BRIDGE = "门口人行天桥，桥体，很不安全，编号{}"  # sure enough to be proposed, not to be filed alone
DONE = {"note": "cleared away, as it was before", "without_assist": "not_needed"}
STEPS = 60  # of one case from its report to its end; more means that it goes in a circle


def a_word() -> str:
    """A word that nobody else says; of letters, as long numbers find nothing."""
    return "zq" + "".join(secrets.choice("bcdfghkmnprtvwx") for _ in range(8))


def soon(found: Callable[[], Any], what: str = "it did not come about") -> Any:
    """What comes about within some seconds."""
    until = time.monotonic() + PATIENCE_S
    while not (it := found()):
        assert time.monotonic() < until, what
        time.sleep(0.2)
    return it


def off_duty(city: DemoCity, name: str) -> None:
    """Somebody's shift is over, if one of the simulated days still runs."""
    token = city.token(name)
    if shift := city.call("GET", "/v1/duty", token=token)["shift"]:
        city.call("POST", f"/v1/duty/shifts/{shift['id']}/end", {}, token=token)


class Staff:
    """Whoever sits in the city's posts, with what each may do."""

    def __init__(self, city: DemoCity):
        self.city = city
        self.http = httpx.Client(base_url=city.url, timeout=PATIENCE_S, trust_env=False)
        self.tokens: dict[str, str] = {}
        self.codes: dict[str, str] = {}  # of each new case: the code of its report
        lines = (line.split() for line in city.cli("user", "list").splitlines())
        self.by_post = {line[-1]: line[0] for line in lines if len(line) >= 4}
        views = (self.case(each["id"]) for each in self.get("/v1/cases?limit=50")["items"])
        self.points = [(view["where"]["lon"], view["where"]["lat"]) for view in views if view["where"]["lon"]]

    def get(self, path: str, name: str = LEADER) -> dict:
        return self._sent("GET", path, name).raise_for_status().json()

    def _sent(self, method: str, path: str, name: str, **more: Any) -> httpx.Response:
        """What the city answers somebody. Whoever signs in often, on pages too, has their oldest session ended."""
        headers = more.pop("headers", {})
        for fresh in (False, True):
            if fresh or name not in self.tokens:
                self.tokens[name] = self.city.token(name)
            bearer = {"Authorization": f"Bearer {self.tokens[name]}"}
            answer = self.http.request(method, path, headers=headers | bearer, **more)
            if answer.status_code != 401:
                break
        return answer

    def case(self, case: str) -> dict:
        return self.get(f"/v1/cases/{case}")

    def new_case(self, says: str = BRIDGE, **more: object) -> tuple[str, str]:
        """A report comes in and becomes a case of its own; gives it and the word by which it is found."""
        for _ in range(STEPS):
            word = a_word()
            lon, lat = secrets.choice(self.points)
            sent = self.city.call("POST", "/v1/reports", {"text": says.format(word), "lon": lon, "lat": lat} | more)
            found = soon(lambda word=word: self.get(f"/v1/screens/queue?q={word}")["items"], "the report became no case")
            case = found[0]["case"]["id"]
            if len(self.case(case)["reports"]) == 1:  # else another stood open just there
                self.codes[case] = sent["tracking_code"]
                return case, word
        raise AssertionError("everywhere stands a case that is open")

    def ask(self, name: str, view: dict, deed: str, form: dict[str, str] | None = None, **body: object) -> httpx.Response:
        """A deed of somebody who saw the case so; `form`: where files may come with it."""
        sent = {"json": body} if form is None else {"files": {field: (None, value) for field, value in form.items()}}
        return self._sent("POST", f"/v1/cases/{view['id']}/{deed}", name, headers={"If-Match": f'"{view["no"]}"'}, **sent)

    def do(self, name: str, case: str, deed: str, form: dict[str, str] | None = None, **body: object) -> None:
        """A deed, by somebody who has just seen the case."""
        for _ in range(3):  # the machine may tell something in between
            answer = self.ask(name, self.case(case), deed, form, **body)
            if answer.status_code != 412:
                break
        assert answer.is_success, answer.text

    def until(self, case: str, *states: str) -> dict:
        """Wait until the case has come there by itself."""
        return soon(lambda: (view := self.case(case))["state"] in states and view, f"{case} did not come to {states}")

    def bring(self, case: str, state: str, unit: str = WORKS) -> dict:
        """Everybody does what is next for the case, and the city what it does by itself, until it stands so."""
        said = ""
        for _ in range(STEPS):
            view = self.case(case)
            if view["state"] == state:
                return view
            if step := self._step(view, unit):
                name, deed, form, body = step
                answer = self.ask(name, view, deed, form, **body)
                if answer.is_success:
                    continue
                said = answer.text
            time.sleep(0.2)  # the city is at it
        raise AssertionError(f"the case stands at {view['state']}, and not at {state}; {said}")

    def to_unit(self, case: str, unit: str = WORKS) -> str:
        """The case goes to a unit, and waits there to be signed for; gives who handles there."""
        if self.bring(case, "to_sign", unit)["unit"] != unit:  # the machine was sure of another
            self.do(DISPATCHER, case, "reassignment", unit=unit, reason="ordered")
        return self.handler(self.case(case))

    def handler(self, view: dict) -> str:
        return self.by_post[f"handler-{view['unit']}"]

    def _step(self, view: dict, unit: str) -> tuple[str, str, dict[str, str] | None, dict[str, object]] | None:
        """Who does what next; nothing where the city does it by itself."""
        at_post = self.by_post.get(view["post"] or "", LEADER)
        match view["state"]:
            case "reported":
                return ACCEPTOR, "accept", None, {}
            case "verifying":
                return at_post, "verification/result", None, {"found": True, "note": ""}
            case "to_file":
                return LEADER, "filing", None, {"unverified": True}
            case "to_dispatch":
                return DISPATCHER, "task", None, {"unit": unit}
            case "to_sign":
                return self.handler(view), "signature", None, {}
            case "handling":
                return self.handler(view), "completion", DONE, {}
            case "inspecting":
                return at_post, "inspection", {"passed": "true"}, {}
        return None
