"""What coming in by somebody else's door speaks of, and how it says no."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol

from msgspec import Struct

from cityloop.domain.errors import Invalid, NeedsSignIn, NotFound, Refused, Unavailable
from cityloop.domain.ids import AccountId
from cityloop.domain.personal import ACCOUNT, Personal


class ProviderKind(StrEnum):
    """Whose protocol it speaks."""

    oidc = "oidc"
    wecom = "wecom"  # 企业微信
    dingtalk = "dingtalk"  # 钉钉


class Provider(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider as the installation's file names it. The secret lies there, in no pack and no journal."""

    kind: ProviderKind = ProviderKind.oidc
    name_zh: str
    name_en: str
    client_id: str  # of WeCom: corpid
    client_secret: str
    issuer: str = ""  # of an OpenID provider; all its addresses are asked of it
    scopes: str = "openid"
    two_factors: bool = False  # it asks for two by itself: then ours is not asked for, where its token says that it was so
    strong_acr: tuple[str, ...] = ()  # of an OpenID provider: what its token says where two were asked for; asked of it, too
    strong_amr: tuple[str, ...] = ("mfa",)  # or one of these ways, RFC 8176
    agent: str = ""  # of WeCom and DingTalk: the application that sends messages
    sign_in_url: str = ""  # another than the product's own, e.g. of a private installation
    api_url: str = ""
    old_api_url: str = ""  # of DingTalk: where messages are sent


class Reply(Struct, frozen=True, kw_only=True):
    """What another system answered; status 0: nothing came, and `error` says why."""

    status: int
    body: bytes = b""
    error: str = ""


class Fetch(Protocol):
    """Port: one request to another system, by the same guard against addresses inside as webhooks have."""

    def __call__(self, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Reply: ...


class Started(Struct, frozen=True, kw_only=True):
    """What a browser carries, sealed, while its person is at the provider."""

    provider: str
    state: str
    nonce: str
    verifier: str
    back: str
    purpose: str  # enter, link, prove
    until: datetime
    at: datetime
    account: str = ""
    session: str = ""
    max_age_s: int = 0  # how long ago they may have shown the provider who they are; 0: not said


class Half(Struct, frozen=True, kw_only=True):
    """Somebody whom a provider knows, and who still owes the code of our own second factor."""

    account: AccountId
    provider: str
    until: datetime
    proved_at: datetime | None = None


class Known(Struct, frozen=True, kw_only=True):
    """Whom a provider says it is, and what it says of how. `proved_at`: when they last showed the provider who they are."""

    subject: str
    proved_at: datetime | None = None
    acr: str = ""
    amr: tuple[str, ...] = ()


def showed_two(provider: Provider, known: Known) -> bool:
    """Whether somebody showed a provider two factors. What it does not say was not so: one is the least that anybody shows.

    >>> office = Provider(name_zh="", name_en="", client_id="", client_secret="", two_factors=True, strong_acr=("gold",))
    >>> [showed_two(office, each) for each in (Known(subject="s", acr="gold"), Known(subject="s", amr=("pwd", "mfa")), Known(subject="s", acr="1", amr=("pwd",)))]
    [True, True, False]
    """
    return provider.two_factors and (known.acr in provider.strong_acr or bool({*known.amr} & {*provider.strong_amr}))


class Link(Struct, frozen=True, kw_only=True):
    """Somebody of a provider signs in as an account."""

    provider: str
    subject: Annotated[str, Personal("to sign in", keep_days=0, eraser=ACCOUNT)]
    account: AccountId
    made_at: datetime
    made_by: str


class ProviderUnknown(NotFound):
    """The installation has no such provider."""

    code = "people.provider_unknown"


class ProviderDown(Unavailable):
    """The provider does not answer, or not as it should."""

    code = "people.provider_down"


class NotFromHere(NeedsSignIn):
    """Somebody came back from a provider whom this browser did not send there, or too late."""

    code = "people.not_from_here"


class ProviderRefused(NeedsSignIn):
    """The provider did not let them in, or its token is not good."""

    code = "people.provider_refused"


class NoLink(NeedsSignIn):
    """Whom the provider names is linked with no account."""

    code = "people.no_link"


class LinkTaken(Refused):
    """Linked with another account, or the account is linked with another."""

    code = "people.link_taken"


class LinkUnknown(NotFound):
    """No such link."""

    code = "people.link_unknown"


class CannotProve(Invalid):
    """The provider does not say when somebody last showed who they are."""

    code = "people.cannot_prove"
