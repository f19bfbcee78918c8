"""Words: the fast finder agrees with looking for each word, and confidence is monotone."""

from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.packs import load
from cityloop.stages.understand import rules
from cityloop.stages.understand.rules.words import latin_hits_in, latin_words, plain

freely = settings(deadline=None)  # the first call makes the index


@lru_cache(1)
def index():
    return rules.word_index(load("demo"))


@lru_cache(1)
def words():
    here = [word for words in index().heads.values() for word in words]
    latin = [word for words in index().latin.values() for word in words]
    return here, latin


@st.composite
def texts(draw):
    """Words of the pack, pieces of them and other characters, one after the other."""
    here, latin = words()
    whole = st.sampled_from([word.text for word in here] + [f" {word.text} " for word in latin])
    piece = whole.map(lambda word: word[: len(word) // 2 + 1])
    return plain("".join(draw(st.lists(whole | piece | st.text(max_size=3), max_size=12))))


@freely
@given(texts())
def test_every_word_is_found_wherever_it_stands(text):
    here, _ = words()
    slow = {
        (at, at + len(word.text), word.text)
        for word in here
        for at in range(len(text))
        if text[at : at + len(word.text)] == word.text
    }
    fast = rules.hits_in(text, index())
    assert {(start, end, word.text) for start, end, word in fast} == slow
    assert len(fast) == len(slow)
    assert [hit[0] for hit in fast] == sorted(hit[0] for hit in fast)


@freely
@given(texts())
def test_latin_words_are_found_as_whole_words(text):
    said = latin_words(text)
    _, latin = words()
    slow = {
        (at, word.text)
        for word in latin
        for at in range(len(said))
        if said[at : at + len(word.text.split(" "))] == word.text.split(" ")
    }
    assert {(start, word.text) for start, _, word in latin_hits_in(said, index())} == slow


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0, 50), st.integers(0, 5_000), st.integers(0, 5_000))
def test_confidence_rises_with_the_score_and_falls_with_rival_and_length(score, more, rival, chars, longer):
    sure = rules.confidence_ppm(score, rival, chars)
    assert 0 <= sure <= 985_000
    assert rules.confidence_ppm(score + more, rival, chars) >= sure
    assert rules.confidence_ppm(score, rival + more, chars) <= sure
    assert rules.confidence_ppm(score, rival, chars + longer) <= sure
