"""What a caller may be allowed to do. Roles, which bundle these, are data in the pack."""

from enum import StrEnum


class Permission(StrEnum):
    """One word per deed: room, then verb."""

    case_read = "case.read"  # within the post's area and unit
    report_read = "report.read"  # the words and photos of a report
    person_reveal = "person.reveal"  # a resident's contact, with a reason
    case_accept = "case.accept"  # 受理: acceptor
    case_verify = "case.verify"  # 核实: collector
    case_file = "case.file"  # 立案: duty leader
    case_dispatch = "case.dispatch"  # 派遣: dispatcher
    case_handle = "case.handle"  # 处置: handler of a unit
    case_inspect = "case.inspect"  # 核查: collector
    case_close = "case.close"  # 结案: duty leader
    figures_read = "figures.read"
    facts_read = "facts.read"  # the live stream and the story, as far as its cases may be read
    score_enter = "score.enter"  # 加减分: points beside the lines of a score
    budget_propose = "budget.propose"  # 以效定资: puts what the rules propose before people
    budget_decide = "budget.decide"  # takes it, or not
    pack_adopt = "pack.adopt"
    pack_read = "pack.read"  # what the city's pack says, its versions, and what past decisions would have been
    pack_propose = "pack.propose"  # drafts a change, tries it and puts it up
    pack_approve = "pack.approve"  # lets a change of another come into force
    account_open = "account.open"  # 系统管理员: opens and closes accounts, and gives them no right
    account_manage = "account.manage"  # 安全管理员: posts, keys, passwords, links; opens no account
    operate = "operate"  # parked facts, erasure, health
    audit_read = "audit.read"
    metrics_read = "metrics.read"  # the numbers of the platform itself, for a machine that watches it
    case_approve_work = "case.approve_work"  # 审批: return, extension, suspension, deferral
    case_approve_file = "case.approve_file"  # 审批: void
    report_behalf = "report.behalf"  # to report for somebody who called or came: counter, hotline
    report_send = "report.send"  # another system's reports: device, camera, partner
    order_send = "order.send"  # the hotline's system: orders, and what it says of them
    order_read = "order.read"
    order_answer = "order.answer"  # 坐席: signs, returns, contacts, replies in the city's name
    webhook_subscribe = "webhook.subscribe"  # facts are sent to an address of one's own, as far as one may read them
    case_urge = "case.urge"  # 催办: dispatcher, duty leader, leader
    case_supervise = "case.supervise"  # 督办: duty leader, leader, assessor
    case_instruct = "case.instruct"  # 批示, 领导交办: leader
    case_whistle = "case.whistle"  # 吹哨: a street's post; also ends it and rates who came
    case_report_in = "case.report_in"  # 报到: a post of a unit that was whistled
    case_assist = "case.assist"  # 协办: a post of a unit that helps
    case_self_handle = "case.self_handle"  # 自行处置: a collector who clears a trifle on the spot
    case_appeal = "case.appeal"  # 申诉: the unit against what was counted against it
    case_judge = "case.judge"  # decides an appeal; never who inspected
    case_call_back = "case.call_back"  # 回访: asks reporters what they say to the result, and writes it down
    knowledge_read = "knowledge.read"  # the staff: also raises the flag "outdated"
    knowledge_write = "knowledge.write"  # drafts entries and revisions
    knowledge_approve = "knowledge.approve"  # publishes what another wrote; retires
    learning_read = "learning.read"  # candidates, lessons and figures behind the register of algorithms
    learning_manage = "learning.manage"  # has models made, puts them in force, takes them back, pauses what decides

    duty_sign = "duty.sign"  # 打卡: who works in the field
    duty_watch = "duty.watch"  # where those are who are on duty now, and nobody else
    duty_roster = "duty.roster"  # 排班
    census_propose = "census.propose"  # 普查: to say that the register of components is wrong
    census_approve = "census.approve"  # to change it

    device_read = "device.read"  # devices, their streams and what they say
    observe_send = "observe.send"  # another system's observations, by its key
    alarm_judge = "alarm.judge"  # says whether an alarm was true, and plans maintenance
    score_publish = "score.publish"  # 公示: freezes scores, settles them after the public notice
    gaming_judge = "gaming.judge"  # sees which numbers look made, and says what it was: the assessor only

    device_manage = "device.manage"  # registers devices, changes them, moves them through their lives

    survey_manage = "survey.manage"  # 评价任务: opens tasks, reviews what was gathered, publishes
    survey_fill = "survey.fill"  # 平台上报: fills in the tables of one's own unit or area
    survey_visit = "survey.visit"  # 实地考察: looks at the points that were drawn


# 三权分立: nobody, by one role or by several posts, holds permissions of two of these (pack check, law in the service)
SYSTEM = frozenset({Permission.operate, Permission.account_open, Permission.pack_adopt})
SECURITY = frozenset({Permission.account_manage})
AUDIT = frozenset({Permission.audit_read})
ADMINISTRATORS = (SYSTEM, SECURITY, AUDIT)
# what a screen may hold before which nobody sits: numbers, devices, cases; nobody's words (pack check)
SHOWN = frozenset({Permission.case_read, Permission.figures_read, Permission.device_read})
# 监督与指挥分离: no role may hold permissions of both lists (pack check and house test)
SUPERVISION = frozenset(
    {Permission.case_accept, Permission.case_verify, Permission.case_file, Permission.case_inspect, Permission.case_close,
     Permission.case_approve_file, Permission.case_judge, Permission.case_call_back, Permission.gaming_judge,
     Permission.score_publish, Permission.survey_manage, Permission.survey_visit}
)  # fmt: skip
COMMAND = frozenset({Permission.case_dispatch, Permission.case_handle, Permission.case_approve_work})
BESIDE = frozenset(
    {Permission.case_urge, Permission.case_supervise, Permission.case_instruct, Permission.case_whistle,
     Permission.case_report_in, Permission.case_assist, Permission.case_self_handle, Permission.case_appeal,
     Permission.duty_sign, Permission.duty_watch, Permission.duty_roster, Permission.census_propose,
     Permission.census_approve, Permission.survey_fill}
)  # fmt: skip  # belong to neither centre: words of leaders, streets and units on a case that others move
