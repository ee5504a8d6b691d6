"""From a training job to a model: image, environment and limits."""

import pytest

from smx_lab.core.deployment.rules import (
    environment_problems,
    image_problems,
    inference_image,
    role_problems,
    script_environment,
    tag_problems,
)

REGISTRY = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("training", "instance_type", "expected"),
    [
        ("pytorch-training:2.3.0-cpu-py311", "ml.m5.xlarge", "pytorch-inference:2.3.0-cpu-py311"),
        (
            "pytorch-training:2.3.0-gpu-py311-cu121-ubuntu20.04",
            "ml.m5.xlarge",
            "pytorch-inference:2.3.0-cpu-py311-ubuntu20.04",
        ),
        (
            "pytorch-training:2.3.0-gpu-py311-cu121",
            "ml.g5.xlarge",
            "pytorch-inference:2.3.0-gpu-py311-cu121",
        ),
        (
            "tensorflow-training:2.14.1-cpu-py310",
            "ml.m5.xlarge",
            "tensorflow-inference:2.14.1-cpu",
        ),
    ],
)
def test_a_framework_image_becomes_its_inference_partner(training, instance_type, expected):
    found = inference_image(f"{REGISTRY}/{training}", instance_type)
    assert found.image == f"{REGISTRY}/{expected}"
    assert "check that it exists" in found.warnings[0]
    assert "code/" in found.warnings[1]


@pytest.mark.parametrize(
    "image", ["sagemaker-scikit-learn:1.2-1-cpu-py3", "sagemaker-xgboost:1.7-1", "linear-learner:1"]
)
def test_an_image_that_trains_and_serves_is_kept_without_a_warning(image):
    assert inference_image(f"{REGISTRY}/{image}", "ml.m5.xlarge") == (f"{REGISTRY}/{image}", ())


def test_an_image_of_ones_own_is_kept_with_a_warning():
    found = inference_image("111122223333.dkr.ecr.eu-west-1.amazonaws.com/mine:1", "ml.m5.xlarge")
    assert found.image == "111122223333.dkr.ecr.eu-west-1.amazonaws.com/mine:1"
    assert found.warnings == (
        "The inference image is the training image. Make sure that it can serve a model.",
    )


def test_versions_of_huggingface_images_are_said_not_to_pair():
    found = inference_image("huggingface-pytorch-training:2.1.0-cpu-py310", "ml.m5.xlarge")
    assert found.image == "huggingface-pytorch-inference:2.1.0-cpu-py310"
    assert "do not pair" in found.warnings[0]


def test_the_script_is_decoded_once_from_the_hyperparameters():
    assert script_environment(
        {
            "sagemaker_program": '"train.py"',
            "sagemaker_submit_directory": '"s3://bucket/source/sourcedir.tar.gz"',
            "sagemaker_container_log_level": "20",
            "epochs": "2",
        },
        {"SAGEMAKER_PROGRAM": "other.py", "SAGEMAKER_REGION": "eu-west-1", "HOME": "/"},
    ) == {
        "SAGEMAKER_REGION": "eu-west-1",
        "SAGEMAKER_PROGRAM": "train.py",
        "SAGEMAKER_SUBMIT_DIRECTORY": "s3://bucket/source/sourcedir.tar.gz",
        "SAGEMAKER_CONTAINER_LOG_LEVEL": "20",
    }


def test_a_script_that_was_not_encoded_is_kept():
    assert script_environment({"sagemaker_program": "train.py"}, {}) == {
        "SAGEMAKER_PROGRAM": "train.py"
    }


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        (role_problems("arn:aws:iam::111122223333:role/service-role/sm"), []),
        (role_problems("arn:aws-cn:iam::111122223333:role/sm"), []),
        (role_problems(None), ["role_arn"]),
        (role_problems("sm"), ["role_arn"]),
        (image_problems("image:1"), []),
        (image_problems(None), ["image"]),
        (image_problems("an image"), ["image"]),
        (image_problems("x" * 256), ["image"]),
        (environment_problems({"SAGEMAKER_PROGRAM": "train.py"}), []),
        (environment_problems({"1st": "x"}), ["environment"]),
        (environment_problems({"A": "x" * 1025}), ["environment"]),
        (environment_problems({f"A{n}": "" for n in range(101)}), ["environment"]),
        (tag_problems({"team": ""}), []),
        (tag_problems({"": "x"}), ["tags"]),
        (tag_problems({"aws:x": "x"}), ["tags"]),
        (tag_problems({"x": "y" * 257}), ["tags"]),
        (tag_problems({f"t{n}": "" for n in range(51)}), ["tags"]),
    ],
)
def test_a_limit_of_sagemaker_is_said_beside_the_field(problems, expected):
    assert [problem.field for problem in problems] == expected
