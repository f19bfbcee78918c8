"""Before and after: what a measure came to, beside comparable places."""

from cityloop.stages.evaluate.rules.effect.measuring import effect_of

__all__ = ["effect_of"]
