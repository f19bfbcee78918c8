"""Names, passwords, axes, locks, masks: what each decides."""

from datetime import UTC, datetime, timedelta

import pytest

from cityloop.domain.permission import Permission
from cityloop.domain.policy import Axis, Post, Role
from cityloop.people import rules
from cityloop.people.guessed import first_guessed
from cityloop.people.model import BadName, BothAxes, WeakPassword

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Zhang.Wei", " zhang.wei ", "ｚｈａｎｇ.ｗｅｉ", "ZHANG.WEI"])
def test_a_name_is_one_name_from_every_keyboard(name):
    assert rules.name_normal(name) == "zhang.wei"


@pytest.mark.parametrize("name", ["", "x", "a b", "a\nb", "a\u202eb", "x" * 65])
def test_names_that_are_none(name):
    with pytest.raises(BadName):
        rules.name_normal(name)


@pytest.mark.parametrize("password", ["correct horse", "Abcdef-1", "0123498765", "马到成功Ab1!x", "x" * 3 + "yzab mno"])
def test_passwords_that_are_taken(password):
    assert rules.password_checked(password, "zhang.wei") == password


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Abc-123",
        "abcdefgh",
        "abcdefg12",
        "password123",
        "P@ssw0rd",
        "1111111111",
        "xZhang.Wei9x",
        "x" * 100 + "y" * 101,
    ],
)
def test_passwords_that_are_guessed_too_soon(password):
    with pytest.raises(WeakPassword):
        rules.password_checked(password, "zhang.wei", common=first_guessed())


def role(id, axis, *permissions):
    return Role(id=id, axis=axis, name={}, permissions=tuple(str(each) for each in permissions))


ROLES = {
    each.id: each
    for each in (
        role("acceptor", Axis.supervision, Permission.case_accept),
        role("seat", Axis.supervision, Permission.case_read),
        role("dispatcher", Axis.command, Permission.case_dispatch),
        role("handler", Axis.handling, Permission.case_handle),
        role("leader", Axis.leadership, Permission.case_read),
    )
}


def post(role_id):
    return Post(id=role_id, role=role_id, unit="u", area=None, name={})


@pytest.mark.parametrize(
    "roles", [["acceptor", "seat"], ["dispatcher", "handler"], ["leader", "acceptor"], ["seat", "handler"], []]
)
def test_posts_that_one_person_may_hold(roles):
    rules.apart([post(each) for each in roles], ROLES)


@pytest.mark.parametrize(
    "roles",
    [["acceptor", "dispatcher"], ["seat", "dispatcher"], ["acceptor", "handler"], ["leader", "dispatcher", "acceptor"]],
)
def test_supervision_and_command_are_apart(roles):
    with pytest.raises(BothAxes):
        rules.apart([post(each) for each in roles], ROLES)


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour_and_then_it_begins_anew():
    failures, locked = 0, None
    for n in range(1, 6):
        failures, locked = rules.failed_once_more(failures, locked, NOW)
        assert failures == n
        assert (locked is not None) == (n == 5)
    assert locked == NOW + timedelta(minutes=15)
    assert rules.failed_once_more(failures, locked, locked) == (1, None)


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "861****5678"),
        ("li.na@example.org", "l****@example.org"),
        ("张伟", "张*"),
        ("欧阳娜娜", "欧***"),
        ("12345", "1****"),
        ("", "*"),
    ],
)
def test_masks(contact, shown):
    assert rules.mask(contact) == shown
