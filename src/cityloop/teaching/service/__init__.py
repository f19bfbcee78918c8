"""Use cases of teaching: make a model, put it in force, take it back, pause what decides, watch how it does."""

from cityloop.teaching.service.apart import Trainer
from cityloop.teaching.service.deciding import (
    model_get,
    pause_algorithm,
    promote_model,
    resume_algorithm,
    score_in,
    withdraw_model,
)
from cityloop.teaching.service.training import is_due, lessons_of, train_model, training_alone, words_of
from cityloop.teaching.service.watching import look_at_all, tell_watched, watch_all

__all__ = [
    "Trainer",
    "is_due",
    "lessons_of",
    "look_at_all",
    "model_get",
    "pause_algorithm",
    "promote_model",
    "resume_algorithm",
    "score_in",
    "tell_watched",
    "train_model",
    "training_alone",
    "watch_all",
    "withdraw_model",
    "words_of",
]
