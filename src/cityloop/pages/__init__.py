"""Reads across stages for one screen; nothing here writes but through the API's own requests."""

from litestar import Router

from cityloop.pages import (
    assets,
    board,
    bundle,
    case,
    catalogue,
    compared,
    console,
    deeds,
    desk,
    entry,
    evidence,
    figures,
    figures_room,
    file,
    health,
    helped,
    hot,
    neighbourhood,
    photo_text,
    places,
    posts,
    queue,
    receipt,
    resident,
    sheet,
    shells,
    story,
    stream,
    survey,
    things,
    tiles,
    words,
    work,
)
from cityloop.pages.docs import docs_config
from cityloop.pages.followers import end_streams
from cityloop.pages.screen import HANDLERS, unknown_page

__all__ = ["ROUTES", "docs_config", "end_streams", "unknown_page"]

SCREENS = Router(
    "/",
    route_handlers=[
        *assets.ROUTES,
        *entry.ROUTES,
        *desk.ROUTES,
        *sheet.ROUTES,
        *file.ROUTES,
        *deeds.ROUTES,
        *resident.ROUTES,
        *figures.ROUTES,
        *things.ROUTES,
        *survey.ROUTES,
        *shells.ROUTES,
    ],
    exception_handlers=HANDLERS,
)
ROUTES = [
    *health.ROUTES,
    *queue.ROUTES,
    *neighbourhood.ROUTES,
    *catalogue.ROUTES,
    *receipt.ROUTES,
    *case.ROUTES,
    *helped.ROUTES,
    *hot.ROUTES,
    *compared.ROUTES,
    *photo_text.ROUTES,
    *console.ROUTES,
    *figures_room.ROUTES,
    *story.ROUTES,
    *stream.ROUTES,
    *words.ROUTES,
    *evidence.ROUTES,
    *work.ROUTES,
    *places.ROUTES,
    *posts.ROUTES,
    *tiles.ROUTES,
    *board.ROUTES,
    *bundle.ROUTES,
    SCREENS,
]
