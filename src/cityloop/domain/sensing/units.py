"""Units of measurement as UCUM writes them: is a word one? For the units that a city's devices use.

Source: UCUM 2.2, case sensitive; the atoms of the field only. Knows what is written right, converts nothing.
"""

import re

from cityloop.domain.errors import Invalid

METRIC = frozenset(
    ["m", "g", "s", "A", "K", "mol", "cd", "rad", "sr", "Hz", "N", "Pa", "J", "W", "C", "V", "F", "Ohm", "S", "Wb", "T", "H", "Cel", "lm", "lx", "Bq", "Gy", "Sv", "kat", "l", "L", "eq", "bar", "u", "eV", "t", "B", "B[SPL]", "B[V]", "B[mV]", "B[uV]", "B[W]", "Np", "cal", "ar", "st", "Lmb", "ph", "Lb"]
)  # may have a prefix
PLAIN = frozenset(
    ["10*", "10^", "[pi]", "%", "[ppth]", "[ppm]", "[ppb]", "[pptr]", "deg", "'", "''", "min", "h", "d", "a", "mo", "wk", "wk_j", "mo_j", "a_j", "[pH]", "[degF]", "[in_i]", "[ft_i]", "[mi_i]", "[nmi_i]", "[kn_i]", "[psi]", "[car_Au]", "[lb_av]", "[oz_av]", "[gal_us]", "m[H2O]", "m[Hg]", "[in_i'H2O]", "[hp_X]", "gon", "atm", "[g]", "[c]", "[NTU]", "[FNU]", "[CFU]", "[arb'U]", "bit", "By", "Bd", "bit_s"]
)
PREFIXES = frozenset(["Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y", "Ki", "Mi", "Gi", "Ti"])
BINARY = frozenset(["bit", "By", "Bd"])  # these take prefixes, too
ALIASES = {
    "°C": "Cel", "℃": "Cel", "C°": "Cel", "degC": "Cel", "celsius": "Cel", "μg/m3": "ug/m3", "µg/m3": "ug/m3", "μg/m³": "ug/m3",
    "µg/m³": "ug/m3", "ug/m³": "ug/m3", "mg/m³": "mg/m3", "m³/h": "m3/h", "m³/s": "m3/s", "m³": "m3", "m²": "m2", "dB": "dB",
    "dBA": "dB[SPL]", "dB(A)": "dB[SPL]", "ppm": "[ppm]", "ppb": "[ppb]", "pH": "[pH]", "°": "deg", "km/hr": "km/h", "kmh": "km/h",
    "lux": "lx", "volt": "V", "mmH2O": "mm[H2O]", "mmHg": "mm[Hg]", "percent": "%", "RH%": "%", "%RH": "%", "NTU": "[NTU]",
    "sec": "s", "hour": "h", "day": "d", "rpm": "/min", "kWh": "kW.h", "W/m²": "W/m2", "°F": "[degF]", "mph": "[mi_i]/h",
}  # fmt: skip  # what people write instead
_LENGTH_MAX = 60
_PIECE = re.compile(
    r"(?P<open>\()|(?P<close>\))|(?P<op>[./])|(?P<note>\{[!-z|~]*\})|(?P<number>[0-9]+(?![0-9*^]))"
    r"|(?P<unit>10\*|10\^|''|'|%|(?:[A-Za-z_]|\[[^\][ ]*\])+)(?P<power>[+-]?[0-9]+)?"
)


class UnitWrong(Invalid):
    """A word that is no unit of UCUM, as far as the field has them."""

    code = "sense.unit_wrong"


def unit_fault(unit: str) -> str | None:
    """What is wrong with a unit, and how it may be meant; None where it is right, or empty.

    >>> unit_fault("ug/m3") or unit_fault("m.s-2") or unit_fault("dB[SPL]") or unit_fault("10*3/ul")
    >>> unit_fault("°C")
    "'°C' is no unit of UCUM; write 'Cel'"
    >>> unit_fault("furlong")
    "'furlong' is no unit of UCUM: 'furlong' is unknown; write a unit as in ug/m3, Cel, %, dB[SPL], m, km/h, or none"
    """
    if not unit:
        return None
    if (meant := ALIASES.get(unit)) and meant != unit:
        return f"{unit!r} is no unit of UCUM; write {meant!r}"
    fault = "too long" if len(unit) > _LENGTH_MAX else _fault(unit)
    if fault is None:
        return None
    return f"{unit[:40]!r} is no unit of UCUM: {fault}; write a unit as in ug/m3, Cel, %, dB[SPL], m, km/h, or none"


def checked_unit(unit: str) -> str:
    """The unit, if it is one, or empty.

    Refuses with `UnitWrong`.
    """
    if fault := unit_fault(unit):
        raise UnitWrong(f"{fault}.")
    return unit


def is_atom(word: str) -> bool:
    """Whether UCUM knows the unit, with or without a prefix."""
    if word in METRIC or word in PLAIN:
        return True
    return any(
        word.startswith(prefix) and (word[len(prefix) :] in METRIC or word[len(prefix) :] in BINARY or word[len(prefix) :] in _WATER)
        for prefix in PREFIXES
    )


_WATER = frozenset({"m[H2O]", "m[Hg]"})


def _fault(unit: str) -> str | None:
    """A unit is factors with `.` or `/` between them; one may begin with `/`."""
    at, depth, wants_factor = 0, 0, True
    if unit.startswith("/"):
        at = 1
    while at < len(unit):
        found = _PIECE.match(unit, at)
        if found is None:
            return f"{unit[at]!r} cannot stand there"
        at = found.end()
        kind = found.lastgroup if found.lastgroup != "power" else "unit"
        if kind == "op":
            if wants_factor:
                return f"{found[0]!r} follows nothing"
            wants_factor = True
        elif kind == "close":
            depth -= 1
            if depth < 0 or wants_factor:
                return "')' closes nothing"
        elif kind == "note":
            wants_factor = False  # {annotation} after a unit, or alone
        elif not wants_factor:
            return f"between two factors stands '.' or '/', before {found[0]!r}"
        elif kind == "open":
            depth += 1
        else:
            if kind == "unit" and not is_atom(found["unit"]):
                return f"{found['unit']!r} is unknown"
            wants_factor = False
    if depth:
        return "'(' is not closed"
    return "it ends in the middle" if wants_factor else None
