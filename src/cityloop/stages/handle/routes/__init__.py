"""HTTP of handling: parse, permit, call, show."""

from cityloop.stages.handle.routes import assisting, working

ROUTES = [*working.ROUTES, *assisting.ROUTES]
