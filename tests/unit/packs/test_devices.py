"""Tables of devices: what a row may say, and where the fault is when it says something else."""

import pytest

from cityloop.packs import load

PROPERTIES = "code,name_zh,name_en,unit,observing,least,most,words,source_document,source_clause,source_date\n"
KINDS = "kind,name_zh,name_en,class,calibrate_days,source_document,source_clause,source_date\n"
STREAMS = "kind,stream,property,every_s,silent_s,freeze_s,freeze_within,drift,drift_radius_m,drift_s,least,most,low\n"
SOUND = {
    "observed_properties.csv": PROPERTIES + "noise,噪声,Noise,dB[SPL],,20,140,,a,1,2026\nstate,状态,State,,category,,,on|off,a,1,2026\n",
    "device_kinds.csv": KINDS + "meter,噪声仪,Meter,,365,a,1,2026\n",
    "device_streams.csv": STREAMS + "meter,laeq,noise,60,600,3600,0.1,10,500,600,,130,\n",
}


def test_sound_tables_are_read(city):
    for file, text in SOUND.items():
        city.write(file, text)
    assert [problem.what for problem in city.problems()] == []
    policy = load(city.folder)
    kind = policy.device_kind["meter"]
    assert (kind.class_key, kind.calibrate_days, kind.name["zh"]) == (None, 365, "噪声仪")
    (stream,) = kind.streams
    assert (stream.least, stream.most, stream.silent_s, stream.low) == (20, 130, 600, None)  # least as its property
    assert policy.property_by_code["state"].words == ("on", "off")


def test_a_city_without_the_tables_has_no_kinds(city):
    policy = load(city.folder)
    assert policy.device_kinds == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "remedy"),
    [
        ("observed_properties.csv", "dB[SPL]", "dBA", 16, "write 'dB[SPL]'"),
        ("observed_properties.csv", "dB[SPL]", "furlong", 16, "write a unit as in"),
        ("observed_properties.csv", ",20,140,", ",140,20,", 25, "lower bound"),
        ("observed_properties.csv", "on|off", "", 28, "those that its numbers stand for"),
        ("device_streams.csv", ",60,600,", ",60,30,", 21, "several times every_s"),
        ("device_streams.csv", ",10,500,", ",10,,", 37, "fill in both"),
        ("device_streams.csv", "meter,laeq", "meter,la/eq", 7, "without '/'"),
        ("device_streams.csv", "laeq,noise", "laeq,noize", 12, "add it there"),
        ("device_streams.csv", "meter,laeq", "metre,laeq", 1, "perhaps 'meter'"),
    ],
)
def test_a_fault_is_told_with_its_place_and_a_remedy(city, file, old, new, column, remedy):
    for name, text in SOUND.items():
        city.write(name, text.replace(old, new) if name == file else text)
    (problem,) = city.problems()
    assert problem.file.endswith(file)
    assert (problem.line in (2, 3), problem.column, remedy in problem.remedy) == (True, column, True), problem
