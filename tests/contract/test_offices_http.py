"""WeCom and DingTalk: sign-in and messages, against a server that answers as their documents say. Never tried against theirs."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.people_world import ACCEPTOR, HERE, code, sign_in

from cityloop.http.outward import networks
from cityloop.notices.wire import Wire
from cityloop.people import Reply
from cityloop.people.elsewhere import Provider, ProviderKind, Providers

pytestmark = pytest.mark.filterwarnings("ignore::litestar.exceptions.base_exceptions.LitestarDeprecationWarning")
OURS = "http://testserver.local"
CODES = {"code-of-li": "LiNa", "code-of-a-guest": None}


class Offices:
    """Answers as 企业微信 and 钉钉 do; what it was asked is kept."""

    def __init__(self):
        self.asked: list[tuple[str, dict]] = []
        self.messages: list[dict] = []
        self.told = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer({})

            def do_POST(self):
                self.answer(json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}"))

            def answer(self, body):
                parts = urlsplit(self.path)
                status, said = outer.say(parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}, body, self.headers)
                raw = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def say(self, path, asked, body, headers):
        self.asked.append((path, asked | body))
        match path:
            case "/cgi-bin/gettoken":
                good = (asked["corpid"], asked["corpsecret"]) == ("corp", "secret")
                return 200, {"errcode": 0, "errmsg": "ok", "access_token": "wx-token", "expires_in": 7200} if good else {"errcode": 40013}
            case "/cgi-bin/auth/getuserinfo":
                if asked.get("access_token") != "wx-token" or asked["code"] not in CODES:
                    return 200, {"errcode": 40029, "errmsg": "invalid code"}
                member = CODES[asked["code"]]
                return 200, {"errcode": 0, "errmsg": "ok"} | ({"userid": member} if member else {"openid": "someone"})
            case "/cgi-bin/message/send":
                self.messages.append(body)
                self.told.set()
                return 200, {"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "1"}
            case "/v1.0/oauth2/userAccessToken":
                if (body["clientId"], body["clientSecret"], body["grantType"]) != ("corp", "secret", "authorization_code") or body["code"] not in CODES:
                    return 400, {"code": "invalidCode", "message": "x"}
                return 200, {"accessToken": f"user {body['code']}", "expireIn": 7200, "refreshToken": "r"}
            case "/v1.0/contact/users/me":
                return 200, {"nick": "李娜", "unionId": CODES[headers["x-acs-dingtalk-access-token"].removeprefix("user ")], "openId": "o"}
            case "/v1.0/oauth2/accessToken":
                return 200, {"accessToken": "ding-token", "expireIn": 7200}
            case "/topapi/user/getbyunionid":
                return 200, {"errcode": 0, "result": {"contact_type": 0, "userid": "user-" + body["unionid"]}}
            case "/topapi/message/corpconversation/asyncsend_v2":
                self.messages.append(body)
                self.told.set()
                return 200, {"errcode": 0, "task_id": 1}
        return 404, {}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def offices():
    found = Offices()
    yield found
    found.stop()


@pytest.fixture(params=["wecom", "dingtalk"])
def city(world, offices, request):
    wire = Wire(networks("127.0.0.1"))

    def fetch(method, url, headers, body=b""):
        status, read, error = wire.ask(method, url, headers, body)
        return Reply(status=status, body=read, error=error)

    named = Provider(
        kind=ProviderKind(request.param), name_zh="办公", name_en="Office", client_id="corp", client_secret="secret", agent="1000002",
        api_url=offices.url, old_api_url=offices.url,
    )  # fmt: skip
    world.client()
    world._server.app.state.providers = Providers(OURS, {"office": named}, fetch)
    world.office = named
    yield world
    wire.close()


def came_back(client, given, start=None):
    address = start or client.get("/v1/sign-in/office", params={"back": "/people/me"}).headers["location"]
    state = dict(httpx.QueryParams(address.partition("?")[2]))["state"]
    name = "authCode" if "dingtalk" in address else "code"
    return client.get("/v1/sign-in/office/callback", params={name: given, "state": state}).headers["location"]


def linked(city):
    client = city.signed_in("li.na", ACCEPTOR)
    sent = client.post("/v1/me/links/office", json={"back": "/people/me"}).json()["address"]
    assert came_back(client, "code-of-li", sent) == "/people/me"
    return client


def test_who_is_linked_comes_in_by_the_office(city, offices):
    linked(city)
    client = city.client()
    assert came_back(client, "code-of-li") == "/people/me"
    assert client.get("/v1/me").json()["name"] == "Li.Na"
    assert came_back(city.client(), "no-such-code").endswith("refused=people.provider_refused")
    assert came_back(city.client(), "code-of-a-guest").endswith("refused=people.provider_refused"), "no member of it"
    assert sum(path == "/cgi-bin/gettoken" for path, _ in offices.asked) <= 1, "the application's token is kept"


def test_where_the_browser_goes(city):
    address = city.client().get("/v1/sign-in/office").headers["location"]
    asked = dict(httpx.QueryParams(address.partition("?")[2]))
    assert asked["redirect_uri"] == f"{OURS}/v1/sign-in/office/callback"
    if city.office.kind is ProviderKind.wecom:
        assert (asked["appid"], asked["agentid"], asked["login_type"]) == ("corp", "1000002", "CorpApp")
    else:
        assert (asked["client_id"], asked["scope"], asked["response_type"]) == ("corp", "openid", "code")


def test_a_new_device_is_told_by_the_office(city, offices, clock):
    linked(city)
    clock.forward(seconds=1)
    other = city.client()
    other.headers["user-agent"] = "Strange/1.0"
    assert sign_in(other, "li.na").status_code == 201
    assert offices.told.wait(10)
    message = offices.messages[0]
    if city.office.kind is ProviderKind.wecom:
        assert (message["touser"], message["msgtype"], message["agentid"]) == ("LiNa", "text", 1000002)
        assert "Strange/1.0" in message["text"]["content"]
    else:
        assert (message["userid_list"], message["agent_id"]) == ("user-LiNa", "1000002")
        assert "Strange/1.0" in message["msg"]["text"]["content"]


def test_an_office_proves_nothing(city):
    client = linked(city)
    client.headers.update(HERE)
    assert code(client.post("/v1/me/proof/office", json={})) == (400, "people.cannot_prove")
