"""Coming in by somebody else's door: an OpenID provider, WeCom, DingTalk. Which account that is, a link says; nothing else."""

from cityloop.people.elsewhere.model import Provider, ProviderKind, Reply
from cityloop.people.elsewhere.providers import Providers, providers_in

__all__ = ["Provider", "ProviderKind", "Providers", "Reply", "providers_in"]
