"""Who sits where, and so who acts: the accounts of the pack's posts, as callers with their seats."""

from collections import defaultdict
from collections.abc import Container
from random import Random

from cityloop.cases import Case
from cityloop.cases.scope import may
from cityloop.db import Tx
from cityloop.domain.ids import AccountId, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.http import Caller
from cityloop.people import seats_of
from cityloop.people.store import post_lists_between


class Crew:
    """The people and the other systems of the city, by what they may do."""

    def __init__(self, tx: Tx, policy: Policy, random: Random):
        self.random = random
        self._of_post: dict[PostId, Caller] = {}
        self._of_account: dict[AccountId, Caller] = {}
        self._of_permission: dict[str, list[Caller]] = defaultdict(list)
        self._of_role: dict[str, list[Caller]] = defaultdict(list)
        self.handling: set[UnitId] = set()
        seats = sorted((post, account) for account, posts in post_lists_between(tx, "", "~").items() for post in posts)
        for post, account in seats:  # by post: the ids of accounts are drawn anew in each city
            held = seats_of(tx, AccountId(account), policy)
            if not held:
                continue
            caller = Caller(account=AccountId(account), name=post, seats=held)
            self._of_post[post] = self._of_account[AccountId(account)] = caller
            self._of_role[held[0].role].append(caller)
            for permission in sorted(held[0].permissions):
                self._of_permission[permission].append(caller)
            if Permission.case_handle in held[0].permissions:
                self.handling.add(held[0].unit)

    def who_may(self, permission: Permission, case: Case, but: Container[str] = ()) -> Caller | None:
        """Somebody who may do this to the case."""
        able = [
            each for each in self._of_permission[permission]
            if may(each.seats[0], case, permission) and each.account not in but
        ]  # fmt: skip
        return self.random.choice(able) if able else None

    def of_role(self, role: str, permission: Permission, case: Case, but: Container[str] = ()) -> Caller | None:
        """Somebody of a role who may do this to the case."""
        able = [each for each in self._of_role[role] if may(each.seats[0], case, permission) and each.account not in but]
        return self.random.choice(able) if able else None

    def of_unit(self, unit: UnitId, permission: Permission) -> Caller | None:
        """Somebody of a unit with this permission."""
        able = [each for each in self._of_permission[permission] if each.seats[0].unit == unit]
        return self.random.choice(able) if able else None

    def with_permission(self, permission: Permission, but: Container[str] = ()) -> Caller | None:
        """Somebody with this permission, whatever it is used for."""
        able = [each for each in self._of_permission[permission] if each.account not in but]
        return self.random.choice(able) if able else None

    def everybody_with(self, permission: Permission) -> list[Caller]:
        """All with this permission, by their posts."""
        return list(self._of_permission[permission])

    def at(self, post: PostId | None) -> Caller | None:
        """Who sits in a post."""
        return self._of_post.get(post) if post else None

    def known(self, account: str | None) -> Caller | None:
        """The holder of an account."""
        return self._of_account.get(AccountId(account)) if account else None
