"""受: a report came in."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from cityloop.domain.facts.fact import Fact, VaultRef
from cityloop.domain.ids import AccountId, AlarmId, CaseId, ClassKey, FileDigest, ReportId


class Channel(StrEnum):
    """Where a report came from."""

    app = "app"  # 公众举报, any public page
    counter = "counter"  # on behalf of somebody
    hotline = "hotline"  # 诉求工单
    text = "text"
    collector = "collector"  # 上报
    device = "device"  # 告警
    camera = "camera"
    partner = "partner"  # another system, by key
    leader = "leader"  # 领导交办: a case at once
    media = "media"  # 媒体曝光
    self_check = "self_check"  # 部门自查
    superior = "superior"  # 上级转办


PUBLIC = frozenset({Channel.app, Channel.counter, Channel.hotline, Channel.text, Channel.partner})  # 公众举报


class PhotoRef(Struct, frozen=True, kw_only=True):
    """A photo: the bytes as sent lie sealed in the vault; what is shown is a re-encoded derivative."""

    sent: VaultRef
    shown: FileDigest
    thumb: FileDigest


class ReportReceived(Fact, frozen=True, kw_only=True):
    """A report is kept. Words, place and contact lie in the vault until they are understood."""

    SUBJECT: ClassVar[str] = "report"
    KEY: ClassVar[str] = "report_id"

    report_id: ReportId
    channel: Channel
    said: VaultRef  # text, place as given, time as given
    contact: VaultRef | None = None
    photos: tuple[PhotoRef, ...] = ()
    declared_class: ClassKey | None = None
    happened_at: datetime | None = None
    by: AccountId | None = None  # a collector or a seat; a resident never stands here
    alarm: AlarmId | None = None  # of which it tells
    urgency: int = 0  # at least this, whatever its class says
    meant: CaseId | None = None  # the open case that the reporter says it is: "me too"
    simulated: bool = False
