"""Made-up people: one in each post, the same everywhere, and only where the city is made up."""

from tests.people_world import policy

from cityloop.people import demo_people, demo_sign_ins
from cityloop.people.demo import demo_keys, made_up
from cityloop.people.rules import name_normal


def test_no_two_are_alike():
    names = [made_up(place).sign_in for place in range(2_000)]
    assert len(set(names)) == len(names)
    assert all(name_normal(name) == name for name in names)


def test_each_post_has_one_and_each_role_is_shown():
    machines = {"hotline_link", "partner"}
    assert [each.post for each in demo_people(policy())] == [
        post.id for post in policy().posts if post.role not in machines
    ]
    shown = demo_sign_ins(policy(), per_role=2)
    assert {each.role for each in shown} == {post.role for post in policy().posts} - machines
    assert all(each.role_words["zh"] and each.post_words["en"] for each in shown)


def test_other_systems_come_in_by_key_and_not_by_a_name():
    shown = {words["en"]: key for words, key in demo_keys(policy())}
    assert set(shown) == {"Hotline link", "Partner system"}
    assert all(key.startswith("ck_") for key in shown.values())
