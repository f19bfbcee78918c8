"""The lock files anew: `python -m scripts.make_lock [--upgrade]`. Which release of every package, and the digests of all its files.

`requirements/test.lock` is what tests run with, `run.lock` the part of it that a city needs. Both hold for every Python from
3.11 on and for every kind of machine that the packages have files for. Where packages come from is pip's own business: no
address stands in them. Without `--upgrade` what is locked stays as it is, and only what is new is looked for.
"""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
SOURCES = ("pyproject.toml", "requirements/build.in")
HEAD = "# Made by `make lock` from pyproject.toml and requirements/build.in. Do not edit.\n"
HOW = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--quiet")


def locked(text: str) -> dict[str, list[str]]:
    """Name to releases in a lock file; several where they differ by Python.

    >>> locked('a==1 \\\\\\n    --hash=sha256:00\\nb==2 ; python_full_version >= "3.12"\\n')
    {'a': ['1'], 'b': ['2']}
    """
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            name, _, rest = line.partition("==")
            found.setdefault(name, []).append(rest.split()[0])
    return found


def compile_lock(name: str, *more: str) -> None:
    """One lock file, with what it held before where that still holds."""
    out = FOLDER / name
    subprocess.run(["uv", "pip", "compile", *SOURCES, *HOW, *more, "--output-file", str(out)], cwd=ROOT, check=True, env=environment())
    text = out.read_text()
    out.write_text(HEAD + "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#")))


def environment() -> dict[str, str]:
    """Our environment: uv beside our Python, and the certificates that pip was told to trust."""
    found = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if "PIP_CERT" in found:
        found.setdefault("SSL_CERT_FILE", found["PIP_CERT"])
    return found


def main(asked: list[str]) -> None:
    """Both files."""
    more = ["--upgrade"] if "--upgrade" in asked else []
    if more:
        notes = FOLDER / "weaknesses.toml"
        notes.write_text(re.sub(r"^upgraded = \S+", f"upgraded = {date.today()}", notes.read_text(), count=1, flags=re.M))
    compile_lock("test.lock", "--extra", "test", *more)
    with TemporaryDirectory() as folder:
        same = Path(folder) / "same.txt"  # what a city runs with is what its tests ran with
        lines = (FOLDER / "test.lock").read_text().splitlines()
        same.write_text("\n".join(line.removesuffix("\\") for line in lines if "==" in line) + "\n")
        compile_lock("run.lock", "--constraint", str(same), *more)


if __name__ == "__main__":
    main(sys.argv[1:])
