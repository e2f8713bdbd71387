"""Becomes another program: a script that `processes.Child` runs, so it imports only what starts fast.

What happens here (another user, a death signal) may not happen in a fork of a process that has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def change_user(account: str) -> None:
    """Become `uid:gid`; `-` stays who it is."""
    if account != "-":
        uid, gid = map(int, account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)


def end_with_parent(parent: int, signal_number: int) -> None:
    """Ask Linux to send this process a signal when the supervisor is gone, however it ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the supervisor ended before its child started")


def main() -> None:
    """Read `parent signal uid:gid program arguments...` and become the program."""
    parent, signal_number, account, *program = sys.argv[1:]
    change_user(account)
    # after the change of user, which would clear it
    end_with_parent(int(parent), int(signal_number))
    os.execv(program[0], program)  # noqa: S606 - the program is named by the supervisor, no shell is wanted


if __name__ == "__main__":
    main()
