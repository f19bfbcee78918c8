"""Made-up people for a made-up city: one account in each post of the pack, all with one password."""

from typing import NamedTuple

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import PostId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Post, Words
from cityloop.http.limits import Pace
from cityloop.people import keys, passwords, service, store
from cityloop.people.model import KeyDigest, NotSimulated, Person
from cityloop.people.sessions import token_digest

BY_KEY = frozenset({Permission.order_send.value, Permission.report_send.value, Permission.observe_send.value})  # what only other systems do
KEY_PACE, KEY_DAYS = Pace(per_min=600, burst=60), 365

FAMILIES = [
    "王wang",
    "李li",
    "张zhang",
    "刘liu",
    "陈chen",
    "杨yang",
    "赵zhao",
    "黄huang",
    "周zhou",
    "吴wu",
    "徐xu",
    "孙sun",
    "胡hu",
    "朱zhu",
    "高gao",
    "林lin",
    "何he",
    "郭guo",
    "马ma",
    "罗luo",
    "梁liang",
    "宋song",
    "郑zheng",
    "谢xie",
    "韩han",
]
GIVEN = [
    "安然anran",
    "冰bing",
    "晨chen",
    "丹dan",
    "恩en",
    "芳fang",
    "刚gang",
    "浩hao",
    "佳jia",
    "凯kai",
    "乐le",
    "敏min",
    "宁ning",
    "平ping",
    "倩qian",
    "蓉rong",
    "山shan",
    "涛tao",
    "文wen",
    "霞xia",
    "燕yan",
    "志远zhiyuan",
    "思齐siqi",
    "雨yu",
    "明ming",
]


class MadeUp(NamedTuple):
    """A person who is nobody."""

    sign_in: str  # zhang.wei
    name: str  # 张伟


class DemoSignIn(Struct, frozen=True, kw_only=True):
    """A name to sign in with, and as whom."""

    name: str
    person: str
    role: str
    role_words: Words
    post: PostId
    post_words: Words


def seed_accounts(tx: Tx, policy: Policy, hashed: str) -> int:
    """An account in each post of a simulated city that has none in it yet; gives how many were made. Other systems get
    a key instead of a password.

    `hashed` is one hash of one password for all: hashing each would take seconds, and these accounts protect
    nothing. The password is not held to the rules either.
    Refuses with `NotSimulated`. Emits `AccountOpened`, `PostTaken` and `KeyMade`.
    """
    if not policy.simulated:
        raise NotSimulated("This city is not simulated, so nobody is made up for it; open accounts for its people.")
    made = 0
    for sign_in in demo_people(policy):
        if store.account_of_name(tx, sign_in.name):
            continue
        account = service.open_account(
            tx, sign_in_name=sign_in.name, person=Person(name=sign_in.person), simulated=True
        )
        service.set_password(tx, account, hashed, must_change=False)
        service.take_post(tx, account, sign_in.post, policy=policy)
        made += 1
    for post in _machines(policy):
        made += _seed_partner(tx, policy, post)
    return made


def demo_key(post: PostId) -> str:
    """The key by which the other system in a post comes in: as well known as the password of the made-up people."""
    return f"{keys.PREFIX}cityloop-demo-{post}"


def demo_keys(policy: Policy) -> list[tuple[Words, str]]:
    """Each other system of a simulated city, and its key."""
    return [(policy.role_by_id[post.role].name, demo_key(post.id)) for post in _machines(policy)]


def _seed_partner(tx: Tx, policy: Policy, post: Post) -> int:
    """Another system in a post that only such have, with its key; gives how many were let in."""
    digest = token_digest(demo_key(post.id))
    if tx.get("key_digest", KeyDigest, digest):
        return 0
    account = keys.open_partner(tx, person=Person(name=post.name["zh"]), simulated=True)
    service.take_post(tx, account, post.id, policy=policy)
    scopes = policy.role_by_id[post.role].permissions
    keys.make_key(tx, account, digest=digest, scopes=scopes, pace=KEY_PACE, days=KEY_DAYS)
    return 1


def _machines(policy: Policy) -> list[Post]:
    """The posts of other systems."""
    return [post for post in policy.posts if not BY_KEY.isdisjoint(policy.role_by_id[post.role].permissions)]


def demo_hash(password: str) -> str:
    """The hash for `seed_accounts`, made before its transaction."""
    return passwords.hash_of(password)


def demo_people(policy: Policy) -> list[DemoSignIn]:
    """Who sits in which post of a simulated city; the same on every machine. Other systems are nobody."""
    found, machines = [], {post.id for post in _machines(policy)}
    for place, post in enumerate(policy.posts):
        if post.id in machines:
            continue
        who = made_up(place)
        found.append(
            DemoSignIn(
                name=who.sign_in, person=who.name, role=post.role, role_words=policy.role_by_id[post.role].name,
                post=post.id, post_words=post.name,
            )
        )  # fmt: skip
    return found


def demo_sign_ins(policy: Policy, *, per_role: int = 1) -> list[DemoSignIn]:
    """A few of them for each role, in the order of the roles: what `cityloop demo` prints."""
    people = demo_people(policy)
    return [
        each for role in policy.roles for each in [person for person in people if person.role == role.id][:per_role]
    ]


def made_up(place: int) -> MadeUp:
    """The person of a place; no two alike.

    >>> made_up(0), made_up(26)
    (MadeUp(sign_in='wang.anran', name='王安然'), MadeUp(sign_in='li.chen', name='李晨'))
    """
    round_, family = divmod(place, len(FAMILIES))
    again, turn = divmod(round_, len(GIVEN))
    (zh_family, family_name), (zh_given, given_name) = (
        _split(FAMILIES[family]),
        _split(GIVEN[(family + turn) % len(GIVEN)]),
    )
    return MadeUp(f"{family_name}.{given_name}{again + 1 if again else ''}", zh_family + zh_given)


def _split(both: str) -> tuple[str, str]:
    chinese = "".join(char for char in both if not char.isascii())
    return chinese, both[len(chinese) :]
