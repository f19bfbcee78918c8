"""Pure decisions of evaluating: which days, whose areas, and what counts come to."""

from cityloop.stages.evaluate.rules.asking import (
    cells_of_grids,
    major_of,
    metric_named,
    name_of,
    only_known,
    scope_of,
)
from cityloop.stages.evaluate.rules.checking import Difference, differences
from cityloop.stages.evaluate.rules.periods import (
    buckets_of,
    day_count,
    days_against,
    days_asked,
    days_of,
    kind_of,
    known_in,
    name_of_period,
    span_of,
    working_days,
)
from cityloop.stages.evaluate.rules.values import (
    add,
    add_times,
    change_of,
    figure_of,
    group_of,
    half_up,
    regrouped,
    value_of,
    whole_of,
)

__all__ = [
    "Difference",
    "add",
    "add_times",
    "buckets_of",
    "cells_of_grids",
    "change_of",
    "day_count",
    "days_against",
    "days_asked",
    "days_of",
    "differences",
    "figure_of",
    "group_of",
    "half_up",
    "kind_of",
    "known_in",
    "major_of",
    "metric_named",
    "name_of",
    "name_of_period",
    "only_known",
    "regrouped",
    "scope_of",
    "span_of",
    "value_of",
    "whole_of",
    "working_days",
]
