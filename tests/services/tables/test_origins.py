import pytest

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.table import Origin
from smx_lab.services.tables.origins import MAX_NAMES, normalize, origin_of, table_id_of


def test_the_same_names_in_any_order_are_one_table():
    one, other = (
        normalize(OpenTableRequest(experiments=names, trials=["t"]))
        for names in (["mnist", "cifar"], ["cifar", "mnist", "mnist"])
    )
    assert one == other == OpenTableRequest(experiments=["cifar", "mnist"], trials=["t"])
    assert table_id_of("aws", one) == table_id_of("aws", other)
    assert table_id_of("aws", one) != table_id_of("local", one)
    assert origin_of(one) == Origin(experiments=("cifar", "mnist"), trials=("t",))


@pytest.mark.parametrize(
    ("request_", "field", "message"),
    [
        (OpenTableRequest(), "experiments", "A table needs an experiment"),
        (
            OpenTableRequest(trials=[str(n) for n in range(MAX_NAMES + 1)]),
            "experiments",
            "at most 500 experiments and trials",
        ),
        (OpenTableRequest(trials=["t" * 121]), "trials", "1 to 120 characters"),
        (OpenTableRequest(experiments=[""]), "experiments", "1 to 120 characters"),
    ],
)
def test_an_origin_that_breaks_a_rule_is_refused(request_, field, message):
    with pytest.raises(InvalidRequest, match=message) as refused:
        normalize(request_)
    assert refused.value.details["field"] == field
