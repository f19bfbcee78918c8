"""WeCom 企业微信 and DingTalk 钉钉: their own code flows, and messages to whoever is linked.

In the style of their documents as they were read in 2026; tried against servers that answer as those say, never against the
real ones.
"""

import threading
import time
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from cityloop.people.elsewhere.model import Fetch, Known, Provider, ProviderDown, ProviderRefused, Reply, Started

EARLY_S = 300  # a token of the application is asked for again so long before it ends
TEXT = {"Accept": "application/json", "Content-Type": "application/json"}


class _Application:
    """What both need: a token of the application, good for some hours."""

    def __init__(self, provider: Provider, fetch: Fetch):
        self.provider = provider
        self.fetch = fetch
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def token(self) -> str:
        """The application's own token."""
        with self._lock:
            if time.monotonic() < self._until:
                return self._token
        token, lasts_s = self.token_asked()
        with self._lock:
            self._token, self._until = token, time.monotonic() + max(0, lasts_s - EARLY_S)
        return token

    def token_asked(self) -> tuple[str, int]:
        """A fresh one, and for how many seconds it is good."""
        raise NotImplementedError

    def leave(self, back: str) -> str | None:
        """There is no signing out of an office's application."""
        return None

    def post(self, url: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """What another system says to a JSON body."""
        return _said(self.fetch("POST", url, TEXT | headers, msgspec.json.encode(body)))


class WeCom(_Application):
    """企业微信, an application of the city's own (自建应用)."""

    def begin(self, started: Started, redirect: str) -> str:
        """Where the browser goes: a code to scan."""
        base = self.provider.sign_in_url or "https://login.work.weixin.qq.com/wwlogin/sso/login"
        asked = {
            "login_type": "CorpApp", "appid": self.provider.client_id, "agentid": self.provider.agent,
            "redirect_uri": redirect, "state": started.state,
        }  # fmt: skip
        return f"{base}?{urlencode(asked)}"

    def finish(self, code: str, started: Started, redirect: str, now: datetime, issuer: str | None) -> Known:
        """Which member it is. Who is none (an `openid`) is nobody here.

        Refuses with `ProviderDown` or `ProviderRefused`.
        """
        asked = urlencode({"access_token": self.token(), "code": code})
        said = _said(self.fetch("GET", f"{self._api}/cgi-bin/auth/getuserinfo?{asked}", TEXT))
        member = said.get("userid") or said.get("UserId")
        if said.get("errcode") != 0 or not isinstance(member, str) or not member:
            raise _refused(said.get("errcode"))
        return Known(subject=member)

    def tell(self, subject: str, text: str) -> None:
        """Send a member a message.

        Refuses with `ProviderDown` or `ProviderRefused`.
        """
        body = {"touser": subject, "msgtype": "text", "agentid": int(self.provider.agent or 0), "text": {"content": text}}
        said = self.post(f"{self._api}/cgi-bin/message/send?{urlencode({'access_token': self.token()})}", body)
        if said.get("errcode") != 0 or said.get("invaliduser"):
            raise _refused(said.get("errcode"))

    def token_asked(self) -> tuple[str, int]:
        """By gettoken."""
        asked = urlencode({"corpid": self.provider.client_id, "corpsecret": self.provider.client_secret})
        said = _said(self.fetch("GET", f"{self._api}/cgi-bin/gettoken?{asked}", TEXT))
        if said.get("errcode") != 0:
            raise ProviderDown("WeCom gives this city no token; tell the system administrator.", log=str(said.get("errcode")))
        return str(said.get("access_token")), int(said.get("expires_in", 0))

    @property
    def _api(self) -> str:
        return self.provider.api_url or "https://qyapi.weixin.qq.com"


class DingTalk(_Application):
    """钉钉, an application inside one organisation (企业内部应用)."""

    def begin(self, started: Started, redirect: str) -> str:
        """Where the browser goes."""
        base = self.provider.sign_in_url or "https://login.dingtalk.com/oauth2/auth"
        asked = {
            "redirect_uri": redirect, "response_type": "code", "client_id": self.provider.client_id, "scope": "openid",
            "state": started.state, "prompt": "consent",
        }  # fmt: skip
        return f"{base}?{urlencode(asked)}"

    def finish(self, code: str, started: Started, redirect: str, now: datetime, issuer: str | None) -> Known:
        """Who it is, by their unionId.

        Refuses with `ProviderDown` or `ProviderRefused`.
        """
        given = {
            "clientId": self.provider.client_id, "clientSecret": self.provider.client_secret, "code": code,
            "grantType": "authorization_code",
        }  # fmt: skip
        access = self.post(f"{self._api}/v1.0/oauth2/userAccessToken", given).get("accessToken")
        if not isinstance(access, str):
            raise _refused("no accessToken")
        headers = TEXT | {"x-acs-dingtalk-access-token": access}
        union = _said(self.fetch("GET", f"{self._api}/v1.0/contact/users/me", headers)).get("unionId")
        if not isinstance(union, str) or not union:
            raise _refused("no unionId")
        return Known(subject=union)

    def tell(self, subject: str, text: str) -> None:
        """Send somebody a message of the application (工作通知).

        Refuses with `ProviderDown` or `ProviderRefused`.
        """
        key = urlencode({"access_token": self.token()})
        found = self.post(f"{self._old_api}/topapi/user/getbyunionid?{key}", {"unionid": subject})
        user = found.get("result", {}).get("userid") if isinstance(found.get("result"), dict) else None
        if found.get("errcode") != 0 or not user:
            raise _refused(found.get("errcode"))
        message = {"msgtype": "text", "text": {"content": text}}
        body = {"agent_id": self.provider.agent, "userid_list": user, "msg": message}
        said = self.post(f"{self._old_api}/topapi/message/corpconversation/asyncsend_v2?{key}", body)
        if said.get("errcode") != 0:
            raise _refused(said.get("errcode"))

    def token_asked(self) -> tuple[str, int]:
        """By accessToken."""
        given = {"appKey": self.provider.client_id, "appSecret": self.provider.client_secret}
        said = self.post(f"{self._api}/v1.0/oauth2/accessToken", given)
        if not isinstance(said.get("accessToken"), str):
            raise ProviderDown("DingTalk gives this city no token; tell the system administrator.")
        return said["accessToken"], int(said.get("expireIn", 0))

    @property
    def _api(self) -> str:
        return self.provider.api_url or "https://api.dingtalk.com"

    @property
    def _old_api(self) -> str:
        return self.provider.old_api_url or "https://oapi.dingtalk.com"


def _said(answer: Reply) -> dict[str, Any]:
    if answer.status in (400, 401, 403):
        raise _refused(answer.status)
    try:
        said = msgspec.json.decode(answer.body) if answer.status == 200 else None
    except msgspec.MsgspecError:
        said = None
    if not isinstance(said, dict):
        raise ProviderDown("The provider does not answer; sign in with your password.", log=answer.error or str(answer.status))
    return said


def _refused(why: object) -> ProviderRefused:
    return ProviderRefused("The provider did not let you in; sign in again, or with your password.", log=str(why)[:60])
