"""The score of two reports: more that speaks for one problem never makes it less likely."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cityloop.domain.alike import PPM, Pair, Signs, ppm_of, score_of
from cityloop.packs import load

OF = load("demo").class_by_key["gbt30428_2_2013/event/0199"]
shares = st.integers(0, PPM)
pairs = st.builds(
    Pair, away_m=st.floats(0, 50), age_h=st.floats(0, 48), other_class=st.sampled_from([None, OF.key]),
    component=st.sampled_from([None, True, False]), is_private=st.booleans(),
    signs=st.builds(Signs, words_ppm=st.none() | shares, place_written=st.booleans()),
)  # fmt: skip


def ppm(pair: Pair) -> int:
    return ppm_of(score_of(pair, OF), pair)


@given(pairs, st.floats(0, 1))
def test_nearer_sooner_and_with_more_words_alike_is_as_likely_or_likelier(pair, share):
    assert 0 <= ppm(pair) <= PPM
    assert ppm(replace(pair, away_m=pair.away_m * share)) >= ppm(pair)
    assert ppm(replace(pair, age_h=pair.age_h * share)) >= ppm(pair)
    assert ppm(replace(pair, other_class=None)) >= ppm(pair)
    assert ppm(replace(pair, signs=replace(pair.signs, place_written=True))) >= ppm(pair)
    if pair.signs.words_ppm is not None:
        more = round(pair.signs.words_ppm + (PPM - pair.signs.words_ppm) * share)
        assert ppm(replace(pair, signs=replace(pair.signs, words_ppm=more))) >= ppm(pair)


@given(pairs)
def test_every_part_of_a_score_is_a_code_or_a_code_with_a_number(pair):
    for reason in score_of(pair, OF).reasons:
        head, _, rest = reason.partition(":")
        assert head.isidentifier()
        assert rest.isdigit() or rest in ("", OF.key)
