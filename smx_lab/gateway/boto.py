"""boto3 clients for one connection. The only module that imports boto3, at the first call only."""

from __future__ import annotations

import os
import threading
from typing import Any

from smx_lab.core.connection import Connection, LocalService
from smx_lab.gateway.botocore_events import Throttling, register_parser
from smx_lab.gateway.credentials.accounts import account_of
from smx_lab.gateway.retry import (
    AWS_ATTEMPTS,
    CREDENTIALS_ATTEMPTS,
    LOCAL_ATTEMPTS,
    ONE_ATTEMPT,
    botocore_retries,
)
from smx_lab.gateway.throttle import AccountThrottle, AccountThrottles

INVOCATION = "sagemaker-runtime"

# A container has 60 s for an answer (SageMaker Developer Guide), so the client waits longer. A
# request to a model is sent once: the model might do the same thing twice.
INVOCATION_CONFIG: dict[str, Any] = {
    "read_timeout": 70,
    "retries": botocore_retries(ONE_ATTEMPT),
}

# The rate is ours (throttle.py): botocore's adaptive mode has one for each client, and none for the
# account. The time-outs are our choice: a panel must not wait for minutes.
AWS_CONFIG: dict[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 60,
    "retries": botocore_retries(AWS_ATTEMPTS),
    "max_pool_connections": 32,
}

# IAM may not be reachable from here, and only a list of permissions waits for it: one attempt.
IAM_CONFIG: dict[str, Any] = {
    "connect_timeout": 2,
    "read_timeout": 10,
    "retries": botocore_retries(ONE_ATTEMPT),
}

# What botocore itself calls for credentials (STS, SSO); its own default is to wait for minutes.
CREDENTIALS_CONFIG: dict[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 15,
    "retries": botocore_retries(CREDENTIALS_ATTEMPTS),
}

# Without proxies={} the machine's HTTP_PROXY would catch calls to 127.0.0.1; the two switches
# refuse any other endpoint than AWS's own, and may be on in the environment.
LOCAL_CONFIG: dict[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 60,
    "retries": botocore_retries(LOCAL_ATTEMPTS),
    "max_pool_connections": 16,
    "proxies": {},
    "use_fips_endpoint": False,
    "use_dualstack_endpoint": False,
}


class Clients:
    """The clients of one connection, each made once; safe from any thread."""

    def __init__(
        self,
        connection: Connection,
        local: LocalService | None = None,
        endpoint_urls: dict[str, str] | None = None,
        throttles: AccountThrottles | None = None,
    ) -> None:
        """Prepare; ``local`` for the local service, ``endpoint_urls`` by service name for AWS.

        The calls to AWS keep to the ``throttles`` of their accounts.
        """
        self._connection = connection
        self._local = local
        self._endpoint_urls = endpoint_urls or {}
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[str, Any] = {}
        self._throttling: Throttling | None = None
        if throttles is not None and local is None:
            self._throttling = Throttling(throttles)

    def get(self, service: str) -> Any:
        """Return the client of a service, e.g. ``sagemaker``.

        botocore raises here if the profile or the region is missing. It looks for credentials at
        the first call only.
        """
        client = self._clients.get(service)
        if client is not None:
            return client
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._make(service)
            return self._clients[service]

    @property
    def region(self) -> str | None:
        """The region of the clients; None before the first client."""
        return None if self._session is None else self._session.region_name

    @property
    def throttle(self) -> AccountThrottle | None:
        """The throttle of the account that was called last."""
        return self._throttling.last if self._throttling is not None else None

    def ended(self) -> None:
        """Note that a call of this thread has ended, with or without an error."""
        if self._throttling is not None:
            self._throttling.ended()

    def account_key(self) -> str | None:
        """Return a text that stands for the account whose credentials these are.

        botocore raises here if something is wrong with the credentials.
        """
        self.get("sagemaker")
        return account_of(self._session)

    def _make(self, service: str) -> Any:
        from botocore.config import Config

        if self._session is None:
            if self._local is not None:
                self._session = _local_session(self._local)
            else:
                self._session = _aws_session(self._connection)
        settings = dict(LOCAL_CONFIG if self._local is not None else AWS_CONFIG)
        if service == INVOCATION:
            settings.update(INVOCATION_CONFIG)
        elif service == "iam":
            settings.update(IAM_CONFIG)
        client = self._session.client(
            service, endpoint_url=self._url(service), config=Config(**settings)
        )
        if service in ("sagemaker", "sagemaker-metrics"):
            register_parser(client)
        if service == "sagemaker" and self._throttling is not None:
            self._throttling.register(client)
        return client

    def _url(self, service: str) -> str | None:
        if self._local is None:
            return self._endpoint_urls.get(service)
        urls = {
            "sagemaker-metrics": self._local.metrics_url,
            "sagemaker-runtime": self._local.runtime_url,
        }
        return urls.get(service, self._local.sagemaker_url)


def profiles() -> dict[str, str | None]:
    """Return the profiles of the shared configuration, each with its region.

    Raises
    ------
    botocore.exceptions.ConfigParseError
        If a configuration file cannot be read.
    """
    import botocore.session

    found = botocore.session.Session().full_config.get("profiles", {})
    return {name: settings.get("region") for name, settings in found.items()}


def regions(near: str | None) -> list[str]:
    """Return the regions that have SageMaker, in the partition of the region ``near``."""
    import botocore.exceptions
    import botocore.session

    session = botocore.session.Session()
    try:
        partition = session.get_partition_for_region(near) if near else "aws"
    except botocore.exceptions.UnknownRegionError:
        partition = "aws"
    return sorted(session.get_available_regions("sagemaker", partition_name=partition))


def _aws_session(connection: Connection) -> Any:
    import boto3
    import botocore.exceptions
    import botocore.session
    from botocore.config import Config

    core = botocore.session.Session(profile=connection.profile)
    # Elsewhere than on EC2 the metadata address answers nobody: one short try is enough.
    core.set_config_variable("metadata_service_timeout", 1)
    core.set_config_variable("metadata_service_num_attempts", 1)
    core.set_default_client_config(Config(**CREDENTIALS_CONFIG))
    # botocore would ask for an MFA code on the terminal that Jupyter was started from, and wait.
    core.get_component("credential_provider").get_provider("assume-role")._prompter = _no_prompt
    # Studio and containers set AWS_REGION, which boto3 does not read.
    region = connection.region or core.get_config_variable("region") or os.environ.get("AWS_REGION")
    if region is None and core.get_credentials() is None:
        # botocore would ask for the region first; to give one alone would not help.
        raise botocore.exceptions.NoCredentialsError()
    return boto3.Session(botocore_session=core, region_name=region)


def _no_prompt(_question: str) -> str:
    from botocore.exceptions import RefreshWithMFAUnsupportedError

    raise RefreshWithMFAUnsupportedError()


def _local_session(local: LocalService) -> Any:
    import boto3
    import botocore.session

    # The local service must not depend on the user's AWS configuration, which may be broken:
    # no profile from the environment, no configuration files.
    nowhere = (None, None, os.devnull, None)
    core = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": nowhere,
            "credentials_file": nowhere,
        }
    )
    return boto3.Session(
        botocore_session=core,
        aws_access_key_id=local.access_key_id,
        aws_secret_access_key=local.secret_access_key,
        region_name=local.region,
    )
