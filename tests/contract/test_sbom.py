"""The list of what is shipped keeps to its standard's own schema, and is whole."""

import json

import pytest
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from scripts.licences import shipped
from scripts.make_sbom import bom


@pytest.fixture(scope="module")
def made():
    return bom()


def faults(of) -> object:
    return make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6).validate_str(json.dumps(of))


def test_the_standard_takes_it(made):
    """CycloneDX 1.6, strictly; a member of our own would be seen."""
    assert faults(made) is None
    assert faults(made | {"ours": 1}) is not None


def test_everything_that_is_shipped_is_in_it(made):
    """Python's and the pages' packages, each once, each with its digests."""
    assert {each["bom-ref"] for each in made["components"]} == set(made["dependencies"][0]["dependsOn"])
    assert len(made["components"]) == len(shipped()) > 150
    named = {each["name"] for each in made["components"]}
    assert {"litestar", "psycopg", "react", "maplibre-gl"} <= named
    assert not {"pytest", "vitest"} & named
    assert all(each.get("hashes") or each.get("properties") for each in made["components"])


def test_the_same_tree_gives_the_same_list(made):
    assert bom() == made
