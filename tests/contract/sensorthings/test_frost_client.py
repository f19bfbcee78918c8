"""`frost_sta_client`, unchanged, against the town: what it makes, finds, changes and removes."""

from datetime import UTC, datetime, timedelta

import frost_sta_client as fsc
import pytest
import requests
from frost_sta_client.model.ext.data_array_document import DataArrayDocument
from frost_sta_client.model.ext.data_array_value import DataArrayValue
from frost_sta_client.model.ext.unitofmeasurement import UnitOfMeasurement
from frost_sta_client.service.auth_handler import AuthHandler
from geojson import Point
from tests.sta_world import OM

pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr:DeprecationWarning")  # the client's own
START = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)


@pytest.fixture
def service(served):
    """A client that is signed in."""
    town, url = served
    return fsc.SensorThingsService(url, auth_handler=AuthHandler("whoever", town.token))


def thing_with_all():
    """A thing with its place, a stream, a sensor and a property: all in one."""
    sensor = fsc.Sensor(name="S1", description="a sensor", encoding_type="application/pdf", metadata="http://example.org/s1")
    observed = fsc.ObservedProperty(name="Temperature", definition="http://example.org/t", description="of the air")
    stream = fsc.Datastream(
        name="Air", description="temperature of the air", observation_type=f"{OM}OM_Measurement",
        unit_of_measurement=UnitOfMeasurement(name="degree Celsius", symbol="°C", definition="ucum:Cel"),
        sensor=sensor, observed_property=observed, properties={"height": 1.5},
    )  # fmt: skip
    thing = fsc.Thing(name="Station", description="on the roof", properties={"floor": 3, "roof": True, "who": {"unit": "x"}})
    thing.locations = [fsc.Location(name="Roof", description="a roof", encoding_type="application/geo+json", location=Point((112.93, 28.22)))]
    thing.datastreams = [stream]
    return thing


def observations(stream, count, start=START):
    return [
        fsc.Observation(result=float(each), phenomenon_time=(start + timedelta(minutes=each)).isoformat(), datastream=stream)
        for each in range(count)
    ]


def test_deep_insert_find_update_delete(service):
    thing = thing_with_all()
    service.create(thing)

    found = service.things().find(thing.id)
    assert (found.name, found.properties["floor"], found.properties["who"]) == ("Station", 3, {"unit": "x"})
    stream = found.get_datastreams().query().expand("Sensor,ObservedProperty,Thing").list().entities[0]
    assert (stream.name, stream.sensor.metadata, stream.observed_property.definition) == ("Air", "http://example.org/s1", "http://example.org/t")
    assert stream.unit_of_measurement.symbol == "°C"
    assert found.get_locations().query().list().entities[0].location["coordinates"] == [112.93, 28.22]

    found.description = "in the yard"
    service.update(found)
    assert service.things().find(thing.id).description == "in the yard"
    service.patch(found, [{"op": "replace", "path": "/properties/floor", "value": 4}, {"op": "remove", "path": "/properties/roof"}])
    assert service.things().find(thing.id).properties == {"floor": 4, "who": {"unit": "x"}, "simulated": True}

    service.delete(found)
    with pytest.raises(requests.exceptions.HTTPError):
        service.things().find(thing.id)
    assert service.datastreams().query().count().list().count == 0


def test_observations_are_made_counted_filtered_and_paged_through(service):
    thing = thing_with_all()
    service.create(thing)
    stream = service.datastreams().query().list().entities[0]
    for each in observations(stream, 3):
        service.create(each)
    assert each.id == service.observations().find(each.id).id
    document = DataArrayDocument()
    rows = DataArrayValue()
    rows.components = [DataArrayValue.Property.PHENOMENON_TIME, DataArrayValue.Property.RESULT]
    rows.datastream = stream
    for each in observations(stream, 247, START + timedelta(hours=1)):
        rows.add_observation(each)
    document.add_data_array_value(rows)
    made = service.observations().create(document)
    assert len(made) == 247
    assert requests.get(made[-1].self_link, auth=service.auth_handler.add_auth_header()).json()["result"] == 246.0

    query = stream.get_observations().query()
    listed = query.filter("result ge 100 and phenomenonTime lt 2026-03-05T03:00:00Z").orderby("phenomenonTime", "asc").count().list()
    assert (listed.count, listed.entities[0].result) == (20, 100.0)
    everything = stream.get_observations().query().top(40).count().list()
    assert everything.count == 250
    assert len([each.result for each in everything]) == 250
    latest = service.datastreams().query().expand("Observations($orderby=phenomenonTime desc;$top=1)").list().entities[0]
    assert [each.result for each in latest.observations.entities] == [246.0]

    service.delete(made[0] if made[0].id else service.observations().find(listed.entities[0].id))
    assert stream.get_observations().query().count().list().count == 249 if made[0].id is None else True


def test_who_is_not_signed_in_makes_nothing(served):
    _, url = served
    stranger = fsc.SensorThingsService(url)
    with pytest.raises(requests.exceptions.HTTPError) as error:
        stranger.create(thing_with_all())
    assert error.value.response.status_code == 401
    assert stranger.things().query().list().entities == []
