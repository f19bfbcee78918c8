"""Hot issues in 4,326 messages: do the two example clusters of the task come out at their time, whole, and how near the top?

`python -m bench.understand.hot`. The issues are made anew at the end of each week by the product's own function, from what
was said until then. The names below only ask the result; nothing tells them to the function.

Data: shared/data/complaints_zh/hot_issues_messages.csv, see SOURCE.md there.
"""

import csv
from datetime import datetime, timedelta
from pathlib import Path

from cityloop.domain.hot import Issue, Message, issues_of

FILE = Path(__file__).parents[3] / "shared" / "data" / "complaints_zh" / "hot_issues_messages.csv"
ASKED = {"mall": "魅力之城", "college": "经济学院"}  # of the task's own examples: 31 and 14 messages have these words
WEEK = timedelta(days=7)
SHOWN = 8


def figures(quick: bool) -> dict[str, float]:
    """Prints the issues at the time of each example; gives its best place in the list and how many of its messages are in."""
    told = messages()
    begin, end = datetime(2019, 3, 3), max(each.at for each in told)
    step = WEEK * 2 if quick else WEEK
    weeks = [begin + step * n for n in range((end - begin) // step + 2)]
    lists = {week: issues_of(told, now=week) for week in weeks}
    print(f"{len(told)} messages, asked at the end of {len(weeks)} weeks")
    found: dict[str, float] = {}
    for name, words in ASKED.items():
        wanted = {each.id for each in told if words in each.text}
        places = [(place, -len(wanted & set(issue.messages)), week, issue) for week, issues in lists.items()
                  for place, issue in enumerate(issues, 1) if len(wanted & set(issue.messages)) * 2 > _said(told, wanted, week)]  # fmt: skip
        if not places:
            found |= {f"hot_{name}_place": 0, f"hot_{name}_share": 0.0}
            print(f"{words}: never among the issues")
            continue
        place, _, week, issue = min(places, key=lambda each: (max(2, each[0]), each[1] / _said(told, wanted, each[2]), each[0], each[1]))
        said, held = _said(told, wanted, week), len(wanted & set(issue.messages))
        later = max((-each[1] for each in places), default=0)
        found |= {
            f"hot_{name}_place": place, f"hot_{name}_share": round(held / said, 4), f"hot_{name}_messages": later,
            f"hot_{name}_weeks_in_two": len({each[2] for each in places if each[0] <= 2}),
            f"hot_{name}_others": len(issue.messages) - held,
        }  # fmt: skip
        print(f"\n{words}: place {place} on {week:%d %B %Y} with {held} of its {said} messages until then ({len(issue.messages) - held} others in it), "
              f"{later} of {len(wanted)} at most; among the first two in {found[f'hot_{name}_weeks_in_two']:.0f} of {len(weeks)} weeks")  # fmt: skip
        for at, each in enumerate(lists[week][:SHOWN], 1):
            print(f"  {at}  heat {each.heat.heat:5.2f} = fresh {each.heat.fresh:5.2f} x together {each.heat.together:.2f} x growth {each.heat.growth:.2f} x placed {each.heat.placed:.1f}"
                  f"  {len(each.messages):3} messages  {title(each)}")  # fmt: skip
    return found


def title(issue: Issue) -> str:
    """As the bench prints it."""
    return " · ".join((*issue.signs[:2], *issue.telling))


def messages() -> list[Message]:
    """Every message with its moment and who agreed."""
    with FILE.open(encoding="utf-8-sig") as file:
        return [
            Message(
                id=str(at), at=_moment(row["留言时间"]), text=f"{row['留言主题'].strip()} {row['留言详情'].strip()}",
                who=row["留言用户"], support=int(row["点赞数"]),
            )
            for at, row in enumerate(csv.DictReader(file))
        ]  # fmt: skip


def _said(told: list[Message], wanted: set[str], until: datetime) -> int:
    return sum(each.id in wanted and each.at <= until for each in told)


def _moment(text: str) -> datetime:
    day, _, hour = text.replace("/", "-").partition(" ")
    year, month, date = map(int, day.split("-"))
    return datetime(year, month, date, *(map(int, hour.split(":")) if hour else ()))


if __name__ == "__main__":
    print(figures(quick=False))
