"""What is wrong with the rules of calling back."""

from collections.abc import Iterator

from cityloop.domain.lack import Lack
from cityloop.packs.columns import CALLBACKS
from cityloop.packs.problems import Problem
from cityloop.packs.reading import Pack
from cityloop.packs.values import nearest

WAYS = ("link", "sms", "phone")


def callback_problems(pack: Pack) -> Iterator[Problem]:
    """Ways that nobody knows, and messages that nobody could send or that would lead nowhere."""
    said = pack.head.settings
    for row in pack.rows(CALLBACKS):
        for way in row.values["ways"]:
            if way not in WAYS:
                yield pack.problem(CALLBACKS, row, "ways", f"way {way!r} is unknown", nearest(way, WAYS))
    for each in said["reply_needs"].value if "reply_needs" in said else ():
        if each not in tuple(Lack):
            yield said["reply_needs"].problem(f"{each!r} is nothing that a reply may lack", nearest(each, tuple(Lack)))
    if "sms_provider" in said and "public_url" not in said:
        what = "messages are sent, and no public_url says where their link leads"
        yield said["sms_provider"].problem(what, "add public_url, the address of the residents' pages")
