"""The pictures of every page for the docs: `python -m scripts.make_screens [NAME…]`. Needs what the tests of the pages need.

Chinese in light and English in dark, each on the sizes it is made for, into docs/screens; `--all` takes all four looks.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from tests.e2e.browser import FLAGS, DemoCity, Visitors, chromium
from tests.e2e.pages import PAGES, path_of, ready

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
LOOKS = (("zh", "light"), ("en", "dark"))
ALL = tuple((lang, theme) for lang in ("zh", "en") for theme in ("light", "dark"))
REPORTS = 400
QUALITY = 72
WIDE = 1440  # a wall is shown smaller


def main() -> None:
    """The command line."""
    asked = [each for each in sys.argv[1:] if not each.startswith("-")]
    looks = ALL if "--all" in sys.argv else LOOKS
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cityloop-screens-") as home, sync_playwright() as playwright:
        city = DemoCity(Path(home), reports=REPORTS)
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        visitors = Visitors(browser, city)
        try:
            for shown in PAGES:
                if asked and shown.name not in asked:
                    continue
                for lang, theme in looks:
                    for size, viewport in shown.sizes.items():
                        path = path_of(shown, city)
                        page = visitors.visit(path, name=shown.who, size=viewport, lang=lang, theme=theme)
                        ready(page, shown)
                        kept = FOLDER / f"{shown.name}-{size}-{lang}-{theme}.webp"
                        keep(page.screenshot(), kept)
                        print(kept.name, flush=True)
                        visitors.close()
        finally:
            browser.close()
            city.stop()
    gallery()


def gallery() -> None:
    """The page of all pictures."""
    lines = ["# Every page", "", "Made by `python -m scripts.make_screens` from the demo city: Chinese in light, English in dark.", ""]
    for shown in PAGES:
        taken = sorted(path.name for path in FOLDER.glob(f"{shown.name}-*.webp") if path.name.split("-")[0] == shown.name)
        lines += [f"## `{shown.path}`", "", *(f"![{name.removesuffix('.webp')}]({name})" for name in taken), ""]
    (FOLDER / "README.md").write_text("\n".join(lines))


def keep(png: bytes, path: Path) -> None:
    """A picture, small enough for a repository."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if picture.width > WIDE:
        picture.thumbnail((WIDE, WIDE))
    picture.save(path, "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
