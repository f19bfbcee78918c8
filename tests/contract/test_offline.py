"""The file for a machine without a network: who made it and that it is whole is asked first; an upgrade keeps, backs up, goes back."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from scripts.make_offline import ROOT, fingerprint, platforms, sealed, signing_key

PROGRAM = '''
import os, pathlib, sys
home = pathlib.Path(os.environ.get("CITYLOOP_HOME", "."))
if sys.argv[1:] == ["--version"]:
    print("{version}")
elif sys.argv[1:3] == ["backup", "make"]:
    to = pathlib.Path(sys.argv[4])
    to.mkdir(parents=True, exist_ok=True)
    (to / "by").write_text("{version} of " + (home / "keys" / "said").read_text())
else:
    sys.exit(2)
'''


def stick(folder: Path, version: str, key: Ed25519PrivateKey) -> tuple[Path, str]:
    """A file of that version, unpacked: a program that says its version and makes backups; and its key's fingerprint."""
    made = folder / f"stick-{version}"
    (made / "wheels").mkdir(parents=True)
    meta = f"cityloop-{version}.dist-info"
    with zipfile.ZipFile(made / "wheels" / f"cityloop-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("cityloop/__init__.py", "")
        wheel.writestr("cityloop/__main__.py", PROGRAM.format(version=version))
        wheel.writestr(f"{meta}/METADATA", f"Metadata-Version: 2.1\nName: cityloop\nVersion: {version}\n")
        wheel.writestr(f"{meta}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{meta}/RECORD", "")
    shutil.copy(ROOT / "deploy/offline/install.sh", made)
    for name, said in {"VERSION": version, "PYTHON": f"{sys.version_info[0]}.{sys.version_info[1]}", "EXTRAS": ""}.items():
        (made / name).write_text(said + "\n")
    return made, fingerprint(sealed(made, key))


@pytest.fixture
def machine(tmp_path):
    """A machine: what installs there, and says how it went."""

    def install(made: Path, *more: str) -> tuple[int, str]:
        where = ["--prefix", str(tmp_path / "opt"), "--home", str(tmp_path / "home"), "--no-service", *more]
        path = f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"
        done = subprocess.run(["sh", str(made / "install.sh"), *where], capture_output=True, text=True, env={"PATH": path, "LC_ALL": "C"})
        return done.returncode, done.stdout + done.stderr

    return install


def runs(tmp_path: Path) -> str:
    """The version that is current there."""
    asked = [tmp_path / "opt/current/bin/python", "-m", "cityloop", "--version"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def test_it_installs_upgrades_with_a_backup_first_and_goes_back(machine, tmp_path):
    key = Ed25519PrivateKey.generate()
    first, told = stick(tmp_path, "1.0", key)
    code, said = machine(first, "--fingerprint", told)
    assert (code, runs(tmp_path)) == (0, "1.0"), said
    (tmp_path / "home/keys").mkdir(parents=True)
    (tmp_path / "home/keys/said").write_text("what the city has")

    second, _ = stick(tmp_path, "1.1", key)
    code, said = machine(second)  # the key is known by now
    assert (code, runs(tmp_path)) == (0, "1.1"), said
    assert (tmp_path / "cityloop-backup/by").read_text() == "1.0 of what the city has"  # by the version that wrote it
    assert (tmp_path / "home/keys/said").read_text() == "what the city has"

    code, said = machine(second, "--back")
    assert (code, runs(tmp_path)) == (0, "1.0"), said
    assert "backup restore" in said


def test_what_somebody_else_made_or_changed_is_not_installed(machine, tmp_path):
    made, told = stick(tmp_path, "1.0", Ed25519PrivateKey.generate())
    assert machine(made) == (1, f"Give --fingerprint, as the maker told it; the key in this folder has {told}.\n")
    code, said = machine(made, "--fingerprint", "0" * 64)
    assert (code, "Do not install it" in said) == (1, True)

    wheel = next((made / "wheels").glob("*.whl"))
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    code, said = machine(made, "--fingerprint", told)
    assert (code, "differs from its sum" in said) == (1, True)
    wheel.write_bytes(whole)

    sums = (made / "SHA256SUMS").read_text()
    (made / "SHA256SUMS").write_text(sums.replace("VERSION", "VERSIOM"))
    code, said = machine(made, "--fingerprint", told)
    assert (code, "not by this key" in said) == (1, True)
    (made / "SHA256SUMS").write_text(sums)
    assert not (tmp_path / "opt").exists()

    (tmp_path / "opt").mkdir()
    (tmp_path / "opt/key.pub").write_text("another's")
    code, said = machine(made, "--fingerprint", told)
    assert (code, "another key" in said) == (1, True)


def test_the_key_is_drawn_once_and_for_one_pair_of_eyes(tmp_path):
    drawn = signing_key(tmp_path / "keys/offline.key")
    assert (tmp_path / "keys/offline.key").stat().st_mode & 0o777 == 0o600
    assert signing_key(tmp_path / "keys/offline.key").private_bytes_raw() == drawn.private_bytes_raw()


def test_a_machine_takes_wheels_of_its_glibc_and_older():
    assert platforms("aarch64", 28)[0] == "manylinux_2_28_aarch64"
    assert "manylinux_2_31_aarch64" not in platforms("aarch64", 28)
    assert "manylinux_2_17_aarch64" in platforms("aarch64", 28)
