"""The list of everything that is in what we ship, as CycloneDX 1.6: `python -m scripts.make_sbom [FILE]`.

Made from the lock files alone, so that the same tree gives the same bytes on every machine: no date, no chance.
"""

import base64
import json
import re
import sys
import tomllib
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import UUID

from scripts.licences import Package, shipped
from scripts.make_lock import ROOT

EXPRESSION = re.compile(r"^\(?[A-Za-z0-9.+-]+( (OR|AND|WITH) [A-Za-z0-9.+-]+)*\)?$")


def component(each: Package) -> dict[str, Any]:
    """One package."""
    purl = f"pkg:{each.kind}/{quote(each.name, safe='/')}@{quote(each.version, safe='')}"
    said = each.licence
    licence = {"expression": said} if " OR " in said or " AND " in said else {"license": {"name": said}}
    if " " in said and not EXPRESSION.match(said):
        licence = {"license": {"name": said}}
    shared = {"type": "library", "bom-ref": purl, "name": each.name, "version": each.version, "licenses": [licence], "purl": purl}
    if each.kind == "npm":
        kind, _, digest = each.digests[0].partition("-")
        return shared | {"hashes": [{"alg": {"sha512": "SHA-512", "sha1": "SHA-1"}[kind], "content": base64.b64decode(digest).hex()}]}
    # a release has a file for each kind of machine: which of them was installed is seen by its digest
    return shared | {"properties": [{"name": "cityloop:file", "value": each} for each in each.digests]}


def bom() -> dict[str, Any]:
    """The whole list."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    me = f"pkg:pypi/{project['name']}@{project['version']}"
    components = [component(each) for each in shipped()]
    of = sha256(json.dumps(components, sort_keys=True).encode()).digest()[:16]
    top = {"type": "application", "bom-ref": me, "name": project["name"], "version": project["version"], "purl": me,
           "licenses": [{"license": {"id": project["license"]}}]}  # fmt: skip
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": UUID(bytes=of, version=4).urn, "version": 1,
        "metadata": {"component": top}, "components": components,
        "dependencies": [{"ref": me, "dependsOn": [each["bom-ref"] for each in components]}],
    }  # fmt: skip


def main(asked: list[str]) -> None:
    """Write it into the file that is named, else on the screen."""
    text = json.dumps(bom(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if not asked:
        sys.stdout.write(text)
        return
    with open(asked[0], "w", encoding="utf-8") as out:
        out.write(text)
    print(f"{asked[0]}: {text.count('bom-ref') - 1} packages", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
