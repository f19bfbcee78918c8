"""The page of real figures says what was measured, and nothing that somebody wrote into it."""

from real.page import PAGE, measured, page


def test_the_page_of_real_figures_is_made_from_what_was_measured():
    """If not: python -m real.page"""
    assert PAGE.read_text(encoding="utf-8") == page(measured())


def test_a_section_says_its_numbers():
    kept = {"limits": {"rules": 7, "likeness": 0.25, "measured": {"day": "2026-03-01", "cores": 3, "load": 0.5}}}
    assert "7 rules of the sample layer" in page(kept)
    assert "3 cores" in page(kept)
