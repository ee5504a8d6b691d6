import pytest

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.views.typed_columns import metric_and_statistic
from smx_lab.notebook.errors import MagicError
from smx_lab.notebook.parsing import after_words, split


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("test:accuracy=Maximum", ("test:accuracy", "Max")),
        ("test:accuracy=max", ("test:accuracy", "Max")),
        ("loss=Standard deviation", ("loss", "StdDev")),
        ("loss=StandardDeviation", ("loss", "StdDev")),
        ("a=b=Last value", ("a=b", "Last")),
        ("loss", ("loss", None)),
    ],
)
def test_a_metric_is_named_with_its_statistic(text, found):
    assert metric_and_statistic(text) == found


def test_a_statistic_that_there_is_not_is_answered_with_the_nearest():
    with pytest.raises(InvalidRequest, match=r"“Maximun” is no statistic.* Did you mean Maximum\?"):
        metric_and_statistic("test:accuracy=Maximun")


def test_a_body_keeps_its_quotes_and_blanks():
    assert after_words('digits  {"a":  [1, "x y"]}', 1) == '{"a":  [1, "x y"]}'
    assert after_words("'my endpoint' body", 1) == "body"


def test_an_open_quotation_mark_is_told():
    with pytest.raises(MagicError, match="no closing quotation"):
        split("table 'mnist")
