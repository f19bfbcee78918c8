"""The tables of the field tools of evaluation: indicators that are gathered, and the forms that gather them."""

from cityloop.domain.policy.survey import AnswerTakes, FieldPart, FieldTakes, SurveyTool
from cityloop.packs.declared import LIST, Table, Takes, column

_FORM = column("form", "the form it belongs to", refers="survey_forms.csv")
_IN_FORM = (_FORM, column("code", "short name inside its form"))

SURVEY_INDICATORS = Table(
    file="survey_indicators.csv",
    says="Numbers that people gather by a form, since the loop does not count them by itself. Schemes of scores may use them.",
    key=("code",),
    cites=True,
    columns=(
        column("code", "short name: small letters, digits and _"),
        column("name", "its name", Takes.words),
        column("says", "what it is, and how it is counted", Takes.words),
    ),
)
SURVEY_FORMS = Table(
    file="survey_forms.csv",
    says="Forms by which evaluation gathers what it needs: tables to fill in 平台上报, site visits 实地考察, questionnaires 问卷. "
    "A city without these rows has no evaluation tasks.",
    key=("code",),
    cites=True,
    columns=(
        column("code", "short name: small letters, digits and _"),
        column("tool", "what it is", Takes.choice, choices=tuple(SurveyTool)),
        column("name", "its name", Takes.words),
        column("says", "what it begins with: who is asked what, and why", Takes.words),
        column(
            "answers_min", "a questionnaire: under so many answers about an object nothing of them is shown", Takes.whole,
            needed=False, default="10", least=3, most=10000,
        ),
    ),
)
SURVEY_FIELDS = Table(
    file="survey_fields.csv",
    says="Fields of tables to fill in, in the order of the rows. An indicator has one field above the line, and at most one below.",
    key=("form", "code"),
    columns=(
        *_IN_FORM,
        column("name", "what is asked for, with its unit", Takes.words),
        column("takes", "what it holds", Takes.choice, choices=tuple(FieldTakes)),
        column("part", "where it stands in its indicator", Takes.choice, needed=False, default="none", choices=tuple(FieldPart)),
        column("indicator", "the indicator", needed=False, refers="survey_indicators.csv"),
        column("least", "the least number", Takes.decimal, needed=False),
        column("most", "the greatest", Takes.decimal, needed=False),
        column("required", "true: not sent without it", Takes.flag, needed=False),
        column("not_above", "a field of the form whose number is not exceeded", needed=False),
    ),
)
SURVEY_POINTS = Table(
    file="survey_points.csv",
    says="Kinds of points 点位 of site visits, and how many of each are drawn by lot for every object.",
    key=("form", "code"),
    columns=(
        *_IN_FORM,
        column("name", "what people call it", Takes.words),
        column("drawn_from", "road, a kind of landmarks.csv, or a class of components.csv"),
        column("count", "how many for each object", Takes.whole, least=1, most=200),
        column("within_m", "a visit from further off is told as such", Takes.whole, needed=False, default="100", least=10, most=2000),
        column("photos_min", "photos of each visit", Takes.whole, needed=False, default="1", least=0, most=9),
    ),
)
SURVEY_ITEMS = Table(
    file="survey_items.csv",
    says="What is looked for at the points of a site visit: each occurrence costs points, of 100 that a point has.",
    key=("form", "code"),
    columns=(
        *_IN_FORM,
        column("name", "what is counted", Takes.words),
        column("points", f"kinds of points at which it is looked for, {LIST}; empty: at all", Takes.many, needed=False),
        column("indicator", "the indicator", refers="survey_indicators.csv"),
        column("deduct", "points for each occurrence", Takes.decimal, least=0.1, most=100),
        column("most", "points at most at one point", Takes.decimal, least=0.1, most=100),
    ),
)
SURVEY_QUESTIONS = Table(
    file="survey_questions.csv",
    says="Questions of a questionnaire, in the order of the rows.",
    key=("form", "code"),
    columns=(
        *_IN_FORM,
        column("name", "the question", Takes.words),
        column("takes", "how it is answered", Takes.choice, choices=tuple(AnswerTakes)),
        column("indicator", "the indicator", needed=False, refers="survey_indicators.csv"),
        column(
            "weight_ppm", "its weight in the indicator, parts per million; they add up to a whole", Takes.whole, needed=False,
            default="0", least=0, most=1_000_000,
        ),
        column("required", "true: not sent without it", Takes.flag, needed=False),
        column("stratum", "true: answers are weighted to the shares of its options in the population", Takes.flag, needed=False),
    ),
)
SURVEY_OPTIONS = Table(
    file="survey_options.csv",
    says="What may be chosen, in the order of the rows.",
    key=("form", "question", "code"),
    columns=(
        _FORM,
        column("question", "the code of the question"),
        column("code", "what is kept"),
        column("name", "what is shown", Takes.words),
        column("score", "what it counts", Takes.whole, needed=False, default="0", least=0, most=100),
        column(
            "share_ppm", "a stratum's share of the population, parts per million; they add up to a whole", Takes.whole,
            needed=False, default="0", least=0, most=1_000_000,
        ),
        column("quota", "answers of the stratum that count about one object; 0 or empty: all", Takes.whole, needed=False,
               default="0", least=0, most=100_000),
    ),
)  # fmt: skip
SURVEY_TABLES = (
    SURVEY_INDICATORS, SURVEY_FORMS, SURVEY_FIELDS, SURVEY_POINTS, SURVEY_ITEMS, SURVEY_QUESTIONS, SURVEY_OPTIONS,
)  # fmt: skip
