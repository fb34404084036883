"""Arguments: GIT_DIR COMMIT BASE. Gives COMMIT the tree of BASE in the commit-graph file, with a right checksum."""

import hashlib
import pathlib
import struct
import subprocess
import sys


def named(revision: str) -> bytes:
    said = subprocess.run(["git", "rev-parse", revision], capture_output=True, check=True)
    return bytes.fromhex(said.stdout.decode())


graph = pathlib.Path(sys.argv[1], "objects/info/commit-graph")
data = bytearray(graph.read_bytes())
chunks = {}
for number in range(data[6] + 1):
    at = 8 + 12 * number
    chunks[bytes(data[at : at + 4])] = struct.unpack(">Q", data[at + 4 : at + 12])[0]
names = chunks[b"OIDL"]
count = struct.unpack(">I", data[chunks[b"OIDF"] + 1020 : chunks[b"OIDF"] + 1024])[0]
row = [bytes(data[names + 20 * i : names + 20 * i + 20]) for i in range(count)].index(named(sys.argv[2]))
place = chunks[b"CDAT"] + 36 * row
data[place : place + 20] = named(f"{sys.argv[3]}^{{tree}}")
data[-20:] = hashlib.sha1(bytes(data[:-20])).digest()  # noqa: S324 - the file's own checksum
graph.chmod(0o644)
graph.write_bytes(data)
