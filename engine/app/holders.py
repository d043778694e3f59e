"""What processes are called that hold leases, and which of them have ended."""

from __future__ import annotations

import os


def new_holder() -> str:
    """Return a name for this process that no other has: host, process id, random."""
    import secrets

    return f"{os.uname().nodename}:{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(holder: str) -> bool:
    """Tell whether `new_holder` of this machine named a process that has ended.

    Of another machine's process nobody here can know: its lease ends by itself.
    """
    host, pid, _ = [*holder.rsplit(":", 2), "", ""][:3]
    if host != os.uname().nodename or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
