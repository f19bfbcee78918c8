"""What an operator is given to run it with: sound as far as it can be asked here. No container was built, no cluster asked."""

import re
import shutil
import ssl
import subprocess
import tomllib
from configparser import RawConfigParser
from pathlib import Path

import msgspec
import pytest
import yaml
from scripts.cost_sheet import SIZES, sizes_page

from cityloop.app import Settings

HARD = (
    "NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables", "ProtectKernelModules",
    "ProtectControlGroups", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictSUIDSGID", "LockPersonality", "SystemCallFilter",
)  # fmt: skip
KNOWN = {f"CITYLOOP_{name.upper()}" for name in Settings.__struct_fields__}


def unit(path: Path) -> dict[str, dict[str, str]]:
    """A unit's sections; of a key that comes twice the last."""
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return {name: dict(parser[name]) for name in parser.sections()}


def soft(service: dict[str, str]) -> list[str]:
    """What a service leaves open."""
    return [name for name in HARD if name not in service] + ([] if service.get("CapabilityBoundingSet", "x") == "" else ["capabilities"])


def test_services_are_hardened_and_start_what_is_there(repo):
    services = sorted((repo / "deploy/systemd").glob("*.service"))
    assert len(services) == 3
    for path in services:
        said = unit(path)["Service"]
        assert soft(said) == [], path.name
        assert said["ExecStart"].startswith("/opt/cityloop/current/bin/python -m cityloop "), path.name
        assert said["User"] == "cityloop"


def test_a_soft_service_is_seen(repo):
    said = unit(repo / "deploy/systemd/cityloop.service")["Service"]
    assert soft({name: value for name, value in said.items() if name != "ProtectSystem"}) == ["ProtectSystem"]
    assert soft(said | {"CapabilityBoundingSet": "CAP_SYS_ADMIN"}) == ["capabilities"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_knows_every_line_of_the_units(repo, tmp_path):
    """Where a unit is wrong it says the line; that our program is not installed here is no fault of the unit."""
    for path in (repo / "deploy/systemd").glob("cityloop*"):
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/cityloop/current/bin/python", "/bin/true"))
    units = sorted(str(each) for each in tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "cityloop" in line and "Failed to" not in line]
    assert ours == []


def settings_named(text: str) -> set[str]:
    """The settings that a file names."""
    return set(re.findall(r"CITYLOOP_[A-Z0-9_]+", text))


def test_every_setting_that_a_file_names_is_there(repo):
    files = [each for each in [*(repo / "deploy").rglob("*"), *(repo / "docs/operate").rglob("*.md")] if each.is_file()]
    aside = {"CITYLOOP_TEST_POSTGRES"}
    unknown = {f"{each.name}: {name}" for each in files for name in settings_named(each.read_text()) - KNOWN - aside}
    assert unknown == set()


def test_the_container_runs_as_nobody_of_importance_from_a_pinned_line_of_python(repo):
    """Rules of hadolint that matter: tags, a user, no add, no sudo, a stop signal, arguments as a list, copies from what is there."""
    lines = [line for line in (repo / "deploy/container/Containerfile").read_text().replace("\\\n", " ").splitlines() if line and line[0] != "#"]
    words = [line.split(maxsplit=1) for line in lines]
    froms = [rest.split()[0] for word, rest in words if word == "FROM"]
    assert len(froms) == 2
    assert all(re.fullmatch(r"\S+:[\w.-]*\d[\w.-]*", each) and not each.endswith("latest") for each in froms)
    assert [rest for word, rest in words if word == "USER"][-1] == "10001"
    assert {word for word, _ in words} <= {"FROM", "WORKDIR", "COPY", "RUN", "LABEL", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert all(rest.startswith("[") for word, rest in words if word in ("ENTRYPOINT", "CMD"))
    for word, rest in words:
        if word == "COPY" and not rest.startswith("--from"):
            assert all((repo / each).exists() for each in rest.split()[:-1]), rest


def test_compose_has_a_database_a_bus_and_processes_that_wait_for_them(repo):
    said = yaml.safe_load((repo / "deploy/compose.yml").read_text())
    assert set(said["services"]) == {"web", "worker", "database", "bus"}
    for name in ("web", "worker"):
        service = said["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert set(service["depends_on"]) == {"database", "bus"}
        assert set(service["environment"]) <= KNOWN
    assert {name for each in said["services"].values() for volume in each.get("volumes", ()) for name in [volume.split(":")[0]]} == set(said["volumes"])
    assert "ports" not in said["services"]["database"]


@pytest.fixture(scope="module")
def render(repo, tmp_path_factory):
    """Renders the chart with values laid over its own, by Go's templates, which are Helm's."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not installed")
    folder = tmp_path_factory.mktemp("helm")
    program = folder / "render"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "GOCACHE": str(folder / "cache"), "GO111MODULE": "off", "GOFLAGS": "", "GOPROXY": "off"}
    subprocess.run([go, "build", "-o", program, repo / "tests/contract/helm_go/main.go"], env=environment, check=True)
    chart = repo / "deploy/helm/cityloop"
    values = yaml.safe_load((chart / "values.yaml").read_text())

    def made(**over: object) -> list[dict]:
        laid = {name: each | over.get(name, {}) if isinstance(each, dict) else over.get(name, each) for name, each in values.items()}
        given = msgspec.json.encode({"Values": laid, "Release": {"Name": "town"}})
        done = subprocess.run([program, chart], input=given, capture_output=True, check=True)
        return [each for each in yaml.safe_load_all(done.stdout) if each]

    return made


def test_the_chart_renders_and_its_parts_fit(render):
    found = render()
    assert sorted(f"{each['kind']} {each['metadata']['name']}" for each in found) == [
        "Deployment town-web", "Deployment town-worker", "PersistentVolumeClaim town-home", "PodDisruptionBudget town-web", "Service town",
        "Service town-nats", "Service town-postgres", "StatefulSet town-nats", "StatefulSet town-postgres",
    ]  # fmt: skip
    for each in found:
        if each["kind"] not in ("Deployment", "StatefulSet"):
            continue
        template = each["spec"]["template"]
        assert each["spec"]["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
        names = {volume["name"] for volume in template["spec"].get("volumes", ())} | {
            claim["metadata"]["name"] for claim in each["spec"].get("volumeClaimTemplates", ())
        }
        for container in template["spec"]["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} <= names
            if each["kind"] == "Deployment":
                assert {said["name"] for said in container["env"]} <= KNOWN
                assert all(isinstance(said.get("value", ""), str) for said in container["env"])
                assert container["securityContext"]["readOnlyRootFilesystem"] is True
    service = next(each for each in found if each["metadata"]["name"] == "town" and each["kind"] == "Service")
    web = next(each for each in found if each["metadata"]["name"] == "town-web" and each["kind"] == "Deployment")
    assert service["spec"]["selector"].items() <= web["spec"]["template"]["metadata"]["labels"].items()
    assert web["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}


def test_the_chart_goes_without_its_own_database_and_bus(render):
    found = render(postgres={"enabled": False}, nats={"enabled": False}, web={"replicas": 5})
    assert not [each for each in found if each["kind"] == "StatefulSet"]
    assert "CITYLOOP_TELEMETRY_BUS" not in str(found)
    assert next(each for each in found if each["metadata"]["name"] == "town-web")["spec"]["replicas"] == 5


def test_every_alert_has_its_page_and_every_page_its_alert(repo):
    alerts = set(re.findall(r"alert: (\w+)", (repo / "deploy/alerts.yml").read_text()))
    pages = {each.stem for each in (repo / "docs/operate/runbook").glob("*.md")}
    assert pages == alerts
    for each in (repo / "docs/operate/runbook").glob("*.md"):
        text = each.read_text()
        assert [word for word in ("What it means.", "Look here.", "Do this.", "Call somebody.") if f"**{word}**" not in text] == []


def test_every_work_has_words_for_who_operates(repo):
    """On the page in both languages, and on the page of the runbook."""
    named = set()
    for each in (repo / "src/cityloop/app").glob("*.py"):
        named |= set(re.findall(r'again\(parts, "(\w+)"', each.read_text())) | set(re.findall(r'^DELIVER = "(\w+)"', each.read_text(), re.M))
    assert len(named) > 15
    assert set(re.findall(r"^  work_(\w+):", (repo / "web/src/rooms/operate/words.ts").read_text(), re.M)) - {"fails"} == named
    assert set(re.findall(r"^\| `(\w+)` \|", (repo / "docs/operate/runbook/WorkFails.md").read_text(), re.M)) == named


def test_the_guide_names_tests_that_are_there(repo):
    text = (repo / "docs/operate/hardening.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 15
    gone = [f"{path}::{test}" for path, test in named if not (repo / path).exists() or (test and f"def {test}(" not in (repo / path).read_text())]
    assert gone == []


def test_the_sizes_are_reckoned_from_what_was_measured(repo):
    assert (repo / "docs/operate/sizes.md").read_text(encoding="utf-8") == sizes_page()
    for name in SIZES:
        said = tomllib.loads((repo / f"deploy/sizes/{name}.toml").read_text())
        assert {f"CITYLOOP_{each.upper()}" for each in said["settings"]} <= KNOWN, name


def proxy_suites(repo: Path) -> dict[str, set[str]]:
    """The suites that each proxy's file allows, by OpenSSL's names."""
    nginx = re.search(r"ssl_ciphers ([^;]+);", (repo / "deploy/proxy/nginx.conf").read_text())
    caddy = re.search(r"ciphers (.+)", (repo / "deploy/proxy/Caddyfile").read_text())
    assert nginx
    assert caddy
    named = {each.removeprefix("TLS_").replace("_WITH_AES_", "-AES").replace("_WITH_", "-").replace("_", "-") for each in caddy[1].split()}
    openssl = {each.replace("CHACHA20-POLY1305-SHA256", "CHACHA20-POLY1305") for each in named}
    return {"nginx": set(nginx[1].split(":")), "caddy": openssl}


def test_a_proxy_speaks_tls_that_nobody_opens_later_and_leads_only_pages_on(repo):
    """Both files allow the same: 1.2 and 1.3, forward secrecy with AES-GCM or ChaCha20. What they do is tried by tests/contract/test_front_door.py."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    good = {each["name"] for each in context.get_ciphers()}
    found = proxy_suites(repo)
    assert found["nginx"] == found["caddy"]
    assert found["nginx"] <= good
    nginx, caddy = ((repo / f"deploy/proxy/{name}").read_text() for name in ("nginx.conf", "Caddyfile"))
    assert re.search(r"ssl_protocols TLSv1\.2 TLSv1\.3;", nginx)
    assert re.search(r"protocols tls1\.2 tls1\.3$", caddy, re.M)
    assert "disable_redirects" in caddy, "else everything is led on"
    for text in (nginx, caddy):
        assert "text/html" in text
        assert "308" in text
        assert "403" in text
