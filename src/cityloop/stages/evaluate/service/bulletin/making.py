"""The press: makes the bulletins that were asked for, one after another, beside the server; its steps can be watched."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import structlog

from cityloop.db import Tx
from cityloop.domain.facts import BulletinFile, BulletinMade
from cityloop.domain.ids import AreaCode
from cityloop.domain.policy import Policy
from cityloop.files import FileStore
from cityloop.journal import Writer
from cityloop.packs.book import PackBook
from cityloop.printing import Document, Form, written
from cityloop.stages.evaluate.model.bulletin import Job, Material, Step
from cityloop.stages.evaluate.rules import bulletin as rules
from cityloop.stages.evaluate.service.bulletin.gathering import material_of
from cityloop.stages.evaluate.service.bulletin.subscribing import deliver
from cityloop.stages.evaluate.store import bulletins as store

T = TypeVar("T")
log = structlog.get_logger("cityloop")
ACTOR = "machine:press"


class Press:
    """Makes what was asked for. What a stopped server left half done is begun again: files come first, the fact last."""

    def __init__(self, writer: Writer, book: PackBook, files: FileStore):
        self.writer, self.book, self.files = writer, book, files
        self.name = f"{writer.database.city}/press"
        self._aside = ThreadPoolExecutor(1, "press")

    async def round(self) -> bool:
        """Make the oldest that is not over; whether there was one."""
        job = await self._apart(self._next)
        if job is None or not await self.writer.alone(lambda: self.writer.database.ready().alone(self.name)):
            return False
        try:
            await self._make(job)
        except Exception as error:
            log.exception("a bulletin could not be made", job=job.id)
            code = getattr(error, "code", "fault")
            await self._keep(lambda tx: store.job_ended(tx, job.id, error=code))
        return True

    async def _make(self, job: Job) -> None:
        policy = self.book.in_force()
        await self._at(job, Step.count)
        material = await self._apart(partial(self._counted, job, policy))
        await self._at(job, Step.compose)
        document = await self._apart(lambda: rules.composed(job, material, policy))
        files = []
        for form in Form:
            await self._at(job, Step(form.value))
            files.append(await self._apart(partial(self._put, document, form)))
        await self._at(job, Step.keep)
        await self._keep(partial(_told, job=job, material=material, files=tuple(files), policy=policy))

    def _counted(self, job: Job, policy: Policy) -> Material:
        with self.writer.database.reading() as tx:
            return material_of(tx, job, policy=policy, now=self.writer.database.clock())

    def _put(self, document: Document, form: Form) -> BulletinFile:
        raw = written(document, form)
        return BulletinFile(form=form.value, digest=self.files.put(raw), size_bytes=len(raw))

    async def _at(self, job: Job, step: Step) -> None:
        await self._keep(lambda tx: store.job_went_on(tx, job.id, step))

    def _next(self) -> Job | None:
        with self.writer.database.reading() as tx:
            return store.job_next(tx)

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    async def _keep(self, change: Callable[[Tx], None]) -> None:
        await self.writer.alone(lambda: self.writer.whole(change, actor=ACTOR))

    def close(self) -> None:
        """Let the thread go."""
        self._aside.shutdown()


def _told(tx: Tx, *, job: Job, material: Material, files: tuple[BulletinFile, ...], policy: Policy) -> None:
    """Tell that it was made, lay it before those who want it, and end the work."""
    answer, id = material.units, tx.new_id()
    to = deliver(tx, job, id, policy=policy)
    tx.emit(
        BulletinMade(
            bulletin_id=id, kind=job.kind, language=job.language, first_day=job.first_day, last_day=job.last_day,
            area=AreaCode(job.area) if job.area else None, class_key=job.class_key or None, as_of=answer.as_of,
            seq=answer.seq, digest=answer.pack, files=files, to=to, by=job.by, simulated=answer.simulated, scheme=job.scheme or None,
            corrects=material.replaces.id if material.replaces else None, at=tx.now,
        )
    )  # fmt: skip
    store.job_ended(tx, job.id, bulletin=id)
