"""What the fictional city Jichuan is made of: names, units, duties. No part of it is a real place."""

from scripts.demo_devices_data import DEVICE_CLASS, DEVICE_RULES

CITY = ("霁川市", "Jichuan")  # no city of this name exists
PREFIX = "9901"  # no province has the number 99
DOCUMENT = "霁川市部件事件权责清单（虚构，演示用） / duty list of a fictional city"
CATALOGUE = "霁川市扩展目录（虚构，演示用） / local extension of a fictional city"
DATE = "2026-01-01"

DISTRICTS = (("东岚区", "Donglan"), ("澄湖区", "Chenghu"), ("望屏区", "Wangping"))
STREETS = (
    ("青石街道", "Qingshi"),
    ("柳堤街道", "Liudi"),
    ("听松街道", "Tingsong"),
    ("云锦街道", "Yunjin"),
    ("白鹭街道", "Bailu"),
    ("荷塘街道", "Hetang"),
    ("北渡街道", "Beidu"),
    ("石榴街道", "Shiliu"),
    ("南圃街道", "Nanpu"),
)
COMMUNITIES = (
    "桂花 Guihua", "书院 Shuyuan", "古井 Gujing", "画桥 Huaqiao", "竹影 Zhuying", "杏林 Xinglin",
    "晨光 Chenguang", "槐荫 Huaiyin", "枫林 Fenglin", "钟楼 Zhonglou", "茶园 Chayuan", "枕溪 Zhenxi",
    "织锦 Zhijin", "月台 Yuetai", "梅坞 Meiwu", "琴台 Qintai", "芦苇 Luwei", "渔港 Yugang",
    "灯塔 Dengta", "沙洲 Shazhou", "莲心 Lianxin", "藕香 Ouxiang", "蛙声 Washeng", "水榭 Shuixie",
    "渡口 Dukou", "船坞 Chuanwu", "长亭 Changting", "驿前 Yiqian", "红墙 Hongqiang", "榴园 Liuyuan",
    "瓦窑 Wayao", "磨坊 Mofang", "菜畦 Caiqi", "花圃 Huapu", "果园 Guoyuan", "暖房 Nuanfang",
)  # fmt: skip

# id, kind, name_zh, name_en: units of the whole city
CITY_UNITS = (
    ("supervision-centre", "supervision", "城市管理监督中心", "Supervision Centre"),
    ("command-centre", "command", "城市管理指挥中心", "Command Centre"),
    ("municipal-works", "municipal", "市政设施管理处", "Municipal Works Office"),
    ("greening", "greening", "园林绿化中心", "Parks and Greenery Centre"),
    ("lighting", "lighting", "城市照明中心", "City Lighting Centre"),
    ("water", "water", "供排水公司", "Water and Drainage Company"),
    ("energy", "energy", "燃气热力公司", "Gas and Heating Company"),
    ("power", "power", "供电公司", "Power Company"),
    ("telecom", "telecom", "通信管线公司", "Telecom Lines Company"),
    ("traffic-police", "traffic_police", "交通警察支队", "Traffic Police"),
    ("housing", "housing", "住房和城乡建设局", "Housing and Construction Bureau"),
    ("environment", "environment", "生态环境局", "Environment Bureau"),
    ("civil-affairs", "civil_affairs", "民政局救助站", "Civil Affairs Aid Station"),
    ("sanitation-reserve", "sanitation_reserve", "洁城环卫应急队", "Sanitation Reserve (contractor)"),
)
DISTRICT_UNITS = (
    ("enforcement", "enforcement", "综合执法大队", "Enforcement Brigade"),
    ("sanitation", "sanitation", "环卫作业公司", "Sanitation Contractor"),
)

# class, weight, kind of owner, kind of maintainer
COMPONENTS = (
    ("0402", 560, "greening", "greening"),
    ("0137", 480, "lighting", "lighting"),
    ("0103", 270, "water", "water"),
    ("0102", 260, "water", "water"),
    ("0104", 250, "water", "water"),
    ("0305", 240, "street", "sanitation"),
    ("0101", 120, "water", "water"),
    ("0106", 70, "lighting", "lighting"),
    ("0111", 70, "energy", "energy"),
    ("0127", 70, "telecom", "telecom"),
    ("0131", 60, "telecom", "telecom"),
    ("0128", 60, "power", "power"),
    ("0150", 60, "traffic_police", "traffic_police"),
    ("0212", 60, "municipal", "municipal"),
    ("0217", 60, "traffic_police", "municipal"),
    ("0204", 50, "municipal", "municipal"),
    ("0407", 50, "greening", "greening"),
    ("0405", 40, "greening", "greening"),
    ("0146", 40, "street", "street"),
    ("0225", 30, "street", "street"),
    ("0154", 30, "power", "power"),
    ("0308", 25, "street", "street"),
    ("0301", 20, "sanitation", "sanitation"),
    ("0507", 20, "water", "water"),
    ("0408", 15, "greening", "greening"),
    ("0401", 5, "greening", "greening"),
    ("0304", 5, "sanitation", "sanitation"),
)
STATES = (("intact", 0.965), ("damaged", 0.02), ("lost", 0.005), ("abandoned", 0.01))

# rules of the layer below whose extension codes mean something else here
NOT_OURS = {"event/0199": (1, 2), "event/0496": (1,), "event/0498": (1,)}

# extension classes count down from 99: key, major zh/en, name zh/en, synonyms, private, radius, hours
CLASSES = (
    ("event/0199", "市容环境", "City appearance and environment", "餐饮油烟扰民", "Cooking fumes disturbing residents",
     "油烟味大|饭店油烟|烟道冒烟|呛人|cooking smoke|restaurant fumes", "", 50, 48),
    ("event/0498", "街面秩序", "Street order", "流浪乞讨人员救助", "Aid for vagrants and beggars",
     "乞丐|流浪汉|要饭|讨钱|露宿街头|有人睡在桥下|homeless person|begging", "true", 80, 12),
    ("event/0499", "街面秩序", "Street order", "机动车乱停放", "Illegally parked car",
     "乱停车|违停|车停人行道|占道停车|堵住门口的车|车停绿化带|illegal parking|car on pavement", "", 40, 6),
    DEVICE_CLASS,
)  # fmt: skip
# class, no, file zh/en, close zh/en, value, unit, urgency, words, default, verify, auto
RULES = (
    ("event/0199", 1, "餐饮单位油烟直排或净化不力，周边居民受扰", "A kitchen lets out fumes uncleaned and disturbs neighbours",
     "净化设施正常运行，居民无异议", "The cleaning works and neighbours agree", 2, "work_day", "", "", "true", "true", ""),
    ("event/0498", 1, "街面有流浪、乞讨人员需要救助", "A vagrant or beggar in the street needs aid",
     "已告知并提供救助，或本人谢绝", "Aid was offered and taken or declined", 4, "urgent_hour", 1, "", "true", "", ""),
    ("event/0499", 1, "机动车停在人行道、绿地或禁停处", "A car stands on a pavement, green or no-parking place",
     "车辆移走或已依法处理", "The car is gone or was dealt with by law", 2, "work_hour", "", "", "true", "", "true"),
    ("event/0499", 2, "机动车堵住消防通道或出入口", "A car blocks a fire lane or an entrance",
     "通道恢复畅通", "The way is free again", 1, "urgent_hour", 2, "消防通道|堵门|出不去|救护车|fire lane|blocked entrance", "", "", "true"),
    *DEVICE_RULES,
)  # fmt: skip
# class, no of the rule, stage, code, zh, en, value, unit; the last one's limit is the rule's
STAGES = (
    ("event/0101", 1, 1, "stop_work", "责令停工", "Stop the work", 2, "urgent_hour"),
    ("event/0101", 1, 2, "penalty", "立案处罚", "Impose the penalty", 1, "urgent_day"),
    ("event/0101", 1, 3, "take_down", "拆除复原", "Take it down", 2, "urgent_day"),
)

# The duty table, a row a line: what it is | class or major (E event, C component) | level | hour | workday | load
# | unit kind @ level | assist | limit. The first row that matches answers; later ones are the next best.
DUTIES = """
sent down to the street: trifles | E0110 E0112 E0117 E0118 E0135 E0137 E0201 E0202 E0207 E0410 | "street" |  |  |  | street@street |  |
sent down to the street: street order by day | E04 | "street" | [7..18] |  |  | street@street | enforcement |
missing cover in the dark: guarded by police | C0101 C0102 C0103 C0104 C0118 C0126 |  | < 6 or >= 20 |  |  | water@city | traffic_police |
burst water main | E0501 |  |  |  |  | water@city | municipal traffic_police |
gas leak | E0502 |  |  |  |  | energy@city | traffic_police street |
sewer blocked at night: not before morning is too late | E0503 |  | < 6 or >= 22 |  |  | water@city | street | 3 urgent_hour
sewer blocked | E0503 |  |  |  |  | water@city | municipal |
heating pipe | E0504 |  |  |  |  | energy@city | municipal |
road collapse | E0505 |  |  |  |  | municipal@city | water traffic_police |
flooded road | E0506 |  |  |  |  | water@city | municipal traffic_police |
snow and ice | E0507 |  |  |  |  | sanitation@district | municipal street |
fallen line | E0508 |  |  |  |  | power@city | telecom |
rubbish, more than the contractor can carry | E0110 E0112 E0114 |  |  |  | > 40 | sanitation_reserve@city | sanitation |
rubbish, road cleaning, spills | E0110 E0112 E0114 E0137 |  |  |  |  | sanitation@district |  |
accumulated spoil | E0111 |  |  |  |  | sanitation@district | enforcement |
water surface | E0125 |  |  |  |  | sanitation@district | water |
tree felling | E0122 |  |  |  |  | enforcement@district | greening |
greenery | E0117 E0118 E0119 E0121 |  |  |  |  | greening@city |  |
road surface | E0113 |  |  |  |  | municipal@city |  |
illegal building | E0101 |  |  |  |  | enforcement@district | street housing |
shop fronts, ramps, facades, balconies | E0102 E0103 E0104 E0105 E0106 E0107 |  |  |  |  | street@street | enforcement |
private cables | E0108 |  |  |  |  | power@city | enforcement |
burning | E0120 |  |  |  |  | enforcement@district | environment |
river pollution, dumps, medical waste | E0126 E0132 E0133 |  |  |  |  | environment@city | sanitation |
noise and barbecues at night | E0128 E0129 |  | < 7 or >= 19 |  |  | enforcement@district | street |
noise and barbecues | E0128 E0129 |  |  |  |  | street@street | enforcement |
waste water, kitchen waste | E0130 E0131 |  |  |  |  | enforcement@district | water |
things left about | E0135 E0136 |  |  |  |  | street@street | sanitation |
poultry and livestock | E0138 |  |  |  |  | street@street |  |
cooking fumes | E0199 |  |  |  |  | enforcement@district | environment |
small advertisements | E0201 |  |  |  |  | street@street | sanitation |
other advertising | E02 |  |  |  |  | enforcement@district | street |
road dug up | E0303 |  |  |  |  | municipal@city | enforcement |
spoil trucks | E0311 E0312 |  |  |  |  | enforcement@district | traffic_police |
building sites in office hours | E03 |  | [8..17] | true |  | housing@city | enforcement |
building sites at other times | E03 |  |  |  |  | enforcement@district | housing |
vagrants and beggars | E0498 |  |  |  |  | civil_affairs@city | street |
cars | E0499 |  |  |  |  | traffic_police@city | enforcement |
bicycles | E0410 |  |  |  |  | street@street |  |
street order at night | E04 |  | < 7 or >= 19 |  |  | enforcement@district | street |
street order by day, street overrun | E04 |  |  |  | > 60 | enforcement@district | street |
street order by day | E04 |  |  |  |  | street@street | enforcement |
frontage, slaughtering | E06 |  |  |  |  | street@street | enforcement |
covers of water, sewer, storm drain | C0101 C0102 C0103 C0104 C0125 |  |  |  |  | water@city |  |
lighting | C0106 C0137 C0138 C0139 |  |  |  |  | lighting@city |  |
gas and heating | C0110 C0111 C0149 C0157 |  |  |  |  | energy@city |  |
greenery's covers | C0114 |  |  |  |  | greening@city |  |
septic tanks | C0118 C0303 |  |  |  |  | sanitation@district | water |
covers without owner, slabs | C0123 C0126 |  |  |  |  | municipal@city | water |
telecom | C0127 C0131 |  |  |  |  | telecom@city |  |
power | C0128 C0129 C0130 C0154 |  |  |  |  | power@city |  |
sensing devices | C0199 |  |  |  |  | municipal@city | telecom |
cameras, barriers | C0150 C0217 |  |  |  |  | traffic_police@city | municipal |
kiosks, fitness, notice boards, bicycle places | C0140 C0145 C0146 C0151 C0152 C0225 C0308 |  |  |  |  | street@street |  |
car parks | C0201 |  |  |  |  | enforcement@district | traffic_police |
waterside | C0230 C0506 C0507 C0508 |  |  |  |  | water@city |  |
roads and bridges | C02 |  |  |  |  | municipal@city |  |
advertisements and shop signs | C0306 C0307 |  |  |  |  | enforcement@district | street |
toilets, bins, transfer stations | C03 |  |  |  |  | sanitation@district |  |
parks and greenery | C04 |  |  |  |  | greening@city |  |
fuel and gas stations | C0503 C0504 |  |  |  |  | energy@city | environment |
unapproved houses, driveways | E0197 E0198 |  |  |  |  | enforcement@district | street housing |
parking locks, light, dogs, creepers | E0184 E0187 E0190 E0196 |  |  |  |  | street@street | enforcement |
sweepers, sorting, overflowing bins | E0192 E0193 E0195 |  |  |  |  | sanitation@district | street |
green occupied, park paths | E0179 E0191 |  |  |  |  | greening@city | enforcement |
river bounds | E0181 E0182 |  |  |  |  | water@city | enforcement |
cracked walls, falling objects | E0183 E0596 |  |  |  |  | housing@city | street |
sagging cables | E0180 |  |  |  |  | telecom@city | power |
other emergencies | E0595 |  |  |  |  | municipal@city | street |
heating pipes | C0192 |  |  |  |  | energy@city |  |
water pressure cabinets | C0193 |  |  |  |  | water@city |  |
lights of festivals and buildings | C0178 C0179 |  |  |  |  | lighting@city |  |
care stations, awnings | C0180 C0199 |  |  |  |  | street@street | enforcement |
tunnels, slopes, steps, ramps, other signs | C0181 C0186 C0188 C0190 C0598 |  |  |  |  | municipal@city |  |
""".strip()

# systems of others that take cases
SYSTEMS = [
    ("county-water", "utility", "霁川市水务调度系统（虚构）", "Regional water dispatch (fictional)", CATALOGUE, "systems", DATE),
    ("province-12345", "hotline", "省级政务热线平台（虚构）", "Provincial hotline (fictional)", CATALOGUE, "systems", DATE),
]

ROSTER = (  # hours of those who work in the field
    ("collector", "daily", "07:30", "18:30"),
    ("grid_worker", "workday", "08:00", "18:00"),
    ("handler", "workday", "08:00", "18:00"),
    ("collector-990101001001-3", "daily", "18:30", "07:30"),  # one in each district works nights
    ("collector-990102001001-3", "daily", "18:30", "07:30"),
    ("collector-990103001001-3", "daily", "18:30", "07:30"),
)
