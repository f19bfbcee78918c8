"""SIP as GB/T 28181 uses it: requests read and answered. Pure.

Source: RFC 3261; RFC 2617 (digest); GB/T 28181-2022, 9.1 and 9.4.
"""

import hmac
import re
from collections.abc import Mapping
from hashlib import md5

from msgspec import Struct

HEAD_MAX = 8_192
BODY_MAX = 256 * 1024
REALM = "cityloop"
_SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type"}
_START = re.compile(r"([A-Z]{3,12}) (sips?:\S{1,200}) SIP/2\.0")
_PARTS = re.compile(r'(\w+)\s*=\s*(?:"([^"]{0,300})"|([^,\s]{1,300}))')
_USER = re.compile(r"sips?:([^@;>\s]{1,64})@")
_COPIED = ("via", "from", "to", "call-id", "cseq")
_NAMES = {"via": "Via", "from": "From", "to": "To", "call-id": "Call-ID", "cseq": "CSeq"}
WORDS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 405: "Method Not Allowed", 503: "Service Unavailable"}


class Sip(Struct, frozen=True, kw_only=True):
    """A request. Headers by their long names in small letters; those that stand several times, in their order."""

    method: str
    uri: str
    headers: dict[str, tuple[str, ...]]
    body: bytes

    def one(self, name: str) -> str:
        """The first header of the name; empty where there is none."""
        return self.headers.get(name, ("",))[0]

    @property
    def user(self) -> str:
        """Who sends it, by the From header: a device's number of 20 digits."""
        found = _USER.search(self.one("from"))
        return found[1] if found else ""


def sip_split(buffer: bytes) -> tuple[bytes | None, bytes]:
    """The first whole message of a stream, and what is left. Nothing whole: None.

    Refuses with `ValueError` where it can never be whole.
    """
    buffer = buffer.lstrip(b"\r\n")
    head, gap, rest = buffer.partition(b"\r\n\r\n")
    if not gap:
        if len(buffer) > HEAD_MAX:
            raise ValueError("the head has no end")
        return None, buffer
    found = re.search(rb"^(?:content-length|l)\s*:\s*([0-9]{1,7})\s*$", head, re.IGNORECASE | re.MULTILINE)
    length = int(found[1]) if found else 0
    if len(head) > HEAD_MAX or length > BODY_MAX:
        raise ValueError("the message is too long")
    if len(rest) < length:
        return None, buffer
    return head + gap + rest[:length], rest[length:]


def sip_read(raw: bytes) -> Sip | None:
    """A request; None where it is none, e.g. an answer to one of ours, or a keep-alive of blank lines.

    Refuses with `ValueError` where it cannot be read.
    """
    head, _, body = raw.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if len(head) > HEAD_MAX or len(body) > BODY_MAX:
        raise ValueError("the message is too long")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    if not first or first.startswith("SIP/2.0"):
        return None
    start = _START.fullmatch(first)
    if start is None:
        raise ValueError("the first line is no request")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            plain = name.strip().lower()
            headers.setdefault(_SHORT.get(plain, plain), []).append(value.strip())
    if not all(name in headers for name in _COPIED):
        raise ValueError("a header is missing that every request has")
    length = headers.get("content-length", [""])[0]
    if length.isdigit() and int(length) <= len(body):
        body = body[: int(length)]
    return Sip(method=start[1], uri=start[2], headers={name: tuple(each) for name, each in headers.items()}, body=body)


def sip_answer(sip: Sip, code: int, more: Mapping[str, str] | None = None) -> bytes:
    """The answer to a request.

    Source: RFC 3261, 8.2.6.
    """
    lines = [f"SIP/2.0 {code} {WORDS[code]}"]
    for name in _COPIED:
        for value in sip.headers[name]:
            tagged = f"{value};tag=cl{_tag(sip)}" if name == "to" and "tag=" not in value else value
            lines.append(f"{_NAMES[name]}: {_line(tagged)}")
    lines += [f"{name}: {_line(value)}" for name, value in (more or {}).items()]
    return "\r\n".join([*lines, "User-Agent: cityloop", "Content-Length: 0", "", ""]).encode()


def sip_message(sip: Sip, text: bytes, *, transport: str, number: int, host: str) -> bytes:
    """A MESSAGE of ours to who sent one: the application's answer to an alarm."""
    ours, theirs = sip.one("to").split(";tag=")[0], sip.one("from").split(";tag=")[0]
    found = re.search(r"sips?:[^>;\s]{1,200}", sip.one("contact") or theirs)
    lines = [
        f"MESSAGE {found[0] if found else sip.uri} SIP/2.0",
        f"Via: SIP/2.0/{transport} {host};rport;branch=z9hG4bKcl{_tag(sip)}{number}",
        f"From: {_line(ours)};tag=cl{_tag(sip)}", f"To: {_line(theirs)}", f"Call-ID: cl{_tag(sip)}{number}@{host}",
        f"CSeq: {number} MESSAGE", "Max-Forwards: 70", "Content-Type: Application/MANSCDP+xml",
        f"Content-Length: {len(text)}", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + text


def alarm_answer(sn: str, device: str) -> bytes:
    """What is answered to an alarm, in GB 2312.

    Source: GB/T 28181-2022, A.2.6.4.
    """
    plain = [re.sub(r"[^\w.-]", "", each) for each in (sn, device)]
    text = (
        '<?xml version="1.0" encoding="GB2312"?>\r\n<Response>\r\n<CmdType>Alarm</CmdType>\r\n'
        f"<SN>{plain[0]}</SN>\r\n<DeviceID>{plain[1]}</DeviceID>\r\n<Result>OK</Result>\r\n</Response>\r\n"
    )
    return text.encode("gb2312", "replace")


def challenge(nonce: str) -> dict[str, str]:
    """The header that asks for a digest."""
    return {"WWW-Authenticate": f'Digest realm="{REALM}", nonce="{nonce}", algorithm=MD5'}


def digest_nonce(header: str) -> str:
    """Which nonce an Authorization header answers; empty where it is none."""
    return _said(header).get("nonce", "") if header[:7].lower() == "digest " else ""


def digest_holds(header: str, method: str, user: str, password: str) -> bool:
    """Whether an Authorization header shows that its sender knows the password. Source: RFC 2617, 3.2.2."""
    said = _said(header)
    if said.get("username") != user or said.get("realm") != REALM:
        return False
    first, second = (_md5(f"{user}:{REALM}:{password}"), _md5(f"{method}:{said.get('uri', '')}"))
    if said.get("qop"):
        middle = f"{said.get('nonce', '')}:{said.get('nc', '')}:{said.get('cnonce', '')}:{said['qop']}"
    else:
        middle = said.get("nonce", "")
    return hmac.compare_digest(_md5(f"{first}:{middle}:{second}").encode(), said.get("response", "").lower().encode())


def _said(header: str) -> dict[str, str]:
    return {name.lower(): quoted or plain for name, quoted, plain in _PARTS.findall(header)}


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()  # the protocol's own; devices know no other


def _tag(sip: Sip) -> str:
    return md5(f"{sip.one('call-id')}{sip.one('cseq')}".encode(), usedforsecurity=False).hexdigest()[:10]


def _line(value: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", value)
