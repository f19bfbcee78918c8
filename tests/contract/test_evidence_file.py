"""What is taken away of a case is checked by a program that knows nothing of us, and by Go; whatever is changed in it is seen."""

import base64
import copy
import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.contract.test_tlog_go import oracle  # the Go program, which nobody here wrote
from tests.pages_world import PARKED, city_in

from cityloop.pages.takeaway import verify_case

__all__ = ["oracle"]
pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture
def taken(places, tmp_path, monkeypatch, clock):
    """A leader, a case whose log has grown since, and its evidence."""
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as city:
        case = city.report("车停在人行道上", PARKED)
        city.seal()
        for _ in range(30):
            assert city.server.post("/v1/reports", json={"text": "x"}).status_code == 201
        city.seal()
        leader = city.signed_in("gao.tao", "duty-leader-1")
        answer = leader.get(f"/v1/cases/{case}/evidence")
        assert answer.status_code == 200, answer.text
        yield city, case, leader, answer.json()


def checked(evidence, *keys):
    """The lines of the verifier."""
    return list(verify_case.check_evidence(evidence, list(keys)))


def flipped(text):
    """The base64 of bytes with one bit changed."""
    raw = bytearray(base64.b64decode(text))
    raw[len(raw) // 2] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def test_the_archive_is_checked_with_python_alone(taken, tmp_path):
    city, case, leader, _ = taken
    answer = leader.get(f"/v1/cases/{case}/evidence.zip")
    assert answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "out")
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        "evidence.json", "verify_case.py", "HOW-TO.zh.md", "HOW-TO.en.md",
    }  # fmt: skip
    key = city.nobody.get("/evidence/key").text.strip()
    asked = [sys.executable, "-I", "verify_case.py", "evidence.json"]
    done = subprocess.run([*asked, key], cwd=tmp_path / "out", capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "BROKEN" not in done.stdout
    story = leader.get(f"/v1/cases/{case}/story").json()
    assert all(each["id"] in done.stdout for each in story)
    (tmp_path / "out/evidence.json").write_text((tmp_path / "out/evidence.json").read_text().replace('"path": [\n', '"path": ["AAAA",\n', 1))
    done = subprocess.run(asked, cwd=tmp_path / "out", capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "BROKEN" in done.stdout) == (1, True)


def test_the_log_has_grown_since_the_earlier_head(taken):
    (log,) = taken[3]["logs"]
    sizes = [int(note.split("\n")[1]) for note in (log["earlier"], log["checkpoint"])]
    assert sizes[0] < sizes[1]
    assert log["consistency"]
    assert any("begins with" in line for line in checked(taken[3], log["key"]))


def test_whatever_is_changed_is_seen(taken):
    evidence = taken[3]
    (log,) = evidence["logs"]

    def broken(change):
        wrong = copy.deepcopy(evidence)
        change(wrong)
        with pytest.raises((verify_case.Broken, ValueError)):
            checked(wrong, log["key"])

    for name in ("salt", "body"):
        broken(lambda e, name=name: e["facts"][1].update({name: flipped(e["facts"][1][name])}))
    broken(lambda e: e["facts"][0].update(index=e["facts"][0]["index"] + 1))
    broken(lambda e: e["facts"][0]["path"].pop())
    broken(lambda e: e["facts"][0]["path"].append(e["facts"][0]["path"][0]))
    broken(lambda e: e["facts"][0]["path"].__setitem__(0, flipped(e["facts"][0]["path"][0])))
    broken(lambda e: e["facts"].pop(0))  # the first; that a last one is missing, no file can show
    broken(lambda e: e["facts"][0].update(id="case/other#1"))
    broken(lambda e: e["logs"][0]["consistency"].__setitem__(0, flipped(e["logs"][0]["consistency"][0])))
    broken(lambda e: e["logs"][0].update(earlier=e["logs"][0]["earlier"].replace("\n", "0\n", 2)))
    for note in ("earlier", "checkpoint"):
        text, signature = log[note].rsplit(" ", 1)
        broken(lambda e, note=note, text=text, signature=signature: e["logs"][0].update({note: f"{text} {flipped(signature.strip())}\n"}))
    with pytest.raises(verify_case.Broken, match="none of the keys"):
        checked(evidence, "another+" + log["key"].split("+", 1)[1])


def test_go_accepts_the_same_evidence(taken, oracle):
    evidence = taken[3]
    (log,) = evidence["logs"]
    note = base64.b64encode(log["checkpoint"].encode()).decode()
    cases = [
        {
            "Kind": "inclusion", "Note": note, "Index": each["index"], "Path": each["path"],
            "Entry": base64.b64encode(sha256(base64.b64decode(each["salt"]) + base64.b64decode(each["body"])).digest()).decode(),
        }
        for each in evidence["facts"]
    ]  # fmt: skip
    cases.append({
        "Kind": "consistency", "Note": note, "Old": base64.b64encode(log["earlier"].encode()).decode(),
        "Path": log["consistency"],
    })  # fmt: skip
    asked = json.dumps({"Vkey": log["key"], "Cases": cases})
    done = subprocess.run([oracle], input=asked, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == ["yes"] * len(cases)


def test_evidence_is_for_seats_that_see_the_case(taken):
    city, case, *_ = taken
    for path in (f"/v1/cases/{case}/evidence", f"/v1/cases/{case}/evidence.zip"):
        assert city.nobody.get(path).status_code == 401
    later = city.report("车停在人行道上", PARKED, lon=112.531)
    answer = taken[2].get(f"/v1/cases/{later}/evidence")
    assert (answer.status_code, answer.json()["code"]) == (503, "journal.not_sealed")


@pytest.mark.parametrize("length", [0, 1, 63, 64, 200])
def test_the_signature_is_checked_as_a_library_does(length):
    key, message = Ed25519PrivateKey.generate(), bytes(range(length))
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    verify_case.check_signature(public, message, signature)
    for place in (0, 31, 32, 63):
        wrong = bytearray(signature)
        wrong[place] ^= 1
        with pytest.raises(verify_case.Broken):
            verify_case.check_signature(public, message, bytes(wrong))
        with pytest.raises(InvalidSignature):
            key.public_key().verify(bytes(wrong), message)
    with pytest.raises(verify_case.Broken):
        verify_case.check_signature(public, message + b"x", signature)
    wide = (int.from_bytes(signature[32:], "little") + verify_case.Q).to_bytes(32, "little")
    with pytest.raises(verify_case.Broken):  # the same number, written in another way
        verify_case.check_signature(public, message, signature[:32] + wide)
