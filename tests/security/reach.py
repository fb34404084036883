"""Arguments: what, then what it needs. Tries to reach a process or a socket outside; prints ``reached`` if it could."""

import ctypes
import os
import socket
import sys
from pathlib import Path

what, *rest = sys.argv[1:]
PTRACE_ATTACH, PTRACE_DETACH = 16, 17


def reach() -> bool:
    if what == "signal":
        os.kill(int(rest[0]), 0)
    elif what == "environ":
        return b"KEPT=secret" in Path("/proc", rest[0], "environ").read_bytes()
    elif what == "trace":
        library = ctypes.CDLL(None, use_errno=True)
        if library.ptrace(PTRACE_ATTACH, int(rest[0]), 0, 0):
            return False
        os.waitpid(int(rest[0]), 0x40000000)
        library.ptrace(PTRACE_DETACH, int(rest[0]), 0, 0)
    elif what == "key":
        call, found = 250 if os.uname().machine == "x86_64" else 219, ctypes.create_string_buffer(64)
        keys = ctypes.CDLL(None)
        key = keys.syscall(call, 10, -3, b"user", rest[0].encode(), 0)
        return bool(keys.syscall(call, 11, key, found, 64) > 0)
    elif what == "tcp":
        socket.create_connection(("127.0.0.1", int(rest[0])), 2).close()
    elif what == "udp":
        with socket.socket(type=socket.SOCK_DGRAM) as end:
            end.settimeout(2)
            end.sendto(b"ping", ("127.0.0.1", int(rest[0])))
            return end.recv(4) == b"pong"
    elif what == "abstract":
        with socket.socket(socket.AF_UNIX) as end:
            end.connect(f"\0{rest[0]}")
    elif what == "route":
        with socket.socket(type=socket.SOCK_DGRAM) as end:
            end.connect(("169.254.169.254", 80))
    return True


try:
    said = "reached" if reach() else "not reached"
except OSError as error:
    said = f"not reached: {error}"
sys.stdout.write(f"{said}\n")
