"""The live stream of facts: who is sent what, how one comes back, and how who cannot keep up is let go."""

import asyncio
import json

import pytest
from tests.pages_world import PARKED, city_in

from cityloop import people
from cityloop.pages import end_streams, followers, stream

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
LEADER, AUDITOR = "duty-leader-1", "auditor"


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    monkeypatch.setattr(followers, "POLL_S", 0.01)
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.05)
    with city_in(places, tmp_path, monkeypatch, clock) as found:
        yield found


def post_of(city, role, *, area=None):
    return next(
        p.id for p in city.parts.book.in_force().posts
        if p.role == role and (area is None or (p.area or "").startswith(area))
    )  # fmt: skip


class Following:
    """One connection to the stream, driven by hand."""

    def __init__(self, city, browser, query="", **headers):
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        given = {"cookie": cookie, "host": "testserver.local"} | headers
        self.scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": "/v1/facts/stream", "raw_path": b"/v1/facts/stream", "root_path": "",
            "query_string": query.encode(), "client": ("127.0.0.1", 1), "server": ("testserver.local", 80),
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()], "extensions": {}, "state": {},
        }  # fmt: skip
        self.app = city.app
        self.said = b""
        self.status = 0
        self.open = asyncio.Event()
        self.done = asyncio.Event()
        self.flows = asyncio.Event()  # cleared: the client takes nothing more
        self.flows.set()

    async def receive(self):
        await self.done.wait()
        return {"type": "http.disconnect"}  # what a server says once the answer is complete

    async def send(self, message):
        await self.flows.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.said += message.get("body", b"")
            self.open.set()
            if not message.get("more_body"):
                self.done.set()

    async def __aenter__(self):
        self.task = asyncio.create_task(self.app(self.scope, self.receive, self.send))
        await asyncio.wait_for(self.open.wait(), 5)
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def events(self):
        """What was sent so far: data with their ids."""
        found = []
        for block in self.said.decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "data" in lines:
                found.append((int(lines.get("id", 0)), lines.get("event", ""), json.loads(lines["data"])))
        return found

    def of_cases(self):
        """What was sent of cases. A report's first facts reach who comes later, when it has its case."""
        return [event for event in self.events() if event[2].get("subject", "").startswith("case/")]

    def facts(self):
        return [event["fact"] for _, kind, event in self.events() if not kind]

    def last_id(self):
        ids = [line for line in self.said.decode().splitlines() if line.startswith("id: ")]
        return int(ids[-1][4:]) if ids else None

    async def until(self, true):
        for _ in range(500):
            if true(self):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"it did not come: {self.said[-600:]!r}")


def reported(city, **where):
    """A report and what follows, told from a thread as a request would."""
    return asyncio.to_thread(city.report, "车停在人行道上", PARKED, **where)


def passed(city):
    size = city.facts()
    return lambda following: (following.last_id() or 0) >= size


def test_a_follower_gets_what_happens_in_order_with_its_id(city):
    leader = city.signed_in("gao.tao", LEADER)

    async def story():
        async with Following(city, leader) as one:
            case = await reported(city)
            await one.until(passed(city))
            ids = [id for id, _, _ in one.events()]
            assert ids == sorted(set(ids))
            assert "CaseOpened" in one.facts() or "CaseFiled" in one.facts()
            seen = one.events()[-1][2]
            assert seen["subject"] == f"case/{case}"
            assert seen["id"].startswith(f"case/{case}#")
            await one.until(lambda f: b": still here" in f.said)

    asyncio.run(story())


def test_permission_is_asked_for_each_fact(city):
    here = city.signed_in("he.re", post_of(city, "dispatcher", area="990102"))
    away = city.signed_in("a.way", post_of(city, "dispatcher", area="990101"))
    auditor = city.signed_in("li.fang", AUDITOR)

    async def story():
        async with Following(city, here) as one, Following(city, away) as other, Following(city, auditor) as whole:
            case = await reported(city)
            await asyncio.to_thread(city.signed_in, "new.comer")
            for each in (one, other, whole):
                await each.until(passed(city))
            assert {event["subject"] for _, _, event in one.events()} >= {f"case/{case}"}
            assert other.events() == [], "another district's case"
            assert "AccountOpened" in whole.facts()
            assert "AccountOpened" not in one.facts()

    asyncio.run(story())


def test_a_report_is_seen_through_its_case_only(city):
    leader = city.signed_in("gao.tao", LEADER)
    case = city.report("车停在人行道上", PARKED)
    city.server.post("/v1/reports", json={"text": "nobody has looked at it yet"})

    async def story():
        async with Following(city, leader, "after=0") as one:
            await one.until(passed(city))
            reports = [event for _, _, event in one.events() if event["subject"].startswith("report/")]
            mine = city.value("SELECT id FROM report WHERE city = :city AND case_id = :id", id=case)
            assert {event["subject"] for event in reports} == {f"report/{mine}"}

    asyncio.run(story())


def test_who_comes_back_misses_nothing_and_gets_nothing_twice(city):
    leader = city.signed_in("gao.tao", LEADER)

    async def story():
        async with Following(city, leader) as one:
            await reported(city)
            await one.until(passed(city))
            first, place = one.of_cases(), one.last_id()
        await reported(city, lon=112.535)
        async with Following(city, leader, last_event_id=str(place)) as two:
            await reported(city, lon=112.54)
            await two.until(passed(city))
            second = two.of_cases()
        async with Following(city, leader, last_event_id="0") as three:
            await three.until(passed(city))
            assert first
            assert second
            assert three.of_cases() == first + second

    asyncio.run(story())


@pytest.mark.parametrize("place", ["x", "-1", "1.5", "9" * 16])
def test_a_place_that_is_none_is_refused(city, place):
    leader = city.signed_in("gao.tao", LEADER)
    answer = leader.get("/v1/facts/stream", headers={"last-event-id": place})
    assert (answer.status_code, answer.json()["code"]) == (400, "stream.bad_place")


def test_nobody_and_who_may_not_read_facts_get_nothing(city):
    collector = city.signed_in("col.lector", post_of(city, "collector"))
    assert city.nobody.get("/v1/facts/stream").status_code == 401
    assert collector.get("/v1/facts/stream").status_code == 403


def test_a_session_that_ends_ends_the_stream(city):
    leader = city.signed_in("gao.tao", LEADER)

    async def story():
        async with Following(city, leader) as one:
            await asyncio.to_thread(leader.post, "/sign-out")
            await one.until(lambda f: b"signed_out" in f.said)
            await asyncio.wait_for(one.task, 5)
            assert one.events()[-1][1] == "end"

    asyncio.run(story())


def test_a_post_that_is_left_sees_no_more(city):
    both = city.signed_in("gao.tao", LEADER, post_of(city, "acceptor"))
    account = city.value("SELECT account FROM seat WHERE city = :city AND post = :post", post=LEADER)

    async def story():
        async with Following(city, both) as one:
            for post in (LEADER, post_of(city, "acceptor")):
                await asyncio.to_thread(
                    city.parts.writer.change, lambda tx, post=post: people.leave_post(tx, account, post)
                )
            await asyncio.sleep(1.1)  # how long a process may believe what it knows of seats
            await one.until(lambda f: b"signed_out" in f.said)

    asyncio.run(story())


def test_who_cannot_keep_up_is_let_go_and_comes_back_to_the_rest(city, monkeypatch):
    monkeypatch.setattr(followers, "WAITING_MAX", 2)
    leader = city.signed_in("gao.tao", LEADER)

    async def story():
        async with Following(city, leader) as slow, Following(city, leader) as quick:
            slow.flows.clear()
            for step in range(8):
                await reported(city, lon=112.52 + step * 0.004)
                await quick.until(passed(city))
            slow.flows.set()
            await slow.until(lambda f: b"too_slow" in f.said)
            await asyncio.wait_for(slow.task, 5)
            got, place = slow.of_cases(), slow.last_id() or 0
            async with Following(city, leader, last_event_id=str(place)) as again:
                await again.until(passed(city))
                assert got + again.of_cases() == quick.of_cases(), "nothing missed, nothing twice"

    asyncio.run(story())


def test_one_reader_serves_all_and_stops_with_the_last(city, monkeypatch):
    leader = city.signed_in("gao.tao", LEADER)
    asked = []
    plain = followers.pieces_after
    monkeypatch.setattr(followers, "pieces_after", lambda tx, seq, limit: asked.append(seq) or plain(tx, seq, limit))
    monkeypatch.setattr(followers, "POLL_S", 0.2)

    async def story():
        async with Following(city, leader), Following(city, leader), Following(city, leader):
            await asyncio.sleep(0.5)
            many = len(asked)
        await asyncio.sleep(0.3)
        after = len(asked)
        await asyncio.sleep(0.5)
        assert many <= 4
        assert len(asked) <= after + 1
        assert city.app.state.followers._reader is None

    asyncio.run(story())


def test_no_more_follow_than_a_process_can_serve(city, monkeypatch):
    monkeypatch.setattr(followers, "FOLLOWERS_MAX", 1)
    leader = city.signed_in("gao.tao", LEADER)

    async def story():
        async with Following(city, leader):
            async with Following(city, leader) as second:
                assert second.status == 503
                assert json.loads(second.said)["code"] == "stream.crowded"

    asyncio.run(story())


@pytest.mark.parametrize("after", [None, 0])
def test_a_server_that_stops_lets_all_go_and_whoever_still_comes(city, after):
    """A request may be under way when the signal comes; it must not be the one that the server waits for."""
    leader = city.signed_in("gao.tao", LEADER)

    async def story():
        async with Following(city, leader) as one:
            end_streams(city.app)
            await asyncio.wait_for(one.task, 5)
            async with Following(city, leader, "" if after is None else f"after={after}") as late:
                await asyncio.wait_for(late.task, 5)
        for each in (one, late):
            assert each.events() == [(0, "end", {"why": "server_stops"})]

    asyncio.run(story())
