"""What tests of signing in share: another pack's settings, and a phone that shows codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import httpx
from msgspec.structs import replace

from cityloop.people.second import codes
from tests import people_world
from tests.people_world import World


@contextmanager
def said(**settings: object) -> Iterator[None]:
    """The demo city with other settings."""
    plain = people_world.policy()
    other = replace(plain, digest=f"{plain.digest[:32]}-{settings}", settings=replace(plain.settings, **settings))
    with patch.object(people_world, "policy", lambda: other):
        yield


class Phone:
    """An application that was given a secret, and shows the codes of the city's clock."""

    def __init__(self, world: World, secret: str):
        import base64

        self.world = world
        self.secret = base64.b32decode(secret + "=" * (-len(secret) % 8))

    def shows(self, *, steps: int = 0) -> str:
        """The code now, or some half minutes from now."""
        return codes.code_at(self.secret, codes.step_of(self.world.database.clock()) + steps)


def enrolled(world: World, client: httpx.Client) -> tuple[Phone, list[str]]:
    """A second factor for whoever is signed in: the phone, and the codes on paper."""
    begun = client.post("/v1/me/second-factor")
    assert begun.status_code == 201, begun.text
    phone = Phone(world, begun.json()["secret"])
    done = client.post("/v1/me/second-factor/confirmation", json={"code": phone.shows()})
    assert done.status_code == 201, done.text
    return phone, done.json()["recovery"]
