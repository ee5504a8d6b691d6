"""The rules for a model from a training job: image, environment, role and limits.

Sources: the limits of CreateModel and CreateEndpointConfig in botocore's model; the way AWS names
its training and inference images; the environment that the SageMaker Python SDK sends for a
script-mode job.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from smx_lab.core.deployment.plan import FieldError
from smx_lab.core.limits import MAX_TAG_KEY_LENGTH, MAX_TAG_VALUE_LENGTH, MAX_TAGS

MAX_ENVIRONMENT_ENTRIES = 100
MAX_ENVIRONMENT_LENGTH = 1024
MAX_IMAGE_LENGTH = 255

_ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
_ENVIRONMENT_KEY = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*", re.ASCII)
_FRAMEWORK_IMAGE = re.compile(
    r"(?P<registry>.*/)?(?P<family>(?:huggingface-)?(?:pytorch|tensorflow)|mxnet)-training"
    r"(?P<tag>:.*)?"
)
_SAME_IMAGE = re.compile(r"(?:.*/)?(?:sagemaker-scikit-learn|sagemaker-xgboost|[a-z-]*learner)[:@]")
_ACCELERATED = re.compile(r"ml\.(?:p|g)\d")

_SCRIPT_MEMBERS = {
    "sagemaker_program": "SAGEMAKER_PROGRAM",
    "sagemaker_submit_directory": "SAGEMAKER_SUBMIT_DIRECTORY",
    "sagemaker_container_log_level": "SAGEMAKER_CONTAINER_LOG_LEVEL",
    "sagemaker_region": "SAGEMAKER_REGION",
}


class InferenceImage(NamedTuple):
    """An image to serve a model, and warnings about the choice."""

    image: str | None
    warnings: tuple[str, ...] = ()


def inference_image(training_image: str | None, instance_type: str) -> InferenceImage:
    """Derive the inference image from a training image.

    AWS's framework images come in pairs, ``-training`` and ``-inference``; CPU or GPU follows the
    hosting instance. The warnings say that the derived image may not exist in the region.
    """
    if training_image is None:
        return InferenceImage(None, ("The training job names no image; give one to serve with.",))
    found = _FRAMEWORK_IMAGE.fullmatch(training_image)
    if found is None:
        if _SAME_IMAGE.match(training_image):
            return InferenceImage(training_image)
        return InferenceImage(
            training_image,
            ("The inference image is the training image. Make sure that it can serve a model.",),
        )
    family, tag = found["family"], found["tag"] or ""
    if not _ACCELERATED.match(instance_type):
        tag = re.sub(r"-cu\d+", "", tag.replace("-gpu", "-cpu"))
    if family == "tensorflow":
        tag = re.sub(r"-py\d+", "", tag)
    image = f"{found['registry'] or ''}{family}-inference{tag}"
    warnings = [f"The inference image was derived from {training_image}; check that it exists."]
    if family.startswith("huggingface"):
        warnings = [
            "Versions of HuggingFace images for training and inference do not pair: "
            f"check the image derived from {training_image}."
        ]
    warnings.append(
        "This kind of image looks for the inference script in model.tar.gz, below code/. "
        "Make sure that the training job has put it there."
    )
    return InferenceImage(image, tuple(warnings))


def script_environment(
    hyper_parameters: Mapping[str, str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment that tells an inference image which script to run.

    A job names its script in hyperparameters or, less often, in its own environment. The SDK
    encodes hyperparameters as JSON, so texts have quotes, which are removed.
    """
    given = {name: environment[name] for name in _SCRIPT_MEMBERS.values() if name in environment}
    return given | {
        variable: _decode(hyper_parameters[name])
        for name, variable in _SCRIPT_MEMBERS.items()
        if name in hyper_parameters
    }


def role_problems(role_arn: str | None) -> Iterator[FieldError]:
    """Yield what is wrong with an execution role."""
    if not role_arn:
        yield FieldError(
            field="role_arn", message="Give the role that SageMaker runs the model as."
        )
    elif not _ROLE_ARN.fullmatch(role_arn):
        yield FieldError(
            field="role_arn",
            message="Give a role's ARN, such as arn:aws:iam::111122223333:role/SageMaker.",
        )


def image_problems(image: str | None) -> Iterator[FieldError]:
    """Yield what is wrong with an image's name."""
    if not image:
        yield FieldError(field="image", message="Give an inference image.")
    elif len(image) > MAX_IMAGE_LENGTH or re.search(r"\s", image):
        yield FieldError(
            field="image",
            message=f"An image's name has no spaces and at most {MAX_IMAGE_LENGTH} characters.",
        )


def environment_problems(environment: Mapping[str, str]) -> Iterator[FieldError]:
    """Yield what is wrong with a container's environment."""
    if len(environment) > MAX_ENVIRONMENT_ENTRIES:
        yield FieldError(
            field="environment",
            message=f"SageMaker takes at most {MAX_ENVIRONMENT_ENTRIES} variables.",
        )
    for key, value in environment.items():
        if not _ENVIRONMENT_KEY.fullmatch(key):
            yield FieldError(
                field="environment",
                message=f"{key} is no name of a variable: use letters, digits and underscores.",
            )
        elif max(len(key), len(value)) > MAX_ENVIRONMENT_LENGTH:
            yield FieldError(
                field="environment",
                message=f"{key[:40]} is longer than {MAX_ENVIRONMENT_LENGTH} characters.",
            )


def tag_problems(tags: Mapping[str, str]) -> Iterator[FieldError]:
    """Yield what is wrong with tags."""
    if len(tags) > MAX_TAGS:
        yield FieldError(field="tags", message=f"SageMaker takes at most {MAX_TAGS} tags.")
    for key, value in tags.items():
        if not 1 <= len(key) <= MAX_TAG_KEY_LENGTH or len(value) > MAX_TAG_VALUE_LENGTH:
            yield FieldError(
                field="tags",
                message=f"A tag has a key of 1 to {MAX_TAG_KEY_LENGTH} and a value of at most "
                f"{MAX_TAG_VALUE_LENGTH} characters.",
            )
        elif key.lower().startswith("aws:"):
            yield FieldError(field="tags", message="AWS keeps tags that begin with aws: to itself.")


def _decode(value: str) -> str:
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    return decoded if isinstance(decoded, str) else value
