"""Use cases of bulletins: asking for one, making it in the background, wanting each, proving one."""

from cityloop.stages.evaluate.service.bulletin.asking import (
    about_asked,
    ask_bulletin,
    bulletin_get,
    file_of,
    files_in,
    job_get,
)
from cityloop.stages.evaluate.service.bulletin.gathering import document_again, material_of
from cityloop.stages.evaluate.service.bulletin.making import Press
from cityloop.stages.evaluate.service.bulletin.subscribing import (
    SAYS,
    due,
    message_for,
    next_at,
    subscribe,
    unsubscribe,
)

BULLETIN_IS_THERE = SAYS
TIMERS = {"bulletin": due}

__all__ = [
    "BULLETIN_IS_THERE", "TIMERS", "Press", "about_asked", "ask_bulletin", "bulletin_get", "document_again", "file_of", "files_in", "job_get", "material_of",
    "message_for", "next_at", "subscribe", "unsubscribe",
]  # fmt: skip
