"""Models, endpoint configs and endpoints with real model servers, through boto3."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from botocore.exceptions import ClientError

from smx_lab.core.connection import LocalService
from tests.support.local.models import DOUBLER, invoke
from tests.support.local.training import create_config, create_model, make_archive, serve
from tests.support.processes import find_processes
from tests.support.waiting import eventually, wait_for_endpoint


def message_of(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    return str(caught.value.response["Error"]["Message"])


def log_of(service: LocalService, name: str) -> str:
    logs = (Path(service.data_dir) / "endpoints" / name).glob("*/*/log")
    return "".join(log.read_text() for log in logs)


class TestModels:
    """Models are no more than what was asked for, checked."""

    def test_a_model_is_described_as_it_was_made_and_gone_when_deleted(
        self, sagemaker: Any, tmp_path: Path
    ) -> None:
        data = make_archive(tmp_path / "model.tar.gz", {"a": "b"})
        create_model(sagemaker, "described", data, SAGEMAKER_PROGRAM="inference.py")
        model = sagemaker.describe_model(ModelName="described")
        assert model["PrimaryContainer"]["ModelDataUrl"] == str(data)
        assert model["PrimaryContainer"]["Environment"] == {"SAGEMAKER_PROGRAM": "inference.py"}
        arn = model["ModelArn"]
        with pytest.raises(ClientError, match=f'Cannot create already existing model "{arn}"'):
            create_model(sagemaker, "Described", data)
        listed = sagemaker.list_models(NameContains="describ")["Models"]
        assert [item["ModelName"] for item in listed] == ["described"]
        sagemaker.delete_model(ModelName="described")
        could_not_find = f'Could not find model "{arn}".'
        assert message_of(sagemaker.describe_model, ModelName="described") == could_not_find
        assert message_of(sagemaker.delete_model, ModelName="described") == could_not_find

    def test_model_data_must_be_there(self, sagemaker: Any, tmp_path: Path) -> None:
        missing = tmp_path / "model.tar.gz"
        with pytest.raises(ClientError, match=f"Could not find model data at {missing}"):
            create_model(sagemaker, "dataless", missing)

    def test_what_is_not_offered_is_said(self, sagemaker: Any) -> None:
        containers = [{"Image": "a"}, {"Image": "b"}]
        assert "not offered" in message_of(
            sagemaker.create_model, ModelName="pipeline", Containers=containers
        )


class TestEndpointConfigs:
    """Endpoint configs name models that exist."""

    def test_a_config_is_described_as_it_was_made_and_gone_when_deleted(
        self, sagemaker: Any, doubler: str
    ) -> None:
        create_config(sagemaker, "config-a", doubler)
        config = sagemaker.describe_endpoint_config(EndpointConfigName="config-a")
        assert config["ProductionVariants"] == [
            {
                "VariantName": "AllTraffic",
                "ModelName": doubler,
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": 1.0,
            }
        ]
        arn = config["EndpointConfigArn"]
        existing = f'Cannot create already existing endpoint configuration "{arn}"'
        with pytest.raises(ClientError, match=existing):
            create_config(sagemaker, "config-a", doubler)
        listed = sagemaker.list_endpoint_configs(NameContains="config-")["EndpointConfigs"]
        assert [item["EndpointConfigName"] for item in listed] == ["config-a"]
        sagemaker.delete_endpoint_config(EndpointConfigName="config-a")
        assert message_of(sagemaker.describe_endpoint_config, EndpointConfigName="config-a") == (
            f'Could not find endpoint configuration "{arn}".'
        )

    def test_its_models_must_exist(self, sagemaker: Any) -> None:
        with pytest.raises(ClientError, match=r'Could not find model "arn:aws:.*:model/nobody"'):
            create_config(sagemaker, "config-b", "nobody")


class TestEndpoints:
    """Endpoints come up, say why they do not, change, and go."""

    def test_an_endpoint_is_creating_then_in_service_then_gone(
        self, sagemaker: Any, runtime: Any, doubler: str, local_service: LocalService
    ) -> None:
        create_config(sagemaker, "life", doubler)
        arn = sagemaker.create_endpoint(EndpointName="life", EndpointConfigName="life")[
            "EndpointArn"
        ]
        created = sagemaker.describe_endpoint(EndpointName="life")
        if created["EndpointStatus"] == "Creating":
            assert "ProductionVariants" not in created
        endpoint = wait_for_endpoint(sagemaker, "life")
        assert endpoint["EndpointStatus"] == "InService"
        assert endpoint["EndpointConfigName"] == "life"
        (variant,) = endpoint["ProductionVariants"]
        assert variant["VariantName"] == "AllTraffic"
        assert variant["DeployedImages"][0]["SpecifiedImage"].startswith("sagemaker-scikit-learn")
        assert (variant["CurrentWeight"], variant["CurrentInstanceCount"]) == (1.0, 1)
        assert message_of(
            sagemaker.create_endpoint, EndpointName="life", EndpointConfigName="life"
        ) == (f'Cannot create already existing endpoint "{arn}".')
        servers = model_servers(local_service, "life")
        assert len(servers) == 2

        sagemaker.delete_endpoint(EndpointName="life")
        sagemaker.get_waiter("endpoint_deleted").wait(
            EndpointName="life", WaiterConfig={"Delay": 1}
        )
        assert message_of(sagemaker.describe_endpoint, EndpointName="life") == (
            f'Could not find endpoint "{arn}".'
        )
        assert not any(server.is_running() for server in servers)
        assert "The model is loaded." in log_of(local_service, "life")

    def test_its_config_must_exist(self, sagemaker: Any) -> None:
        assert message_of(
            sagemaker.create_endpoint, EndpointName="nothing", EndpointConfigName="nothing"
        ).startswith('Could not find endpoint configuration "arn:aws:sagemaker:')

    def test_a_model_fn_that_raises_fails_the_endpoint_with_its_reason(
        self, sagemaker: Any, runtime: Any, tmp_path: Path, local_service: LocalService
    ) -> None:
        script = "def model_fn(model_dir):\n    raise KeyError('weights')\n"
        data = make_archive(tmp_path / "model.tar.gz", {"code/inference.py": script})
        create_model(sagemaker, "raises", data)
        endpoint = serve(sagemaker, "raises")
        assert endpoint["EndpointStatus"] == "Failed"
        assert endpoint["FailureReason"] == (
            "The primary container for production variant AllTraffic did not pass the ping health "
            "check. Please check CloudWatch logs for this endpoint. KeyError: 'weights'"
        )
        assert "raise KeyError('weights')" in log_of(local_service, "raises")
        with pytest.raises(ClientError, match=r"not found\. Its status is Failed\."):
            invoke(runtime, "raises", b"1", "text/csv")

    @pytest.mark.parametrize(
        ("files", "reason"),
        [
            ({"weights": "1"}, "The model has no code."),
            ({"code/other.py": DOUBLER}, "The program inference.py is not in the model's code."),
            ({"code/inference.py": "pass"}, "inference.py defines no model_fn(model_dir)"),
            (
                {"code/inference.py": DOUBLER + "transform_fn = input_fn = print\n"},
                "Cannot use transform_fn implementation in conjunction with input_fn",
            ),
            ({"code/inference.py": "import sys; sys.exit(4)"}, "SystemExit: 4"),
        ],
    )
    def test_code_that_breaks_the_contract_fails_the_endpoint(
        self,
        sagemaker: Any,
        tmp_path: Path,
        files: dict[str, str],
        reason: str,
        request: pytest.FixtureRequest,
    ) -> None:
        name = f"broken-{abs(hash(request.node.name))}"
        create_model(sagemaker, name, make_archive(tmp_path / "model.tar.gz", files))
        endpoint = serve(sagemaker, name)
        assert endpoint["EndpointStatus"] == "Failed"
        assert reason in endpoint["FailureReason"]

    @pytest.mark.parametrize("kind", ["absolute", "climbing", "link", "cut short", "no archive"])
    def test_an_archive_that_leads_outside_or_is_broken_is_refused(
        self, sagemaker: Any, tmp_path: Path, kind: str
    ) -> None:
        outside = tmp_path / "outside"
        data = write_bad_archive(tmp_path / "model.tar.gz", kind, outside)
        name = f"bad-{kind.replace(' ', '-')}"
        create_model(sagemaker, name, data)
        endpoint = serve(sagemaker, name)
        assert endpoint["EndpointStatus"] == "Failed"
        words = "is refused" if kind in ("climbing", "link") else "model.tar.gz"
        if kind == "absolute":
            words = "The model has no code."  # the filter takes the slash away
        assert words in endpoint["FailureReason"]
        assert not outside.exists()

    def test_code_from_the_submit_directory_serves_any_model_data(
        self, sagemaker: Any, runtime: Any, tmp_path: Path
    ) -> None:
        script = DOUBLER + "\nif __name__ == '__main__':\n    raise SystemExit('not to be run')\n"
        code = make_archive(tmp_path / "sourcedir.tar.gz", {"train.py": script})
        data = make_archive(tmp_path / "model.tar.gz", {"weights": "1"})
        create_model(
            sagemaker,
            "submitted",
            data,
            SAGEMAKER_PROGRAM="train.py",
            SAGEMAKER_SUBMIT_DIRECTORY=str(code),
        )
        assert serve(sagemaker, "submitted")["EndpointStatus"] == "InService"
        answer = invoke(runtime, "submitted", "[3]", "application/json")
        assert json.loads(answer["Body"].read()) == [[6.0]]

    def test_a_transform_fn_stands_for_all_three(
        self, sagemaker: Any, runtime: Any, tmp_path: Path
    ) -> None:
        script = (
            "def model_fn(model_dir):\n    return 'm'\n"
            "def transform_fn(model, data, content_type, accept):\n"
            "    return f'{model} {data} {content_type} {accept}', 'text/plain'\n"
        )
        data = make_archive(tmp_path / "model.tar.gz", {"code/inference.py": script})
        create_model(sagemaker, "transforms", data)
        serve(sagemaker, "transforms")
        answer = invoke(runtime, "transforms", "1,2", "text/csv", Accept="text/plain")
        assert answer["Body"].read() == b"m 1,2 text/csv text/plain"
        assert answer["ContentType"] == "text/plain"

    def test_a_target_variant_is_the_one_asked(
        self, sagemaker: Any, runtime: Any, doubler: str, echo: str
    ) -> None:
        create_config(sagemaker, "two", doubler, echo)
        sagemaker.create_endpoint(EndpointName="two", EndpointConfigName="two")
        assert wait_for_endpoint(sagemaker, "two")["EndpointStatus"] == "InService"
        for variant in ("AllTraffic", "Variant-1"):
            answer = invoke(runtime, "two", "[1]", "application/json", TargetVariant=variant)
            assert answer["InvokedProductionVariant"] == variant
        with pytest.raises(ClientError, match="Variant nobody of endpoint two not found"):
            invoke(runtime, "two", "[1]", "application/json", TargetVariant="nobody")

    def test_an_update_brings_up_the_new_config_and_a_failed_one_keeps_the_old(
        self, sagemaker: Any, runtime: Any, doubler: str, echo: str, tmp_path: Path
    ) -> None:
        create_config(sagemaker, "updated-1", doubler)
        create_config(sagemaker, "updated-2", echo)
        broken = make_archive(tmp_path / "model.tar.gz", {"code/inference.py": "raise OSError"})
        create_model(sagemaker, "updated-broken", broken)
        create_config(sagemaker, "updated-3", "updated-broken")
        sagemaker.create_endpoint(EndpointName="updated", EndpointConfigName="updated-1")
        wait_for_endpoint(sagemaker, "updated")

        sagemaker.update_endpoint(EndpointName="updated", EndpointConfigName="updated-2")
        endpoint = wait_for_endpoint(sagemaker, "updated")
        assert endpoint["EndpointStatus"] == "InService"
        assert endpoint["EndpointConfigName"] == "updated-2"
        answer = invoke(runtime, "updated", "[1]", "application/json")
        assert json.loads(answer["Body"].read())["greeting"] == "hello"

        sagemaker.update_endpoint(EndpointName="updated", EndpointConfigName="updated-3")
        endpoint = wait_for_endpoint(sagemaker, "updated")
        assert endpoint["EndpointStatus"] == "InService"
        assert endpoint["EndpointConfigName"] == "updated-2"
        assert "OSError" in endpoint["FailureReason"]
        answer = invoke(runtime, "updated", "[1]", "application/json")
        assert json.loads(answer["Body"].read())["greeting"] == "hello"

    def test_a_server_that_dies_is_started_again_once_then_the_endpoint_fails(
        self, sagemaker: Any, runtime: Any, echo: str
    ) -> None:
        create_config(sagemaker, "dies", echo)
        sagemaker.create_endpoint(EndpointName="dies", EndpointConfigName="dies")
        wait_for_endpoint(sagemaker, "dies")
        first = json.loads(invoke(runtime, "dies", "1", "text/csv")["Body"].read())["pid"]
        psutil.Process(first).kill()

        def another() -> int | None:
            try:
                answer = json.loads(invoke(runtime, "dies", "1", "text/csv")["Body"].read())
            except ClientError:
                return None
            pid = int(answer["pid"])
            return pid if pid != first else None

        second = eventually(another)
        assert wait_for_endpoint(sagemaker, "dies")["EndpointStatus"] == "InService"
        psutil.Process(second).kill()
        eventually(
            lambda: sagemaker.describe_endpoint(EndpointName="dies")["EndpointStatus"] == "Failed"
        )
        reason = sagemaker.describe_endpoint(EndpointName="dies")["FailureReason"]
        assert reason.startswith(
            "The model server of production variant AllTraffic ended twice within 300 seconds."
        )

    def test_endpoints_are_listed_by_status_name_and_time(
        self, sagemaker: Any, doubler: str, echo: str
    ) -> None:
        def names(**arguments: Any) -> list[str]:
            found = sagemaker.list_endpoints(MaxResults=100, **arguments)["Endpoints"]
            return [item["EndpointName"] for item in found]

        assert names(NameContains="DOUB") == [doubler]
        assert names(NameContains="doub", StatusEquals="Failed") == []
        in_order = names(SortBy="Name", SortOrder="Ascending")
        assert in_order == sorted(in_order, key=str.lower)


def model_servers(service: LocalService, endpoint: str) -> list[psutil.Process]:
    """Return the model server of an endpoint and the process beside it."""
    folder = str(Path(service.data_dir) / "endpoints" / endpoint)
    supervisors = find_processes(lambda command, _: any(folder in part for part in command))
    return [*supervisors, *(child for item in supervisors for child in item.children())]


def write_bad_archive(path: Path, kind: str, outside: Path) -> Path:
    if kind == "no archive":
        path.write_bytes(b"not a tar")
        return path
    with tarfile.open(path, "w:gz") as tar:
        names = {"absolute": str(outside), "climbing": f"../../../../../../../../../..{outside}"}
        if kind == "link":
            link = tarfile.TarInfo("folder")
            link.type, link.linkname = tarfile.SYMTYPE, str(outside.parent)
            tar.addfile(link)
            names["link"] = f"folder/{outside.name}"
        member = tarfile.TarInfo(names.get(kind, "weights"))
        member.size = 200_000
        tar.addfile(member, io.BytesIO(np.random.default_rng(0).bytes(member.size)))
    if kind == "cut short":
        path.write_bytes(path.read_bytes()[:100_000])
    return path
