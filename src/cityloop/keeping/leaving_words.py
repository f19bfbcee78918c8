"""What a city that leaves is told on paper: what lies where, what stays behind and why."""

from cityloop.db import TABLES, Kind
from cityloop.db.tables import Table

SECRETS = {
    "credential": "hashes of passwords: where the city goes, people get new ones",
    "second_factor": "secrets of people's second steps: where the city goes, they set up new ones",
    "recovery_code": "digests of codes for a lost second step",
    "password_past": "hashes of former passwords",
    "known_device": "digests by which a browser is known here",
    "key_digest": "digests of partners' keys: where the city goes, they get new ones",
    "vault_key": "keys by which digests of numbers, words and photos are made here",
    "vault_mark": "digests of numbers, words and photos, made with such a key; they themselves are in vault",
    "webhook_way": "addresses that may hold a secret of those who subscribed",
    "pack_version": "its bytes are unfolded in packs/",
}
KINDS = {
    Kind.machinery: "machinery: what was under way here (cursors, timers, sessions); it means nothing elsewhere",
    Kind.index: "index: made again from the other tables",
}
SAID = {
    Kind.derived: "follows from the facts: replaying the journal gives the same rows",
    Kind.vault: "personal data: words, contacts, notes; handle it as the law says",
    Kind.log: "written once, never changed",
}


def why_left(table: Table) -> str:
    """Why a table stays behind; empty where it leaves with the city."""
    return SECRETS.get(table.name) or KINDS.get(table.kind, "")


def columns_said() -> str:
    """The kinds of tables that leave, a line each."""
    return "\n".join(f"- `tables/{kind.value}`: {said}" for kind, said in SAID.items())


def left_said() -> str:
    """Every table that stays behind, with the reason."""
    return "\n".join(f"- `{name}`: {why}" for name, table in sorted(TABLES.items()) if (why := why_left(table)))


README = """# {city}

**中文**。本文件夹是该城市的全部数据，采用开放格式，导出时间 {at}。不需要 Cityloop 即可读取和核验：`python3 verify_all.py`（Python 3.9 以上，无需
其他软件）逐一核对文件摘要、重算全部事实的默克尔树根，并核验检查点签名。含个人信息，请依法保管。

**English.** All that this city has, in open formats, as of {at}. It is read and verified without Cityloop: `python3 verify_all.py` (Python
3.9 or later, nothing else) checks the digest of every file, computes the Merkle roots over all facts anew, and checks the signatures of
the checkpoints. It holds personal data: keep it as the law says.

| 位置 where | 内容 what |
|---|---|
| `tables/` | 每张表：Parquet（精确）与 CSV each table, exact as Parquet, and as CSV |
| `dictionary.csv` | 数据字典 every table and column, with its type; those left out with the reason |
| `journal/` | 全部事实的原始字节、盐值与签名检查点 every fact's exact bytes, its salt, and every signed checkpoint |
| `photos/` | 原始照片（已解密），文件名为 vault 编号 photos as they were sent, opened, by their vault id |
| `files/` | 供查看的照片 photos as they are shown, and sealed ones, by their digest |
| `packs/` | 各版本区域包 every version of the city's pack |
| `geometry/` | GeoJSON（WGS 84 / CGCS2000） |
| `telemetry/` | 观测数据（Parquet） observations |
| `bulletins/`, `models/` | 通报与模型 bulletins and learned models |
| `SHA256SUMS` | 文件摘要 digests; also `sha256sum -c SHA256SUMS` |

{kinds}

In CSV, a cell that a spreadsheet would run as a formula begins with an apostrophe, and bytes that are no text begin with `hex:`;
Parquet holds them as they are. The keys of sealed photos are left out, as the photos are here, opened. Moments are in UTC.

## 未导出 what stays behind

{left}
- signing keys: whoever goes on begins a log of their own; `journal/logs.json` holds the keys that verify the old one
- the archive (`wide`): follows from the journal
"""
