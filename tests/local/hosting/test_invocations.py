"""Invocations of real model servers, through boto3."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.models import invoke
from tests.support.waiting import eventually


class TestInvocations:
    """What goes in, and what comes out."""

    @pytest.mark.parametrize(
        ("body", "kind"),
        [("[[1, 2], [3, 4]]", "application/json"), ("1,2\n3,4\n", "text/csv; header=absent")],
    )
    def test_default_functions_decode_predict_and_encode(
        self, runtime: Any, doubler: str, body: str, kind: str
    ) -> None:
        answer = invoke(runtime, doubler, body, kind)
        assert json.loads(answer["Body"].read()) == [[2.0, 4.0], [6.0, 8.0]]
        assert answer["ContentType"] == "application/json"

    def test_one_dimension_is_one_row(self, runtime: Any, doubler: str) -> None:
        answer = invoke(runtime, doubler, "[1, 2]", "application/json")
        assert json.loads(answer["Body"].read()) == [[2.0, 4.0]]

    def test_numpy_arrays_come_and_go_as_they_are(self, runtime: Any, doubler: str) -> None:
        body = io.BytesIO()
        np.save(body, np.array([[1, 2]], dtype=np.int64))
        answer = invoke(
            runtime, doubler, body.getvalue(), "application/x-npy", Accept="application/x-npy"
        )
        doubled = np.load(io.BytesIO(answer["Body"].read()))
        assert doubled.dtype == np.int64
        assert doubled.tolist() == [[2, 4]]

    def test_csv_is_answered_where_it_is_accepted(self, runtime: Any, doubler: str) -> None:
        answer = invoke(runtime, doubler, "1,2\n3,4", "text/csv", Accept="text/csv")
        assert answer["Body"].read() == b"2.0,4.0\n6.0,8.0\n"
        assert answer["ContentType"] == "text/csv"

    def test_own_functions_get_body_type_and_accept_untouched(
        self, runtime: Any, echo: str
    ) -> None:
        answer = invoke(
            runtime, echo, b"\x00\xff", "image/png", Accept="text/x-y", CustomAttributes="trace=1"
        )
        told = json.loads(answer["Body"].read())
        del told["pid"]
        assert told == {
            "greeting": "hello",
            "body": "b'\\x00\\xff'",
            "type": "image/png",
            "accept": "text/x-y",
        }
        assert answer["ContentType"] == "application/vnd.echo+json"
        assert answer["CustomAttributes"] == "trace=1"
        assert answer["InvokedProductionVariant"] == "AllTraffic"

    def test_a_body_of_exactly_the_limit_is_taken_and_one_more_byte_is_not(
        self, runtime: Any, doubler: str
    ) -> None:
        limit = 6_291_456
        body = b"[1" + b" " * (limit - 3) + b"]"
        assert json.loads(invoke(runtime, doubler, body, "application/json")["Body"].read()) == [
            [2.0]
        ]
        with pytest.raises(ClientError) as caught:
            invoke(runtime, doubler, body + b" ", "application/json")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413

    def test_an_unknown_endpoint_is_a_validation_error(
        self, runtime: Any, local_service: LocalService
    ) -> None:
        with pytest.raises(ClientError) as caught:
            invoke(runtime, "nowhere", b"1", "text/csv")
        assert caught.value.response["Error"] == {
            "Code": "ValidationError",
            "Message": f"Endpoint nowhere of account {local_service.account} not found.",
        }

    def test_a_model_that_raises_is_a_model_error_with_its_words(
        self, runtime: Any, echo: str, local_service: LocalService
    ) -> None:
        with pytest.raises(ClientError) as caught:
            invoke(runtime, echo, b"7", "text/bad")
        response = caught.value.response
        region = local_service.region
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
        assert response["Error"]["Code"] == "ModelError"
        assert response["OriginalStatusCode"] == 500
        assert response["OriginalMessage"].startswith("no such digit\nTraceback")
        assert response["LogStreamArn"].endswith("log-group:/aws/sagemaker/Endpoints/echo")
        text = response["Error"]["Message"]
        assert text.startswith(
            'Received server error (500) from primary with message "no such digit\n'
        )
        assert text.endswith(
            f'". See https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}'
            f"#logEventViewer:group=/aws/sagemaker/Endpoints/echo in account "
            f"{local_service.account} for more information."
        )

    def test_an_unsupported_type_is_the_clients_error(self, runtime: Any, doubler: str) -> None:
        with pytest.raises(ClientError) as caught:
            invoke(runtime, doubler, b"1", "image/png")
        assert caught.value.response["OriginalStatusCode"] == 415
        assert "Received client error (415) from primary" in str(caught.value)

    def test_a_pickle_in_an_array_is_refused(self, runtime: Any, doubler: str) -> None:
        body = io.BytesIO()
        np.save(body, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        with pytest.raises(ClientError) as caught:
            invoke(runtime, doubler, body.getvalue(), "application/x-npy")
        assert "allow_pickle" in caught.value.response["OriginalMessage"]

    def test_a_model_that_hangs_times_out_and_answers_again_as_often_as_it_happens(
        self, runtime: Any, echo: str
    ) -> None:
        for _ in range(3):
            with pytest.raises(ClientError) as caught:
                invoke(runtime, echo, b"7", "text/slow")
            assert caught.value.response["Error"]["Message"].startswith(
                'Received server error (0) from primary with message "Your invocation timed out '
                "while waiting for a response from container primary."
            )
            assert eventually(lambda: answers(runtime, echo), "an answer after the time-out")


def answers(runtime: Any, name: str) -> bool:
    try:
        return bool(invoke(runtime, name, b"7", "text/plain")["Body"].read())
    except ClientError:
        return False
