"""What an administrator switched off. Every service checks it before it changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from smx_lab.core.errors import AccessDenied

Action = Literal["deploy", "delete", "stop", "invoke", "edit"]
"""What can be switched off. Only ``read_only`` switches editing off."""


@dataclass(frozen=True)
class Switches:
    """The administrator's choice. ``read_only`` switches off everything that changes something.

    Invoking an endpoint changes nothing in SageMaker, so ``read_only`` does not switch it off.
    """

    read_only: bool = False
    allow_deploy: bool = True
    allow_delete: bool = True
    allow_stop: bool = True
    allow_invoke: bool = True

    def require(self, action: Action) -> None:
        """Raise ``AccessDenied`` if the action is switched off."""
        if action in self.disabled_actions:
            raise AccessDenied("Disabled by your administrator.", action=action)

    def require_writing(self) -> None:
        """Raise ``AccessDenied`` if nothing may be changed."""
        if self.read_only:
            raise AccessDenied("Disabled by your administrator.")

    @property
    def disabled_actions(self) -> list[str]:
        """What is switched off, in a fixed order."""
        allowed = {
            "deploy": self.allow_deploy and not self.read_only,
            "delete": self.allow_delete and not self.read_only,
            "stop": self.allow_stop and not self.read_only,
            "invoke": self.allow_invoke,
            "edit": not self.read_only,
        }
        return [action for action in get_args(Action) if not allowed[action]]
