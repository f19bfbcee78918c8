"""Sixty replies that we wrote, good and bad, each with what a careful reader misses in it. No line is of a real city."""

from typing import NamedTuple


class Line(NamedTuple):
    """What was asked, what was replied, and the lacks that a reader names, divided by blanks. `kind`: consult, refused, or nothing."""

    asked: str
    reply: str
    lacks: str = ""
    kind: str = ""


COVER = "松涛路108号门口的井盖坏了，踩上去会翘起来，晚上很危险"
RUBBISH = "青云小区南门外垃圾桶满了好几天没人收，苍蝇很多"
FUMES = "楼下烧烤店每天晚上油烟很大，窗户都不敢开，找过几次没用"
NIGHT = "锦绣小区旁边工地半夜两点还在打桩，孩子没法睡觉"
LAMP = "北屏大道和松涛路路口的路灯坏了两盏，晚上黑漆漆的"
SHED = "三号楼顶楼住户在楼顶搭建彩钢房，声音很大还漏水"
BIKES = "地铁口共享单车堆满了人行道，盲道也被占了"
LEAK = "和平路中段自来水管爆了，水一直往外冒，路都淹了"
DOG = "请问养犬登记在哪里办，需要带什么材料"
PERMIT = "想问一下店门口做招牌需要办什么手续"
TREE = "门口的梧桐树枝伸到三楼窗户了，希望修剪一下"
PARK = "希望在我们小区门口划停车位，晚上没地方停"
NAMES = {  # of the class, as a pack has them
    COVER: ("污水井盖", "井盖丢了", "窨井盖"), RUBBISH: ("暴露生活垃圾",), FUMES: ("餐饮油烟扰民", "油烟味大"), NIGHT: ("施工扰民", "夜间打桩"),
    LAMP: ("路灯", "路灯不亮"), SHED: ("私搭乱建", "楼顶搭建"), BIKES: ("共享单车乱停放",), LEAK: ("供水管道破裂", "水管爆了"), DOG: (), PERMIT: ("违规牌匾标识", "招牌"),
    TREE: ("行道树", "树枝"), PARK: (),
}  # fmt: skip

LINES = (
    Line(
        COVER,
        "您好！您反映的松涛路108号井盖问题，市政养护中心3月2日上午到现场查看，当天已更换新井盖，踩压牢固。感谢您的监督。",
    ),
    Line(COVER, "您好，井盖问题已转相关部门处理，请耐心等待。", "who what when forwarded"),
    Line(COVER, "您好，您的来电已收悉。", "answer who what when forwarded"),
    Line(COVER, "您好！排水公司已于3月3日修复松涛路108号门前井盖，并拍照核查。"),
    Line(COVER, "井盖已经修好了，谢谢。", "who when"),
    Line(COVER, "市政养护中心昨天派人到松涛路现场查看了井盖。", "result"),
    Line(
        COVER,
        "您好！市政养护中心3月2日更换了松涛路108号井盖，现已平整。报修人王建国电话13874620519，可与其核实。",
        "private",
    ),
    Line(COVER, "您好！经核实，松涛路108号井盖不属于市政设施，不予立案。", "basis who when", "refused"),
    Line(
        COVER,
        "您好！市政养护中心3月2日到场核实，该井盖属小区内部设施，根据《城市道路管理条例》第二十三条由产权单位维护，不予立案，已告知物业。",
        "",
        "refused",
    ),
    Line(COVER, "关于公园厕所开放时间，园林局3月1日已调整到晚上十点，现已落实。", "answer"),
    Line(RUBBISH, "您好！环卫公司今天上午已清运青云小区南门外垃圾桶，并冲洗地面，今后每天收两次。"),
    Line(RUBBISH, "您好！我们高度重视垃圾桶问题，将加强管理，感谢您的支持。", "who what when result"),
    Line(RUBBISH, "青石街道3月4日组织保洁员清理了青云小区南门的垃圾，目前已清理完毕。"),
    Line(RUBBISH, "环卫公司已清理完毕青云小区南门外垃圾桶。", "when"),
    Line(RUBBISH, "3月4日已全部清运完毕，垃圾桶已冲洗。", "who"),
    Line(RUBBISH, "您反映的垃圾桶问题已转环卫公司。", "who what when forwarded"),
    Line(RUBBISH, "青石街道3月4日到青云小区查看，投放人是3栋2单元501室李秀兰，已劝导，垃圾已清理完毕。", "private"),
    Line(RUBBISH, "垃圾桶暂时无法增加。", "who what when why"),
    Line(RUBBISH, "青石街道3月4日现场查看，因南门外道路施工，垃圾桶暂时无法增加，施工预计3月20日结束后安排增设。"),
    Line(RUBBISH, "谢谢您的反映，祝您生活愉快！", "answer who what when result"),
    Line(FUMES, "您好！城管大队3月5日晚检查了楼下烧烤店，责令安装油烟净化设备，3月8日复查已安装，油烟符合标准。"),
    Line(FUMES, "城管大队3月5日晚到烧烤店检查，要求其整改。", "result"),
    Line(FUMES, "您好！您反映的烧烤店油烟问题，我局已收悉，正在处理中。", "what when forwarded"),
    Line(FUMES, "烧烤店有营业执照，不能取缔。", "who what when why"),
    Line(
        FUMES,
        "市场监管局3月6日核查，该烧烤店证照齐全，依据《大气污染防治法》第八十一条应安装净化设施，已责令3月10日前完成安装。",
    ),
    Line(
        FUMES, "城管大队3月5日检查了烧烤店，店主张德福，身份证430102198803124517，已处罚，油烟已整改到位。", "private"
    ),
    Line(FUMES, "您好，经查情况属实，已立案处罚。", "who when answer"),
    Line(FUMES, "关于您咨询的社保缴费，社保中心3月5日已核实，到账正常，可以查询。", "answer"),
    Line(
        NIGHT,
        "您好！城管大队3月2日凌晨到锦绣小区旁工地检查，工地没有夜间施工证明，已责令停止夜间打桩并处罚，当晚已停工。",
    ),
    Line(NIGHT, "工地有夜间施工许可，无法制止。", "who what when why"),
    Line(
        NIGHT,
        "城管大队3月2日核实，工地因混凝土连续浇筑办理了夜间施工证明，根据《噪声污染防治法》第四十三条可以施工，已要求3月4日起不再打桩，并向居民公告。",
    ),
    Line(NIGHT, "您反映的打桩问题已安排人员处理，请放心。", "who when result"),
    Line(NIGHT, "住建局3月2日约谈了工地负责人。", "result"),
    Line(NIGHT, "收到，我们会关注。", "answer who what when result"),
    Line(LAMP, "您好！路灯管理所3月3日更换了北屏大道路口两盏路灯的灯具，当晚已恢复照明。"),
    Line(LAMP, "路灯已修复。", "who when"),
    Line(LAMP, "路灯管理所已派人维修北屏大道路口路灯，预计本周内修好。"),
    Line(LAMP, "您好！您反映的路灯问题已转交路灯管理所办理。", "who what when forwarded"),
    Line(LAMP, "您好！路灯管理所3月3日检查，线路被盗，因需重新铺设电缆，计划于3月15日前恢复照明。"),
    Line(
        SHED,
        "您好！城管大队3月6日到三号楼现场核实，楼顶彩钢房未办规划许可，依据《城乡规划法》第六十四条责令3月13日前自行拆除，现已拆除。",
    ),
    Line(SHED, "经核实，楼顶彩钢房建于多年前，不予立案。", "who when basis", "refused"),
    Line(
        SHED,
        "城管大队3月6日核实，楼顶彩钢房已有临时建设许可，按照《城乡规划法》第四十四条在有效期内，不予立案；漏水已协调物业3月9日前维修。",
        "",
        "refused",
    ),
    Line(SHED, "城管大队3月6日已到三号楼查看，下一步将研究处理。", "result"),
    Line(BIKES, "您好！青石街道今天上午协调企业调运地铁口共享单车六十辆，盲道已恢复通行，并安排人员值守。"),
    Line(BIKES, "共享单车是企业的，请您向企业反映。", "who what when forwarded"),
    Line(BIKES, "城管中队3月2日8:30到地铁口，清理共享单车，人行道通行正常。"),
    Line(BIKES, "地铁口共享单车3月2日已摆正，盲道已让出。", "who"),
    Line(LEAK, "您好！自来水公司3月2日10:20赶到和平路，关阀抢修，当天下午4点恢复供水，路面积水已排净。"),
    Line(LEAK, "和平路自来水管正在抢修。", "who when result"),
    Line(LEAK, "自来水公司已修好和平路水管，水已退。", "when"),
    Line(
        LEAK,
        "Hello! The water company mended the main in 和平路 on 2 March; the water is on again and the road is clear.",
    ),
    Line(DOG, "您好！养犬登记到街道便民中心办理，带身份证和犬只免疫证明，工作日9点到17点。", "", "consult"),
    Line(DOG, "您好，请咨询有关部门。", "answer who what when forwarded", "consult"),
    Line(
        PERMIT,
        "您好！店招设置需到政务大厅城管窗口申请，带营业执照和效果图，依据户外招牌管理规定，5个工作日内答复。",
        "",
        "consult",
    ),
    Line(PERMIT, "您好，您的问题已转城管局。", "answer who what when forwarded", "consult"),
    Line(TREE, "您好！园林中心3月9日修剪了门口梧桐树伸到窗户的枝条，枝叶已清运。"),
    Line(TREE, "梧桐树不能修剪。", "who what when why"),
    Line(
        TREE, "园林中心3月9日查看，梧桐树正值萌芽期不宜重剪，因此计划于11月统一修剪，先剪去伸到三楼窗户的枝条，已完成。"
    ),
    Line(
        PARK,
        "您好！交警大队3月10日现场查看，小区门口道路宽度不足，根据《城市道路管理条例》不符合施划停车位条件，已协调附近停车场夜间开放，可以停放。",
    ),
    Line(PARK, "您的建议很好，我们会认真考虑。", "answer who what when result"),
)
