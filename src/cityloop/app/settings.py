"""What an installation chooses. Nothing else reads the environment."""

import os
from pathlib import Path
from typing import Any

from msgspec import Struct

from cityloop.db.ciphers import Cipher
from cityloop.domain.errors import Invalid


class CipherUnknown(Invalid):
    """Nothing here seals by that."""

    code = "settings.cipher_unknown"


class Settings(Struct, frozen=True, kw_only=True):
    """What an installation chooses. Each is an environment variable CITYLOOP_ and its name in capitals."""

    city: str = "demo"
    home: str = "var/demo"  # files, keys, the embedded database
    database: str = ""  # a postgresql:// address; empty is the embedded database in `home`
    pack: str = "demo"  # adopted when the city has none yet
    origin: str = "cityloop.localhost"  # the name under which checkpoints are signed
    evidence: str = "sha256+ed25519"  # digest and signature of logs that begin from now on; or sm3+sm2, which needs the extra `sm`
    at_rest: str = "aes"  # how backups, photos as they came, second factors are sealed from now on: aes (AES-256-GCM) or sm4 (SM4-GCM)
    witnesses: str = ""  # who cosigns our checkpoints: `https://w.example w.example+id+key`, several divided by commas; empty: nobody
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1  # that answer requests; more than one needs PostgreSQL
    workers: int = 0  # processes that do the city's work beside them; 0: those that answer do it too
    readers: int = 0  # processes that answer reads for the one that writes, on the embedded database; each takes memory, and a core while many read
    role: str = "all"  # what this server does: all, web (it answers only), worker (it works only)
    drain_s: float = 0.0  # a server that was told to end takes requests for so long yet, while /readyz says so to a balancer
    hotline_url: str = ""  # where the hotline's system takes what we answer to its orders; empty: nowhere
    hotline_key: str = ""  # the bearer token that it wants
    hotline_source: str = "12345"  # whose orders these are
    adviser_url: str = ""  # an OpenAI-compatible endpoint that is asked for a second look, up to its /v1; empty: nobody is asked
    adviser_key: str = ""  # the bearer token that it wants
    adviser_model: str = ""  # the model's name there
    adviser_seconds: float = 8.0  # an answer is whole within these, or is none
    adviser_day_max: int = 200  # questions a day
    hearing_url: str = ""  # an OpenAI-compatible endpoint that writes down what people say, up to its /v1; empty: nobody does
    hearing_key: str = ""  # the bearer token that it wants
    hearing_model: str = ""  # the model's name there; empty: whisper-1, which such servers take for their own
    hearing_seconds: float = 20.0  # what was said is written down within these, or not
    mqtt_url: str = ""  # a broker to which devices speak, e.g. mqtt://127.0.0.1:1883, or mqtts://; empty: none
    mqtt_user: str = ""  # the name that it wants
    mqtt_password: str = ""  # and the password
    mqtt_topics: str = ""  # filters to which listening is confined, divided by commas; empty: all that doors read, and our own
    mqtt_version: int = 5  # 5, or 4 for MQTT 3.1.1
    sta_publish: str = ""  # what is new is told to the broker by the topics of SensorThings: open (of open streams), all; empty: nothing
    gb28181_port: int = 0  # where devices of GB/T 28181 send alarms to, over UDP and TCP; 0: nowhere
    gb28181_password: str = ""  # with which they register; without one nothing is listened to
    telemetry_bus: str = ""  # NATS JetStream over which workers judge observations, e.g. nats://127.0.0.1:4222; empty: this process judges
    telemetry_shards: int = 4  # into how many parts they are divided there
    certificate: str = ""  # a PEM file that the proxy in front shows; who operates is told before it expires
    trace_url: str = ""  # where traces go by OTLP over HTTP, e.g. http://127.0.0.1:4318; empty: nowhere. Needs the extra `trace`
    log_level: str = "info"  # debug, info, warning or error
    hosts: str = ""  # the names under which the city answers, divided by commas; empty: any
    proxies: str = ""  # networks of the proxies in front, e.g. 127.0.0.1; only from them X-Forwarded-For and -Proto are believed
    strict_transport_days: int = 365  # for how long browsers shall come over TLS only, told where they did; 0: not told
    stranger_per_min: int = 6000  # requests of an address whose people are not signed in; 0: not counted
    person_per_min: int = 3000  # requests of one account; 0: not counted
    shed_after_ms: int = 25  # by how much the server may be late before what can wait is sent away (503); 0: never
    private_networks: str = ""  # networks inside to which webhooks may be sent, e.g. 10.0.0.0/8; empty: none
    outside_hosts: str = ""  # whom webhooks and sign-in providers may lie with, e.g. hooks.example .office.example; empty: any outside

    @property
    def database_url(self) -> str:
        return self.database or str(Path(self.home) / "city.db")

    @property
    def cipher(self) -> Cipher:
        """What seals from now on.

        Refuses with `CipherUnknown`.
        """
        try:
            return Cipher(self.at_rest)
        except ValueError:
            raise CipherUnknown(f"CITYLOOP_AT_REST is {self.at_rest[:40]!r}; set it to {' or '.join(Cipher)}.") from None


def settings_from(environment: dict[str, str] | None = None) -> Settings:
    """The settings in the environment."""
    given = os.environ if environment is None else environment
    found: dict[str, Any] = {}
    for name, kind in Settings.__annotations__.items():
        if (value := given.get(f"CITYLOOP_{name.upper()}")) is not None:
            found[name] = kind(value)
    return Settings(**found)


def environment_with(settings: Settings) -> dict[str, str]:
    """Our environment with these settings in it, for a process that is started beside the server."""
    ours = {f"CITYLOOP_{name.upper()}": str(getattr(settings, name)) for name in Settings.__annotations__}
    return dict(os.environ) | ours


def socket_given() -> tuple[int, int]:
    """For which process a service manager opened sockets, and how many; zeros without one. Source: sd_listen_fds(3)."""
    pid, count = os.environ.get("LISTEN_PID", ""), os.environ.get("LISTEN_FDS", "")
    return (int(pid), int(count)) if pid.isdigit() and count.isdigit() else (0, 0)


def manager_told() -> str:
    """The socket at which a service manager wants to hear that we answer; empty without one. Source: sd_notify(3)."""
    return os.environ.get("NOTIFY_SOCKET", "")
