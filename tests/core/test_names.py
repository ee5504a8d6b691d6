"""SageMaker's rules for names."""

import pytest

from smx_lab.core.names import free_name, is_region, name_problem


@pytest.mark.parametrize("name", ["a", "mnist-1", "A--b", "x" * 63])
def test_a_name_that_sagemaker_takes_has_no_problem(name):
    assert name_problem(name) is None


@pytest.mark.parametrize("name", ["-a", "a-", "a_b", "a b", "ä", "a.b", "a\n"])
def test_a_name_with_other_signs_is_refused_with_the_rule(name):
    assert name_problem(name) == (
        "Use letters, digits and hyphens only, with a letter or digit "
        "at the beginning and at the end."
    )


def test_a_name_that_is_too_long_is_refused_with_both_lengths():
    assert name_problem("x" * 64) == "The name has 64 characters; 63 are allowed."


def test_an_empty_name_is_refused():
    assert name_problem("") == "Enter a name."


def test_a_free_name_is_kept():
    assert free_name("mnist", {"mnist-2"}) == "mnist"


def test_a_taken_name_gets_the_first_free_number_whatever_its_case():
    assert free_name("mnist", {"MNIST", "mnist-2"}) == "mnist-3"


def test_a_long_taken_name_is_cut_to_make_room_for_its_number():
    assert free_name("x" * 63, {"x" * 63}) == "x" * 61 + "-2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("eu-west-1", True), ("us-gov-west-1", True), ("prod", False), ("eu-west", False)],
)
def test_a_region_is_known_by_its_form(text, expected):
    assert is_region(text) is expected
