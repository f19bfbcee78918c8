"""A list of organisations as units, and the posts without which no case would go its way."""

import csv
import re
from pathlib import Path

from cityloop.domain.policy import Level
from cityloop.packs.scaffold.model import Organisation, Street, UnitsUnreadable

NEEDED = ("name", "kind")
COLUMNS = (*NEEDED, "name_en", "id", "level", "area")
STREET = "street"
WORD = re.compile(r"[a-z][a-z0-9_]*")
CENTRES = (
    ("supervision", {"zh": "城市管理监督中心", "en": "Supervision Centre"}),
    ("command", {"zh": "城市管理指挥中心", "en": "Command Centre"}),
)
# post, role, centre, what it is called
CHAIRS = (
    ("acceptor-1", "acceptor", "supervision", "受理员 1", "Acceptor 1"),
    ("acceptor-2", "acceptor", "supervision", "受理员 2", "Acceptor 2"),
    ("duty-leader-1", "duty_leader", "supervision", "值班长 1", "Duty leader 1"),
    ("hotline-seat-1", "hotline_seat", "supervision", "热线坐席 1", "Hotline seat 1"),
    ("supervisor-1", "supervisor", "supervision", "考核员 1", "Assessor 1"),
    ("auditor-1", "auditor", "supervision", "审计员 1", "Auditor 1"),
    ("audit-admin-1", "audit_admin", "supervision", "审计管理员 1", "Audit administrator 1"),
    ("dispatcher-1", "dispatcher", "command", "派遣员 1", "Dispatcher 1"),
    ("dispatcher-2", "dispatcher", "command", "派遣员 2", "Dispatcher 2"),
    ("leader-1", "leader", "command", "领导 1", "Leader 1"),
    ("system-admin-1", "system_admin", "command", "系统管理员 1", "System administrator 1"),
    ("security-admin-1", "security_admin", "command", "安全管理员 1", "Security administrator 1"),
)
COLLECTORS = 2  # of each street: who reported a thing is not the one who inspects it


def read_units(file: Path, streets: list[Street]) -> list[Organisation]:
    """The two centres, the list's organisations, and an office for each street that the list does not name.

    Refuses with `UnitsUnreadable`.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as text:
            rows = list(csv.DictReader(text))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnitsUnreadable(f"{file} cannot be read ({error}); give a CSV with the columns name and kind.") from None
    absent = [each for each in NEEDED if not rows or each not in rows[0]]
    if absent:
        raise UnitsUnreadable(f"{file} has no {' and no '.join(absent)}; write a row for each organisation.")
    found = [
        Organisation(id=f"{kind}-centre", kind=kind, level=Level.city, area="", name=name) for kind, name in CENTRES
    ]
    for line, row in enumerate(rows, start=2):
        found.append(_organisation(file, line, row, streets, {each.id for each in found}))
    named = {each.area for each in found if each.kind == STREET}
    return found + [_office(street) for street in streets if street.code not in named]


def _organisation(file: Path, line: int, row: dict[str, str], streets: list[Street], taken: set[str]) -> Organisation:
    said = {key: str(row.get(key) or "").strip() for key in COLUMNS}
    if not said["name"] or not WORD.fullmatch(said["kind"]):
        raise UnitsUnreadable(
            f"{file}, line {line}: name {said['name']!r}, kind {said['kind']!r}; write a name, and a kind like sanitation."
        )
    area = said["area"]
    if said["kind"] == STREET:
        area = next((s.code for s in streets if area in (s.code, s.name["zh"]) or s.name["zh"] in said["name"]), "")
        if not area:
            raise UnitsUnreadable(f"{file}, line {line}: no street of the boundary is named in area; write its code.")
    level = said["level"] or {0: Level.city, 6: Level.district, 9: Level.street}.get(len(area), "")
    if level not in tuple(Level):
        raise UnitsUnreadable(f"{file}, line {line}: level {level!r}, area {area!r}; write city, district or street.")
    id = said["id"] or f"{said['kind'].replace('_', '-')}{'-' + area if area else ''}"
    number = 2
    stem = id
    while id in taken:
        id, number = f"{stem}-{number}", number + 1
    return Organisation(
        id=id, kind=said["kind"], level=str(level), area=area,
        name={"zh": said["name"], "en": said["name_en"] or said["name"]},
    )  # fmt: skip


def _office(street: Street) -> Organisation:
    zh, en = street.name["zh"], street.name["en"]
    office = (
        f"{zh}办事处" if zh.endswith("街道") else f"{zh}人民政府" if zh.endswith(("镇", "乡")) else f"{zh}街道办事处"
    )
    return Organisation(
        id=f"street-{street.code}", kind=STREET, level=Level.street, area=street.code,
        name={"zh": office, "en": f"{en} office"},
    )  # fmt: skip


def posts_of(units: list[Organisation], streets: list[Street]) -> list[tuple[str, ...]]:
    """Rows of posts.csv: id, role, unit, area, duty grid, names."""
    rows = [(id, role, f"{centre}-centre", "", "", zh, en) for id, role, centre, zh, en in CHAIRS]
    for street in streets:
        for number in range(1, COLLECTORS + 1):
            names = (f"{street.name['zh']}采集员 {number}", f"Collector {number} of {street.name['en']}")
            where = ("supervision-centre", street.code, street.duty_grid)
            rows.append((f"collector-{street.code}-{number}", "collector", *where, *names))
    centres = {f"{kind}-centre" for kind, _ in CENTRES}
    for unit in units:
        if unit.id not in centres:
            names = (f"{unit.name['zh']}处置员", f"Handler of {unit.name['en']}")
            rows.append((f"handler-{unit.id}", "handler", unit.id, unit.area, "", *names))
    return rows
