"""HTTP of dispatch: parse, permit, call, show."""

from cityloop.stages.dispatch.routes import giving, moving, ordering, transferring

ROUTES = [*giving.ROUTES, *moving.ROUTES, *ordering.ROUTES, *transferring.ROUTES]
