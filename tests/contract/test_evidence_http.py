"""The log as others fetch it: checkpoint, tiles, entries and proofs over HTTP, checked with nothing of the database."""

import json
import subprocess

import pytest
from tests.contract.test_tlog_go import oracle  # the Go program, which nobody here wrote
from tests.pages_world import PARKED, city_in

from cityloop.journal.tlog import (
    Prover,
    TilePath,
    bundle_from_json,
    entry,
    leaf_hash,
    open_checkpoint,
    parse_verifier,
    path_text,
    unpack_entries,
    verify_bundle,
    verify_inclusion,
    width_at,
)
from cityloop.journal.tlog.errors import EvidenceBroken
from cityloop.journal.tlog.prove import tile_prefix

__all__ = ["oracle"]
pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")


@pytest.fixture
def city(places, tmp_path, monkeypatch, clock):
    clock.set("2026-03-06 09:00")
    with city_in(places, tmp_path / "home", monkeypatch, clock) as found:
        yield found


def filled(city, reports=270):
    """A sealed city of more than one tile; gives one of its cases."""
    case = city.report("车停在人行道上", PARKED)
    for _ in range(reports):
        assert city.server.post("/v1/reports", json={"text": "x"}).status_code == 201
    city.seal()
    return case


def fetch(city, path):
    answer = city.nobody.get(f"/evidence/1/{path}")
    assert answer.status_code == 200, (path, answer.text)
    return answer


def tiles_of(size):
    """Every tile that a tree of this size has: level, index, width."""
    found, level = [], 0
    while size >> (8 * level):
        index = 0
        while width := width_at(size, level, index):
            found.append((level, index, width))
            index += 1
        level += 1
    return found


def test_a_stranger_checks_the_whole_log_with_what_is_served(city):
    filled(city)
    key = parse_verifier(city.nobody.get("/evidence/key").text.strip())
    head = open_checkpoint(fetch(city, "checkpoint").text, key)
    assert head.size == city.facts() > 256
    tiles = {
        (level, index): fetch(city, path_text(TilePath(level=level, index=index, width=width))).content
        for level, index, width in tiles_of(head.size)
    }
    prover = Prover(lambda level, index: tiles.get((level, index)))
    assert prover.root(head.size) == head.root
    for index in range(0, head.size, 256):
        width = min(256, head.size - index)
        packed = fetch(city, path_text(TilePath(level=None, index=index // 256, width=width))).content
        leaves = [leaf_hash(each) for each in unpack_entries(packed)]
        assert b"".join(leaves) == tile_prefix(lambda *at: tiles.get(at), 0, index // 256, width)
        verify_inclusion(
            leaves[-1], index + width - 1, head.size, prover.inclusion(index + width - 1, head.size), head.root
        )


def test_go_accepts_what_it_fetches_and_refuses_a_flipped_byte(city, oracle, tmp_path):
    import base64

    filled(city)
    folder = tmp_path / "fetched"
    note = fetch(city, "checkpoint").content
    vkey = city.nobody.get("/evidence/key").text.strip()
    size = open_checkpoint(note.decode(), parse_verifier(vkey)).size
    wanted = [TilePath(level=level, index=index, width=width) for level, index, width in tiles_of(size)]
    wanted += [TilePath(level=None, index=each.index, width=each.width) for each in wanted if each.level == 0]
    for path in wanted:
        place = folder / path_text(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(fetch(city, path_text(path)).content)

    def judged():
        case = {"Kind": "entries", "Note": base64.b64encode(note).decode(), "Dir": str(folder)}
        asked = json.dumps({"Vkey": vkey, "Cases": [case]})
        done = subprocess.run([oracle], input=asked, capture_output=True, text=True, check=True, timeout=60)
        return json.loads(done.stdout)[0]

    assert judged() == "yes"
    for path in wanted:
        place = folder / path_text(path)
        whole = place.read_bytes()
        place.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert judged().startswith("no"), path
        place.write_bytes(whole)


def test_a_fact_is_proved_to_who_may_see_it(city):
    case = filled(city, reports=3)
    size = city.facts()
    leader = city.signed_in("gao.tao", "duty-leader-1")
    vkey = city.nobody.get("/evidence/key").text.strip()
    proofs = leader.get(f"/v1/cases/{case}/proof").json()
    story = leader.get(f"/v1/cases/{case}/story").json()
    assert [each["id"] for each in proofs] == [each["id"] for each in story]
    assert {each["subject"].split("/")[0] for each in story} == {"case", "report"}
    for proof, fact in zip(proofs, story, strict=True):
        bundle = bundle_from_json(proof["proof"])
        assert verify_bundle(bundle, vkey).size == size
        body = json.loads(bundle.body)
        assert (body["type"], body["subject"], body["subject_no"]) == (fact["fact"], fact["subject"], fact["no"])
        served = fetch(city, f"tile/entries/000.p/{size}").content
        assert unpack_entries(served)[bundle.index] == entry(bundle.salt, bundle.body)
        wrong = bundle_from_json(proof["proof"] | {"index": bundle.index ^ 1})
        with pytest.raises(EvidenceBroken):
            verify_bundle(wrong, vkey)
    one = leader.get(f"/v1/cases/{case}/proof", params={"seq": story[1]["seq"]}).json()
    assert [each["id"] for each in one] == [story[1]["id"]]
    assert leader.get(f"/v1/cases/{case}/proof?seq=1").json()["code"] == "story.fact_not_here"


def test_proofs_and_stories_are_for_seats_that_see_the_case(city):
    case = filled(city, reports=0)
    collector = city.signed_in(
        "col.lector", next(p.id for p in city.parts.book.in_force().posts if p.role == "collector")
    )
    elsewhere = city.signed_in("el.se", next(
        p.id for p in city.parts.book.in_force().posts
        if p.role == "dispatcher" and p.area and not "990102002002012".startswith(p.area)
    ))  # fmt: skip
    for path in (f"/v1/cases/{case}/proof", f"/v1/cases/{case}/story"):
        assert city.nobody.get(path).status_code == 401
        assert collector.get(path).status_code == 403
        assert elsewhere.get(path).status_code == 404


def test_what_is_not_sealed_yet_is_said_so(city):
    filled(city, reports=0)
    later = city.report("车停在人行道上", PARKED, lon=112.531)
    leader = city.signed_in("gao.tao", "duty-leader-1")
    answer = leader.get(f"/v1/cases/{later}/proof")
    assert (answer.status_code, answer.json()["code"]) == (503, "journal.not_sealed")
    assert city.nobody.get("/evidence/1/tile/entries/000.p/255").json()["code"] == "evidence.tile_unpublished"


def test_full_tiles_never_change_and_checkpoints_are_asked_again(city):
    filled(city)
    head = fetch(city, "checkpoint")
    assert head.headers["cache-control"] == "no-cache"
    assert head.headers["content-type"].startswith("text/plain")
    for path in ("tile/0/000", "tile/entries/000", "tile/1/000.p/1", "tile/0/000.p/5"):
        answer = fetch(city, path)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "immutable" in answer.headers["cache-control"]
    assert fetch(city, "tile/0/000").content[: 5 * 32] == fetch(city, "tile/0/000.p/5").content


def test_only_one_text_names_a_tile(city):
    filled(city, reports=0)
    wide = city.facts()
    assert city.nobody.get(f"/evidence/1/tile/0/000.p/{wide}").status_code == 200
    wrong = ["0/0", "0/000.p/0", "0/000.p/256", "00/000.p/1", "0/x000/000.p/1", "0/000.p/01", "64/000.p/1", "data/000",
             "-1/000", "0/..", "0/000.p/1?x"]  # fmt: skip
    for path in wrong:
        answer = city.nobody.get(f"/evidence/1/tile/{path.replace('?', '%3F')}")
        assert answer.status_code in (400, 404), path
    for path in (f"0/000.p/{wide + 1}", "0/000", "0/001.p/1", "1/000.p/1", "9/000.p/1"):
        assert city.nobody.get(f"/evidence/1/tile/{path}").json()["code"] == "evidence.tile_unpublished"
    assert city.nobody.get("/evidence/7/checkpoint").json()["code"] == "evidence.log_unknown"
    assert city.nobody.get("/evidence/none/key").json()["code"] == "evidence.log_unknown"


def test_a_log_is_found_by_its_number_and_by_its_name(city):
    filled(city, reports=0)
    (log,) = city.nobody.get("/evidence").json()
    name = log["name"].replace("/", "_")
    assert city.nobody.get(f"/evidence/{name}/checkpoint").text == fetch(city, "checkpoint").text
    assert log["size"] == city.facts()
    assert log["key"] == city.nobody.get(f"/evidence/{name}/key").text.strip()
    assert city.nobody.get(log["prefix"] + "/checkpoint").status_code == 200
