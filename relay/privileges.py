"""What a process of the relay gives up: root, core files, and being looked into."""

from __future__ import annotations

import ctypes
import os
import pwd
import resource
import sys

from config import logs
from config.values import Unusable

log = logs.get(__name__)

FILES = 512  # that are open beside the sessions: the database, the spool, deliveries
_PR_SET_DUMPABLE = 4  # prctl(2)


def confine(user: str | None, sessions: int = 0) -> None:
    """Runs on as `user` if there is one, for good, and without leaving memory behind.

    No core file is written, and others of the same user can neither trace this process nor read
    its environment. There is room for so many `sessions` at a time, as far as the system allows.
    Raises Unusable if there is no such user, or if this process may not become it.
    """
    _raise_files(sessions + FILES)
    if user is not None:
        _become(user)
    elif os.geteuid() == 0:
        log.warning("runs as root; set relay.user to run as somebody who may do less")
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def account(user: str) -> pwd.struct_passwd:
    """The user of this name. Raises Unusable if there is none."""
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise Unusable("relay.user", user, "the name of a user of this machine") from None


def _become(user: str) -> None:
    wanted = account(user)
    if os.geteuid() == wanted.pw_uid and os.geteuid() != 0:
        return
    try:
        os.setgroups(os.getgrouplist(user, wanted.pw_gid))
        os.setresgid(wanted.pw_gid, wanted.pw_gid, wanted.pw_gid)
        os.setresuid(wanted.pw_uid, wanted.pw_uid, wanted.pw_uid)
    except PermissionError:
        raise Unusable(
            "relay.user", user, "the user who starts it, or have it started by root"
        ) from None
    os.environ["HOME"] = wanted.pw_dir


def _raise_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    possible = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < possible:
        resource.setrlimit(resource.RLIMIT_NOFILE, (possible, hard))
