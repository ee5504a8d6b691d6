"""How long a table waits before it asks SageMaker again."""

from __future__ import annotations

from smx_lab.core.errors import CredentialsExpired, CredentialsMissing, CredentialsRefused
from smx_lab.services.tables.sync.state import Failed

MAX_PAUSE_S = 300.0
MAX_CREDENTIALS_PAUSE_S = 30.0
"""After failures. Credentials are looked for more often: it costs no call while they are expired,
and they are renewed by hand."""

_CREDENTIALS = (CredentialsExpired, CredentialsMissing, CredentialsRefused)


def pause_after_reading(interval_s: float, listing_s: float = 0.0) -> float:
    """Return the seconds until the next reading; ``listing_s`` is what a reading one by one took.

    Half the interval: a poll that comes a little early must not wait for the one after. A table
    that is read one by one rests as long as it reads.
    """
    return max(interval_s / 2, listing_s)


def pause_after_failure(state: Failed, interval_s: float) -> float:
    """Return the seconds until the next attempt: the poll interval, doubled with each failure."""
    longest = MAX_CREDENTIALS_PAUSE_S if isinstance(state.error, _CREDENTIALS) else MAX_PAUSE_S
    return min(interval_s * 2.0 ** (state.failures - 1), longest)
