"""Words that belong together with a slash between them (LEX209).

In: names of things (TCP/IP), pairs that name one thing by its two halves (read/write, red/green), and units. Out: two
actions or things of which one, the other or both may be meant (import/export, add/remove, key/value). Each pair is also
good the other way round, and with an ``s``. Whoever misses one adds it to ``[lint.words]``.
"""

from __future__ import annotations

from typing import Final

_PAIRS: Final = """
    tcp/ip ci/cd ui/ux ssl/tls http/https client/server input/output read/write request/response on/off yes/no
    true/false pass/fail passed/failed pub/sub publish/subscribe push/pull up/down left/right public/private
    producer/consumer
    primary/replica primary/secondary leader/follower master/slave master/replica blue/green red/green black/white
    light/dark before/after in/out stdin/stdout stdout/stderr host/port gnu/linux pl/sql cr/lf copy/paste cut/paste
    drag/drop undo/redo parent/child model/view try/catch try/except if/else async/await he/she his/her him/her s/he
    owner/repo owner/name user/repo org/repo org/name am/pm dev/ops cost/benefit signal/noise trial/error plug/play
    sender/receiver hit/miss fork/join map/reduce and/or even/odd mark/sweep high/low red/black many/many
"""
_SINGLE: Final = _PAIRS.split()
PAIRS: Final = frozenset((*_SINGLE, *("/".join(reversed(pair.split("/"))) for pair in _SINGLE if pair != "and/or"))) - {
    "and/or"
}

_PER: Final = """
    s sec second ms min minute h hr hour d day week month year user request core cpu node item file row page person
    commit call thread connection inch meter metre liter litre euro dollar
"""
PER: Final = frozenset(_PER.split())
"""Behind a slash these make a rate of the word in front: requests/second."""
_UNITS: Final = "kb mb gb tb kib mib gib kbit mbit gbit bit bits byte bytes km m cm mm req reqs requests"
UNITS: Final = frozenset(_UNITS.split())
"""Rates of data: MB/s."""

_FOLDERS: Final = """
    src lib libs bin etc usr var tmp opt home dev proc test tests spec specs doc docs app apps api pkg cmd node_modules
    assets static public dist build config conf scripts tools packages vendor internal include examples target www
    origin upstream refs heads feature features hotfix bugfix release releases users v
"""
FOLDERS: Final = frozenset(_FOLDERS.split())
"""The first word of a path, a branch or a route that somebody wrote outside code."""
_ZONES: Final = "africa america antarctica arctic asia atlantic australia europe indian pacific etc us"
ZONES: Final = frozenset(_ZONES.split())
"""Areas of time zones: Europe/Berlin."""
_MEDIA: Final = """
    application text image audio video font multipart message chemical model inode
"""
MEDIA: Final = frozenset(_MEDIA.split())
_SUBTYPES: Final = """
    plain html css csv xml json javascript markdown calendar event-stream png jpeg jpg gif webp avif bmp tiff svg mpeg
    mp mp3 mp4 ogg wav flac webm pdf zip gzip octet-stream form-data mixed alternative woff woff2 ttf
    x-www-form-urlencoded x-ndjson ndjson yaml toml wasm rfc822 problem+json ld+json
"""
SUBTYPES: Final = frozenset(_SUBTYPES.split())
"""Media types: text/html."""
