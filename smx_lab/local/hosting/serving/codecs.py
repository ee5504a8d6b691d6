"""Default decoders and encoders between a request's body and NumPy arrays, by content type.

Source: sagemaker-inference-toolkit, ``decoder.py``, ``encoder.py`` and ``content_types.py``. Unlike
there, arrays of Python objects are refused: they are pickles, and a request could bring any code.
"""

from __future__ import annotations

import importlib
import io
import json
from typing import Any

JSON = "application/json"
CSV = "text/csv"
NPY = "application/x-npy"
NPZ = "application/x-npz"
# Bodies of these types reach input_fn as text, all others as bytes.
TEXT_TYPES = frozenset((JSON, CSV))


class UnsupportedTypeError(Exception):
    """No decoder or encoder for this content type; the toolkit answers it with 415."""

    def __init__(self, content_type: str) -> None:
        super().__init__(f"Content type {content_type} is not supported by this framework.")


def base_type(content_type: str) -> str:
    """Return a content type without its parameters: ``text/csv; header=absent`` → ``text/csv``."""
    return content_type.partition(";")[0].strip().lower()


def decode(body: bytes, content_type: str) -> Any:
    """Turn a body into an array.

    Raises
    ------
    UnsupportedTypeError
        For a type without a decoder.
    ValueError
        If the body is not what its type says.
    """
    import numpy as np

    kind = base_type(content_type)
    if kind == JSON:
        return np.array(json.loads(body))
    if kind == CSV:
        return np.genfromtxt(io.StringIO(body.decode("utf-8")), delimiter=",")
    if kind == NPY:
        return np.load(io.BytesIO(body), allow_pickle=False)
    if kind == NPZ:
        return importlib.import_module("scipy.sparse").load_npz(io.BytesIO(body))
    raise UnsupportedTypeError(content_type)


def encode(value: Any, accept: str) -> tuple[bytes, str]:
    """Turn a prediction into a body of the first accepted type that has an encoder.

    Returns
    -------
    body : bytes
    content_type : str

    Raises
    ------
    UnsupportedTypeError
        If there is none.
    """
    for wanted in accept.split(","):
        kind = base_type(wanted)
        if kind in (JSON, "*/*", "application/*"):
            return json.dumps(value, default=_plain).encode(), JSON
        if kind in (CSV, "text/*"):
            return _csv(value), CSV
        if kind == NPY:
            return _npy(value), NPY
    raise UnsupportedTypeError(accept)


def _plain(value: Any) -> Any:
    """Turn what json does not know into what it does: arrays and NumPy's numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON. Define output_fn.")


def _csv(value: Any) -> bytes:
    import numpy as np

    stream = io.StringIO()
    np.savetxt(stream, np.atleast_1d(np.asarray(value)), delimiter=",", fmt="%s")
    return stream.getvalue().encode()


def _npy(value: Any) -> bytes:
    import numpy as np

    stream = io.BytesIO()
    np.save(stream, np.asarray(value), allow_pickle=False)
    return stream.getvalue()
