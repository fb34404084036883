"""The kernel's session keyring, which processes inherit: tickets and passwords that a login has put there.

Standard library only: the shim starts without site packages.
"""

import ctypes
import errno
import os

_KEYCTL = {"x86_64": 250, "aarch64": 219, "riscv64": 219, "ppc64le": 271, "s390x": 280, "armv7l": 311, "i686": 288}
"""The number of the system call by machine, from the kernel's tables: libc has no name for it."""
_JOIN_SESSION_KEYRING = 1
_NONE_HERE = frozenset({errno.ENOSYS, errno.EPERM, errno.EACCES})
"""No keyrings in this kernel, or nobody may ask for them: then a job cannot read any either."""


def leave() -> None:
    """Begin with an empty session keyring, for this process and all that it starts; raises OSError where it fails."""
    number = _KEYCTL.get(os.uname().machine)
    library = ctypes.CDLL(None, use_errno=True)
    if number is not None and library.syscall(number, _JOIN_SESSION_KEYRING, None) == -1:
        fault = ctypes.get_errno()
        if fault not in _NONE_HERE:
            raise OSError(fault, f"no empty keyring: {os.strerror(fault)}")
