"""What a desk keeps beside the cases, and how it says no."""

from datetime import datetime
from typing import Annotated

from msgspec import Struct

from cityloop.domain.errors import Invalid, NotFound, Refused
from cityloop.domain.ids import AccountId, CaseId
from cityloop.domain.personal import Personal


class CaseWords(Struct, frozen=True, kw_only=True):
    """A row of the search index. `words` are grams; `source` the vault item that they were made from."""

    id: int
    case_id: CaseId
    source: str | None
    words: str


class SearchTooShort(Invalid):
    """A question without anything to look for."""

    code = "search.too_short"


class SavedView(Struct, frozen=True, kw_only=True):
    """A queue that somebody, or a post, looks at again and again. `asked` is the address's questions, as they stand there."""

    id: str
    owner: str  # account/ID, post/ID
    name: Annotated[str, Personal("name a view of one's own", keep_days=3650)]
    asked: str
    made_at: datetime
    made_by: AccountId


class Presence(Struct, frozen=True, kw_only=True):
    """Somebody looks at a case, and may be about to do a deed."""

    case_id: CaseId
    account: AccountId
    since: datetime
    seen_at: datetime
    deed: str | None


class ViewUnknown(NotFound):
    """No such view, or another's."""

    code = "desk.view_unknown"


class ViewUnclear(Invalid):
    """A view without a name, or that asks for too much."""

    code = "desk.view_unclear"


class TooManyViews(Refused):
    """As many views as one can choose from."""

    code = "desk.too_many_views"
