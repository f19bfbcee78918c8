"""The wheel carries the pages built, so that whoever installs it needs no Node."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface):
    """Builds web/ before a wheel is made. An editable install leaves it to `make`, which builds when sources change."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from scripts.web import build

        build()
