"""What a pack says of the field tools of evaluation: tables to fill in, site visits, questionnaires. Source: standards.md 2.4."""

from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from cityloop.domain.policy.rows import Source, Words


class SurveyTool(StrEnum):
    """How a number is got that the loop does not count by itself 数据采集方法. Words: `survey.tool.*`."""

    table = "table"  # 平台上报
    visit = "visit"  # 实地考察
    questionnaire = "questionnaire"  # 问卷调查


class FieldTakes(StrEnum):
    """What a field of a table may hold."""

    whole = "whole"
    decimal = "decimal"
    text = "text"  # kept in the vault, and part of no number


class FieldPart(StrEnum):
    """Where a field stands in its indicator."""

    none = "none"
    above = "above"  # the line: the numerator
    below = "below"


class SurveyIndicator(Struct, frozen=True, kw_only=True):
    """A number that is gathered by a form: what it is, and how it is counted."""

    code: str
    name: Words
    says: Words
    source: Source


class SurveyField(Struct, frozen=True, kw_only=True):
    """A field of a table to fill in."""

    code: str
    name: Words
    takes: FieldTakes
    part: FieldPart
    indicator: str | None
    least: float | None
    most: float | None
    required: bool
    not_above: str | None  # a field whose number is not exceeded


class SurveyPlaces(Struct, frozen=True, kw_only=True):
    """A kind of point to look at 点位, and how many are drawn for each object.

    Units: `within_m` how near one stands to it; `photos_min` photos of each visit.
    """

    code: str
    name: Words
    drawn_from: str  # "road", a kind of landmark, or a class of components
    count: int
    within_m: int
    photos_min: int


class SurveyItem(Struct, frozen=True, kw_only=True):
    """What is looked for at a point.

    Units: `deduct` of 100 points for each occurrence, `most` of 100 at one point.
    """

    code: str
    name: Words
    places: tuple[str, ...]  # kinds of points; none: all
    indicator: str
    deduct: float
    most: float


class AnswerTakes(StrEnum):
    """How a question is answered."""

    one = "one"
    many = "many"
    words = "words"  # kept in the vault, and part of no number


class SurveyOption(Struct, frozen=True, kw_only=True):
    """An answer that may be chosen.

    Units: `score` 0 to 100; `share_ppm` of a stratum in the population; `quota` answers of a stratum that count, 0: all.
    """

    code: str
    name: Words
    score: int
    share_ppm: int
    quota: int


class SurveyQuestion(Struct, frozen=True, kw_only=True, dict=True):
    """A question. `is_stratum`: by what answers are weighted to the population.

    Units: `weight_ppm` in its indicator.
    """

    code: str
    name: Words
    takes: AnswerTakes
    indicator: str | None
    weight_ppm: int
    required: bool
    is_stratum: bool
    options: tuple[SurveyOption, ...]

    @cached_property
    def option(self) -> dict[str, SurveyOption]:
        return {each.code: each for each in self.options}


class SurveyForm(Struct, frozen=True, kw_only=True, dict=True):
    """A form of the pack with what belongs to its tool.

    Units: `answers_min` answers about one object below which nothing of them is shown.
    """

    code: str
    tool: SurveyTool
    name: Words
    says: Words
    answers_min: int
    source: Source
    fields: tuple[SurveyField, ...] = ()
    places: tuple[SurveyPlaces, ...] = ()
    items: tuple[SurveyItem, ...] = ()
    questions: tuple[SurveyQuestion, ...] = ()

    @cached_property
    def places_by_code(self) -> dict[str, SurveyPlaces]:
        return {each.code: each for each in self.places}

    @cached_property
    def stratum(self) -> SurveyQuestion | None:
        return next((each for each in self.questions if each.is_stratum), None)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that the form gathers, in its order."""
        parts = (*self.fields, *self.items, *self.questions)
        return tuple(dict.fromkeys(each.indicator for each in parts if each.indicator))

    def items_at(self, places: str) -> tuple[SurveyItem, ...]:
        """What is looked for at a kind of point."""
        return tuple(each for each in self.items if not each.places or places in each.places)
