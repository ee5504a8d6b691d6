import pytest

from smx_lab.core.errors import InvalidRequest
from smx_lab.core.tags import check_tags


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("owner", ""),
        ("k" * 128, "v" * 256),
        ("cost:centre", "a_b.c:d/e=f+g-h@i"),
        ("Größe 1", "実験"),
    ],
)
def test_what_sagemaker_takes_is_allowed(key, value):
    check_tags({key: value}, [])


@pytest.mark.parametrize(
    ("put", "remove", "sentence"),
    [
        ({"": "x"}, [], "1 to 128"),
        ({"k" * 129: "x"}, [], "1 to 128"),
        ({"owner": "v" * 257}, [], "longer than 256"),
        ({"owner#1": "x"}, [], "may not contain “#”"),
        ({"owner": "line\nbreak"}, [], "may not contain"),
        ({"aws:owner": "x"}, [], "belongs to AWS"),
        ({}, ["AWS:owner"], "belongs to AWS"),
        ({"owner": "x"}, ["owner"], "both set and taken away"),
        ({f"k{n}": "" for n in range(51)}, [], "At most 50"),
    ],
)
def test_what_sagemaker_refuses_is_refused_with_its_name(put, remove, sentence):
    with pytest.raises(InvalidRequest, match=sentence):
        check_tags(put, remove)
