"""`cityloop openapi`: the interface as data."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from cityloop.app import Settings, create_app, join


def document() -> dict[str, Any]:
    """The OpenAPI document of this version; needs no city."""
    with TemporaryDirectory(prefix="cityloop-openapi-") as folder:
        parts = join(Settings(home=str(Path(folder) / "home")))
        try:
            return create_app(parts).openapi_schema.to_schema()
        finally:
            parts.close()


def openapi() -> None:
    """Print the OpenAPI 3.1 document of this version, as JSON.

    Example: cityloop openapi > openapi.json
    """
    print(msgspec.json.format(msgspec.json.encode(document(), order="deterministic"), indent=2).decode())
