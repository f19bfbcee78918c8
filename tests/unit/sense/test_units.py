"""Words of UCUM: those of the field are known, what people write instead is refused with the word that is meant."""

import pytest

from cityloop.domain.sensing import UnitWrong, checked_unit, unit_fault

GOOD = ["ug/m3", "Cel", "%", "dB", "dB[SPL]", "m", "mm", "km/h", "m3/h", "/min", "{count}", "{vehicles}/h", "10*3/ul", "10*-3", "[pH]", "[ppm]", "W/m2", "kPa", "hPa", "mm[H2O]", "lx", "V", "mV", "A", "kW.h", "m.s-2", "(m/s)/s", "[NTU]", "deg", "g/(m2.s)", "l/min", "uS/cm", "mg/L", "kHz", "m2", "MBq", "1", "100.m", "s", "h", "d", "J/(kg.K)"]
BAD = (
    "ug//m3", "ug/", "(m", "m)", ".m", "m s", "furlong", "KM/H", "Ug/m3", "m..s", "m^3", "kg km", "5 m", "c%", "()", "m()", "{", "m\n",
    "m" * 61, "/", "//m", "μ",
)  # fmt: skip


@pytest.mark.parametrize("unit", GOOD)
def test_a_unit_is_known(unit):
    assert unit_fault(unit) is None


@pytest.mark.parametrize("unit", BAD)
def test_what_is_none_is_refused(unit):
    with pytest.raises(UnitWrong):
        checked_unit(unit)


@pytest.mark.parametrize(
    ("said", "meant"), [("°C", "Cel"), ("µg/m3", "ug/m3"), ("μg/m³", "ug/m3"), ("dBA", "dB[SPL]"), ("kWh", "kW.h"), ("ppm", "[ppm]")]
)
def test_what_people_write_is_told_in_words_of_ucum(said, meant):
    assert unit_fault(said) == f"{said!r} is no unit of UCUM; write {meant!r}"
    assert unit_fault(meant) is None


def test_no_unit_is_a_unit():
    assert checked_unit("") == ""
