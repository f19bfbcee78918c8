"""Webhooks: facts go out to those who asked for them, as far as they may read, until they are taken."""

import json

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def test_a_partner_is_told_of_the_facts_that_it_asked_for(town):
    """The types that it named, of the cases that it may see, each as a CloudEvent."""
    town.receiver("p")
    town.subscribe("p", "partner", "CaseFiled", "cityloop.CaseDispatched")
    town.report("r1", kind="rubbish")
    town.send()

    assert town.got("p") == ["CaseFiled", "CaseDispatched"]
    event = town.receivers["p"].got[0]["body"]
    assert (event["specversion"], event["source"], event["subject"]) == ("1.0", "//town.local/mini", f"case/{town.case('r1').id}")
    assert event["id"] == f"case/{town.case('r1').id}#1"
    assert event["data"]["number"] == town.case("r1").number


def test_a_message_is_signed_so_that_others_tools_can_check_it(town):
    """Standard Webhooks: the library of the standard's authors verifies it, and refuses it when a byte is changed."""
    town.receiver("p")
    town.subscribe("p", "partner")
    town.clock.now = town.clock.now.now(town.clock.now.tzinfo)  # the library looks at the real clock
    town.report("r1", kind="rubbish")
    town.send()
    got = town.receivers["p"].got[0]

    assert got["headers"]["webhook-id"] == got["body"]["id"]
    secret = town.hooks["p"]["secret"]
    assert Webhook(secret).verify(got["raw"], got["headers"])["id"] == got["body"]["id"]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got["raw"] + b" ", got["headers"])


def test_while_a_secret_is_changed_both_sign(town):
    """Whoever has not taken the new secret yet still verifies; with the change after it the old one is gone."""
    town.receiver("p")
    town.subscribe("p", "partner", "CaseFiled")
    first = town.hooks["p"]["secret"]
    second = town.hook("p", "secret", by="partner")["secret"]
    town.clock.now = town.clock.now.now(town.clock.now.tzinfo)
    town.report("r1", kind="rubbish")
    town.send()
    got = town.receivers["p"].got[0]

    assert Webhook(first).verify(got["raw"], got["headers"])
    assert Webhook(second).verify(got["raw"], got["headers"])


def test_what_a_subscriber_may_not_see_is_not_sent(town):
    """Permission is asked when a fact is sent: another area's case, an account's fact, a post that was left."""
    town.receiver("p")
    town.partner("north", "partner-north")
    town.key("k", "north", "case.read", "facts.read", "webhook.subscribe")
    town.subscribe("p", "key:k", "CaseFiled", "PostTaken")
    town.report("r1", kind="rubbish", cell="a1")
    town.report("r2", kind="rubbish", cell="d1")
    town.sit("somebody", "acceptor")
    town.send()

    assert [each["body"]["subject"] for each in town.receivers["p"].got] == [f"case/{town.case('r1').id}"]


def test_a_key_whose_scopes_are_narrow_gets_no_more(town):
    """What the key may not read is not sent, though its holder's post could."""
    town.receiver("p")
    town.partner("north", "partner-north")
    town.key("k", "north", "webhook.subscribe", "case.read")
    town.subscribe("p", "key:k")
    town.report("r1", kind="rubbish")
    town.send()

    assert town.receivers["p"].got == []


def test_a_receiver_that_is_down_misses_nothing(town):
    """It is left alone for growing pauses, and then gets everything in its order, and nothing twice."""
    town.receiver("p").mode = "down"
    town.subscribe("p", "partner", "CaseFiled")
    for name in ("r1", "r2", "r3"):
        town.report(name, kind="rubbish")
    town.send()
    assert town.got("p") == []
    town.receivers["p"].mode = "up"
    town.send()
    assert town.got("p") == []  # its pause is not over
    town.later(seconds=6)
    town.send()

    cases = [f"case/{town.case(name).id}" for name in ("r1", "r2", "r3")]
    assert [each["body"]["subject"] for each in town.receivers["p"].got] == cases


def test_a_receiver_that_is_slow_or_loses_its_answer_is_told_again_under_the_same_key(town):
    """At least once: whoever keeps the webhook-id does nothing twice."""
    town.receiver("p").lose = 1
    town.subscribe("p", "partner", "CaseFiled")
    town.report("r1", kind="rubbish")
    town.send()
    town.later(seconds=6)
    town.send()
    assert len(town.receivers["p"].got) == 2
    assert town.got("p") == ["CaseFiled"]

    town.receivers["p"].slow_s = 1.0
    town.report("r2", kind="rubbish")
    town.send(rounds=1)
    assert town.get("/v1/outbox", by="system")["targets"][-1]["error"] == "timeout"


def test_a_process_that_dies_before_it_notes_what_it_sent_sends_it_once_more(town):
    """The receiver gets the same id twice, and no fact is left out."""
    town.receiver("p")
    town.subscribe("p", "partner", "CaseFiled")
    town.report("r1", kind="rubbish")
    town.die_sending()
    town.report("r2", kind="rubbish")
    town.restart()
    town.send()

    keys = [each["key"] for each in town.receivers["p"].got]
    assert len(keys) == 3
    assert keys[0] == keys[1] != keys[2]


def test_a_receiver_that_answers_gone_is_told_no_more(town):
    """410 says that nobody is there and nobody will be; it can be resumed and misses nothing."""
    town.receiver("p").status = 410
    town.subscribe("p", "partner", "CaseFiled")
    town.report("r1", kind="rubbish")
    town.send()

    hook = town.get("/v1/webhooks", by="partner")[0]
    assert (hook["state"], hook["stopped_for"]) == ("stopped", "gone")
    town.receivers["p"].status = 200
    town.send()
    assert town.got("p") == []
    town.hook("p", "resumption", by="partner")
    town.later(seconds=6)
    town.send()
    assert town.got("p") == ["CaseFiled"]


def test_a_receiver_that_is_down_for_days_is_stopped_and_an_operator_sees_it(town):
    """The stop is a fact; the operator resumes it, and it goes on where it stood."""
    town.receiver("p").mode = "down"
    town.subscribe("p", "partner", "CaseFiled")
    town.report("r1", kind="rubbish")
    for _ in range(20):
        town.send(rounds=1)
        town.later(days=1)
    hook = town.get("/v1/webhooks", by="system")[0]
    assert (hook["state"], hook["stopped_for"]) == ("stopped", "down_too_long")
    assert town.hook_story("p") == ["WebhookSubscribed", "WebhookStopped"]

    town.receivers["p"].mode = "up"
    town.hook("p", "resumption", by="system")
    town.post("/v1/outbox/retry", by="system", json={"target": f"webhook:{town.hooks['p']['id']}"})
    town.send()
    assert town.got("p") == ["CaseFiled"]


def test_one_message_that_is_refused_holds_up_its_subject_and_nothing_else(town):
    """Later facts of the same case wait behind it, other cases go on; an operator retries it, or lets it be."""
    town.receiver("p")
    town.subscribe("p", "partner", "CaseFiled", "CaseDispatched", "TaskSigned")
    town.report("r1", kind="rubbish")
    case = f"case/{town.case('r1').id}"
    town.receivers["p"].refuse.add(f"{case}#1")
    town.send()
    town.report("r2", kind="rubbish")
    town.sign("r1")
    town.send()

    assert town.got("p") == ["CaseFiled", "CaseDispatched"]  # both of the second case
    held = town.get("/v1/outbox", by="system")["held"]
    assert [(each["subject"], each["tries"]) for each in held] == [(case, 1), (case, 0), (case, 0)]
    town.receivers["p"].refuse.clear()
    town.post("/v1/outbox/retry", by="system", json={"target": held[0]["target"], "seq": held[0]["seq"]})
    town.send()
    of_case = [each["body"]["type"] for each in town.receivers["p"].once.values() if each["body"]["subject"] == case]
    assert of_case == ["cityloop.CaseFiled", "cityloop.CaseDispatched", "cityloop.TaskSigned"]
    assert town.get("/v1/outbox", by="system")["held"] == []


def test_a_message_that_is_refused_for_too_long_is_parked_and_may_be_let_be(town):
    """Nobody tries it any more until an operator looks."""
    town.receiver("p")
    town.subscribe("p", "partner", "CaseFiled", "CaseDispatched")
    town.report("r1", kind="rubbish")
    town.receivers["p"].refuse.add(f"case/{town.case('r1').id}#1")
    for _ in range(8):
        town.send(rounds=2)
        town.later(days=1)
    held = town.get("/v1/outbox", by="system")["held"]
    assert [each["parked"] for each in held] == [1, 0]
    town.post("/v1/outbox/skip", by="system", json={"target": held[0]["target"], "seq": held[0]["seq"]})
    town.send()

    assert town.got("p") == ["CaseDispatched"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest/", "http://0.0.0.0/"],
)
def test_no_subscriber_makes_us_call_inside(town, url):
    """An address inside is never connected to, whatever its name says; an operator may allow a network by a setting."""
    town.wires_used = town.strict
    town.subscribe("p", "partner", "CaseFiled", url=url)
    town.report("r1", kind="rubbish")
    town.send(rounds=1)

    place = [each for each in town.get("/v1/outbox", by="system")["targets"] if each["target"].startswith("webhook:")]
    assert [(each["error"], each["sent"]) for each in place] == [("address_inside", 0)]


@pytest.mark.parametrize("url", ["ftp://example.org/", "https://", "https://me:pw@example.org/", "nonsense", "https://a b/"])
def test_an_address_that_cannot_be_called_is_refused(town, url):
    """Only http and https, without a name and password in it."""
    with town.refuses("webhook.bad_url"):
        town.subscribe("p", "partner", url=url)
    with town.refuses("webhook.type_unknown"):
        town.subscribe("p", "partner", "CaseFlown", url="https://example.org/")


def test_with_its_key_a_subscription_ends(town):
    """Whoever stole the key may have chosen the address: address and secret go, and nothing more is sent."""
    town.receiver("p")
    town.partner("north", "partner-north")
    town.key("k", "north", "case.read", "facts.read", "webhook.subscribe")
    town.subscribe("p", "key:k", "CaseFiled")
    town.revoke("k", "north", "lost")
    town.report("r1", kind="rubbish")
    town.send()

    hook = town.get("/v1/webhooks", by="system")[0]
    assert (hook["state"], hook["stopped_for"], hook["url"]) == ("ended", "key_revoked", None)
    assert town.receivers["p"].got == []


def test_nobody_sees_or_changes_anothers_subscription(town):
    """For others it is not there."""
    town.receiver("p")
    town.subscribe("p", "partner")
    assert town.get("/v1/webhooks", by="partner-north") == []
    with town.refuses("webhook.unknown"):
        town.hook("p", "secret", by="partner-north")


def test_neither_address_nor_secret_nor_words_of_people_stand_in_a_fact_or_go_out(town):
    """The journal names neither; what goes out holds codes, numbers and places only."""
    town.receiver("p")
    town.subscribe("p", "partner")
    town.order("H1", kind="rubbish")
    town.give_back("H1", "no_means", note="他说王女士家门口")
    town.send()

    told = json.dumps([each["body"] for each in town.receivers["p"].got], ensure_ascii=False)
    for word in ("王女士", "13812345678", "坑", "digest", "handler-"):
        assert word not in told
    for word in (town.hooks["p"]["secret"], town.receivers["p"].url):
        assert not town.stands_in_a_fact(word)


def test_subscriptions_are_the_same_when_the_journal_is_replayed(town):
    """Who is told of what comes again from the facts alone."""
    town.receiver("p").status = 410
    town.subscribe("p", "partner", "CaseFiled")
    town.report("r1", kind="rubbish")
    town.send()

    assert town.replayed() == []
