"""How credentials that have expired are renewed, which depends on where they come from.

Reads names of settings in the AWS configuration. Of their values it passes on only the names of
profiles.
"""

from __future__ import annotations

import os
from typing import Any

from smx_lab.core.connection import Connection
from smx_lab.gateway.credentials.sources import profile_name, profile_option

EXPIRED = "Your AWS credentials have expired."
SSO_LOGIN = "aws sso login{profile_option}"
LOGIN = "aws login{profile_option}"
IDENTITY = "aws sts get-caller-identity{profile_option}"

COMMAND_BY_SETTING = {
    "sso_session": SSO_LOGIN,
    "sso_start_url": SSO_LOGIN,
    "login_session": LOGIN,
    # Each try runs the program again; run by hand, it says why the credentials are old.
    "credential_process": IDENTITY,
}


def how_to_renew(connection: Connection) -> tuple[str, str]:
    """Return a sentence for somebody whose credentials have expired, and a command or ``""``.

    Keys in a file or in the environment are renewed by no command: the sentence says where they
    are. A role is renewed by boto3 as long as its source is good, so it is the source that counts.
    """
    if connection.profile is None and os.environ.get("AWS_ACCESS_KEY_ID"):
        return f"{EXPIRED} Set new ones in the environment, and start anew what reads it.", ""
    name, settings = _source(profile_name(connection), _profiles())
    for setting, command in COMMAND_BY_SETTING.items():
        if setting in settings:
            option = "" if name == "default" else name
            return EXPIRED, command.format(profile_option=profile_option(option))
    if "aws_access_key_id" in settings:
        return f"{EXPIRED} Write new ones into the profile {name}.", ""
    return EXPIRED, ""


def _profiles() -> dict[str, dict[str, Any]]:
    import botocore.session
    from botocore.exceptions import ConfigParseError

    try:
        profiles: dict[str, dict[str, Any]] = botocore.session.Session().full_config["profiles"]
    except ConfigParseError:
        return {}  # there is an error to show already; the next call raises this one
    return profiles


def _source(name: str, profiles: dict[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Return the profile whose own credentials a profile ends with, through its roles."""
    seen = set()
    while name not in seen:
        seen.add(name)
        settings = profiles.get(name, {})
        source = settings.get("source_profile")
        if not isinstance(source, str):  # none, or what botocore takes for settings of its own
            break
        name = source
    return name, profiles.get(name, {})
