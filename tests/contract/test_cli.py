"""The command line, against a city that a simulated week was played into; and against cities that were tampered with."""

import json
import shutil
import socket
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cityloop.cli import root, up
from cityloop.domain.errors import CityloopError

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The home of a city with a small week in it."""
    home = tmp_path_factory.mktemp("cli") / "home"
    done = CliRunner().invoke(root.app, ["demo", "--reports", "40"], env={"CITYLOOP_HOME": str(home)})
    assert done.exit_code == 0, done.output
    assert "cityloop-demo" in done.stdout
    return home


@pytest.fixture
def home(played, tmp_path):
    """A copy of it, to do anything with."""
    shutil.copytree(played, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def run(home):
    """`run("journal", "verify")`: exit code and what was said; a refusal is said by its code."""

    def command(*words: str, input: str | None = None) -> tuple[int, str]:
        done = CliRunner().invoke(root.app, list(words), input=input, env={"CITYLOOP_HOME": str(home)})
        if isinstance(done.exception, CityloopError):
            return 1, f"{done.exception.code}: {done.exception.detail}"
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return command


def change(home: Path, sql: str) -> None:
    """Tamper with the database behind the program's back."""
    with sqlite3.connect(home / "city.db") as database:
        database.execute(sql)
    database.close()


def value(home: Path, sql: str):
    with sqlite3.connect(home / "city.db") as database:
        found = database.execute(sql).fetchone()[0]
    database.close()
    return found


# the journal


def test_a_sound_journal_verifies_and_replays(run):
    assert run("journal", "verify")[0] == 0
    code, said = run("journal", "replay")
    assert code == 0
    assert "give the same" in said


def test_a_changed_fact_is_found(run, home):
    change(
        home,
        'UPDATE fact SET body = CAST(replace(CAST(body AS TEXT), \'"actor":"\', \'"actor":"x\') AS BLOB) WHERE seq = 200',
    )
    change(home, "UPDATE fact SET actor = 'somebody' WHERE seq = 201")
    code, said = run("journal", "verify")
    assert code == 1
    assert "fact 200" in said
    assert "fact 201" in said
    assert "signed over other facts" in said


def test_a_changed_row_is_found_and_shown(run, home):
    change(home, "UPDATE case_file SET unit = 'nobody', reworks = 77 WHERE id = (SELECT min(id) FROM case_file)")
    code, said = run("journal", "replay")
    assert code == 1
    assert "case_file" in said
    assert "'nobody'" in said
    assert "77" in said


def test_a_proof_is_written_with_the_key_that_checks_it(run, home, tmp_path):
    case = value(home, "SELECT id FROM case_file WHERE state = 'closed' LIMIT 1")
    assert run("journal", "prove", f"case/{case}", "--out", str(tmp_path / "proof.json"))[0] == 0
    proof = json.loads((tmp_path / "proof.json").read_text())
    assert len(proof["proofs"]) > 5
    assert proof["keys"] == [run("journal", "key")[1].strip()]
    assert run("journal", "prove", "case/none")[1].startswith("journal.no_facts")


def test_held_facts_are_listed_retried_and_skipped(run, home):
    assert "Nothing is held" in run("journal", "held")[1]
    for seq in (300, 301):
        change(
            home,
            f"INSERT INTO held SELECT city, 'dispatch', seq, 0, subject, subject || '#1', 8, NULL, 1, 'KeyError' FROM fact WHERE seq = {seq}",
        )
    assert "KeyError" in run("journal", "held")[1]
    assert run("check")[0] == 1
    assert run("journal", "retry", "dispatch", "300")[0] == 0
    assert run("journal", "skip", "dispatch", "301", "--reason", "handled_by_hand")[0] == 0
    assert value(home, "SELECT count(*) FROM held WHERE parked = 1") == 0
    assert value(home, "SELECT type FROM fact ORDER BY seq DESC LIMIT 1") == "HeldSkipped"
    assert run("journal", "skip", "dispatch", "301", "--reason", "because")[0] == 2
    change(home, "UPDATE held SET parked = 1 WHERE handler = 'dispatch'")
    assert run("journal", "retry", "dispatch", "--error", "ValueError")[1].startswith("held.not_found")
    assert run("journal", "retry", "dispatch", "--error", "KeyError")[0] == 0
    assert value(home, "SELECT count(*) FROM held WHERE parked = 1") == 0


# cases


def test_why_names_rule_source_and_who_decided(run, home):
    number = value(home, "SELECT number FROM case_file WHERE state = 'closed' LIMIT 1")
    code, said = run("case", "why", number)
    assert code == 0
    for word in (
        "CaseFiled",
        "CaseDispatched",
        "CaseClosed",
        "rule",
        "source",
        "the machine",
        "a person",
        "confidence",
        "2026",
    ):
        assert word in said, word
    zh = run("case", "why", number, "--in", "zh")[1]
    assert "已立案" in zh
    assert "出处" in zh
    assert number in run("case", "show", number)[1]
    assert run("case", "show", "none")[1].startswith("case.unknown")


# people and their data


def test_accounts_are_opened_posted_and_closed(run, home):
    change(home, "DELETE FROM seat WHERE 0")
    post = value(home, "SELECT min(post) FROM seat WHERE post LIKE 'collector%'")
    assert (
        run("user", "add", "li.na", "--person", "李娜", "--post", post, "--password-stdin", input="Long-enough-7\n")[0]
        == 0
    )
    assert "李娜" in run("user", "list", "--role", "collector")[1]
    assert "李娜" not in run("user", "list", "--role", "dispatcher")[1]
    assert run("user", "post", "li.na", post, "--leave")[0] == 0
    assert run("user", "password", "li.na", "--password-stdin", input="short\n")[1].startswith("people.weak_password")
    assert run("user", "close", "li.na", "--reason", "left")[0] == 0
    assert run("user", "close", "li.na", "--reason", "left")[1].startswith("cli.no_such_name")


def test_erasing_takes_the_words_and_keeps_the_story(run, home):
    report = value(home, "SELECT id FROM report WHERE case_id IS NOT NULL LIMIT 1")
    assert value(home, f"SELECT count(*) FROM vault WHERE subject = 'report/{report}'")
    assert run("erase", f"report/{report}", "--reason", "asked_by_person", "--yes")[0] == 0
    assert value(home, f"SELECT count(*) FROM vault WHERE subject = 'report/{report}'") == 0
    assert run("journal", "replay")[0] == 0
    assert run("erase", f"report/{report}", "--reason", "ordered", "--yes")[1].startswith("people.nothing_to_erase")


# the installation


def test_a_sound_installation_is_sound(run):
    code, said = run("check")
    assert code == 0, said
    assert "BAD" not in said


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda home: next((home / "keys").glob("*.key")).unlink(), "signing key"),
        (lambda home: next((home / "keys").glob("*.key")).chmod(0o644), "chmod 600"),
        (lambda home: next((home / "keys").glob("*.published")).unlink(), "is gone"),
        (lambda home: change(home, "UPDATE log_head SET size = 3"), "older copy"),
        (lambda home: change(home, "DELETE FROM pack_version"), "pack"),
        (lambda home: change(home, "UPDATE fact SET recorded_at = '2999-01-01T00:00:00.000000Z'"), "clock"),
        (lambda home: change(home, "INSERT INTO migration (name) VALUES ('9999_later')"), "newer version"),
        (lambda home: (home / "city.db").unlink(), "no city"),
    ],
)
def test_what_is_unsound_is_said_with_what_to_do(run, home, spoil, says):
    spoil(home)
    code, said = run("check")
    assert code == 1
    assert "next:" in said
    assert says in said


def test_a_pack_is_checked_with_file_line_and_remedy(run, tmp_path):
    assert run("pack", "check", str(REPO / "packs/demo"))[0] == 0
    shutil.copytree(REPO / "packs", tmp_path / "packs")
    rules = tmp_path / "packs/demo/rules.csv"
    rules.write_text(rules.read_text().replace("work_day", "fortnight").replace("work_hour", "fortnight"))
    code, said = run("pack", "check", str(tmp_path / "packs/demo"))
    assert code == 1
    assert "demo/rules.csv:" in said
    assert "fortnight" in said


def test_packs_are_compared_with_the_one_in_force(run, home, tmp_path):
    assert run("pack", "diff", "in-force", "demo") == (0, "No difference.\n")
    shutil.copytree(REPO / "packs", tmp_path / "packs")
    rules = tmp_path / "packs/demo/rules.csv"
    rules.write_text(rules.read_text().replace("2,work_day", "3,work_day"))
    digest = value(home, "SELECT digest FROM pack_version")
    code, said = run("pack", "diff", digest[:12], str(tmp_path / "packs/demo"))
    assert code == 1
    assert "limit 2 working days -> 3 working days" in said
    code, said = run("pack", "diff", "in-force", str(tmp_path / "packs/demo"), "--json")
    assert (code, [each["part"] for each in json.loads(said)]) == (1, ["limit"])
    assert run("pack", "diff", "0123456789ab", "demo")[1].startswith("pack.none")


def test_a_city_that_is_not_there_is_said_so(tmp_path):
    done = CliRunner().invoke(root.app, ["journal", "verify"], env={"CITYLOOP_HOME": str(tmp_path / "none")})
    assert "cityloop up" in str(done.exception)
    assert not (tmp_path / "none").exists()


def test_a_taken_port_is_a_clear_word(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {"CITYLOOP_HOME": str(tmp_path / "home")}
        done = CliRunner().invoke(root.app, ["up", "--port", str(port)], env=env)
    assert done.exit_code == 1
    assert str(port) in done.output
    assert "another port" in done.output
    assert not (tmp_path / "home").exists()


def test_several_processes_need_postgresql(tmp_path):
    done = CliRunner().invoke(root.app, ["up", "--processes", "2"], env={"CITYLOOP_HOME": str(tmp_path / "home")})
    assert isinstance(done.exception, up.TooManyProcesses)


def test_the_interface_is_printed_as_openapi(run):
    code, said = run("openapi")
    document = json.loads(said)
    assert code == 0
    assert document["openapi"].startswith("3.1")
    assert "/v1/reports" in document["paths"]
