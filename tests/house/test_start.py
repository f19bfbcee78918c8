"""What a city loads before it answers: each start and each command waits for it, and each process keeps it in memory."""

import subprocess
import sys

LATER = ("scipy", "ibis", "sqlglot", "pandas", "pyarrow.compute", "typst", "docx", "pyspark", "nats", "sklearn", "cv2", "onnxruntime", "rapidocr", "opentelemetry", "prometheus_client")


def loaded(said: str) -> list[str]:
    """Which of those that are asked for seldom a fresh interpreter has after it did what is said."""
    asked = f"import sys\n{said}\nprint(*(name for name in {LATER} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()


def test_what_is_asked_for_seldom_is_loaded_when_it_is_asked_for():
    """Statistics, expressions over columns, printing: not by whoever starts the server or runs a command."""
    assert loaded("import cityloop.cli") == []


def test_what_is_loaded_is_seen():
    """Planted."""
    assert loaded("import cityloop.cli, scipy.special") == ["scipy"]
