"""The town in which the stories happen."""

from collections.abc import Iterator

import pytest
from tests.alarm_world import AlarmWorld
from tests.bulletin_world import BulletinWorld, the_bulletins_app
from tests.device_world import DeviceWorld, the_devices_app
from tests.door_world import DoorWorld, the_doors_app
from tests.engines import Places, at_nine
from tests.field_world import FieldWorld, the_field_app
from tests.sensing_world import SensingWorld, the_sensing_app
from tests.survey_world import SurveyWorld, the_survey_app
from tests.teaching_world import TeachingWorld, the_teaching_app
from tests.trial_world import TrialWorld, the_trials_app
from tests.world import World, the_app


@pytest.fixture
def world(places: Places, tmp_path) -> Iterator[World]:
    """A town at nine o'clock on an ordinary Monday, on each engine."""
    yield from at_nine(World, the_app, places, tmp_path)


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[DoorWorld]:
    """The same town, with its doors open."""
    yield from at_nine(DoorWorld, the_doors_app, places, tmp_path)


@pytest.fixture
def field(places: Places, tmp_path) -> Iterator[FieldWorld]:
    """The same town, with those who work in its streets."""
    yield from at_nine(FieldWorld, the_field_app, places, tmp_path)


@pytest.fixture
def school(places: Places, tmp_path) -> Iterator[TeachingWorld]:
    """The same town, whose machine reads for itself and learns from what people decide."""
    yield from at_nine(TeachingWorld, the_teaching_app, places, tmp_path)


@pytest.fixture
def devices(places: Places, tmp_path) -> Iterator[DeviceWorld]:
    """The same town, with what observes it."""
    yield from at_nine(DeviceWorld, the_devices_app, places, tmp_path)


@pytest.fixture
def senses(places: Places, tmp_path) -> Iterator[SensingWorld]:
    """The same town, whose devices speak."""
    yield from at_nine(SensingWorld, the_sensing_app, places, tmp_path)


@pytest.fixture
def alarms(places: Places, tmp_path) -> Iterator[AlarmWorld]:
    """The same town, whose devices are judged by rules."""
    yield from at_nine(AlarmWorld, the_sensing_app, places, tmp_path)


@pytest.fixture
def survey(places: Places, tmp_path) -> Iterator[SurveyWorld]:
    """The same town, which is evaluated by tables, site visits and questionnaires."""
    yield from at_nine(SurveyWorld, the_survey_app, places, tmp_path)


@pytest.fixture
def papers(places: Places, tmp_path) -> Iterator[BulletinWorld]:
    """The same town, whose press makes bulletins."""
    yield from at_nine(BulletinWorld, the_bulletins_app, places, tmp_path)


@pytest.fixture
def trials(places: Places, tmp_path) -> Iterator[TrialWorld]:
    """The same town, whose server runs past decisions again."""
    yield from at_nine(TrialWorld, the_trials_app, places, tmp_path)
