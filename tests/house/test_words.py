"""Every code that a person may meet is unique, and worded in each language."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest

import cityloop
from cityloop.cases.appeals import AppealState
from cityloop.cases.model import SOURCE_WITHDRAWN, TaskKind
from cityloop.cases.orders import SupervisionState
from cityloop.cases.reveal import REASONS as REVEALING
from cityloop.cli.journal import SkipReason
from cityloop.domain.approval import ApprovalReason
from cityloop.domain.clock import Lamp
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import (
    FACTS,
    About,
    Addressed,
    Channel,
    EntryReason,
    LevelMove,
    Mark,
    Measure,
    SupervisionLevel,
)
from cityloop.domain.lack import Lack
from cityloop.domain.lifecycle import State
from cityloop.domain.policy import ApprovalKind, Lapse, Level, LimitUnit, RequestKind, SurveyTool
from cityloop.domain.sensing import LifeState, Why
from cityloop.domain.words import LANGUAGES, WORDS
from cityloop.doors.hotline.model import ContactHow, Exclusion, ExclusionReason, ExtensionReason, OrderState
from cityloop.doors.hotline.model import ReturnReason as OrderReturn
from cityloop.doors.webhooks.model import StopReason
from cityloop.field.census import ChangeKind, ChangeState
from cityloop.field.census import RefusalReason as CensusRefusal
from cityloop.field.duty import EndReason
from cityloop.http.problems import unreadable
from cityloop.knowledge.model import FlagReason, RejectReason, RetireReason, RevisionState
from cityloop.people.erasure import REASONS as ERASING
from cityloop.people.keys import REVOKE_REASONS as REVOKING
from cityloop.people.service import CLOSING_REASONS
from cityloop.stages.dispatch import (
    LevelReason,
    ReassignReason,
    SuperviseReason,
    TransferBackReason,
    TransferReason,
    UrgeReason,
)
from cityloop.stages.evaluate.model import bulletin, portrait
from cityloop.stages.evaluate.model.correcting import CorrectedFor
from cityloop.stages.evaluate.model.survey import (
    CancelledFor,
    MissedFor,
    PointState,
    ReturnedFor,
    SheetState,
    SurveyWho,
    TaskState,
    WithheldFor,
)
from cityloop.stages.filing import CompletionReason, RefusalReason
from cityloop.stages.handle import AssistReason, RateReason, ReturnReason, WhistleReason
from cityloop.stages.inspect import DismissReason

EDGE = ("fault", "method_not_allowed", "too_large")  # said by http/problems.py itself
MET: Mapping[str, Iterable[str]] = {
    "fact": FACTS,
    "state": State,
    "page.measures": Measure,
    "lamp": Lamp,
    "level": Level,
    "limit": LimitUnit,
    "channel": Channel,
    "task": TaskKind,
    "move": LevelMove,
    "filing.reason": RefusalReason,
    "handle.reason": ReturnReason,
    "approval.kind": ApprovalKind,
    "approval.reason": ApprovalReason,
    "approval.lapse": Lapse,
    "held.reason": SkipReason,
    "people.reason": CLOSING_REASONS,
    "people.key_reason": (*REVOKING, "account_closed"),
    "order.state": OrderState,
    "order.request_kind": RequestKind,
    "order.mark": Mark,
    "order.exclusion": Exclusion,
    "hotline.return": OrderReturn,
    "hotline.how": ContactHow,
    "hotline.extension": ExtensionReason,
    "hotline.exclusion": ExclusionReason,
    "hotline.draft": ("closed", "refused"),
    "mark": (SOURCE_WITHDRAWN,),
    "reply.lack": Lack,
    "webhook.reason": StopReason,
    "erase.reason": ERASING,
    "reveal.reason": REVEALING,
    "completion.reason": CompletionReason,
    "level.reason": LevelReason,
    "dispatch.reason": ReassignReason,
    "transfer.reason": (*TransferReason, *TransferBackReason),
    "urge.reason": UrgeReason,
    "supervise.reason": SuperviseReason,
    "supervise.level": SupervisionLevel,
    "supervise.state": SupervisionState,
    "addressed": Addressed,
    "assist.reason": (*AssistReason, "lead_changed", "lead_returned", "lead_put_off", "voided"),
    "whistle.reason": WhistleReason,
    "rate.reason": RateReason,
    "duty.reason": EndReason,
    "census.kind": ChangeKind,
    "census.state": ChangeState,
    "census.reason": CensusRefusal,
    "appeal.about": About,
    "appeal.state": AppealState,
    "appeal.reason": DismissReason,
    "score.reason": EntryReason,
    "knowledge.state": RevisionState,
    "knowledge.why_not": ("waiting", "retired", "expired"),
    "knowledge.rejection": RejectReason,
    "knowledge.flag": FlagReason,
    "knowledge.retirement": RetireReason,
    "sense.state": LifeState,
    "sense.why": Why,
    "survey.tool": SurveyTool,
    "survey.who": SurveyWho,
    "survey.state": TaskState,
    "survey.sheet": SheetState,
    "survey.point": PointState,
    "survey.return": ReturnedFor,
    "survey.missed": MissedFor,
    "survey.cancel": CancelledFor,
    "survey.correct": CorrectedFor,
    "survey.withheld": WithheldFor,
    "bulletin.kind": bulletin.Kind,
    "bulletin.title": bulletin.Kind,
    "bulletin.period": bulletin.PERIOD.values(),
    "bulletin.channel": bulletin.DeliveredBy,
    "bulletin.ended": bulletin.EndedFor,
    "bulletin.job": bulletin.JobState,
    "bulletin.step": bulletin.Step,
    "portrait.of": portrait.Of,
    "portrait.standing": portrait.Standing,
}


def errors() -> list[type[CityloopError]]:
    """Every refusal of the product, from a walk over all its modules."""
    for module in pkgutil.walk_packages(cityloop.__path__, "cityloop."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[CityloopError]] = [CityloopError]
    for kind in found:
        found += kind.__subclasses__()
    return [kind for kind in dict.fromkeys(found) if kind.__module__.startswith("cityloop.")]


def without_own_code(kinds: Iterable[type[CityloopError]]) -> list[str]:
    """Refusals that carry the code of another."""
    return [kind.__name__ for kind in kinds if "code" not in vars(kind)]


def shared_codes(kinds: Iterable[type[CityloopError]]) -> list[str]:
    """Codes that two refusals share."""
    counts = Counter(kind.code for kind in kinds)
    return [code for code, count in counts.items() if count > 1]


def unworded(codes: Iterable[str], words: Mapping[str, Mapping[str, str]], extra: Iterable[str] = ()) -> list[str]:
    """Codes that lack words in some language."""
    wanted = [*LANGUAGES, *extra]
    return [code for code in codes if any(not words.get(code, {}).get(each) for each in wanted)]


def unused(words: Iterable[str], codes: Iterable[str]) -> list[str]:
    """Words for codes that nobody gives."""
    return sorted(set(words) - set(codes))


def test_every_refusal_has_a_code_of_its_own():
    """A program that calls us tells refusals apart by the code, for years."""
    kinds = errors()
    assert without_own_code(kinds) == []
    assert shared_codes(kinds) == []


def test_every_refusal_is_worded_and_says_what_to_do():
    """A person reads what happened and what to do next, in their own language."""
    codes = {f"error.{kind.code}" for kind in errors()} | {f"error.{code}" for code in EDGE}
    assert unworded(sorted(codes), WORDS, ("do_zh", "do_en")) == []
    assert unused((code for code in WORDS if code.startswith("error.")), codes) == []


def test_the_edge_gives_no_other_codes(sources):
    """What the framework refuses has words too."""
    text = sources["src/cityloop/http/problems.py"]
    said = {code for code in EDGE if f'"{code}"' in text}
    assert said == set(EDGE)
    assert unreadable


@pytest.mark.parametrize("prefix", sorted(MET))
def test_every_word_of_the_domain_is_worded(prefix):
    """Facts and the API carry codes; people read words."""
    assert unworded((f"{prefix}.{each}" for each in MET[prefix]), WORDS) == []


def test_planted_faults_are_seen():
    class Silent(CityloopError):
        pass

    class Twin(CityloopError):
        code = "fault"

    assert without_own_code([Silent]) == ["Silent"]
    assert shared_codes([CityloopError, Twin]) == ["fault"]
    assert unworded(["a", "b"], {"a": {"zh": "甲", "en": "a"}, "b": {"zh": "乙"}}) == ["b"]
    assert unworded(["a"], {"a": {"zh": "甲", "en": "a"}}, ["do_zh"]) == ["a"]
    assert unused(["a", "b"], ["a"]) == ["b"]
