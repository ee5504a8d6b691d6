"""Temporary credentials with which the scripts of jobs sign their requests, as for a role.

There is one key pair for each run of the service, and a session token for each job, valid while the
job runs. They are kept in memory only; a script gets them in environment variables.
"""

from __future__ import annotations

import secrets
import string
import threading

KEY_PREFIX = "SMXLOCALJOBS"
"""Begins like every local key, by which the ``sitecustomize`` of jobs recognizes them."""


class JobCredentials:
    """The valid session tokens. The methods may be called from any thread.

    The S3 server gets its keys when it starts and ignores tokens: there the key pair is valid until
    the service ends.
    """

    def __init__(self) -> None:
        letters = string.ascii_uppercase + string.digits
        self.access_key_id = KEY_PREFIX + "".join(secrets.choice(letters) for _ in range(8))
        self.secret_access_key = secrets.token_urlsafe(30)
        self._lock = threading.Lock()
        self._tokens: set[str] = set()

    def issue(self) -> str:
        """Return a new session token."""
        token = secrets.token_urlsafe(30)
        with self._lock:
            self._tokens.add(token)
        return token

    def revoke(self, token: str) -> None:
        """Make a token invalid; requests with it are refused from now on."""
        with self._lock:
            self._tokens.discard(token)

    def is_good(self, token: str) -> bool:
        """Return whether a token is valid. It is while its job is running."""
        with self._lock:
            return token in self._tokens

    def variables(self, token: str) -> dict[str, str]:
        """Return the environment variables from which an AWS SDK takes its credentials."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_SESSION_TOKEN": token,
        }
