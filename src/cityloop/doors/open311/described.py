"""How the endpoints of Open311 stand in the OpenAPI document: what may be asked, what may be sent, what comes back."""

from dataclasses import dataclass
from typing import ClassVar

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Parameter, RequestBody, Schema

JURISDICTION = {"jurisdiction_id": "whose requests; absent: this city's"}
REQUESTS = JURISDICTION | {
    "service_request_id": "one or several, divided by commas; overrides everything else",
    "service_code": "one or several, divided by commas",
    "start_date": "requested at this moment or later; absent: 90 days before end_date",
    "end_date": "requested at this moment or before; at most 90 days after start_date",
    "status": "open, closed, or both",
    "page": "which page, from 1",
    "page_size": "requests of a page, 1 to 1000",
    "updated_after": "changed at this moment or later",
    "updated_before": "changed at this moment or before; at most 90 days after updated_after",
    "lat": "latitude of a place, WGS 84",
    "long": "longitude of a place, WGS 84",
    "radius": "metres round the place; absent: 500",
    "extensions": "true: extended_attributes with the steps of each request",
}
UPDATES = JURISDICTION | {
    "start_date": "told at this moment or later; absent: 90 days before end_date",
    "end_date": "told at this moment or before; at most 90 days after start_date",
}
KEY = {"api_key": "the key of a partner, where the city asks for one"}
POSTED = (
    JURISDICTION
    | KEY
    | {
        "service_code": "needed: one of GET services",
        "lat": "latitude, WGS 84, with long; or address_string, or address_id",
        "long": "longitude, WGS 84",
        "address_string": "the place in words",
        "address_id": "the code of a component of the city",
        "description": "what is wrong, up to 4000 characters",
        "attribute[CODE]": "the answer to an attribute; attribute[CODE][] for several",
        "first_name": "kept only with email or phone",
        "last_name": "kept only with email or phone",
        "email": "where an answer goes",
        "phone": "where to call back",
        "account_id": "taken and not kept",
        "device_id": "taken and not kept",
        "media_url": "the address of a picture",
        "media": "a picture, in a multipart form; may come several times",
    }
)
UPDATE_POSTED = (
    JURISDICTION
    | KEY
    | {
        "service_request_id": "needed: of which request",
        "update_id": "needed: how the sender calls the update; told twice, it is kept once",
        "updated_datetime": "needed: when it was said",
        "status": "needed: OPEN, CLOSED, FIXED, IN_PROGRESS …",
        "description": "needed: what was said",
    }
)


@dataclass
class Spelled(Operation):
    """Questions in the query, answers in XML and JSON; errors as a list of code and description."""

    asks: ClassVar[dict[str, str]] = {}
    sends: ClassVar[dict[str, str]] = {}

    def __post_init__(self) -> None:
        text = Schema(type="string")
        self.parameters = [
            *(self.parameters or []),
            *(Parameter(name=name, param_in="query", schema=text, description=says) for name, says in self.asks.items()),
        ]
        both = {kind: OpenAPIMediaType(schema=text) for kind in ("text/xml", "application/json")}
        for status, says in (("400", "a list of what is wrong"), ("404", "not found")):
            (self.responses or {})[status] = OpenAPIResponse(description=says, content=both)
        if self.sends:
            fields = {name: Schema(type="string", description=says) for name, says in self.sends.items()}
            if "media" in fields:
                fields["media"] = Schema(type="string", format="binary", description=self.sends["media"])
            form = OpenAPIMediaType(schema=Schema(type="object", properties=fields))  # type: ignore[arg-type]
            kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
            self.request_body = RequestBody(required=True, content=dict.fromkeys(kinds, form))


@dataclass
class AsksCity(Spelled):
    """A question of a jurisdiction."""

    asks = JURISDICTION


@dataclass
class AsksRequests(Spelled):
    """A question of service requests."""

    asks = REQUESTS


@dataclass
class AsksUpdates(Spelled):
    """A question of updates."""

    asks = UPDATES


@dataclass
class SendsRequest(Spelled):
    """A service request."""

    sends = POSTED


@dataclass
class SendsUpdate(Spelled):
    """An update."""

    sends = UPDATE_POSTED
