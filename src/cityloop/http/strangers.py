"""How often somebody may come whom the city does not know: by their address, which is kept in memory for a minute."""

from cityloop.http.door import Door
from cityloop.http.limits import Pace
from cityloop.http.outward import crowd_of

LOOKS = Pace(per_min=600, burst=200)  # many phones share an address; a harvest is slow all the same
SEARCHES = Pace(per_min=300, burst=100)  # what costs more than a look
JOINS = Pace(per_min=60, burst=30)  # what changes something


def pace_stranger(door: Door, pace: Pace) -> None:
    """Let a request in; who is signed in comes by their account.

    Refuses with `CameTooOften`.
    """
    client = door.request.client
    who = door.caller.account or (crowd_of(client.host) if client else "?")
    door.request.app.state.edge.strangers.take(f"{pace.per_min}/{who}", pace, door.now.timestamp())
