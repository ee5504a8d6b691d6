import pytest
from hypothesis import given
from hypothesis import strategies as st

from smx_lab.core.table.columns.text import (
    Categories,
    number_text,
    order_key,
    parse_number,
    unquote,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2.0),
        ("-0.5", -0.5),
        ("1e-05", 1e-05),
        ("+3.", 3.0),
        ("inf", float("inf")),
        ("007", None),
        ("1_000", None),
        ("٣", None),
        (" 1", None),
        ("0x10", None),
        ("9007199254740993", None),
        ("", None),
    ],
)
def test_only_what_a_float_can_hold_is_a_number(text, number):
    assert parse_number(text) == number


@given(st.floats())
def test_a_number_written_down_reads_as_the_same_number(number):
    assert parse_number(number_text(number)) == pytest.approx(number, rel=0, abs=0, nan_ok=True)


def test_a_whole_number_is_written_without_a_point():
    assert [number_text(value) for value in (2.0, -3.0, 0.1, 1e-05)] == ["2", "-3", "0.1", "1e-05"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"sgd"', "sgd"),
        ('"say \\"hi\\""', 'say "hi"'),
        ('"', '"'),
        ('"a" and "b"', '"a" and "b"'),
        ("sgd", "sgd"),
        ('""', ""),
    ],
)
def test_only_quotes_that_json_put_there_are_dropped(text, shown):
    assert unquote(text) == shown


def test_texts_are_ordered_as_a_person_would():
    ordered = ["-2", "0.5", "3", "20", "10 layers", "adam", "B", "trial-2", "trial-10", "Übung"]
    assert sorted(set(ordered), key=order_key) == ordered


@given(st.lists(st.integers(0, 10**25), min_size=2))
def test_digits_within_a_text_are_compared_as_integers(numbers):
    names = sorted((f"trial-{number}" for number in numbers), key=order_key)
    assert [int(name.removeprefix("trial-")) for name in names] == sorted(numbers)


@given(st.lists(st.floats(allow_nan=False)))
def test_numbers_among_texts_are_ordered_as_numbers(numbers):
    found = sorted(map(number_text, numbers), key=order_key)
    assert [float(text) for text in found] == sorted(numbers)


@given(st.lists(st.text()))
def test_ranks_follow_the_order_of_the_texts_also_when_more_come(texts):
    categories = Categories()
    for part in (texts[: len(texts) // 2], texts):
        given_texts = [text for text in part if text]
        codes = [categories.code(text) for text in given_texts]
        ranks = categories.ranks()
        ordered = sorted(set(given_texts), key=order_key)
        by_rank = [(int(ranks[code]), text) for code, text in zip(codes, given_texts, strict=True)]
        assert [text for _, text in sorted(set(by_rank))] == ordered
        assert all(ranks[-1] > rank for rank, _ in by_rank)


def test_texts_that_show_alike_are_equal_in_the_order():
    categories = Categories(unquote)
    codes = [categories.code(text) for text in ('"sgd"', "sgd", '"adam"')]
    ranks = categories.ranks()
    assert ranks[codes[0]] == ranks[codes[1]] > ranks[codes[2]]


def test_many_texts_keep_their_codes_and_order_when_they_have_settled_and_few_more_come():
    texts = [f"trial-{7 * n % 5000}" for n in range(5000)]
    categories = Categories()
    codes = [categories.code(text) for text in texts]
    categories.ranks()
    categories.settle()
    more = ["trial-12a", "a", "trial-4", "3", "lone \ud800"]
    codes += [categories.code(text) for text in more]
    assert codes[-5:] == [5000, 5001, codes[texts.index("trial-4")], 5002, 5003]
    assert categories.known("trial-4999") == codes[texts.index("trial-4999")]
    assert categories.known("trial-5000") is None
    ranks = categories.ranks()
    in_order = sorted(range(len(categories)), key=ranks.__getitem__)
    found = [categories.texts[code] for code in in_order]
    assert found == sorted({*texts, *more[:-1], "lone ?"}, key=order_key)


def test_a_text_that_cannot_be_encoded_is_the_one_it_is_shown_as():
    categories = Categories()
    assert categories.code("lone ?") == categories.code("lone \ud800")
