"""HTTP of inspecting: parse, permit, call, show."""

from cityloop.stages.inspect.routes import appealing, inspecting

ROUTES = [*inspecting.ROUTES, *appealing.ROUTES]
