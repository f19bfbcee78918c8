"""What observes the fictional city Jichuan: kinds of devices, their streams, the class of a device that is ill."""

OURS = "component/0199"
# of data.CLASSES: the class of devices themselves
DEVICE_CLASS = (
    OURS, "公用设施", "Public utilities", "城市感知设备", "City sensing device",
    "传感器坏了|监测设备坏了|探头坏了|感知设备|sensor broken|monitoring device", "", 15, 168,
)  # fmt: skip
DEVICE_RULES = (
    (OURS, 1, "感知设备失联、数值异常、电量不足或校准过期", "A sensing device is silent, says what cannot be, is low or overdue",
     "设备恢复正常上报或已更换", "The device speaks rightly again or was replaced", 3, "work_day", "", "", "true", "", "true"),
)  # fmt: skip

# kind, zh, en, calibrate_days
KINDS = (
    ("manhole", "井下液位计", "Manhole level sensor", 365),
    ("noise_meter", "噪声监测仪", "Noise meter", 365),
    ("air_station", "微型空气站", "Small air station", 180),
    ("water_gauge", "河道水位计", "River gauge", 365),
    ("parking_sensor", "车位地磁", "Parking sensor", 0),
    ("bin_sensor", "垃圾桶满溢传感器", "Bin sensor", 0),
    ("lamp_control", "路灯控制器", "Lamp controller", 0),
    ("tilt_sensor", "倾斜监测仪", "Tilt sensor", 730),
    ("camera", "摄像机", "Camera", 0),
)

# kind, stream, property, every_s, silent_s, freeze_s, freeze_within, drift, radius, drift_s, least, most, low, open
STREAMS = (
    ("manhole", "level", "manhole_level", 600, 5400, 21600, 0.0005, "", "", "", 0, 8, "", ""),
    ("manhole", "battery", "battery", 3600, "", "", "", "", "", "", "", "", 15, ""),
    ("noise_meter", "laeq", "laeq", 300, 2700, 3600, 0.05, "", "", "", 20, 140, "", "true"),
    ("air_station", "pm25", "pm25", 600, 5400, 10800, 0.05, 80, 3000, 3600, 0, 1000, "", "true"),
    ("air_station", "pm10", "pm10", 600, "", "", "", "", "", "", 0, 2000, "", "true"),
    ("air_station", "temperature", "temperature", 600, "", "", "", "", "", "", -40, 60, "", "true"),
    ("air_station", "humidity", "humidity", 600, "", "", "", "", "", "", 0, 100, "", "true"),
    ("water_gauge", "level", "water_level", 600, 5400, 43200, 0.0005, "", "", "", 0, 20, "", "true"),
    ("parking_sensor", "occupied", "occupied", 1800, 21600, "", "", "", "", "", "", "", "", ""),
    ("parking_sensor", "battery", "battery", 3600, "", "", "", "", "", "", "", "", 15, ""),
    ("bin_sensor", "fill", "fill", 1800, 21600, "", "", "", "", "", 0, 100, "", ""),
    ("bin_sensor", "battery", "battery", 3600, "", "", "", "", "", "", "", "", 15, ""),
    ("lamp_control", "power", "lamp_power", 900, 7200, "", "", "", "", "", 0, 400, "", ""),
    ("tilt_sensor", "tilt", "tilt", 1800, 21600, "", "", "", "", "", 0, 90, "", ""),
    ("tilt_sensor", "battery", "battery", 3600, "", "", "", "", "", "", "", "", 15, ""),
)

# code, kind, colour, property, kind of device, limit, release, for_s, quiet from, until, class, who says it has gone, zh, en
SENSE_RULES = (
    ("manhole.high", "above", "orange", "manhole_level", "manhole", 1.8, 1.2, 600, "", "", "event/0503", "person",
     "井下液位过高，可能堵塞或外溢", "The level in a manhole is high: it may be blocked or run over"),
    ("noise.night", "above", "yellow", "laeq", "noise_meter", 70, 60, 600, "06:00", "22:00", "event/0128", "person",
     "夜间噪声超标", "Too loud at night"),
    ("pm25.high", "above", "yellow", "pm25", "air_station", 150, 100, 1200, "", "", "event/0120", "person",
     "PM2.5 局部升高，疑似露天焚烧", "PM2.5 is high here: something may be burning"),
    ("water.high", "above", "orange", "water_level", "water_gauge", 3.2, 2.8, 600, "", "", "event/0506", "person",
     "河道水位超警戒，临河道路可能积水", "The river is above its warning level: roads beside it may flood"),
    ("parking.long", "above", "blue", "occupied", "parking_sensor", 1, 0.5, 36000, "", "", "event/0499", "rule",
     "车辆长时间占用车位", "A car has stood there for very long"),
    ("bin.full", "above", "blue", "fill", "bin_sensor", 92, 50, 3600, "", "", "event/0110", "rule",
     "垃圾桶满溢", "A bin is full"),
    ("lamp.out", "below", "yellow", "lamp_power", "lamp_control", 5, 50, 1200, "06:00", "20:00", "component/0137", "person",
     "路灯夜间不亮", "A lamp is out at night"),
    ("tilt.moved", "above", "orange", "tilt", "tilt_sensor", 5, 3, 1800, "", "", "component/0306", "person",
     "立杆或广告牌倾斜", "A pole or a sign leans"),
)  # fmt: skip
