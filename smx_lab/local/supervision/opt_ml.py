"""Shows a folder as ``/opt/ml`` to one program and all that it starts, where Linux allows it.

Run as a program, ``python opt_ml.py BASE COMMAND…`` becomes COMMAND in a mount namespace of its
own, in which ``/opt/ml`` is BASE. Other processes see no change, and nothing is left to clean up.
No privilege is needed where the kernel lets users make namespaces; elsewhere it ends with
``UNAVAILABLE``. `is_available` tells beforehand.

Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TARGET = Path("/opt/ml")
VARIABLE = "SMX_LAB_MOUNT_OPT_ML"
"""``0`` in the service's environment turns it off."""
UNAVAILABLE = 120
"""Exit code: nothing was started."""
NOT_FOUND = 127
"""Exit code of a command that is not there, as a shell's."""

# Source of the numbers: linux/sched.h, linux/mount.h, linux/prctl.h.
_NEW_MOUNTS = 0x00020000
_NEW_USER = 0x10000000
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_PDEATHSIG, _SIGKILL = 1, 9
_CHECK_PATIENCE_S = 20


def command(base: Path, program: Sequence[str]) -> list[str]:
    """Return the command that runs ``program`` so that it sees ``base`` as ``/opt/ml``."""
    return [sys.executable, "-I", "-S", __file__, str(base), *program]


def is_available(base: Path) -> bool:
    """Return whether the mount works here. It is tried with a folder that exists."""
    wanted = os.environ.get(VARIABLE, "1") != "0"
    if not wanted or sys.platform != "linux" or not TARGET.parent.is_dir():
        return False
    test = subprocess.run(
        command(base, ["/bin/sh", "-c", f"test {TARGET} -ef '{base}'"]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=_CHECK_PATIENCE_S,
    )
    return test.returncode == 0


def _show(base: str) -> None:
    """Make the namespace and the mounts; raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    _unshare(libc)
    # What is mounted from here on stays here.
    _mount(libc, None, "/", _RECURSIVE | _PRIVATE)
    if TARGET.is_dir():
        _mount(libc, base, str(TARGET), _BIND | _RECURSIVE)
    else:
        _mount_beside(libc, base)
    # A new user namespace may have reset this.
    libc.prctl(_PDEATHSIG, _SIGKILL, 0, 0, 0)


def _mount_beside(libc: ctypes.CDLL, base: str) -> None:
    """Put a view in the place of ``/opt``: all that is in it, and ``ml``."""
    view = Path(f"{base}-view")
    view.mkdir(exist_ok=True)
    _mount(libc, "tmpfs", str(view), 0, "tmpfs")
    for entry in TARGET.parent.iterdir():
        place = view / entry.name
        if entry.is_symlink():
            place.symlink_to(entry.readlink())
            continue
        if entry.is_dir():
            place.mkdir()
        else:
            place.touch()
        _mount(libc, str(entry), str(place), _BIND | _RECURSIVE)
    place = view / TARGET.name
    place.mkdir()
    _mount(libc, base, str(place), _BIND | _RECURSIVE)
    _mount(libc, str(view), str(TARGET.parent), _BIND | _RECURSIVE)


def _unshare(libc: ctypes.CDLL) -> None:
    user, group = os.getuid(), os.getgid()
    # Root may mount anyway and keeps all rights; others may mount in a user namespace of their own.
    if os.geteuid() == 0 and libc.unshare(_NEW_MOUNTS) == 0:
        return
    if libc.unshare(_NEW_USER | _NEW_MOUNTS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(content, encoding="ascii")


def _mount(
    libc: ctypes.CDLL, source: str | None, target: str, flags: int, kind: str | None = None
) -> None:
    arguments = [text.encode() if text is not None else None for text in (source, target, kind)]
    if libc.mount(*arguments, flags, None) != 0:
        raise OSError(ctypes.get_errno(), f"mount on {target}")


def main(arguments: list[str]) -> None:
    """Show ``arguments[0]`` as ``/opt/ml``, and become the command that follows."""
    base, *program = arguments
    try:
        _show(base)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(UNAVAILABLE)
    try:
        os.execvp(program[0], program)  # noqa: S606 - what the job is to run
    except OSError as error:
        sys.stderr.write(f"{program[0]}: {error.strerror}\n")
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    main(sys.argv[1:])
