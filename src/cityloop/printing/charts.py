"""Bars and lines as SVG: in grey and blue, each with its number, so that a copy in black and white says the same."""

from html import escape

from cityloop.printing.document import Chart, ChartKind, Number, Serie, shown

WIDTH = 680
FONT = "Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
INK, QUIET, RULE = "#222b36", "#5b6673", "#d5dae0"
COLOURS = ("#1f5a94", "#b5542b", "#5b6673", "#3d7d4f")
DASHES = ("", "7 4", "2 3", "9 3 2 3")
ROW, BAR, HEAD = 24, 13, 12
NAME_CHARS_MAX = 16


def svg_of(chart: Chart) -> str:
    """The chart as a picture, as wide as the page's text."""
    drawn = _bars(chart) if chart.kind is ChartKind.bars else _lines(chart)
    height, parts = drawn
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(chart.title)}" font-family="{FONT}" font-size="12">' + "".join(parts) + "</svg>"
    )


def _bars(chart: Chart) -> tuple[int, list[str]]:
    """A bar for each label, the longest as long as there is room."""
    values = chart.series[0].values if chart.series else ()
    most = 1.0 if chart.number is Number.share else max((each for each in values if each is not None), default=0) or 1
    left, right = 200, 76
    room, parts = WIDTH - left - right, []
    for place, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        y = HEAD + place * ROW
        long = 0 if value is None else room * value / most
        parts.append(_text(left - 10, y + BAR - 2, _cut(label), "end", INK))
        parts.append(f'<rect x="{left}" y="{y}" width="{_n(room)}" height="{BAR}" fill="#eef1f4"/>')
        parts.append(f'<rect x="{left}" y="{y}" width="{_n(long)}" height="{BAR}" fill="{COLOURS[0]}"/>')
        parts.append(_text(left + room + 8, y + BAR - 2, shown(value, chart.number), "start", INK))
    return HEAD + len(values) * ROW + 4, parts


def _lines(chart: Chart) -> tuple[int, list[str]]:
    """A line for each series over the same labels; a gap where there is no number."""
    left, right, top, high = 58, 20, 34, 170
    most = max((each for serie in chart.series for each in serie.values if each is not None), default=0) or 1
    ceiling = _ceiling(most)
    count = len(chart.labels)
    across = [left + (WIDTH - left - right) * (n + 0.5) / max(count, 1) for n in range(count)]
    parts = []
    for step in range(5):
        y = top + high * (1 - step / 4)
        parts.append(f'<line x1="{left}" x2="{WIDTH - right}" y1="{_n(y)}" y2="{_n(y)}" stroke="{RULE}"/>')
        parts.append(_text(left - 8, y + 4, shown(ceiling * step / 4, chart.number), "end", QUIET))
    every = max(1, -(-count // 10))
    for n in range(0, count, every):
        parts.append(_text(across[n], top + high + 18, chart.labels[n], "middle", QUIET))
    for n, serie in enumerate(chart.series):
        colour, dash = COLOURS[n % len(COLOURS)], DASHES[n % len(DASHES)]
        parts += _line(serie, across, lambda value: top + high * (1 - value / ceiling), colour, dash)
        x = left + n * 150
        parts.append(f'<line x1="{x}" x2="{x + 26}" y1="14" y2="14" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts.append(_text(x + 32, 18, _cut(serie.name), "start", INK))
    return top + high + 30, parts


def _line(serie: Serie, across: list[float], height, colour: str, dash: str) -> list[str]:
    runs: list[list[str]] = [[]]
    dots = []
    for x, value in zip(across, serie.values, strict=True):
        if value is None:
            runs.append([])
            continue
        runs[-1].append(f"{_n(x)},{_n(height(value))}")
        dots.append(f'<circle cx="{_n(x)}" cy="{_n(height(value))}" r="2.5" fill="{colour}"/>')
    style = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
    return [*(f'<polyline points="{" ".join(run)}" {style}/>' for run in runs if len(run) > 1), *dots]


def _ceiling(most: float) -> float:
    """The next round number that quarters well; 1 for shares.

    >>> [_ceiling(each) for each in (0.97, 3, 17, 260)]
    [1.0, 4, 20, 400]
    """
    if most <= 1:
        return 1.0
    tens = 1
    while True:
        for step in (4, 8, 12, 20):
            if most <= step * tens:
                return step * tens
        tens *= 10


def _text(x: float, y: float, text: str, anchor: str, colour: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _cut(text: str) -> str:
    """A name that does not run into the bars: wide letters count double."""
    wide, kept = 0, ""
    for letter in text:
        wide += 2 if ord(letter) > 0x2E80 else 1
        if wide > 2 * NAME_CHARS_MAX - 2:
            return kept + "…"
        kept += letter
    return kept


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
