"""Names for the identifiers that travel between rooms. All are text; ids of ours are UUIDv7."""

from typing import Annotated, NewType

from msgspec import Meta

CityId = NewType("CityId", str)
ReportId = NewType("ReportId", str)
CaseId = NewType("CaseId", str)
TaskId = NewType("TaskId", str)
AccountId = NewType("AccountId", str)
OrderId = NewType("OrderId", str)  # of a work order: follows from its source and number
PostId = NewType("PostId", str)
UnitId = NewType("UnitId", str)
AreaCode = NewType("AreaCode", str)  # 6 district, 9 street, 12 community
CellCode = NewType("CellCode", str)  # 15 digits: 6 + 3 + 3 + 3
ComponentCode = NewType("ComponentCode", str)  # 16 digits: 6 + 2 + 2 + 6
ClassKey = NewType("ClassKey", str)  # scheme/kind/code, e.g. gbt30428_2_2013/event/0102
RuleCode = NewType("RuleCode", str)
VaultId = NewType("VaultId", str)
FileDigest = NewType("FileDigest", str)  # sha256, hex
ApprovalId = NewType("ApprovalId", str)
HoldId = NewType("HoldId", str)
ShiftId = NewType("ShiftId", str)
ChangeId = NewType("ChangeId", str)  # of the register of components
ThingId = NewType("ThingId", str)  # of a device
StreamId = NewType("StreamId", str)  # of a series of observations
AlarmId = NewType("AlarmId", str)  # follows from rule, stream and the moment it began
Seq = Annotated[int, Meta(ge=1, le=2**63 - 1)]  # place of a fact in the journal, as both engines can hold it
