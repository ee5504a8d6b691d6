"""Which account credentials belong to: read from the access key id, without a call."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any

_KEY_ID = re.compile(r"(?:AKIA|ASIA)([A-Z2-7]{16})")
_ACCOUNT_BITS = 0x7FFFFFFFFF80


def account_of_key(access_key_id: str) -> str:
    """Return a text that is the same for all keys of an account.

    It is the account's number, which is part of keys made since 2019 (the same that STS
    GetAccessKeyInfo returns). For a key of another form it is a hash of the key.
    """
    found = _KEY_ID.fullmatch(access_key_id)
    if found is not None:
        try:
            number = int.from_bytes(base64.b32decode(found[1])[:6], "big")
        except binascii.Error:
            number = 0
        if number:
            return f"{(number & _ACCOUNT_BITS) >> 7:012d}"
    return f"key-{hashlib.sha256(access_key_id.encode()).hexdigest()[:16]}"


def account_of(session: Any) -> str | None:
    """Return the account of a boto3 session; None without credentials.

    Raises
    ------
    botocore.exceptions.BotoCoreError
        If the credentials cannot be retrieved.
    """
    credentials = session.get_credentials()
    if credentials is None:
        return None
    frozen = credentials.get_frozen_credentials()
    return getattr(frozen, "account_id", None) or account_of_key(frozen.access_key)
