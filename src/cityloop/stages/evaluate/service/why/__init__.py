"""Use cases of causes and effects."""

from cityloop.stages.evaluate.service.why.looking import Why, why_in
from cityloop.stages.evaluate.service.why.measuring import (
    MeasureEffect,
    effect_of_measure,
    measures_in,
    take_measure,
    tell_weather,
)

__all__ = ["MeasureEffect", "Why", "effect_of_measure", "measures_in", "take_measure", "tell_weather", "why_in"]
