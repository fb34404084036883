"""A listening socket on the loopback of somebody else's network namespace, held from outside.

Nothing of ours has to run inside for it: no program to find there, and none that what runs there could end or replace.
Standard library only: the proxy starts without site packages.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket

PORT = 3128
"""Where the proxy is met inside: the port that proxies are known by."""
LOOPBACK = "127.0.0.1"
READY = b"ready\n"
"""What the proxy says on its standard output."""
_BACKLOG = 128
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_NS_GET_USERNS = 0xB701
_IP_FREEBIND = 15


def listen_in(pid: int) -> socket.socket:
    """A socket that listens on :data:`PORT` in the network namespace of process ``pid``.

    A child enters the namespace, by way of the user namespace that owns it, makes the socket and hands it over: a
    socket stays where it was made. Must be called before any thread is started. Raises OSError.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        child = os.fork()
        if child == 0:
            _hand_over(pid, theirs)
        theirs.close()
        said, descriptors, _, _ = socket.recv_fds(ours, 1 << 10, 1)
        os.waitpid(child, 0)
    if not descriptors:
        raise OSError(said.decode("utf-8", "replace") or "its network namespace cannot be entered")
    return socket.socket(fileno=descriptors[0])


def _hand_over(pid: int, channel: socket.socket) -> None:
    """The child's whole life."""
    try:
        _enter(pid)
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        # The loopback may not be up yet.
        listener.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
        listener.bind((LOOPBACK, PORT))
        listener.listen(_BACKLOG)
        socket.send_fds(channel, [b"."], [listener.fileno()])
    except OSError as fault:
        channel.sendall(f"its network namespace cannot be entered: {fault}".encode())
    finally:
        os._exit(0)


def _enter(pid: int) -> None:
    network = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    owner = fcntl.ioctl(network, _NS_GET_USERNS)
    library = ctypes.CDLL(None, use_errno=True)
    for descriptor, kind in ((owner, _CLONE_NEWUSER), (network, _CLONE_NEWNET)):
        if library.setns(descriptor, kind) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
