"""docs/operate/keys.md and logs.md leave nothing out: files, columns, settings and modules against the one, events against the other."""

import ast
import re
from fnmatch import fnmatchcase

import pytest
from scripts.make_offline import ROOT

from cityloop import app as city_app
from cityloop.app import Settings
from cityloop.journal.witness import Witness
from cityloop.keeping.keys import keys_saved, secret_of
from cityloop.people.elsewhere import routes as elsewhere
from cityloop.people.second import routes as second

SOURCE = ROOT / "src" / "cityloop"
CRYPTOGRAPHY = ("cryptography", "argon2", "hmac", "joserfc", "gmssl_pyx", "pyotp")
SECRET = re.compile(r"^  (secret|old_secret|sealed|hash) \{(?:bytes|text)\}", re.M)
TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\)", re.S)


def page(name: str) -> str:
    return (ROOT / "docs" / "operate" / name).read_text(encoding="utf-8")


def spans(text: str) -> set[str]:
    """What stands between backticks."""
    return set(re.findall(r"`([^`]+)`", text))


def trees() -> dict[str, ast.Module]:
    return {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}


def unsaid(files: list[str], said: set[str]) -> list[str]:
    """Files that no pattern of the page names."""
    return [each for each in files if not any(fnmatchcase(each, pattern) for pattern in said)]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Every file that a city, its backups, its restore and a witness keep for keys."""
    home = tmp_path_factory.mktemp("keys") / "home"
    parts = city_app.join(Settings(city="keys", home=str(home), pack=str(ROOT / "packs" / "demo")))
    try:
        city_app.open_city(parts)
        city_app.create_app(parts).state.edge.readers.shutdown()
        parts.erased.add(["an-id"])
    finally:
        parts.close()
    secret_of(home)
    keys_saved(home, home / "keys.locked", b"a passphrase")
    Witness.begin(home / "witness", "witness.example/w1")
    found = [f"keys/{each.name}" for each in (home / "keys").iterdir()]
    return [*found, "keys.locked", *(each.name for each in (home / "witness").iterdir())]


def test_every_file_of_keys_is_on_the_page(files):
    """Locks, which are empty, aside."""
    asked = [each for each in files if not each.endswith((".lock", "/lock"))]
    assert len(asked) >= 6
    assert unsaid(asked, spans(page("keys.md"))) == []


def test_every_column_with_a_secret_is_on_the_page():
    found = set()
    for path in (SOURCE / "db" / "migrations").glob("*.sql"):
        for table, inner in TABLE.findall(path.read_text(encoding="utf-8")):
            found |= {f"{table}.{column}" for column in SECRET.findall(inner)}
    assert len(found) >= 6
    assert found - spans(page("keys.md")) == set()


def test_every_setting_with_a_secret_is_on_the_page():
    found = {f"CITYLOOP_{each.upper()}" for each in Settings.__struct_fields__ if each.endswith(("_key", "_password", "_secret")) or each == "database"}
    assert len(found) >= 4
    assert found - spans(page("keys.md")) == set()


def test_every_purpose_of_the_citys_secret_is_on_the_page():
    assert {second.PURPOSE, elsewhere.START, elsewhere.HALF} - spans(page("keys.md")) == set()
    users = {path for path, tree in trees().items() if any(isinstance(each, ast.ImportFrom) and each.module == "cityloop.http.secret" and any(one.name == "sealed" for one in each.names) for each in ast.walk(tree))}
    assert users == {"people/second/routes.py", "people/elsewhere/routes.py"}, "a new purpose stands on the page and in this test"


def uses_cryptography(tree: ast.Module) -> bool:
    names = [each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    names += [one.name for each in ast.walk(tree) if isinstance(each, ast.Import) for one in each.names]
    return any(name.partition(".")[0] in CRYPTOGRAPHY for name in names)


def test_every_module_that_uses_cryptography_is_on_the_page():
    users = {path for path, tree in trees().items() if uses_cryptography(tree)}
    assert len(users) >= 12
    assert users - spans(page("keys.md")) == set()


def events(tree: ast.Module) -> set[str]:
    """What a module writes into the log, by its first words."""
    found = set()
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and isinstance(each.func.value, ast.Name) and each.func.value.id == "log":
            found |= {one.value for one in each.args[:1] if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_event_of_the_log_is_on_the_page():
    found = set().union(*(events(tree) for tree in trees().values()))
    said = spans(page("logs.md"))
    assert len(found) >= 25
    assert "… stumbled …" in said
    assert {each for each in found if "stumbled" not in each} - said == set()


def test_what_is_missing_is_seen():
    """Planted: a key, a module and an event that no page names."""
    assert unsaid(["keys/other.pem"], spans(page("keys.md"))) == ["keys/other.pem"]
    assert uses_cryptography(ast.parse("from cryptography.fernet import Fernet"))
    assert events(ast.parse("log.info('nobody_says')")) == {"nobody_says"}
