"""Mail addresses, and accounts of WeChat and QQ after the word that announces them."""

import re

from cityloop.domain.private.kinds import Private, PrivateKind

LOCAL_MAX, HOST_MAX = 64, 100  # characters
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_GAP = r"[\s\u200b]{0,3}"
_IS = rf"{_GAP}(?:(?:群|好友|账号|帐号|账户|号码|号|ID|id|是|为|叫|写着)){{0,3}}{_GAP}[:=]?{_GAP}(?:是|为)?{_GAP}"
_CHAT = re.compile(
    rf"(?:微信|薇信|威信|徽信|卫星号|[Ww]e[Cc]hat|[Ww]ei[Xx]in|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx])|[Vv]信|加[Vv])"
    rf"{_IS}([A-Za-z][A-Za-z0-9_-]{{4,29}}|[0-9]{{6,10}}(?![0-9]))"
)
_ANNOUNCES = frozenset("信扣企宝@XxVvQq")
_QQ = re.compile(rf"(?:(?<![A-Za-z])[Qq]{{2}}|扣扣|企鹅|Q号){_IS}([1-9][0-9]{{4,10}})(?![0-9])")
_PAID = re.compile(rf"(?:支付宝|[Aa]lipay|账号|帐号){_IS}([A-Za-z][A-Za-z0-9_.-]{{3,29}}@[A-Za-z0-9.-]{{2,40}})")


def emails_in(flat: str) -> list[Private]:
    """Mail addresses: looked for at each @, so that a long word costs nothing."""
    found, at = [], flat.find("@")
    while at >= 0:
        start, least = at, max(0, at - LOCAL_MAX)
        while start > least and flat[start - 1] in _LOCAL:
            start -= 1
        host = _HOST.match(flat, at + 1, at + 1 + HOST_MAX)
        if start < at and host and "." in host[0]:
            found.append(Private(PrivateKind.email, start, host.end(), 990_000))
        at = flat.find("@", at + 1)
    return found


def accounts_in(flat: str) -> list[Private]:
    """Accounts by which somebody is written to."""
    found: list[Private] = []
    if _ANNOUNCES.isdisjoint(flat):
        return found
    for pattern, ppm in ((_CHAT, 900_000), (_QQ, 930_000), (_PAID, 950_000)):
        found += [Private(PrivateKind.account, each.start(1), each.end(1), ppm) for each in pattern.finditer(flat)]
    return found
