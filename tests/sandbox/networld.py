"""A network of our own to attack in, run by ``unshare`` as root of a user, mount and network namespace of its own.

Its loopback device has addresses of every kind: a public one, a private one, link-local ones, those at which clouds
tell credentials. A second machine, a network namespace at the other end of a cable, has a public address. A web server
and an echo by UDP listen on all of them, and a small name server answers for ``.test``: some of its names lead where no
name may lead, one changes its answer each time. Jobs are run in that network, once for each way to close it; what they
reached is printed.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from socketserver import TCPServer

PUBLIC, PRIVATE, LINK, METADATA, METADATA6 = (
    "93.184.216.34",
    "10.9.8.7",
    "169.254.7.7",
    "169.254.169.254",
    "fd00:ec2::254",
)
OWN, NEAR, FAR = "93.184.216.35", "10.77.0.1", "10.77.0.2"
LOOPBACK, LOOPBACK6, MAPPED = "127.0.0.1", "::1", "::ffff:127.0.0.1"
WEB, ECHO, ABSTRACT = 8000, 8001, "\0snapline-network-test"
NAMES = {
    "good.test": [PUBLIC],
    "other.test": [PUBLIC],
    "own.test": [OWN],
    "loop.test": [LOOPBACK],
    "loop6.test": [LOOPBACK6],
    "private.test": [PRIVATE],
    "link.test": [LINK],
    "meta.test": [METADATA],
    "meta6.test": [METADATA6],
    "mapped.test": [MAPPED],
    "both.test": [LOOPBACK, PUBLIC],
    "flip.test": [],
}
LISTED = tuple(f"{name}:{WEB}" for name in NAMES if name != "other.test")
REACH: dict[str, dict[str, object]] = {
    "on": {"network": True},
    "none": {},
    "listed": {"allowed": LISTED},
    "listed, an address too": {"allowed": (f"loop.test:{WEB}", f"{LOOPBACK}:{WEB}")},
}


class Page(BaseHTTPRequestHandler):
    """Says at which address it was reached."""

    def do_GET(self) -> None:
        page = f"page of {self.connection.getsockname()[0].removeprefix('::ffff:')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Web(ThreadingHTTPServer):
    """On every address of both kinds."""

    address_family = socket.AF_INET6
    server_bind = TCPServer.server_bind  # that of HTTP looks for a name of the machine first


class NameServer:
    """Answers for the names above, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._flips = count()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 53))

    def serve(self) -> None:
        while True:
            query, who = self._socket.recvfrom(512)
            self._socket.sendto(self._answer(query), who)

    def _answer(self, query: bytes) -> bytes:
        labels, place = [], 12
        while size := query[place]:
            labels.append(query[place + 1 : place + 1 + size].decode())
            place += 1 + size
        (kind,) = struct.unpack("!H", query[place + 1 : place + 3])
        name = ".".join(labels)
        self.asked.append(name)
        found = [one for one in self._addresses(name, kind) if (":" in one) == (kind == 28)]
        records = [
            b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(raw)) + raw
            for raw in (ipaddress.ip_address(one).packed for one in found)
        ]
        head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(records), 0, 0)
        return head + query[12 : place + 5] + b"".join(records)

    def _addresses(self, name: str, kind: int) -> list[str]:
        if name == "flip.test" and kind == 1:
            return [LOOPBACK if next(self._flips) % 2 else PUBLIC]
        return NAMES.get(name, [])


def furnish(folder: Path) -> tuple[NameServer, socket.socket]:
    """Addresses, servers, and a name server that the machine's own resolver asks; it and an abstract socket."""
    for words in (
        "link set lo up",
        *(f"addr add {one}/32 dev lo" for one in (OWN, PRIVATE, LINK, METADATA)),
        f"-6 addr add {METADATA6}/128 dev lo nodad",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    (folder / "resolv.conf").write_text(f"nameserver {LOOPBACK}\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)
    lay_cable()
    names = NameServer()
    threading.Thread(target=names.serve, daemon=True).start()
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(ABSTRACT)
    abstract.listen()
    serve()
    return names, abstract


def lay_cable() -> None:
    """Start the second machine, which ends with us, and connect it."""
    argv = ["unshare", "--net", "--kill-child", "--fork", sys.executable, __file__, "second"]
    second = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert second.stdin is not None
    assert second.stdout is not None
    pid = int(second.stdout.readline())
    for words in (
        f"link add near type veth peer name far netns {pid}",
        f"addr add {NEAR}/30 dev near",
        "link set near up",
        f"route add {PUBLIC}/32 via {FAR}",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    second.stdin.write(b"go\n")
    second.stdin.flush()
    assert second.stdout.readline() == b"served\n"


def second() -> None:
    """The second machine's whole life."""
    print(os.getpid(), flush=True)  # noqa: T201 - read by the first
    sys.stdin.readline()
    for words in (f"addr add {FAR}/30 dev far", f"addr add {PUBLIC}/32 dev far", "link set far up"):
        subprocess.run(["ip", *words.split()], check=True)
    serve()
    print("served", flush=True)  # noqa: T201 - as above
    sys.stdin.read()


def serve() -> None:
    """The web and the echo on every address that there is."""
    echo = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    echo.bind(("::", ECHO))
    for endless in (Web(("::", WEB), Page).serve_forever, lambda: echoing(echo)):
        threading.Thread(target=endless, daemon=True).start()


def echoing(echo: socket.socket) -> None:
    while True:
        echo.sendto(*echo.recvfrom(99))


def main() -> None:
    from snapline.sandbox import process, requestlog  # noqa: PLC0415 - this file is read from inside as well, without us
    from snapline.sandbox.bubblewrap import Bubblewrap  # noqa: PLC0415 - as above
    from snapline.sandbox.policy import Job, Limits, Shape  # noqa: PLC0415 - as above

    folder, toolchain = Path(sys.argv[2]), sys.argv[3]
    names, _abstract = furnish(folder)
    (folder / "tree").mkdir()
    (folder / "tree" / "world.py").write_bytes(Path(__file__).read_bytes())
    found: dict[str, object] = {}
    for name, reach in REACH.items():
        names.asked.clear()
        argv = (sys.executable, "-I", "-S", "world.py", "attack")
        job = Job(argv, Shape.AGENT, Limits(60.0), tree=str(folder / "tree"), toolchains=(toolchain,), **reach)  # type: ignore[arg-type] # fields by name
        run = folder / name.replace(" ", "-")
        ended = process.run(Bubblewrap(), job, run)
        said = (run / process.LOG_FILE).read_text()
        assert ended.ok, (ended, said)
        record = run / requestlog.FILE
        requests = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
        found[name] = {"reached": json.loads(said), "asked": sorted(set(names.asked)), "requests": requests}
    print(json.dumps(found))  # noqa: T201 - read by the test


def attack() -> None:
    """Runs inside: try everything; tell what answered."""
    reached: dict[str, str] = {}
    for host in (PUBLIC, OWN, PRIVATE, LINK, METADATA, METADATA6, LOOPBACK, LOOPBACK6, *NAMES):
        attempt(reached, f"tcp {host}", lambda host=host: ask(host, WEB, b"GET / HTTP/1.0\r\n\r\n"))
        attempt(reached, f"connect {host}", lambda host=host: tunnel(host))
        attempt(reached, f"get {host}", lambda host=host: fetch(host))
    for host in (PUBLIC, METADATA, LOOPBACK):
        attempt(reached, f"udp {host}", lambda host=host: shout(host, ECHO, b"echo"))
    query = b"\0\1\1\0\0\1\0\0\0\0\0\0" + b"\4good\4test\0" + b"\0\1\0\1"
    attempt(reached, "dns", lambda: str(ipaddress.ip_address(shout_raw(LOOPBACK, 53, query)[-4:])))
    attempt(reached, "resolver", lambda: str(socket.getaddrinfo("good.test", WEB)[0][4][0]))
    attempt(reached, "abstract", abstract)
    print(json.dumps(reached))  # noqa: T201 - read by main


def attempt(reached: dict[str, str], name: str, what: object) -> None:
    assert callable(what)
    try:
        said = what()
    except OSError:
        return
    if said:
        reached[name] = str(said)


def ask(host: str, port: int, request: bytes) -> str:
    with socket.create_connection((host, port), timeout=5) as stream:
        stream.sendall(request)
        answer = b""
        while chunk := stream.recv(1 << 16):
            answer += chunk
    return answer.rpartition(b"\r\n\r\n")[2].decode()


def _proxy() -> tuple[str, int]:
    host, _, port = os.environ.get("HTTPS_PROXY", "http://127.0.0.1:3128").removeprefix("http://").partition(":")
    return host, int(port)


def _authority(host: str) -> str:
    return f"[{host}]:{WEB}" if ":" in host else f"{host}:{WEB}"


def tunnel(host: str) -> str:
    request = f"CONNECT {_authority(host)} HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n"
    return ask(*_proxy(), request.encode())


def fetch(host: str) -> str:
    return ask(*_proxy(), f"GET http://{_authority(host)}/ HTTP/1.1\r\nHost: else.where\r\n\r\n".encode())


def shout(host: str, port: int, words: bytes) -> str:
    return shout_raw(host, port, words).decode()


def shout_raw(host: str, port: int, words: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0.3)
        sender.sendto(words, (host, port))
        return sender.recv(512)


def abstract() -> str:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(ABSTRACT)
        return "connected"


if __name__ == "__main__":
    {"main": main, "second": second, "attack": attack}[sys.argv[1]]()
