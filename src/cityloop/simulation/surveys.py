"""Made-up evaluation: one task that was published, and one under way with a table, visits and a questionnaire."""

from datetime import timedelta
from random import Random

import msgspec

from cityloop.db import Tx
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy, SurveyForm, SurveyTool
from cityloop.files.keep import StoredPhoto
from cityloop.http import Caller
from cityloop.simulation.channels import Album
from cityloop.simulation.crew import Crew
from cityloop.stages.evaluate.model.survey import AnswersSaid, ReturnedFor, SheetSaid, SurveyWho, TaskAsked, VisitSaid
from cityloop.stages.evaluate.service.survey import answers, publishing, sheets, tasks, visits
from cityloop.stages.evaluate.service.survey.reaching import fills
from cityloop.stages.evaluate.store import survey as store

STREETS, DAYS_BACK, DAYS_ON = 3, 90, 14
INVITED, ANSWERED = 24, 17  # of each street
SEEN_PPM, FOUND_PPM = 700_000, 250_000  # points that were looked at; items of which something was found
WORDS = ("垃圾桶再多放几个", "早上清扫很及时", "路口停车有点乱", "路灯修得快", "小区门口摆摊希望规范")


class MadeUpSurveys:
    """What people gather and say. Its chance is its own, so that the days beside it stay as they are."""

    def __init__(self, crew: Crew, policy: Policy, album: Album, seed: int):
        self.crew = crew
        self.policy = policy
        self.album = album
        self.random = Random(seed)

    def finish(self, tx: Tx) -> None:
        """At the end one task is published, and another has come some way."""
        manager = next(iter(self.crew.everybody_with(Permission.survey_manage)), None)
        visitors = [each for each in self.crew.everybody_with(Permission.survey_visit) if len(each.seats[0].permissions) == 1]
        if not (manager and visitors and self.policy.surveys):
            return
        streets = tuple(each.code for each in self.policy.areas if len(each.code) == 9)[:STREETS]
        tables = tuple(each.code for each in self.policy.surveys if each.tool is SurveyTool.table)
        before = self._open(tx, manager, tables, streets, back=2 * DAYS_BACK)
        self._fill(tx, manager, before, all_of=True)
        tx.actor = manager.actor
        publishing.publish(tx, manager, before, anyway=True, policy=self.policy)
        forms = tuple(each.code for each in self.policy.surveys)
        now = self._open(tx, manager, forms, streets, back=DAYS_BACK, visitor=visitors[0])
        self._fill(tx, manager, now, all_of=False)
        self._visit(tx, now, visitors[0])
        self._ask(tx, manager, now, streets)

    def _open(
        self, tx: Tx, manager: Caller, forms: tuple[str, ...], streets: tuple[str, ...], *, back: int, visitor: Caller | None = None
    ) -> str:
        today = tx.now.date()
        first = today - timedelta(days=back)
        asked = TaskAsked(
            who=SurveyWho.third if visitor else SurveyWho.self, forms=forms, objects=streets, first_day=first,
            last_day=first + timedelta(days=DAYS_BACK - 1), until=today + timedelta(days=DAYS_ON),
            visitors=(visitor.seats[0].post,) if visitor else (),
        )  # fmt: skip
        tx.actor = manager.actor
        return tasks.open_task(tx, manager, asked, policy=self.policy)

    def _fill(self, tx: Tx, manager: Caller, task: str, *, all_of: bool) -> None:
        """Streets fill in their tables; one of a task under way was returned, and one waits for review."""
        for place, sheet in enumerate(store.sheet_list(tx, task)):
            able = [e for e in self.crew.everybody_with(Permission.survey_fill) if fills(e, sheet.object, self.policy)]
            if not able:
                continue
            tx.actor = able[0].actor
            said = SheetSaid(numbers=self._numbers(self.policy.survey_by_code[sheet.form]), texts={})
            sheets.send_sheet(tx, able[0], sheet.id, said, photos=[self._photo("after")], policy=self.policy)
            tx.actor = manager.actor
            if all_of or place % 3 == 0:
                sheets.accept_sheet(tx, manager, sheet.id, policy=self.policy)
            elif place % 3 == 1:
                sheets.return_sheet(tx, manager, sheet.id, ReturnedFor.unproved, note="请附台账", policy=self.policy)

    def _numbers(self, form: SurveyForm) -> dict[str, float]:
        whole = {each.not_above: self.random.randrange(800, 2400) for each in form.fields if each.not_above}
        shares = {each.code: each.not_above for each in form.fields if each.not_above}
        return {
            each.code: float(whole[each.code] if each.code in whole else round(whole[shares[each.code]] * self.random.uniform(0.6, 1)))
            for each in form.fields if each.code in whole or each.code in shares
        }  # fmt: skip

    def _visit(self, tx: Tx, task: str, visitor: Caller) -> None:
        for point in store.point_list(tx, task):
            if not self._chance(SEEN_PPM):
                continue
            items = self.policy.survey_by_code[point.form].items_at(point.kind)
            found = {each.code: self.random.randrange(1, 4) for each in items if self._chance(FOUND_PPM)}
            said = VisitSaid(found=found, lon=point.lon, lat=point.lat, at=tx.now)
            tx.actor = visitor.actor
            photo = self._photo("before" if found else "after")
            visits.visit_point(tx, visitor, point.id, said, photos=[photo], policy=self.policy)

    def _ask(self, tx: Tx, manager: Caller, task: str, streets: tuple[str, ...]) -> None:
        for form in self.policy.surveys:
            for street in streets if form.tool is SurveyTool.questionnaire else ():
                tx.actor = manager.actor
                tasks.invite(tx, manager, task, form.code, street, INVITED, policy=self.policy)
                drawn = tasks.invitations(tx, manager, task, form.code, street, policy=self.policy, unused=True)
                tx.actor = "anonymous"
                for each in drawn[:ANSWERED]:
                    answers.answer(tx, each.code or "", self._answers(form), policy=self.policy)

    def _answers(self, form: SurveyForm) -> AnswersSaid:
        chosen, texts = {}, {}
        for question in form.questions:
            if question.options:
                weights = [9 - min(place, 4) * 2 for place in range(len(question.options))]
                chosen[question.code] = [self.random.choices(question.options, weights)[0].code]
            elif self._chance(FOUND_PPM):
                texts[question.code] = self.random.choice(WORDS)
        return msgspec.convert({"chosen": chosen, "texts": texts}, AnswersSaid)

    def _photo(self, when: str) -> StoredPhoto:
        return self.album.photo(when).stored

    def _chance(self, ppm: int) -> bool:
        return self.random.randrange(1_000_000) < ppm
