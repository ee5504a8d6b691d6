import pytest
from hypothesis import given
from hypothesis import strategies as st

from smx_lab.core.table.members import NamedTexts, Pattern

NAME = "CNN-1-aws-training-job"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"arn:aws:sagemaker:us-east-1:123456789012:experiment-trial-component/{NAME}", "around"),
        (f"arn:aws:sagemaker:eu-west-1:1:experiment-trial-component/{NAME.lower()}", "lower"),
        ("CNN-1", "within"),
        ("arn:aws:sagemaker:us-east-1:1:training-job/other", "whole"),
        ("", "whole"),
    ],
)
def test_a_text_is_made_of_the_name_again(text, kind):
    pattern = Pattern.of(text, NAME)
    assert (pattern.kind, pattern.text(NAME)) == (kind, text)


short = st.text("aAbİ-/", max_size=5)


@given(st.lists(st.tuples(st.none() | short, short.filter(bool)), max_size=12))
def test_whatever_the_texts_are_each_comes_back(pairs):
    texts, again = NamedTexts(), NamedTexts()
    for slot, (text, name) in enumerate(pairs):
        texts.append()
        texts.put(slot, text, name)
    again.load(texts.save())
    for each in (texts, again):
        assert [each.text(slot, name) for slot, (_, name) in enumerate(pairs)] == [
            text for text, _ in pairs
        ]


def test_a_thousand_arns_are_one_pattern():
    texts = NamedTexts()
    for slot in range(1000):
        texts.append()
        texts.put(slot, f"arn:aws:sagemaker:us-east-1:1:training-job/job-{slot}x", f"job-{slot}x")
    assert len(texts.save().patterns) == 1


def test_damaged_texts_are_refused():
    texts = NamedTexts()
    texts.append()
    texts.put(0, "a", "b")
    saved = texts.save()
    saved.patterns.clear()
    with pytest.raises(ValueError, match="pattern"):
        NamedTexts().load(saved)
