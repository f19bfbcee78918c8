"""What the demo city calls what its cameras see, and the menus of its lines of text."""

SCHEME = "gbt30428_2_2013"
RUBBISH, STALL, CAR, BICYCLES, PILE = (f"{SCHEME}/event/{code}" for code in ("0110", "0406", "0499", "0410", "0136"))

WORDS = {
    "parked_car": ("机动车乱停放", "Illegally parked car", CAR),
    "rubbish": ("暴露垃圾", "Exposed rubbish", RUBBISH),
    "stall": ("占道经营", "Trading on the road", STALL),
    "parked_bicycles": ("非机动车乱停放", "Badly parked bicycles", BICYCLES),
    "piled_up": ("乱堆物堆料", "Materials piled in public", PILE),
    "vehicle": ("车辆", "Vehicle", ""),
    "person": ("人员", "Person", ""),
    "line_crossed": ("越界", "Line crossed", ""),
    "intrusion": ("区域入侵", "Intrusion", ""),
    "left_behind": ("静止物", "Something that stays", ""),
    "occupied": ("占用", "Occupied", ""),
    "picture_lost": ("视频丢失", "Picture lost", ""),
}
LABELS = (
    ("frigate", "car.stationary", "parked_car"), ("frigate", "car", "vehicle"), ("frigate", "truck.stationary", "parked_car"),
    ("frigate", "truck", "vehicle"), ("frigate", "person", "person"), ("frigate", "bicycle.stationary", "parked_bicycles"),
    ("frigate", "waste_bin", "rubbish"),
    ("isapi", "fielddetection.vehicle", "vehicle"), ("isapi", "fielddetection.human", "person"), ("isapi", "fielddetection", "intrusion"),
    ("isapi", "linedetection", "line_crossed"), ("isapi", "parking", "parked_car"), ("isapi", "unattendedBaggage", "left_behind"),
    ("isapi", "AIOP.rubbish", "rubbish"), ("isapi", "AIOP.stall", "stall"), ("isapi", "videoloss", "picture_lost"),
    ("onvif", "RuleEngine.FieldDetector.ObjectsInside.Vehicle", "vehicle"), ("onvif", "RuleEngine.FieldDetector.ObjectsInside", "intrusion"),
    ("gb28181", "5.5", "line_crossed"), ("gb28181", "5.6", "intrusion"), ("gb28181", "5.3", "left_behind"), ("gb28181", "2.1", "picture_lost"),
    ("deepstream", "vehicle.parked", "parked_car"), ("deepstream", "vehicle", "vehicle"), ("deepstream", "person", "person"),
    ("own", "stays", "left_behind"), ("own", "occupied", "occupied"), ("own", "car.stationary", "parked_car"),
    ("own", "car", "vehicle"), ("own", "rubbish", "rubbish"), ("own", "stall", "stall"),
)  # fmt: skip
DETECTIONS = [(source, label, word, *WORDS[word]) for source, label, word in LABELS]

MENUS = [
    ("start", "title", "城市热线", "City line", "", "", ""),
    ("start", "1", "1 报告问题", "1 Report a problem", "what", "", ""),
    ("start", "2", "2 查询进展", "2 What became of it", "code", "", ""),
    ("start", "3", "3 不再接收短信", "3 No more messages", "stop", "", ""),
    ("what", "title", "什么问题", "What is wrong?", "", "", ""),
    ("what", "1", "1 垃圾", "1 Rubbish", "where", RUBBISH, ""),
    ("what", "2", "2 占道摆摊", "2 Stall in the way", "where", STALL, ""),
    ("what", "3", "3 乱停车", "3 Car in the way", "where", CAR, ""),
    ("what", "4", "4 其他", "4 Something else", "words", "", ""),
    ("what", "0", "0 返回", "0 Back", "start", "", ""),
    ("words", "title", "请写明问题", "Say what is wrong", "", "", ""),
    ("words", "text", "问题", "what is wrong", "where", "", "words"),
    ("where", "title", "在哪里：路名、门牌或小区", "Where: street and number, or estate", "", "", ""),
    ("where", "text", "地点", "the place", "report", "", "place"),
    ("code", "title", "请输入查询码", "Your code", "", "", ""),
    ("code", "text", "查询码", "the code", "follow", "", "code"),
    ("sms", "menu", "菜单", "MENU", "", "", ""),
    ("sms", "follow", "查询", "FOLLOW", "", "", ""),
    ("sms", "stop", "退订", "STOP", "", "", ""),
    ("sms", "start", "订阅", "START", "", "", ""),
    ("sms", "help", "帮助", "HELP", "", "", ""),
]
