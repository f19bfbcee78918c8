"""The demo city with eight rules for each stream of the benchmark: a layer of its own, in a folder of the run."""

from pathlib import Path

HEAD = (
    "code,kind,colour,property,device_kind,thing_key,zone,label,limit,release,for_s,window_s,radius_m,of,quiet_from,quiet_until,"
    "class,is_health,ends,says_zh,says_en,source_document,source_clause,source_date"
)
CLASS = "gbt30428_2_2013/component/0199"
RULES = (
    ("loud", "above", "red", 120, 100, 0, 0, CLASS),
    ("loud.long", "above", "orange", 110, 95, 30, 0, ""),
    ("low", "below", "yellow", 5, 10, 10, 0, ""),
    ("rise", "rise", "yellow", 80, "", 0, 10, ""),
    ("fall", "fall", "yellow", 80, "", 0, 10, ""),
    ("frozen", "frozen", "blue", "", 0.01, 0, 86_400, ""),
    ("missing", "missing", "blue", "", "", 0, 864_000, ""),
    ("beyond", "beyond", "blue", "", "", 0, 0, ""),
)  # fmt: skip
PROPERTY = "laeq"


def made(folder: Path) -> Path:
    """Write the layer; gives its folder. It is not simulated: else its devices would be made to talk when the server starts."""
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(
        f'id = "{folder.name}"\nversion = "1"\nover = "demo"\ncity = true\nsimulated = false\n[name]\nzh = "测速城（虚构）"\nen = "Bench city (fictional)"\n'
    )
    rows = [
        f"bench.{code},{kind},{colour},{PROPERTY},,,,,{limit},{release},{for_s},{window_s},,,,,{key},,rule,{code},{code},bench,made up,2026-01-01"
        for code, kind, colour, limit, release, for_s, window_s, key in RULES
    ]
    (folder / "sense_rules.csv").write_text("\n".join([HEAD, *rows]) + "\n")
    return folder
