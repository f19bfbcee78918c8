"""Makes real/packs/messages: the demo city with a hotline's topics beside its catalogue, and units that answer for them.

A city's hotline hears of schools, wages and title deeds, which no catalogue of city upkeep has. The topics' names are
facts of a published classification of residents' messages, read in 2026 and cited row by row in hotline_topics.csv;
codes, telling words, limits and units are ours. Run again after a change: `python -m real.make_hotline_pack`.
"""

import csv
import json
from pathlib import Path

from scripts.duty_table import INPUTS

from cityloop.packs import shipped

HERE = Path(__file__).parent
PACK = HERE / "packs" / "messages"
TOPICS = HERE / "hotline_topics.csv"
SCHEME = "local_hotline_topics"
DOCUMENT = "三级分类 of residents' messages, 第八届泰迪杯 C题 (2020), as read in 2026; conditions and words are ours"
LIMITS = {5: "求助、建议 5 工作日", 10: "投诉、举报 10 工作日"}  # as one county publishes them for its hotline
CLOSED = {
    5: ("已办理或说明办理途径，并答复来信人", "Done, or the way to it is told, and the writer answered"),
    10: ("已查明处理，并答复来信人", "Looked into and dealt with, and the writer answered"),
}
SOURCE_COLUMNS = ("source_document", "source_clause", "source_date")
MAJORS = {  # the classification's first level, where need be drawn together
    "01": ("城乡建设", "Town building"),
    "02": ("住房与土地", "Homes and land"),
    "03": ("环境保护", "Environment"),
    "04": ("交通运输", "Transport"),
    "05": ("党务政务与干部作风", "Party, government, conduct of officials"),
    "06": ("经济管理", "Economy"),
    "07": ("科技与信息产业", "Science and information"),
    "08": ("民政", "Civil affairs"),
    "09": ("农村农业", "Countryside and farming"),
    "10": ("商贸旅游", "Trade and tourism"),
    "11": ("卫生计生", "Health and families"),
    "12": ("政法", "Police and justice"),
    "13": ("教育文体", "Education, culture and sport"),
    "14": ("劳动和社会保障", "Work and social security"),
}
UNITS = {
    "agriculture": ("农业农村局", "Agriculture Bureau"),
    "culture": ("文化旅游体育局", "Culture, Tourism and Sport Bureau"),
    "education": ("教育局", "Education Bureau"),
    "emergency": ("应急管理局", "Emergency Bureau"),
    "finance": ("财政金融局", "Finance Bureau"),
    "fire": ("消防救援支队", "Fire Brigade"),
    "health": ("卫生健康委", "Health Commission"),
    "human_resources": ("人力资源和社会保障局", "Human Resources and Social Security Bureau"),
    "justice": ("司法局", "Justice Bureau"),
    "market": ("市场监督管理局", "Market Regulation Bureau"),
    "petition": ("信访局", "Petitions Office"),
    "planning": ("自然资源和规划局", "Planning and Land Bureau"),
    "police": ("公安局", "Police"),
    "propaganda": ("网信办", "Internet Information Office"),
    "transport": ("交通运输局", "Transport Bureau"),
}
STREET_ANSWERS = "street"
LEVELS = {"enforcement": "district", "sanitation": "district", STREET_ANSWERS: "street"}


def topics() -> list[dict[str, str]]:
    """The rows of hotline_topics.csv."""
    with TOPICS.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def write(name: str, columns: list[str], rows: list[list[object]]) -> None:
    with (PACK / name).open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows([columns, *rows])


def make() -> None:
    """Write the pack's tables; pack.toml is written by hand."""
    rows = topics()
    key = lambda row: f"{SCHEME}/event/{row['code']}"
    source = lambda row: [DOCUMENT, row["path"], "2020"]
    write("schemes.csv", ["id", "name_zh", "name_en", *SOURCE_COLUMNS],
          [[SCHEME, "热线诉求分类（本地）", "Topics of a hotline (local)", DOCUMENT, "一级、二级、三级分类", "2020"]])  # fmt: skip
    write(
        "classes.csv",
        ["class", "major_name_zh", "major_name_en", "name_zh", "name_en", "synonyms", "join_radius_m", "join_hours",
         *SOURCE_COLUMNS],
        [[key(row), *MAJORS[row["code"][:2]], row["name_zh"], row["name_en"],
          row["synonyms"], 50, 24, *source(row)] for row in rows],
    )  # fmt: skip
    write(
        "rules.csv",
        ["class", "no", "file_condition_zh", "file_condition_en", "close_condition_zh", "close_condition_en",
         "limit_value", "limit_unit", "is_default", *SOURCE_COLUMNS],
        [[key(row), 1, row["condition_zh"], row["condition_en"], *CLOSED[int(row["days"])], row["days"], "work_day", "true",
          "limits as a county's hotline publishes them, read in 2026", LIMITS[int(row["days"])], "2026"] for row in rows],
    )  # fmt: skip
    write("units.csv", ["id", "kind", "level", "area", "parent", "name_zh", "name_en"],
          [[kind.replace("_", "-"), kind, "city", "", "", *names] for kind, names in UNITS.items()])  # fmt: skip
    write("posts.csv", ["id", "role", "unit", "area", "duty_grid", "name_zh", "name_en"],
          [[f"handler-{kind.replace('_', '-')}", "handler", kind.replace("_", "-"), "", "", f"{zh}处置员", f"Handler {en}"]
           for kind, (zh, en) in UNITS.items()])  # fmt: skip
    (PACK / "duties.jdm.json").write_text(duties(rows), encoding="utf-8")


def duties(rows: list[dict[str, str]]) -> str:
    """The demo city's duty table with a row for each kind of unit that answers for topics."""
    whole = json.loads((shipped() / "demo" / "duties.jdm.json").read_text(encoding="utf-8"))
    table = next(node for node in whole["nodes"] if node["type"] == "decisionTableNode")["content"]
    for number, kind in enumerate(sorted({row["unit_kind"] for row in rows}), start=1):
        mine = ", ".join(json.dumps(f"{SCHEME}/event/{row['code']}") for row in rows if row["unit_kind"] == kind)
        says = {"unit_kind": kind, "level": LEVELS.get(kind, "city"), "assist": []}
        says |= {
            "source.document": "units of a fictional city",
            "source.clause": f"t{number:02d}",
            "source.date": "2026",
        }
        row = {"_id": f"t{number:02d}", **{f"in-{each}": "" for each in INPUTS}, "in-class": mine}
        outs = {f"out-{name}": json.dumps(said, ensure_ascii=False) for name, said in says.items()}
        table["rules"].append(row | {"out-limit.value": "", "out-limit.unit": ""} | outs)
    return json.dumps(whole, ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":
    make()
