"""One file with all that a machine without a network needs: `python -m scripts.make_offline --arch x86_64 --out dist`.

Holds our wheel with its built pages, a wheel of every dependency for the machine, install.sh, systemd units, the sum of every file, and
the sums signed with Ed25519. The key is drawn on the first run and kept in `--key`; its public half travels on another way.
"""

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

ROOT = Path(__file__).parent.parent
ARCHES = ("x86_64", "aarch64")
GLIBC = (39, 35, 34, 31, 28, 27, 24, 17)  # manylinux_2_N, the newest of a machine with glibc 2.N first
CARRIED = ("deploy/offline/install.sh", "deploy/systemd", "LICENSE", "NOTICE")


def say(words: str) -> None:
    """A line for whoever waits."""
    print(words, flush=True)


def version() -> str:
    """The version of this tree."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def platforms(arch: str, glibc: int) -> list[str]:
    """The wheels that such a machine can take, as pip names them."""
    named = [f"manylinux_2_{each}_{arch}" for each in GLIBC if each <= glibc]
    return [*named, f"manylinux2014_{arch}", f"linux_{arch}"]


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask pip."""
    return subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], capture_output=True, text=True)


def our_wheel(to: Path, *, given: Path | None = None) -> Path:
    """Our wheel, with its pages."""
    if given:
        return Path(shutil.copy(given, to))
    done = pip("wheel", "--no-deps", "--quiet", "--wheel-dir", str(to), str(ROOT))
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return next(to.glob("cityloop-*.whl"))


def wheels_for(ours: Path, to: Path, arch: str, python: str, glibc: int, extras: str) -> None:
    """Every dependency as a wheel of this machine. One that has none is built here if it is pure, else named and refused."""
    asked = f"{ours}[{extras}]" if extras else str(ours)
    where = [word for each in platforms(arch, glibc) for word in ("--platform", each)]
    done = pip(
        "download", "--quiet", "--dest", str(to), "--only-binary", ":all:", "--python-version", python, "--implementation", "cp",
        *where, asked,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"Not every dependency has a wheel for {arch} and Python {python}:\n{done.stderr[-3000:]}")
    for each in to.glob("*.whl"):
        tag = each.stem.split("-")[-1]
        if tag != "any" and arch not in tag:
            raise SystemExit(f"{each.name} is not for {arch}; choose another version of it.")


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in the file, drawn on the first run."""
    if path.exists():
        key = load_pem_private_key(path.read_bytes(), None)
        assert isinstance(key, Ed25519PrivateKey), f"{path} holds no Ed25519 key"
        return key
    key = Ed25519PrivateKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def fingerprint(public: bytes) -> str:
    """A public key's file as people read it to each other: the sha256 of its bytes."""
    return hashlib.sha256(public).hexdigest()


def sealed(folder: Path, key: Ed25519PrivateKey) -> bytes:
    """Write the sums of all files, and the signature over them; gives the public key's file."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    sums = "".join(f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(folder)}\n" for each in files)
    (folder / "SHA256SUMS").write_text(sums)
    (folder / "SHA256SUMS.sig").write_bytes(key.sign(sums.encode()))
    (folder / "key.pub").write_bytes(public)
    return public


def packed(folder: Path, out: Path) -> Path:
    """One file of it; wheels are compressed already."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(out, "w") as tar:
        tar.add(folder, arcname=folder.name)
    return out


def make(arch: str, out: Path, *, key: Path, python: str, glibc: int, extras: str = "", wheel: Path | None = None) -> Path:
    """Make the file; says what is in it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / f"cityloop-offline-{version()}-{arch}"
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        ours = our_wheel(wheels, given=wheel)
        wheels_for(ours, wheels, arch, python, glibc, extras)
        for each in CARRIED:
            source, target = ROOT / each, folder / Path(each).name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        (folder / "VERSION").write_text(f"{version()}\n")
        (folder / "PYTHON").write_text(f"{python}\n")
        (folder / "EXTRAS").write_text(f"{extras}\n")
        public = sealed(folder, signing_key(key))
        count = len(list(wheels.glob("*.whl")))
        file = packed(folder, out / f"{folder.name}.tar")
    say(f"{file.name}: {file.stat().st_size / 1e6:.0f} MB, {count} wheels, in {time.monotonic() - began:.0f} s")
    say(f"public key {public.splitlines()[1].decode()}")
    say(f"its fingerprint, to be told on another way than the file: {fingerprint(public)}")
    return file


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--arch", choices=ARCHES, default=platform.machine())
    asked.add_argument("--out", type=Path, default=ROOT / "dist")
    asked.add_argument("--key", type=Path, default=ROOT / "var" / "offline.key", help="the signing key; drawn where there is none")
    asked.add_argument("--python", default=f"{sys.version_info[0]}.{sys.version_info[1]}", help="the Python of the machine, 3.11 or newer")
    asked.add_argument("--glibc", type=int, default=28, help="the machine has glibc 2.N or newer; openEuler 20.03 and Kylin V10 have 28")
    asked.add_argument("--extras", default="", help="e.g. survey,outgrown")
    asked.add_argument("--wheel", type=Path, help="our wheel, where it was built already")
    given = asked.parse_args()
    make(given.arch, given.out, key=given.key, python=given.python, glibc=given.glibc, extras=given.extras, wheel=given.wheel)


if __name__ == "__main__":
    main()
