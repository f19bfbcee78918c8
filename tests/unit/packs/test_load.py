"""A pack is read over its layers, named by its bytes, and the same again from its archive."""

import hashlib
import io
import tarfile

import pytest

from cityloop.domain.policy import Kind, Level, Limit, LimitUnit
from cityloop.packs import PackInvalid, load, load_bytes, pack_bytes
from cityloop.packs.layers import archive, find_layers

RUBBISH = "gbt30428_2_2013/event/0110"
COVER = "gbt30428_2_2013/component/0101"


def test_a_city_is_read_over_its_layers(city):
    policy = load(city.folder)

    assert policy.layers == ("base", "tiny")
    assert policy.simulated
    assert policy.name == {"zh": "小城", "en": "Tiny"}
    assert [rule.code for rule in policy.rules] == [f"{RUBBISH}/1", f"{COVER}/1", f"{COVER}/2"]
    assert policy.rules[1].limit == Limit(value=2, unit=LimitUnit.urgent_hour)
    assert policy.rules[1].words == ("missing",)
    assert [rule.is_default for rule in policy.rules] == [True, False, True]
    assert (policy.rules[2].source.clause, policy.rules[2].source.date) == ("3", "2026-03")
    assert (policy.rules[0].urgency, policy.rules[0].verify, policy.rules[0].auto_file) == (0, False, False)
    assert policy.class_by_key[COVER].kind is Kind.component
    assert policy.class_by_key[COVER].name["en"] == "Water supply manhole cover"
    assert policy.unit_by_id["clean"].level is Level.district
    assert policy.post_by_id["c1"].duty_grid == "g1"
    assert policy.post_by_id["a1"].area is None
    assert policy.words["city.title"] == {"zh": "小城", "en": "Tiny city"}
    assert policy.cells[0].ring[0] == policy.cells[0].ring[-1]


def test_settings_of_a_later_layer_replace_one_by_one(city):
    policy = load(city.folder)

    assert policy.settings.lamp_yellow_ppm == 700_000  # said by the city
    assert policy.settings.photos_max == load("demo").settings.photos_max  # said by the base
    assert policy.settings.bounds == (112.49, 28.49, 112.51, 28.51)
    assert policy.week.zone == "Asia/Shanghai"


def test_a_row_of_a_later_layer_replaces_the_row_of_its_key(city):
    head = "class,major_name_zh,major_name_en,name_zh,name_en,join_hours,source_document,source_clause,source_date\n"
    row = f"{RUBBISH},市容环境,City appearance and environment,垃圾,Litter,5,Local list,1,2026\n"
    city.write("classes.csv", head + row)
    before, policy = load("demo"), load(city.folder)

    found = policy.class_by_key[RUBBISH]
    assert (found.name["en"], found.join_hours, found.join_radius_m, found.synonyms) == ("Litter", 5, 50, ())
    assert found.source.document == "Local list"
    places = [each.classes.index(each.class_by_key[RUBBISH]) for each in (before, policy)]
    assert places[0] == places[1], "a replaced row keeps its place"


def test_a_calendar_correction_replaces_the_date(city):
    assert [day.name for day in load(city.folder).week.days if day.date.isoformat() == "2026-10-01"] == ["国庆节"]
    city.edit("calendar.csv", "holiday,国庆节", "workday,改为上班")

    policy = load(city.folder)
    assert [day.kind for day in policy.week.days if day.date.isoformat() == "2026-10-01"] == ["workday"]
    assert [day.date for day in policy.week.days] == sorted(day.date for day in policy.week.days)


def test_a_layer_can_take_rows_out_of_those_below(city, tmp_path):
    over = tmp_path / "other"
    over.mkdir()
    head = 'id = "other"\nversion = "1"\nover = "tiny"\ncity = true\n[name]\nzh = "乙"\nen = "B"\n'
    (over / "pack.toml").write_text(head + f'[without]\n"rules.csv" = ["{COVER}/1"]\n"posts.csv" = ["a1"]\n', "utf-8")

    policy = load(over)
    assert [rule.code for rule in policy.rules] == [f"{RUBBISH}/1", f"{COVER}/2"]
    assert "a1" not in policy.post_by_id
    assert load_bytes(pack_bytes(over)).rules == policy.rules


def test_a_scheme_that_is_not_in_force_is_left_out(city):
    assert {each.scheme for each in load(city.folder).classes} == {"gbt30428_2_2013"}
    city.edit("pack.toml", 'schemes = ["gbt30428_2_2013"]\n', "")
    assert {each.scheme for each in load(city.folder).classes} == {"gbt30428_2_2013", "cjt214_2007"}


def test_the_archive_gives_the_same_policy_and_digest(city):
    raw = pack_bytes(city.folder)
    policy, again = load(city.folder), load_bytes(raw)

    assert again.digest == policy.digest == hashlib.sha256(raw).hexdigest()
    assert again.rules == policy.rules
    assert again.cells == policy.cells
    assert again.settings == policy.settings
    assert again.posts == policy.posts


def test_the_archive_is_a_plain_tar_without_dates(city):
    with tarfile.open(fileobj=io.BytesIO(pack_bytes(city.folder))) as tar:
        members = tar.getmembers()

    assert [member.name for member in members][:2] == ["base/pack.toml", "base/schemes.csv"]
    assert {(member.mtime, member.uid, member.uname) for member in members} == {(0, 0, "")}


def test_line_ends_and_byte_order_marks_do_not_change_the_digest(city):
    before = load(city.folder).digest
    raw = (city.folder / "units.csv").read_bytes()
    city.write("units.csv", b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"))
    assert load(city.folder).digest == before

    city.edit("units.csv", "Clean", "Cleaner")
    assert load(city.folder).digest != before


def test_files_that_are_no_part_of_a_pack_do_not_change_the_digest(city):
    before = load(city.folder).digest
    city.write("README.md", "notes")
    assert load(city.folder).digest == before


def test_layers_are_looked_for_where_the_caller_says(city, tmp_path):
    over = tmp_path / "elsewhere" / "other"
    over.mkdir(parents=True)
    (over / "pack.toml").write_text(
        'id = "other"\nversion = "1"\nover = "tiny"\ncity = true\n[name]\nzh = "乙"\nen = "B"\n'
    )

    policy = load("other", search=[over.parent, city.folder.parent])
    assert policy.layers == ("base", "tiny", "other")
    assert not policy.simulated, "whether a city is fictional is for its own layer to say"
    assert len(policy.cells) == 4


def test_a_layer_is_not_a_city():
    with pytest.raises(PackInvalid, match="this is a layer, not a city"):
        load("base")


def test_what_cannot_be_read_is_refused_with_its_problems(city):
    city.edit("rules.csv", "4,work_hour", "4,hours")
    city.edit("units.csv", "clean,sanitation,district", "clean,sanitation,province")

    with pytest.raises(PackInvalid) as refused:
        load(city.folder)
    assert refused.value.code == "pack.invalid"
    assert [problem.file for problem in refused.value.problems] == ["tiny/rules.csv", "tiny/units.csv"]
    assert str(refused.value).startswith("tiny/rules.csv:2:55: limit_unit 'hours' is unknown")


@pytest.mark.parametrize("raw", [b"", b"no tar", b"\0" * 10240])
def test_an_archive_that_is_none_is_refused(raw):
    with pytest.raises(PackInvalid, match="not a pack"):
        load_bytes(raw)


def test_an_archive_of_other_bytes_is_refused_for_its_hash_would_not_be_its_name(city):
    raw = pack_bytes(city.folder)
    for other in (raw + b"\0" * 512, raw.replace(b"ustar", b"ustax", 1), raw[: len(raw) // 2]):
        with pytest.raises(PackInvalid, match="not a pack"):
            load_bytes(other)


def test_layers_that_do_not_lie_over_one_another_are_refused(city):
    base, tiny = find_layers(city.folder)
    for layers in ((tiny,), (tiny, base), (base, base)):
        with pytest.raises(PackInvalid, match="not a pack"):
            load_bytes(archive(layers))
