"""What is private in a text, and by which word it is replaced."""

from enum import StrEnum

from msgspec import Struct


class PrivateKind(StrEnum):
    """What makes a person known, or known again."""

    name = "name"  # 姓名
    phone = "phone"  # 手机, 座机
    id_number = "id_number"  # 身份证
    bank_card = "bank_card"  # 银行卡
    plate = "plate"  # 车牌
    email = "email"  # 邮箱
    account = "account"  # 微信号, QQ
    address = "address"  # 门牌: building, unit and room, or the household's number; roads and estates are public


class Private(Struct, frozen=True):
    """Something private in a text.

    Units: `start` and `end` in characters of the text as it was given; `sure_ppm` how likely it is what it looks like.
    """

    kind: PrivateKind
    start: int
    end: int
    sure_ppm: int


STANDS_FOR = {
    PrivateKind.phone: "【电话】", PrivateKind.id_number: "【证件号】", PrivateKind.bank_card: "【卡号】", PrivateKind.plate: "【车牌】",
    PrivateKind.email: "【邮箱】", PrivateKind.account: "【账号】", PrivateKind.address: "【门牌】",
}  # fmt: skip
REST_OF_NAME = "**"  # 张**: who knows the person knows whom it means
FOR_ALL = frozenset(PrivateKind)
FOR_WORK = FOR_ALL - {PrivateKind.address, PrivateKind.plate}  # who mends a pipe must find the door, and the parked car
