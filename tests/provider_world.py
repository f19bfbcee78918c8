"""A real OpenID provider in a process of its own, and a browser that fills in its forms."""

import json
import os
import re
import subprocess
import urllib.request
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import httpx
from scripts.web import CERTIFICATES, npm_command

HERE = Path(__file__).parent / "provider"
OURS = "http://testserver.local"
REDIRECT = f"{OURS}/v1/sign-in/office/callback"
SECRET = "a secret of 32 letters, or more.."


def ready() -> None:
    """Install the provider as its lock file says, once."""
    lock = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    mark = HERE / "node_modules" / ".ready"
    if not (mark.exists() and mark.read_text() == lock):
        command = npm_command()
        environment = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        if CERTIFICATES.exists():
            environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
        subprocess.run([*command, "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, env=environment, check=True)
        mark.write_text(lock)


class RealProvider:
    """node-oidc-provider, certified by the OpenID Foundation, with one client: this city."""

    def __init__(self) -> None:
        ready()
        self._process = subprocess.Popen(
            [npm_command()[0], "provider.mjs", REDIRECT, f"{OURS}/console"], cwd=HERE, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdout
        self.issuer = ""
        while not self.issuer.startswith("http://127.0.0.1"):
            line = self._process.stdout.readline()
            assert line, "the provider did not start"
            self.issuer = line.strip()

    def rotate(self) -> str:
        """Change the provider's key; gives the new one's name."""
        with urllib.request.urlopen(f"{self.issuer}/control/rotate") as answer:
            return answer.read().decode()

    def shows(self, **said: object) -> None:
        """From now on its tokens say this of how somebody signed in: `acr`, `amr`, `loginTs`."""
        with urllib.request.urlopen(f"{self.issuer}/control/shows?{quote(json.dumps(said))}"):
            pass

    def walk(self, address: str, login: str, browser: httpx.Client | None = None) -> str:
        """Sign in at the provider by its forms, agree, and give where it sends the browser back to."""
        with browser or httpx.Client() as visitor:
            answer = visitor.get(address)
            for _ in range(12):
                if answer.is_redirect:
                    address = urljoin(str(answer.url), answer.headers["location"])
                    if address.startswith(OURS):
                        return address
                    answer = visitor.get(address)
                    continue
                form = re.search(r'action="([^"]+)".*?name="prompt" value="(\w+)"', answer.text, re.S)
                assert form, answer.text[:600]
                said = {"prompt": form[2]} | ({"login": login, "password": "any"} if form[2] == "login" else {})
                answer = visitor.post(urljoin(str(answer.url), form[1]), data=said)
        raise AssertionError("the provider goes round in circles")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()


def path_of(address: str) -> str:
    """What of an address our server is asked for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


if __name__ == "__main__":
    ready()
