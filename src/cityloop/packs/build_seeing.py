"""Labels and menus of a pack that was read, as the policy has them."""

from typing import Any

from cityloop.domain.policy.seeing import MenuRow, MenuTakes, SeenBy, SeenLabel


def label(v: dict[str, Any]) -> SeenLabel:
    return SeenLabel(
        source=SeenBy(v["source"]), label=v["label"], word=v["word"], name=v["name"], class_key=v.get("class") or None
    )


def menu_row(v: dict[str, Any]) -> MenuRow:
    return MenuRow(
        node=v["node"], key=v["key"], says=v["says"], leads=v.get("leads", ""), class_key=v.get("class") or None,
        takes=MenuTakes(v.get("takes", "none")),
    )  # fmt: skip
