"""Who sits where, and so who acts: the accounts of the pack's posts."""

from collections import defaultdict
from random import Random

from cityloop.db import Tx
from cityloop.domain.ids import AccountId, PostId, UnitId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.people.store import post_lists_between


class Crew:
    """The people of the city, by what they may do."""

    def __init__(self, tx: Tx, policy: Policy, random: Random):
        self.random = random
        self.of_post: dict[PostId, AccountId] = {}
        self.of_permission: dict[Permission, list[AccountId]] = defaultdict(list)
        self.of_unit: dict[UnitId, list[AccountId]] = defaultdict(list)
        seats = sorted((post, account) for account, posts in post_lists_between(tx, "", "~").items() for post in posts)
        for post_id, account in seats:  # by post: the ids of accounts are drawn anew in each city
            if (post := policy.post_by_id.get(post_id)) is None:
                continue
            self.of_post[post.id] = AccountId(account)
            permissions = policy.role_by_id[post.role].permissions
            for permission in permissions:
                if post.area is None or permission == Permission.case_verify:
                    self.of_permission[Permission(permission)].append(AccountId(account))
            if Permission.case_handle in permissions:
                self.of_unit[post.unit].append(AccountId(account))

    def with_permission(self, permission: Permission) -> AccountId | None:
        """Somebody of the whole city who may do this."""
        able = self.of_permission.get(permission)
        return self.random.choice(able) if able else None

    def of(self, unit: UnitId | None) -> AccountId | None:
        """A handler of a unit."""
        able = self.of_unit.get(unit) if unit else None
        return self.random.choice(able) if able else None

    def at(self, post: PostId | None) -> AccountId | None:
        """Who sits in a post."""
        return self.of_post.get(post) if post else None
