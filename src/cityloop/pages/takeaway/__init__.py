"""What is handed out with a case's evidence: a verifier of a page or two that needs nothing but Python, and how to use it."""

from pathlib import Path

HERE = Path(__file__).parent
VERIFIER = (HERE / "verify_case.py").read_text(encoding="utf-8")
HOW_TO = {"zh": (HERE / "how_to.zh.md").read_text(encoding="utf-8"), "en": (HERE / "how_to.en.md").read_text(encoding="utf-8")}
