"""Every door that a report comes through, as its own code has it: intake, the hotline's orders, Open311."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from random import Random

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw

from cityloop.db import Tx
from cityloop.domain.facts import Channel
from cityloop.domain.ids import AccountId, ReportId
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, Settings
from cityloop.domain.said import PhotoClaim
from cityloop.doors.open311 import rules as open311_rules
from cityloop.doors.open311.service import sound_request
from cityloop.files import FileStore, take_in
from cityloop.files.keep import put_photo
from cityloop.simulation.crew import Crew
from cityloop.simulation.hotline import MadeUpHotline
from cityloop.simulation.reports import Route, Telling, Truth
from cityloop.stages.intake import KeptPhoto, ReportAsked, receive_report, sound_of
from cityloop.stages.intake.rules import may_be_cleared
from cityloop.stages.intake.service import receive_cleared

PHOTO_SIZE = (160, 120)
CLEARED_SAID = ("已顺手清理。", "随手揭除，墙面已擦净。", "已捡拾入桶。")
OF_ROUTE = {
    Route.app: (Channel.app, None), Route.anonymous: (Channel.app, None), Route.text: (Channel.text, None),
    Route.collector: (Channel.collector, Permission.case_verify),
    Route.counter: (Channel.counter, Permission.report_behalf), Route.seat: (Channel.hotline, Permission.report_behalf),
}  # fmt: skip


class Album:
    """Made-up photos of a place before and after it was put right; each use is sealed by itself."""

    def __init__(self, files: FileStore, limits: Settings, random: Random):
        self.files = files
        self._taken = {}
        for name, things in (("before", 14), ("after", 0)):
            picture = Image.new("RGB", PHOTO_SIZE, (168, 164, 156))
            draw = ImageDraw.Draw(picture)
            for _ in range(things):
                x, y = random.randrange(PHOTO_SIZE[0]), random.randrange(40, PHOTO_SIZE[1])
                draw.ellipse((x, y, x + 14, y + 9), fill=(60 + random.randrange(90), 74, 58))
            raw = BytesIO()
            picture.save(raw, "JPEG", quality=70)
            self._taken[name] = (raw.getvalue(), take_in(raw.getvalue(), limits))

    def photo(self, when: str) -> KeptPhoto:
        """A photo, kept."""
        raw, photo = self._taken[when]
        return KeptPhoto(stored=put_photo(self.files, raw, photo), claim=PhotoClaim(digest=sha256(raw).hexdigest()))


class Doors(Struct, kw_only=True):
    """What the doors need."""

    policy: Policy
    crew: Crew
    random: Random
    album: Album
    hotline: MadeUpHotline

    def tell(self, tx: Tx, said: Telling) -> ReportId | None:
        """Let a report come in by its door; gives its id, unless the hotline keeps its order back for a while."""
        return WAYS.get(said.route, _intake)(self, tx, said)

    def by(self, tx: Tx, permission: Permission | None) -> AccountId | None:
        """Somebody who may let it in, in whose name it is told; nobody where anybody may."""
        caller = self.crew.with_permission(permission) if permission else None
        tx.actor = caller.actor if caller else "anonymous"
        return caller.account if caller else None


def _intake(doors: Doors, tx: Tx, said: Telling) -> ReportId:
    channel, permission = OF_ROUTE[said.route]
    sound = sound_of(_asked(said, channel), policy=doors.policy, now=tx.now)
    return receive_report(tx, sound, by=doors.by(tx, permission)).id


def _cleared(doors: Doors, tx: Tx, said: Telling) -> ReportId:
    sound = sound_of(_asked(said, Channel.collector), policy=doors.policy, now=tx.now, photos=1)
    before, after = doors.album.photo("before"), doors.album.photo("after")
    may_be_cleared(sound, before=1, after=1, policy=doors.policy)
    by = doors.by(tx, Permission.case_self_handle)
    assert by, "the pack has collectors who clear trifles"
    note = doors.random.choice(CLEARED_SAID)
    return receive_cleared(tx, sound, before=[before], after=[after], note=note, by=by).id


def _partner(doors: Doors, tx: Tx, said: Telling) -> ReportId:
    of: Truth = said.truth
    form = {
        "service_code": [open311_rules.code_of(of.class_key)], "description": [said.text], "lat": [str(of.lat)], "long": [str(of.lon)],
        "phone": [said.contact.phone if said.contact else ""],
    }  # fmt: skip
    posted = open311_rules.posted_of(form, doors.policy)
    sound = sound_request(posted, policy=doors.policy, now=tx.now, photos=0, by_partner=True)
    return receive_report(tx, replace(sound, simulated=True), by=doors.by(tx, Permission.report_send)).id


def _order(doors: Doors, tx: Tx, said: Telling) -> ReportId | None:
    doors.by(tx, Permission.order_send)
    return doors.hotline.call(tx, said, doors.policy)


def _asked(said: Telling, channel: Channel) -> ReportAsked:
    truth = said.truth
    return ReportAsked(
        channel=channel, text=said.text, lon=truth.lon if said.placed else None, lat=truth.lat if said.placed else None,
        address=said.address, declared_class=said.declared, contact=said.contact, simulated=True,
    )  # fmt: skip


WAYS: dict[Route, Callable[[Doors, Tx, Telling], ReportId | None]] = {
    Route.cleared: _cleared, Route.partner: _partner, Route.order: _order,
}  # fmt: skip
