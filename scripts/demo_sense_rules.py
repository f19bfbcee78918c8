"""Further rules over what the fictional city Jichuan observes: several sensors, cameras, covers, what is unusual."""

EVENT, THING = "gbt30428_2_2013/event", "gbt30428_2_2013/component"
HEAD = (
    "code,kind,colour,property,device_kind,zone,label,limit,release,for_s,window_s,of,quiet_from,quiet_until,class,ends,says_zh,says_en"
)



def whole(row: tuple) -> tuple:
    """A rule for one kind of device, which needs fewer columns, in the order of all of them."""
    code, kind, colour, observed, device, limit, release, for_s, begins, ends, of, who, zh, en = row
    of = f"gbt30428_2_2013/{of}"
    return (code, kind, colour, observed, device, "", "", limit, release, for_s, "", "", begins, ends, of, who, zh, en)


# code, kind, colour, property, device_kind, zone, label, limit, release, for_s, window_s, of, quiet from and until, class, ends, zh, en
RULES = (
    ("manhole.over", "above", "red", "manhole_level", "", "", "", 2.8, 2.4, "", "", "", "", "", f"{EVENT}/0506", "person",
     "井下液位已到井口，道路积水", "Water has reached the cover: the road is flooded"),
    ("cover.opened", "above", "orange", "opened", "", "", "", 1, 0.5, 300, "", "", "", "", f"{THING}/0101", "person",
     "井盖被打开或移位", "A manhole cover is open or was moved"),
    ("noise.unusual", "unusual", "blue", "laeq", "", "", "", 0.0005, 0.05, "", 900, "", "", "", "", "person",
     "噪声与平日不同", "It is louder or quieter than it usually is at this hour"),
    ("pm25.several", "together", "orange", "", "", "", "", 2, "", "", "", "pm25.high", "", "", "", "person",
     "同一处多个空气站同时超标", "Several air stations of one place are high at once"),
    ("river.rises", "rise", "orange", "water_level", "", "", "", 0.8, 0.4, "", 7200, "", "", "", "", "person",
     "河道水位上涨过快", "The river rises fast"),
    ("seen.stall", "seen", "yellow", "seen", "", "", "stall", 0.6, "", 300, 120, "", "", "", f"{EVENT}/0406", "person",
     "占道经营", "Trading on the road"),
    ("seen.rubbish", "seen", "yellow", "seen", "", "", "rubbish", 0.6, "", 600, 300, "", "", "", f"{EVENT}/0110", "person",
     "暴露垃圾", "Exposed rubbish"),
    ("seen.parked", "seen", "yellow", "seen", "", "", "parked_car", 0.6, "", 300, 120, "", "", "", f"{EVENT}/0499", "person",
     "机动车乱停放", "An illegally parked car"),
    ("seen.crowd", "count", "blue", "seen", "", "", "person", 20, 15, 120, 30, "", "", "", "", "person",
     "人群聚集", "A crowd"),
)  # fmt: skip

# the platform's own risks that the city has somebody look after, where its machines stand: code, area, measure, limit, for_s, colour, zh, en
RISKS_HEAD = "code,area,measure,limit,for_s,colour,class,lon,lat,says_zh,says_en"
RISKS = tuple(
    (*row[:6], f"{THING}/0199", "112.530000", "28.480000", *row[6:])
    for row in (
        ("platform.disk", "load", "disk_used_percent", 90, 300, "orange", "平台机房磁盘将满", "The disk of the platform is nearly full"),
        ("platform.parked", "failure", "parts_parked", 0, 600, "yellow", "平台有事实处理不了，等人决定",
         "Facts could not be handled by the platform and wait for somebody's decision"),
        ("platform.broker", "supplier", "broker_down", 0, 300, "orange", "设备消息服务断开", "The broker of the devices is out of reach"),
    )
)  # fmt: skip
