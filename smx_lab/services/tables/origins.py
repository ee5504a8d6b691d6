"""Which pairs a table is asked for: checked, in one form, and with the id that follows from it."""

from __future__ import annotations

import hashlib

import msgspec

from smx_lab.contract.bodies import OpenTableRequest
from smx_lab.core.errors import InvalidRequest
from smx_lab.core.table import Origin

MAX_NAMES = 500
MAX_NAME_LENGTH = 120


def normalize(request: OpenTableRequest) -> OpenTableRequest:
    """Return the same origin in the one form that gives it its id.

    Raises
    ------
    InvalidRequest
        If the origin is empty or names too much.
    """
    names = [*request.experiments, *request.trials]
    if not names and not request.unassigned:
        raise InvalidRequest(
            "A table needs an experiment, a trial, or the unassigned trial components.",
            field="experiments",
        )
    if len(names) > MAX_NAMES:
        raise InvalidRequest(
            f"A table takes at most {MAX_NAMES} experiments and trials.", field="experiments"
        )
    for name in names:
        if not 1 <= len(name) <= MAX_NAME_LENGTH:
            raise InvalidRequest(
                f"A name has 1 to {MAX_NAME_LENGTH} characters.",
                field="experiments" if name in request.experiments else "trials",
            )
    return OpenTableRequest(
        experiments=sorted(set(request.experiments)),
        trials=sorted(set(request.trials)),
        unassigned=request.unassigned,
    )


def origin_of(request: OpenTableRequest) -> Origin:
    """Return the origin as the table engine takes it."""
    return Origin(
        experiments=tuple(request.experiments),
        trials=tuple(request.trials),
        unassigned=request.unassigned,
    )


def table_id_of(connection_id: str, request: OpenTableRequest) -> str:
    """Return the id of a table, the same for the same connection and normalized origin."""
    text = msgspec.json.encode([connection_id, request])
    return hashlib.sha256(text).hexdigest()[:20]
