"""The functions a model's code defines, the defaults for the missing ones, and their order.

Source: sagemaker-inference-toolkit, ``transformer.py`` and ``default_inference_handler.py``;
sagemaker-scikit-learn-container, ``handler_service.py``.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from smx_lab.local.hosting.serving import codecs

DEFAULT_PROGRAM = "inference.py"
_PARTS = ("input_fn", "predict_fn", "output_fn")


class ContractError(Exception):
    """The model's code breaks the contract; the message says what is missing or too much."""


class Reply(NamedTuple):
    """The response to the caller: whole, or in parts as they are made."""

    body: bytes | Iterator[bytes]
    content_type: str


class Model:
    """A loaded model and the functions around it. Knows nothing of HTTP.

    Parameters
    ----------
    model_dir : Path
        The unpacked model archive.
    environment : mapping
        ``SAGEMAKER_PROGRAM``, ``SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT``.
    code_dir : Path, optional
        Where the program is; None if the model came without code.
    """

    def __init__(
        self, model_dir: Path, code_dir: Path | None, environment: Mapping[str, str]
    ) -> None:
        self._default_accept = environment.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", codecs.JSON)
        module = _load_module(code_dir, environment.get("SAGEMAKER_PROGRAM") or DEFAULT_PROGRAM)
        functions = {name: getattr(module, name, None) for name in ("transform_fn", *_PARTS)}
        self._transform = functions["transform_fn"]
        if self._transform and any(functions[name] for name in _PARTS):
            raise ContractError(
                "Cannot use transform_fn implementation in conjunction with input_fn, predict_fn, "
                "and/or output_fn implementation."
            )
        self._input: Callable[[Any, str], Any] = functions["input_fn"] or _default_input
        self._predict: Callable[[Any, Any], Any] = functions["predict_fn"] or _default_predict
        self._output: Callable[[Any, str], Any] = functions["output_fn"] or _default_output
        model_fn = getattr(module, "model_fn", None)
        if model_fn is None:
            raise ContractError(
                f"{module.__name__}.py defines no model_fn(model_dir), which loads the model."
            )
        self._model = model_fn(str(model_dir))

    def transform(self, body: bytes, content_type: str, accept: str) -> Reply:
        """Return the response to one invocation; raises whatever the model's code raises."""
        wanted = self._default_accept if accept in ("", "*/*") else accept
        is_text = codecs.base_type(content_type) in codecs.TEXT_TYPES
        data: Any = body.decode("utf-8") if is_text else body
        if self._transform:
            result = self._transform(self._model, data, content_type, wanted)
        else:
            prediction = self._predict(self._input(data, content_type), self._model)
            result = self._output(prediction, wanted)
        return _reply(result, wanted)


def _load_module(code_dir: Path | None, program: str) -> ModuleType:
    if code_dir is None:
        raise ContractError(
            "The model has no code. Put code/inference.py into its archive, or set "
            "SAGEMAKER_PROGRAM and SAGEMAKER_SUBMIT_DIRECTORY in the model's environment."
        )
    if not (code_dir / program).is_file():
        raise ContractError(f"The program {program} is not in the model's code.")
    # As for a script that is run: its own folder first.
    sys.path.insert(0, str(code_dir))
    os.environ["PYTHONPATH"] = os.pathsep.join(
        part for part in (str(code_dir), os.environ.get("PYTHONPATH", "")) if part
    )
    importlib.invalidate_caches()
    return importlib.import_module(program.removesuffix(".py").replace("/", "."))


def _default_input(body: str | bytes, content_type: str) -> Any:
    """Decode to an array; text as float32, one dimension as one row, as scikit-learn's image."""
    data = codecs.decode(body.encode() if isinstance(body, str) else body, content_type)
    if data.ndim == 1:
        data = data.reshape(1, -1)
    return data.astype("float32") if codecs.base_type(content_type) in codecs.TEXT_TYPES else data


def _default_predict(data: Any, model: Any) -> Any:
    if hasattr(model, "predict"):
        return model.predict(data)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(model, torch.nn.Module):
        model.eval()
        with torch.no_grad():
            return model(torch.as_tensor(data)).cpu().numpy()
    raise ContractError(
        f"The model is a {type(model).__name__} without predict(); define predict_fn(data, model)."
    )


def _default_output(prediction: Any, accept: str) -> Any:
    return codecs.encode(prediction, accept)


def _reply(result: Any, accept: str) -> Reply:
    """Read what output_fn may return: a body, body and type, or the toolkit's Response object.

    A body may be an iterator of parts, such as a generator: a response that is sent in parts.
    """
    content_type = accept.partition(",")[0].strip()
    if isinstance(result, tuple) and len(result) == 2:
        result, content_type = result
    elif hasattr(result, "response") and hasattr(result, "mimetype"):
        result, content_type = result.response, result.mimetype
    if isinstance(result, Iterator):
        return Reply(_parts(result), str(content_type))
    if result is None:
        result = b""
    if isinstance(result, str):
        result = result.encode()
    if not isinstance(result, (bytes, bytearray, memoryview)):
        result, content_type = codecs.encode(result, str(content_type))
    return Reply(bytes(result), str(content_type))


def _parts(result: Iterator[Any]) -> Iterator[bytes]:
    for part in result:
        if not isinstance(part, (str, bytes, bytearray, memoryview)):
            raise TypeError(
                f"A part of an answer must be bytes or text, not {type(part).__name__}."
            )
        yield part.encode() if isinstance(part, str) else bytes(part)
