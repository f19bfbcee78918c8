"""Phones without applications: USSD menus and SMS through a gateway: a report, what became of it, no more messages."""

import itertools
import re
from contextlib import contextmanager

import pytest
from tests.camera_world import CameraWorld, the_cameras_app
from tests.engines import at_nine
from tests.world import Said

from cityloop.doors.lines import routes, rules, unless_stopped
from cityloop.http.limits import Buckets
from cityloop.notices import Message
from cityloop.stages.intake.service import said_of, tracked_report

PHONE = "+254711222333"
SESSIONS = itertools.count()
CODE = re.compile(r"[0-9A-Z]{12}")


@pytest.fixture
def town(places, tmp_path):
    yield from at_nine(CameraWorld, the_cameras_app, places, tmp_path)


@pytest.fixture(autouse=True)
def fresh_buckets(monkeypatch):
    monkeypatch.setattr(routes, "_BUCKETS", Buckets())


def ussd(town, text, *, session="s-1", phone=PHONE, path="/v1/lines/ussd", by="partner", **asked):
    form = {"sessionId": session, "serviceCode": "*384#", "phoneNumber": phone, "text": text, "networkCode": "63902"}
    answer = town.client.post(path, data=form, headers=town.signed(by), params={"language": "en", **asked})
    assert answer.status_code == 200, answer.text
    return answer.text


def sms(town, text, *, phone=PHONE, **more):
    sent = {"from": phone, "text": text, **more}
    answer = town.client.post("/v1/lines/sms", json=sent, headers=town.signed("partner"), params={"language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.json()["reply"]


def reports(town) -> list:
    with town.database.reading() as tx:
        return tx.all("SELECT id, channel, declared_class, contact FROM report WHERE city = :city ORDER BY id")


@contextmanager
def reading(town):
    with town.database.reading() as tx:
        yield tx


def test_a_menu_leads_to_a_report_with_class_place_and_a_number_to_call(town):
    """占道: start, what, where, end; the code tells what becomes of it."""
    assert ussd(town, "").startswith("CON City line\n1 Report a problem")
    assert "1 Rubbish" in ussd(town, "1")
    assert ussd(town, "1*1").startswith("CON Where")
    end = ussd(town, "1*1*Market street 5")
    assert end.startswith("END Received")
    [fact] = reports(town)
    assert (fact.channel, fact.declared_class) == ("text", "gbt30428_2_2013/event/0110")
    assert fact.contact is not None
    code = CODE.search(end)[0]
    with reading(town) as tx:
        said = said_of(tx, tracked_report(tx, code))
    assert said.address == "Market street 5"
    assert ussd(town, f"2*{code.lower()}", session="s-2").startswith(f"END {code}: ")


def test_a_session_that_comes_twice_is_one_report(town):
    first = ussd(town, "1*1*Market street 5")
    assert ussd(town, "1*1*Market street 5") == first
    assert ussd(town, "1*1*Market street 5", session="s-9") != first
    assert len(reports(town)) == 2


def test_a_gateway_that_sends_the_last_key_alone_stands_where_it_stood(town):
    turn = lambda text: ussd(town, text, turns="last")
    assert turn("").startswith("CON City line")
    assert turn("1").startswith("CON What is wrong?")
    assert turn("9").startswith("CON There is no such line.\nWhat is wrong?")
    assert turn("0").startswith("CON City line")
    assert turn("1").startswith("CON What")
    assert turn("4").startswith("CON Say what is wrong")
    assert turn("a dead dog * on the road").startswith("CON Where")
    assert turn("Bridge road").startswith("END Received")
    assert len(reports(town)) == 1
    with reading(town) as tx:
        assert tx.value("SELECT count(*) FROM text_line WHERE city = :city") == 0  # nothing of it is kept


def test_a_menu_lapses(town):
    ussd(town, "", turns="last")
    ussd(town, "1", turns="last")
    town.later(minutes=16)
    assert ussd(town, "1", turns="last").startswith("CON City line")


def test_a_message_is_a_report_and_its_reply_has_the_code(town):
    reply = sms(town, "垃圾没人清，解放路5号", id="m-1")
    assert sms(town, "垃圾没人清，解放路5号", id="m-1") == reply  # the gateway tried again
    [fact] = reports(town)
    assert fact.channel == "text"
    code = CODE.search(reply)[0]
    assert sms(town, f"FOLLOW {code}") == sms(town, f"follow {code[:4]}-{code[4:8]}-{code[8:]}")
    assert sms(town, f"查询{code}").startswith(f"{code}：")
    assert sms(town, "FOLLOW ABCD-EFGH-JKMN") == "No report answers to this code; look at it again."
    sms(town, "Follow the smell to the bins in High street", id="m-2")  # no command: a sentence
    assert len(reports(town)) == 2


def test_a_message_without_an_id_is_one_within_an_hour(town):
    first = sms(town, "rubbish at the bridge")
    assert sms(town, "rubbish at the bridge") == first
    town.later(hours=1)
    assert sms(town, "rubbish at the bridge") != first


def test_a_menu_may_be_had_by_messages(town):
    assert sms(town, "MENU").startswith("City line")
    assert sms(town, "1").startswith("What is wrong?")
    assert sms(town, "3").startswith("Where")
    assert sms(town, "High street 1").startswith("Received")


def test_who_wants_no_messages_gets_none_until_they_want_them_again(town):
    message = Message(to="0711222333", text="x")
    other = Message(to="0711222334", text="x")
    sms(town, "STOP", phone="0711222333")
    with reading(town) as tx:
        assert unless_stopped(tx, message) is None
        assert unless_stopped(tx, other) is other
        assert unless_stopped(tx, None) is None
    sms(town, "START", phone="0711222333")
    with reading(town) as tx:
        assert unless_stopped(tx, message) is message


def test_the_number_stands_in_no_table_but_the_vault(town):
    ussd(town, "1", turns="last")
    ussd(town, "1*1*Market street 5")
    sms(town, "STOP")
    with reading(town) as tx:
        held = tx.all("SELECT id, words, place FROM text_line WHERE city = :city")
        facts = [bytes(row.body) for row in tx.all("SELECT body FROM fact WHERE city = :city")]
    assert len(facts) > 1
    assert PHONE not in repr(held)
    assert PHONE.strip("+") not in repr(facts)
    assert "Market street" not in repr(facts)


def test_a_number_that_comes_too_often_is_told_so(town, monkeypatch):
    monkeypatch.setattr(routes, "PACE", routes.Pace(per_min=1, burst=2))
    assert [sms(town, "HELP")[:4] for _ in range(3)] == ["Send", "Send", "Too "]
    assert sms(town, "HELP", phone="+254700000000")[:4] == "Send"


def test_a_forged_gateway_is_refused_and_a_wrong_message_told(town):
    key = town.partner_key("gateway", "report.send")
    assert ussd(town, "", path=f"/v1/lines/{key}/ussd", by=None).startswith("CON")
    for path in ("/v1/lines/ussd", "/v1/lines/ck_forged/ussd", "/v1/lines/sms"):
        assert town.client.post(path, data={"sessionId": "1", "phoneNumber": PHONE}).status_code == 401
    for body in (b"\xff\xfe", b"", b"a=" + b"x" * 5_000 + b"&sessionId=1&phoneNumber=2&text=" + b"y" * 5_000):
        with pytest.raises(Said) as said:
            town.sends("/v1/lines/ussd", body, kind="application/x-www-form-urlencoded")
        assert (said.value.status, said.value.body["code"]) == (400, "lines.unreadable")
    for body in (b"[1]", b"{", b'{"text": "x"}', b"[" * 60_000):
        with pytest.raises(Said) as said:
            town.sends("/v1/lines/sms", body, kind="application/json")
        assert (said.value.status, said.value.body["code"]) == (400, "lines.unreadable")


def test_what_was_pressed_at_once_leads_where_one_after_the_other_does(town):
    """The law of menus: all keys at once, and the last alone, lead to the same."""
    menus = town.policy.menu_by_node
    for keys in itertools.product(["0", "1", "2", "4", "x y"], repeat=4):
        at = rules.START
        for key in keys:
            if at.deed is None:
                at = rules.pressed(menus, at, key)
        assert rules.played(menus, keys).deed == at.deed
        assert rules.played(menus, keys).node == at.node
