"""The container of an evidence pack: a zip file of which every byte follows from its members.

Nothing is compressed. Compressed bytes depend on the library that made them, and they can be changed
here and there without changing what they unpack to; stored members can do neither, and cannot be
bombs. No times, no rights but the owner's, no comments, members in the order of their names. Layouts
are those of PKWARE's APPNOTE 6.3.10: local header §4.3.7, directory §4.3.12, its end §4.3.16, and the
64-bit forms §4.3.14, §4.3.15, §4.5.3, which are used only where 32 bits do not reach.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Protocol
from zlib import crc32

from engine.kernel.frozen import frozen

LARGEST = 256 * 2**20
"""Bytes: no member is larger, so that whoever reads a pack never holds more than that."""

LONGEST_NAME = 64
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_END_64 = struct.Struct("<4sQHHLLQQQQ")
_LOCATOR = struct.Struct("<4sLQL")
_UTF8 = 0x0800
_DAY_ONE = 0x0021
"""1980-01-01, the first day that a zip file can name."""
_MADE_BY_UNIX = 0x0314
_MODE = 0o100600 << 16
_WIDE = 0xFFFFFFFF


@frozen
class Entry:
    """Where a member begins (bytes from the start of the file), and what its header says of it."""

    name: str
    crc: int
    size: int
    offset: int


class DamagedError(Exception):
    """The container is not one that `PackWriter` writes. `member` is where, as far as it is known."""

    def __init__(self, member: str | None, message: str) -> None:
        super().__init__(message)
        self.member = member
        self.message = message


class Sink(Protocol):
    """Where a pack is written to."""

    def write(self, data: bytes, /) -> object: ...


class PackWriter:
    """Writes members one after the other, in the order of their names; `close` writes the end."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self._at = 0
        self._entries: list[Entry] = []

    def add(self, name: str, data: bytes) -> None:
        """Write one member. Raises ValueError out of order, or beyond `LARGEST`."""
        if self._entries and name.encode() <= self._entries[-1].name.encode():
            raise ValueError(f"`{name}` comes after `{self._entries[-1].name}`")
        if len(data) > LARGEST:
            raise ValueError(f"`{name}` has {len(data)} bytes")
        entry = Entry(name=name, crc=crc32(data), size=len(data), offset=self._at)
        self._entries.append(entry)
        self._write(local_header(entry))
        self._write(data)

    def close(self) -> None:
        """Write the directory. The file itself stays open."""
        self._write(directory(self._entries, self._at))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)


def local_header(entry: Entry) -> bytes:
    """Return what stands before a member."""
    name = entry.name.encode()
    return (
        _LOCAL.pack(
            b"PK\x03\x04",
            10,
            _UTF8,
            0,
            0,
            _DAY_ONE,
            entry.crc,
            entry.size,
            entry.size,
            len(name),
            0,
        )
        + name
    )


def directory(entries: Sequence[Entry], at: int) -> bytes:
    """Return what stands after the last member, from byte `at` of the file."""
    records = b"".join(_record(entry) for entry in entries)
    number, end_at = len(entries), at + len(records)
    wide = b""
    if at >= _WIDE or number >= 0xFFFF:
        wide = _END_64.pack(
            b"PK\x06\x06", 44, _MADE_BY_UNIX, 45, 0, 0, number, number, len(records), at
        ) + _LOCATOR.pack(b"PK\x06\x07", 0, end_at, 1)
    shown = min(number, 0xFFFF)
    end = _END.pack(b"PK\x05\x06", 0, 0, shown, shown, len(records), min(at, _WIDE), 0)
    return records + wide + end


def _record(entry: Entry) -> bytes:
    name = entry.name.encode()
    wide = entry.offset >= _WIDE
    extra = struct.pack("<HHQ", 1, 8, entry.offset) if wide else b""
    head = _CENTRAL.pack(
        b"PK\x01\x02",
        _MADE_BY_UNIX,
        45 if wide else 10,
        _UTF8,
        0,
        0,
        _DAY_ONE,
        entry.crc,
        entry.size,
        entry.size,
        len(name),
        len(extra),
        0,
        0,
        0,
        _MODE,
        min(entry.offset, _WIDE),
    )
    return head + name + extra


def read_members(file: BinaryIO) -> Iterator[tuple[str, bytes, bool]]:
    """Read a pack member by member and hold every byte around them to what must stand there.

    Yields (name, bytes, whether the CRC-32 of its header is theirs): a member that was changed does
    not keep the others from being looked at. Raises DamagedError at the first byte of the container
    that is another one, is missing, or is too many.
    """
    entries: list[Entry] = []
    at = 0
    while (head := file.read(_LOCAL.size))[:4] == b"PK\x03\x04" and len(head) == _LOCAL.size:
        entry, data = _read_member(file, head, at, len(entries))
        if entries and entry.name.encode() <= entries[-1].name.encode():
            raise DamagedError(entry.name, f"stands after `{entries[-1].name}`: out of order")
        entries.append(entry)
        yield entry.name, data, crc32(data) == entry.crc
        at += _LOCAL.size + len(entry.name.encode()) + len(data)
    if not entries:
        raise DamagedError(None, "it does not begin like an evidence pack")
    expected = directory(entries, at)
    rest = head + file.read(len(expected) + 1 - len(head))
    if rest != expected:
        first = next(
            (i for i, (a, b) in enumerate(zip(rest, expected, strict=False)) if a != b), None
        )
        wrong = at + (min(len(rest), len(expected)) if first is None else first)
        raise DamagedError(
            _name_at(file, len(entries)) if rest[:4] != b"PK\x01\x02" else None,
            f"what follows `{entries[-1].name}` is not the directory of these members "
            f"(from byte {wrong})",
        )


def _read_member(file: BinaryIO, head: bytes, at: int, number: int) -> tuple[Entry, bytes]:
    crc, size = _LOCAL.unpack(head)[6:8]
    length = _LOCAL.unpack(head)[9]
    raw = file.read(min(length, LONGEST_NAME))
    name = raw.decode("ascii", "replace")
    entry = Entry(name=name, crc=crc, size=size, offset=at)
    if head + raw != local_header(entry):
        raise DamagedError(_name_at(file, number), f"its header (byte {at}) was changed")
    if size > LARGEST:
        raise DamagedError(name, f"says that it has {size} bytes; no member has that many")
    data = file.read(size)
    if len(data) < size:
        raise DamagedError(name, f"ends after {len(data)} of {size} bytes: the file was cut off")
    return entry, data


def _name_at(file: BinaryIO, number: int) -> str | None:
    """Return the name that the directory gives the member `number`, for saying what is damaged."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2**20))
    records = file.read().split(b"PK\x01\x02")[1:]
    if number >= len(records) or len(records[number]) < _CENTRAL.size - 4:
        return None
    (length,) = struct.unpack_from("<H", records[number], 24)
    start = _CENTRAL.size - 4
    name = records[number][start : start + min(length, LONGEST_NAME)].decode("ascii", "replace")
    return name if name.isprintable() else None
