"""The list of hosts that an installation lets itself call, before everything that somebody else names."""

from cityloop.app import Settings, join
from cityloop.app.server import fetch_by
from cityloop.http import outward
from cityloop.notices import HttpParcel


def parcel(url: str) -> HttpParcel:
    return HttpParcel(key="k", subject="s", seq=1, url=url, headers={}, body=b"{}")


def test_the_list_of_the_settings_stands_before_webhooks_and_providers(tmp_path, monkeypatch):
    """Both wires of a joined city have it; what the settings themselves name is on it by that."""
    asked = []
    monkeypatch.setattr(outward.socket, "getaddrinfo", lambda host, *given, **more: asked.append(host) or [])
    settings = Settings(city="listed", home=str(tmp_path), outside_hosts="hooks.example")
    parts = join(settings)
    try:
        fetch = fetch_by(settings)
        assert fetch("GET", "https://id.example/", {}).error == "host_not_listed"
        assert parts.wires[1].post(parcel("https://evil.example/")).error == "host_not_listed"
        assert asked == []
        parts.wires[1].post(parcel("https://hooks.example/"))
        assert asked == ["hooks.example"]
    finally:
        parts.close()
