"""HTTP of handling: parse, permit, call, show."""

from cityloop.stages.handle.routes import assisting, whistling, working

ROUTES = [*working.ROUTES, *assisting.ROUTES, *whistling.ROUTES]
