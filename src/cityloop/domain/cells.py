"""Cells of a spreadsheet: text that it would run as a formula is text."""

# a spreadsheet runs what begins so; wide forms too, which some of them take for the narrow ones
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def never_run(text: str) -> str:
    """Words that no spreadsheet runs: an apostrophe stands before what it would; blanks before it hide nothing.

    >>> never_run("=1+1"), never_run("　＝1+1"), never_run("pm25")
    ("'=1+1", "'　＝1+1", 'pm25')
    """
    return f"'{text}" if text.lstrip(" \u3000").startswith(RUNS) else text
