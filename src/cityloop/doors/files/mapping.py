"""The mapping: read and checked before anything of the file is; and a first one, sketched from a header."""

import tomllib
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from cityloop.doors.files.model import ColumnMissing, Datum, Kind, Mapping, MappingWrong

MOMENTS = ("opened_at", "accepted_at", "filed_at", "dispatched_at", "handled_at", "closed_at", "due_at")
WORDS = ("text", "address", "note", "name", "phone")
_CASE = (*MOMENTS, *WORDS, "number", "state", "channel", "class", "rule", "unit", "level", "refused_for", "lon", "lat",
         "cell", "component")  # fmt: skip
FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.cases: _CASE,
    Kind.reports: ("opened_at", "text", "address", "name", "phone", "channel", "class", "lon", "lat"),
    Kind.people: ("sign_in", "name", "phone", "post"),
    Kind.units: ("id", "kind", "level", "area", "parent", "name_zh", "name_en"),
    Kind.areas: ("code", "parent", "name_zh", "name_en", "duty_grid"),
    Kind.components: ("code", "class", "cell", "lon", "lat", "owner", "maintainer", "state"),
    Kind.roads: ("code", "name_zh", "name_en", "aliases", "wkt"),
    Kind.landmarks: ("code", "kind", "name_zh", "name_en", "aliases", "wkt", "lon", "lat"),
    Kind.doors: ("road", "number", "lon", "lat"),
}
NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.cases: ("opened_at",),
    Kind.reports: ("opened_at",),
    Kind.people: ("sign_in", "name"),
    Kind.units: ("id", "kind", "level"),
    Kind.areas: ("code",),
    Kind.components: ("code",),
    Kind.roads: ("code",),
    Kind.landmarks: ("code", "kind"),
    Kind.doors: ("road", "number"),
}
# what columns of the field's systems are often called, for a sketch
GUESSES: dict[str, tuple[str, ...]] = {
    "number": ("案件号", "案卷号", "任务号", "工单编号", "case_number", "case_enquiry_id", "service_request_id"),
    "opened_at": ("上报时间", "受理时间", "来电时间", "open_dt", "requested_datetime", "created", "opened"),
    "filed_at": ("立案时间",), "dispatched_at": ("派遣时间",), "handled_at": ("处置时间", "处置完成时间"),
    "closed_at": ("结案时间", "办结时间", "closed_dt", "closed"), "due_at": ("截止时间", "处置截止时间", "target_dt", "deadline"),
    "state": ("状态", "案件状态", "case_status", "status"), "class": ("小类代码", "类别代码", "typecode", "service_code", "type"),
    "unit": ("处置部门", "承办单位", "责任单位", "department", "agency"), "text": ("问题描述", "诉求内容", "description", "case_title"),
    "address": ("地址描述", "位置描述", "问题地址", "address", "location"), "lon": ("经度", "longitude", "lon", "lng", "pointx"),
    "lat": ("纬度", "latitude", "lat", "pointy"), "channel": ("问题来源", "来源", "source"),
    "cell": ("单元网格", "bgid", "cell"), "component": ("部件标识码", "objid"), "code": ("objid", "标识码", "code", "adcode"),
    "name_zh": ("objname", "名称", "name"), "owner": ("deptcode2", "权属单位"), "maintainer": ("deptcode3", "养护单位"),
    "phone": ("来电电话", "联系电话", "phone"), "name": ("来电人", "姓名"), "note": ("处理结果", "closure_reason"),
    "sign_in": ("登录名", "账号", "login"), "post": ("岗位", "post"), "id": ("单位代码", "id"), "kind": ("单位类型", "kind"),
}  # fmt: skip


def mapping_in(path: Path) -> tuple[Mapping, str]:
    """The mapping of a TOML file, and the digest of its bytes.

    Refuses with `MappingWrong`.
    """
    try:
        raw = path.read_bytes()
        found = msgspec.convert(tomllib.loads(raw.decode("utf-8")), Mapping)
    except FileNotFoundError:
        raise MappingWrong(f"There is no mapping {path}; sketch one with --sketch.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingWrong(f"{path.name} is no TOML: {error}; put it right.") from None
    except msgspec.ValidationError as error:
        raise MappingWrong(f"{path.name}: {error}; look at a sketch of --sketch for its form.") from None
    if wrong := wrongs(found):
        raise MappingWrong(f"{path.name}: {'; '.join(wrong)}.")
    return found, sha256(raw).hexdigest()


def wrongs(mapping: Mapping) -> list[str]:
    """What is wrong with a mapping, whatever the file."""
    known, needed = FIELDS[mapping.kind], NEEDED[mapping.kind]
    given = {*mapping.columns, *mapping.constants}
    found = [f"{mapping.kind} have no field {each}; they have {', '.join(known)}" for each in sorted(given - {*known})]
    found += [f"{mapping.kind} need {each}; name its column" for each in needed if each not in given]
    found += [f"{each} stands in columns and constants; leave one" for each in mapping.columns if each in mapping.constants]
    found += [f"values of {each}, which no column gives" for each in mapping.values if each not in mapping.columns]
    if not mapping.key:
        found.append("key is empty; name the column that tells rows apart")
    if not mapping.source or "/" in mapping.source:
        found.append("source needs a name without a slash")
    if ("lon" in given) != ("lat" in given):
        found.append("a place needs lon and lat")
    if "due_at" in given and mapping.deadline is None:
        found.append("given deadlines need their source: write [deadline] with document, clause and date")
    if mapping.datum not in tuple(Datum) and not mapping.datum.lower().startswith("epsg:"):
        found.append(f"datum {mapping.datum} is none of {', '.join(Datum)}, epsg:NNNN")
    try:
        ZoneInfo(mapping.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        found.append(f"there is no zone {mapping.zone}; write one like Asia/Shanghai")
    if mapping.time_format != "iso" and not _reads_back(mapping.time_format):
        found.append(f"time_format {mapping.time_format} reads no moment; write one like %Y-%m-%d %H:%M:%S, or iso")
    return found


def columns_checked(mapping: Mapping, there: list[str]) -> None:
    """Whether the file has every column that the mapping names, each once.

    Refuses with `ColumnMissing`, which tells the columns that are there.
    """
    absent = [each for each in mapping.wanted if each not in there]
    if absent:
        raise ColumnMissing(
            f"The file has no column {', '.join(absent)}; its columns are: {', '.join(there)}. Put the mapping right; "
            "nothing was read.",
            absent=absent, columns=there,
        )  # fmt: skip
    twice = [each for each in mapping.wanted if there.count(each) > 1]
    if twice:
        raise ColumnMissing(f"The file has {', '.join(twice)} more than once; give each column a name of its own.")


def sketch(columns: list[str], kind: Kind, *, source: str, format: str) -> str:
    """A first mapping for a file with these columns, as TOML: what was guessed, and what is left to be said."""
    folded = {each.casefold(): each for each in reversed(columns)}
    guessed = {
        field: folded[name]
        for field in FIELDS[kind]
        for name in reversed(GUESSES.get(field, (field,)))
        if name in folded
    }
    key = guessed.get("number") or guessed.get("code") or guessed.get("sign_in") or (columns[0] if columns else "")
    quoted = msgspec.json.encode  # a JSON text is a TOML text
    lines = [
        "# A sketch: look at every line, and fill in what is missing.",
        f"source = {quoted(source).decode()}  # the other system; with the key a row's identity, for ever",
        f'kind = "{kind}"',
        f'format = "{format}"',
        f"key = [{quoted(key).decode()}]",
        'zone = ""  # of times without one; empty is the city\'s',
        'time_format = "iso"  # or like "%Y-%m-%d %H:%M:%S"',
        'as_of = ""  # the moment of the export',
        'datum = "wgs84"  # or gcj02, bd09, cgcs2000, epsg:4547',
        'scheme = "gbt30428_2_2013"  # of bare class codes; or cjt214_2007',
        "",
        "[deadline]  # where the given deadlines come from",
        f"document = {quoted(source).decode()}",
        'clause = ""',
        'date = ""',
        "",
        "[columns]",
        *[f"{name} = {quoted(column).decode()}" for name, column in guessed.items()],
        *[f"# {name} =" for name in FIELDS[kind] if name not in guessed],
        "",
        f"# columns of the file that nothing reads: {', '.join(each for each in columns if each not in guessed.values())}",
        "",
    ]
    for name, words in (("state", "open, closed, refused"), ("class", "class keys of the pack"), ("unit", "units of the pack")):
        if name in guessed:
            lines += [f"[values.{name}]  # the file's word = {words}", ""]
    return "\n".join(lines)


def _reads_back(form: str) -> bool:
    try:
        at = datetime(2026, 3, 6, 16, 5, 9)
        return abs((datetime.strptime(at.strftime(form), form) - at).total_seconds()) < 86_400
    except ValueError:
        return False
