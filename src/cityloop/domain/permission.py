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
    pack_adopt = "pack.adopt"
    account_manage = "account.manage"
    operate = "operate"  # parked facts, erasure, health
    audit_read = "audit.read"
    case_approve_work = "case.approve_work"  # 审批: return, extension, suspension, deferral
    case_approve_file = "case.approve_file"  # 审批: void


# 监督与指挥分离: no role may hold permissions of both lists (pack check and house test)
SUPERVISION = frozenset(
    {Permission.case_accept, Permission.case_verify, Permission.case_file, Permission.case_inspect, Permission.case_close,
     Permission.case_approve_file}
)  # fmt: skip
COMMAND = frozenset({Permission.case_dispatch, Permission.case_handle, Permission.case_approve_work})
