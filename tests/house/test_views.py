"""What the API shows has names of its own: two types of one name get long ones, and whoever is generated from it breaks."""

from cityloop.cli.openapi import document


def twice(names: list[str]) -> list[str]:
    """The names that the interface had to make longer, as another type has the short one."""
    return [each for each in names if "." in each.partition("_")[0]]  # of a page the longer part says of what


def test_every_type_has_a_name_of_its_own():
    """Over the whole interface."""
    assert twice(list(document()["components"]["schemas"])) == []


def test_a_planted_name_is_seen():
    """As the framework names them."""
    assert twice(["CaseView", "fair.DraftView"]) == ["fair.DraftView"]
