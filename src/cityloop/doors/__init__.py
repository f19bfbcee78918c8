"""The standard doors: other systems come in and are told through these, each in its own words.

    open311    GeoReport v2: apps and other cities' systems report, and read what became of it
    hotline    12345: work orders come in, and are signed for, answered and sent back
    webhooks   facts go out to those who asked for them
    adviser    an OpenAI-compatible endpoint is asked for a second look
    files      old cases, reports, places and people come in from a file

A door translates. What it takes in goes through the stages' own services, and what it shows it reads as `pages/` does. Doors
never import each other; a door that keeps state of its own tells facts of its own, like a stage.
"""

from cityloop.doors import adviser, files, hotline, open311, webhooks

DOORS: tuple[object, ...] = (open311, hotline, webhooks, files, adviser)  # modules with ROUTES, and ON, TIMERS or APPLY where they have them
