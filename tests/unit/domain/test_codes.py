"""Codes and their parts, and the ways in which they are wrong."""

import pytest

from cityloop.domain.codes import (
    SCHEMES,
    CellParts,
    ClassAmbiguous,
    ClassParts,
    ClassUnknown,
    CodeUnreadable,
    ComponentParts,
    SchemeUnknown,
    area_chain,
    cell_parts,
    class_key_of,
    class_parts,
    component_parts,
    scheme_of,
)
from cityloop.domain.policy import Kind

KNOWN = {
    "gbt30428_2_2013/event/0401",
    "gbt30428_2_2013/component/0401",
    "cjt214_2007/event/0401",
    "gbt30428_2_2013/event/0106",
}


def test_a_cell_s_code_holds_its_areas():
    parts = cell_parts("430102001002003")

    assert parts == CellParts(district="430102", street="001", community="002", seq="003")
    assert (parts.district_code, parts.street_code, parts.community_code) == ("430102", "430102001", "430102001002")
    assert parts.code == "430102001002003"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "43010200100200",
        "4301020010020030",
        "43010200100200X",
        "430102001002003\n",
        " 430102001002003",
        "430102 001 002 003",
        "４３０１０２００１００２００３",  # full-width digits
        "43010200100200٣",  # an Arabic digit
        "-30102001002003",
    ],
)
def test_what_is_no_cell_s_code_is_refused(code):
    with pytest.raises(
        CodeUnreadable, match=r"is no cell code: it has \d+ characters; write 15 digits, 6 district \+ 3"
    ):
        cell_parts(code)


@pytest.mark.parametrize(
    ("code", "scheme", "class_key", "seq"),
    [
        ("3205080101000001", "gbt30428_2_2013", "gbt30428_2_2013/component/0101", "000001"),
        ("3205080101000001", "cjt214_2007", "cjt214_2007/component/0101", "000001"),
        ("3205080199123456", "gbt30428_2_2013_somewhere", "gbt30428_2_2013_somewhere/component/0199", "123456"),
        ("3205080199912345", "draft_2024", "draft_2024/component/01999", "12345"),
        ("110101010200100001", "draft_2024_monitor", "draft_2024_monitor/component/010200", "100001"),
    ],
)
def test_a_component_s_code_is_read_by_its_scheme(code, scheme, class_key, seq):
    parts = component_parts(code, scheme)

    assert parts == ComponentParts(scheme=scheme, district=code[:6], class_code=class_key.split("/")[2], seq=seq)
    assert parts.class_key == class_key
    assert parts.code == code


@pytest.mark.parametrize(
    ("code", "scheme", "error", "said"),
    [
        ("320508010100001", "gbt30428_2_2013", CodeUnreadable, "it has 15 characters; write 16 digits"),
        ("110101010200100001", "gbt30428_2_2013", CodeUnreadable, "it has 18 characters; write 16 digits"),
        ("3205080101000001", "draft_2024_monitor", CodeUnreadable, "monitored component code.*write 18 digits"),
        ("3205080101000001", "gbt30428", SchemeUnknown, "name it after one of cjt214_2007, gbt30428_2_2013"),
        ("3205080101000001", "gbt30428_2_2013x", SchemeUnknown, "is not known"),
        ("3205080101000001", "_", SchemeUnknown, "is not known"),
        ("3205080101000001", "", SchemeUnknown, "is not known"),
        ("9" * 10_000, "gbt30428_2_2013", CodeUnreadable, "it has 10000 characters"),
    ],
)
def test_what_is_no_component_s_code_is_refused(code, scheme, error, said):
    with pytest.raises(error, match=said) as refused:
        component_parts(code, scheme)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("430102", ("430102",)),
        ("430102001", ("430102", "430102001")),
        ("430102001002", ("430102", "430102001", "430102001002")),
    ],
)
def test_an_area_lies_in_those_above_it(code, chain):
    assert area_chain(code) == chain


@pytest.mark.parametrize("code", ["", "43", "4301", "43010200", "430102001002003", "43010x", "430102\n"])
def test_what_is_no_area_s_code_is_refused(code):
    with pytest.raises(CodeUnreadable):
        area_chain(code)


@pytest.mark.parametrize(
    ("key", "parts", "major"),
    [
        ("gbt30428_2_2013/event/0102", ClassParts(scheme="gbt30428_2_2013", kind=Kind.event, code="0102"), "01"),
        ("cjt214_2007/component/2199", ClassParts(scheme="cjt214_2007", kind=Kind.component, code="2199"), "21"),
        ("draft_2024/event/04001", ClassParts(scheme="draft_2024", kind=Kind.event, code="04001"), "04"),
    ],
)
def test_a_class_key_has_scheme_kind_and_code(key, parts, major):
    assert class_parts(key) == parts
    assert parts.key == key
    assert parts.major == major


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("0102", CodeUnreadable),
        ("event/0102", CodeUnreadable),
        ("gbt30428_2_2013/thing/0102", CodeUnreadable),
        ("gbt30428_2_2013/event/012", CodeUnreadable),
        ("gbt30428_2_2013/event/01022", CodeUnreadable),
        ("gbt30428_2_2013/event/0102/", CodeUnreadable),
        ("gbt30428_2_2013/event/", CodeUnreadable),
        ("draft_2024/event/0102", CodeUnreadable),
        ("nowhere_2013/event/0102", SchemeUnknown),
        ("/event/0102", SchemeUnknown),
        ("", CodeUnreadable),
    ],
)
def test_what_is_no_class_key_is_refused(key, error):
    with pytest.raises(error):
        class_parts(key)


def test_a_whole_key_of_the_catalogue_is_taken():
    assert class_key_of("cjt214_2007/event/0401", KNOWN) == "cjt214_2007/event/0401"


@pytest.mark.parametrize(
    ("given", "candidates"),
    [
        ("0401", ["cjt214_2007/event/0401", "gbt30428_2_2013/component/0401", "gbt30428_2_2013/event/0401"]),
        ("event/0401", ["cjt214_2007/event/0401", "gbt30428_2_2013/event/0401"]),
        ("0106", ["gbt30428_2_2013/event/0106"]),  # even where there is but one
    ],
)
def test_a_bare_code_is_refused_and_told_what_it_may_be(given, candidates):
    with pytest.raises(ClassAmbiguous) as refused:
        class_key_of(given, KNOWN)

    assert refused.value.code == "class.ambiguous_code"
    assert refused.value.more == {"candidates": candidates}
    assert str(refused.value).endswith(f"write the whole key: {', '.join(candidates)}.")


def test_of_many_candidates_the_sentence_lists_a_few():
    many = {f"gbt30428_2_2013_{n:02}/event/0101" for n in range(20)}

    with pytest.raises(ClassAmbiguous, match=r"gbt30428_2_2013_07/event/0101 and 12 more\.$"):
        class_key_of("0101", many)


@pytest.mark.parametrize("given", ["0999", "", "401", "gbt30428_2_2013/event/9999", "/", "x" * 1000])
def test_a_class_that_is_not_there_is_refused(given):
    with pytest.raises(ClassUnknown, match="has no class") as refused:
        class_key_of(given, KNOWN)
    assert len(str(refused.value)) < 200


def test_every_scheme_is_found_by_its_name():
    assert all(scheme_of(name) is scheme for name, scheme in SCHEMES.items())
    assert scheme_of("draft_2024_monitor_north") is SCHEMES["draft_2024_monitor"]
