"""The standard doors: other systems come in and are told through these, each in its own words.

    open311    GeoReport v2: apps and other cities' systems report, and read what became of it
    sensorthings  OGC SensorThings 1.1: devices, streams and observations are written and asked for
    hotline    12345: work orders come in, and are signed for, answered and sent back
    webhooks   facts go out to those who asked for them
    adviser    an OpenAI-compatible endpoint is asked for a second look
    hearing    what somebody says is written down for them, before they send it
    files      old cases, reports, places and people come in from a file
    past       observations of the past come in from a file
    cameras    what cameras see: ISAPI, ONVIF, Frigate, DeepStream, GB/T 28181, and recognisers of our own
    lorawan    uplinks of sensors, as network servers send them on
    lines      USSD menus and SMS, through a gateway

A door translates. What it takes in goes through the stages' own services, and what it shows it reads as `pages/` does. Doors
never import each other; a door that keeps state of its own tells facts of its own, like a stage.
"""

from cityloop.doors import (
    adviser,
    cameras,
    files,
    hearing,
    hotline,
    lines,
    lorawan,
    open311,
    past,
    sensorthings,
    webhooks,
)

DOORS: tuple[object, ...] = (open311, sensorthings, hotline, webhooks, files, adviser, hearing, cameras, lorawan, lines, past)  # modules with ROUTES, and ON, TIMERS or APPLY where they have them
