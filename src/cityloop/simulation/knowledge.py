"""A made-up knowledge base, and callers who are answered from it without a case."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from cityloop.db import Tx
from cityloop.domain.facts import Channel
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.knowledge.service import Asked, Draft, answer_inquiry, decide_revision, draft_entry, flag_entry
from cityloop.simulation.crew import Crew

VALID_DAYS = 365
ASKED_PPM = 350_000  # of the moments at which somebody asks something that is known
ENTRIES = (  # title, text, whether residents read it, what callers say
    ("路灯不亮怎么报修", "拨打热线或在网页上报，写明灯杆编号。一般两个工作日内修复；成片不亮按紧急处置。", True, "路灯坏了找谁"),
    ("垃圾几点清运", "主干道每天两次：早六点前、晚九点后。小区由物业负责，投诉请说明小区名称。", True, "垃圾车几点来"),
    ("共享单车乱停找谁", "扫车身编码可直接联系企业；占压盲道、消防通道的请上报，当天清理。", True, "共享单车把路堵了怎么办"),
    ("夜间施工噪声怎么投诉", "请说明工地位置和时段。有夜间施工证明的会公示；没有的，执法人员两小时内到场。", True, "半夜还在施工"),
    ("摆摊可以去哪里", "街道设有便民疏导点，向街道办登记即可，免费。疏导点以外不得占道。", True, "想摆个摊要怎么办"),
    ("工单查询码忘了怎么办", "核对来电号码和上报时间，由坐席在来电历史里查到后告知。不要在电话里念出他人的信息。", False, "查询码找不到了"),
)  # fmt: skip
WAITS = ("井盖破损谁来修", "井盖上有权属单位标志的由该单位负责；看不清的请上报，先设围挡再确认。", True)
FLAGGED, FLAG_NOTE = 4, "疏导点上个月搬了"


class MadeUpAnswers:
    """What the city answers, and who asks. Its chance is its own, so that the days beside it stay as they are."""

    def __init__(self, crew: Crew, policy: Policy, seed: int):
        self.crew = crew
        self.policy = policy
        self.random = Random(seed)
        self.known: list[tuple[str, str]] = []  # entry and what callers say

    def begin(self, tx: Tx) -> None:
        """Somebody writes the entries, somebody else approves all but the last, and one is said to be outdated."""
        writer = next(iter(self.crew.everybody_with(Permission.order_answer)), None)
        able = self.crew.everybody_with(Permission.knowledge_approve)
        approver = next((each for each in able if each is not writer), None)
        if not writer or not approver or not writer.account or not approver.account:
            return
        owner = writer.seats[0].unit
        for title, text, is_public, said in ENTRIES:
            id = draft_entry(tx, self._draft(tx, (title, text, is_public), owner), of=None, by=writer.account, policy=self.policy)
            decide_revision(tx, id, 1, granted=True, reason=None, by=approver.account)
            self.known.append((id, said))
        draft_entry(tx, self._draft(tx, WAITS, owner), of=None, by=writer.account, policy=self.policy)
        flag_entry(tx, self.known[FLAGGED][0], reason="outdated", note=FLAG_NOTE, by=approver.account, policy=self.policy)

    def sit(self, tx: Tx) -> None:
        """Now and then somebody asks what is known."""
        if not self.known or self.random.randrange(1_000_000) >= ASKED_PPM:
            return
        entry, said = self.random.choice(self.known)
        seat = self.random.choice(self.crew.everybody_with(Permission.order_answer))
        if seat.account:
            asked = Asked(entry=entry, channel=Channel.hotline, question=said, simulated=True)
            answer_inquiry(tx, asked, by=seat.account, policy=self.policy)

    def _draft(self, tx: Tx, said: Sequence, owner: str) -> Draft:
        title, text, is_public = said
        until = (tx.now + timedelta(days=VALID_DAYS)).date()
        return Draft(title=title, text=text, classes=(), areas=(), owner=owner, valid_until=until, is_public=is_public)
