"""Files to lines: archives opened, compression undone, bytes counted, in constant memory.

What a file is follows from its first bytes, never from its name. The only module that knows compression formats.
"""

import bz2
import gzip
import io
import lzma
import os
import shutil
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO, NamedTuple

from kg.errors import RecordError
from kg.sources.locations import STDIN
from kg.sources.source import Line

LINE_LIMIT = 2 << 20  # bytes; the longest real lines (3,000 authors, all versions) are some 300 KB
_BUFFER = 1 << 17
_ZSTD_CHUNK = 1 << 12  # a compressed byte may stand for 30,000
_DEPTH = 4  # archives within archives

# ValueError: zipfile seeks to where a broken directory sends it.
DAMAGE = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError)

OnBytes = Callable[[int], None]


class Member(NamedTuple):
    """A stream of plain bytes and where it lies (``archive.zip!member``), or what keeps it from being one."""

    location: str
    stream: BinaryIO | RecordError


def members(path: str, *, on_bytes: OnBytes, stdin: BinaryIO | None = None) -> Iterator[Member]:
    """What a file holds: itself, decompressed, or each file of an archive by name. Streams close as the next opens."""
    with ExitStack() as stack:
        try:
            raw = _open(path, stdin, stack)
        except OSError as error:
            yield Member(path, RecordError(path, 0, f"unreadable file: {error.strerror or error}"))
            return
        meter = _Meter(raw, on_bytes)
        yield from _unpack(path, io.BufferedReader(_Counted(raw, meter), _BUFFER), stack, depth=0)
        meter.finish()


def lines(location: str, stream: BinaryIO) -> Iterator[Line]:
    """The lines of UTF-8 text. A line that is too long, not UTF-8 or cut off by damage is a RecordError instead."""
    number = 0
    while True:
        number += 1
        try:
            data = stream.readline(LINE_LIMIT + 1)
            too_long = len(data) > LINE_LIMIT and not data.endswith(b"\n")
            if too_long:
                _skip_line(stream)
        except DAMAGE as error:
            yield number, RecordError(location, number, f"damaged file: {_reason(error)}; what lies before it was read")
            return
        if not data:
            return
        yield number, _too_long(location, number) if too_long else _decode(location, number, data)


def _too_long(location: str, number: int) -> RecordError:
    return RecordError(location, number, f"line too long: over {LINE_LIMIT:,} bytes")


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(_BUFFER)) and not rest.endswith(b"\n"):
        pass


def _decode(location: str, number: int, data: bytes) -> str | RecordError:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        byte = data[error.start]
        return RecordError(location, number, f"not UTF-8: byte 0x{byte:02x} at position {error.start + 1} of the line")
    return (text.removeprefix("\ufeff") if number == 1 else text).rstrip("\r\n")


def _open(path: str, stdin: BinaryIO | None, stack: ExitStack) -> BinaryIO:
    if path == STDIN:
        return stdin if stdin is not None else sys.stdin.buffer
    return stack.enter_context(open(path, "rb", buffering=0))


def _unpack(location: str, stream: io.BufferedReader, stack: ExitStack, *, depth: int) -> Iterator[Member]:
    try:
        head = stream.peek(8)[:8]
        packed = next((wrap for magic, wrap in _PACKED if head.startswith(magic)), None)
        inner = packed(stream) if packed else None
    except DAMAGE as error:
        yield Member(location, RecordError(location, 0, f"damaged file: {_reason(error)}"))
        return
    if depth > _DEPTH:
        yield Member(location, RecordError(location, 0, f"packed too deep: over {_DEPTH} layers of compression"))
    elif inner is not None:
        buffered = io.BufferedReader(inner, _BUFFER)
        yield from _unpack(location, buffered, stack, depth=depth + 1)
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _unzip(location, stream, stack, depth=depth)
    else:
        yield Member(location, stream)


class _Unpacked(io.RawIOBase):
    """A decompressor that gives what it has before it meets damage: asked for more, it would throw that away."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _unzip(location: str, stream: BinaryIO, stack: ExitStack, *, depth: int) -> Iterator[Member]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(_seekable(stream, stack)))
    except DAMAGE as error:
        yield Member(location, RecordError(location, 0, f"damaged file: {_reason(error)}"))
        return
    for info in sorted(archive.infolist(), key=lambda i: i.filename):
        if not info.is_dir() and not _hidden(info.filename):
            yield from _unzip_one(f"{location}!{info.filename}", archive, info, depth=depth)


def _seekable(stream: BinaryIO, stack: ExitStack) -> BinaryIO:
    """The stream, by way of a temporary file where it cannot jump: an archive's directory is at its end."""
    if stream.seekable():
        return stream
    spooled = stack.enter_context(tempfile.TemporaryFile(prefix="paperkg-"))  # noqa: SIM115
    shutil.copyfileobj(stream, spooled, _BUFFER)
    return spooled


def _unzip_one(location: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, depth: int) -> Iterator[Member]:
    with ExitStack() as stack:
        try:
            opened: Any = stack.enter_context(archive.open(info))
        except DAMAGE as error:
            yield Member(location, RecordError(location, 0, f"damaged file: {_reason(error)}"))
            return
        yield from _unpack(location, io.BufferedReader(_Unpacked(opened), _BUFFER), stack, depth=depth + 1)


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _reason(error: BaseException) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__


class _Meter:
    """Tells of bytes consumed: of a file's size in all, however often a part is read or left unread."""

    def __init__(self, raw: BinaryIO, on_bytes: OnBytes) -> None:
        self._on_bytes = on_bytes
        self._left = _size(raw)

    def add(self, count: int) -> None:
        if self._left is not None:
            count = min(count, self._left)
            self._left -= count
        if count:
            self._on_bytes(count)

    def finish(self) -> None:
        if self._left:
            self.add(self._left)


def _size(raw: BinaryIO) -> int | None:
    try:
        found = os.fstat(raw.fileno())
    except (OSError, AttributeError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


class _Counted(io.RawIOBase):
    """A raw stream that tells how many bytes were taken from it."""

    def __init__(self, raw: BinaryIO, meter: _Meter) -> None:
        self._raw, self._meter = raw, meter

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._raw.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(len(buffer)) or b""
        buffer[: len(data)] = data
        self._meter.add(len(data))
        return len(data)


class _Zstandard(io.RawIOBase):
    """Frames of Zstandard as plain bytes. Unlike the library's own reader it notices a frame that is cut short."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._frame: Any = None
        self._rest = b""
        self._plain = io.BytesIO()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not (data := self._plain.read(len(buffer))):
            if not self._fill():
                return 0
        buffer[: len(data)] = data
        return len(data)

    def _fill(self) -> bool:
        from zstandard import ZstdDecompressor, ZstdError

        packed = self._rest or self._packed.read(_ZSTD_CHUNK)
        self._rest = b""
        if not packed:
            if self._frame is not None:
                raise EOFError("compressed file ended before the end-of-stream marker was reached")
            return False
        self._frame = self._frame or ZstdDecompressor().decompressobj()
        try:
            self._plain = io.BytesIO(self._frame.decompress(packed))
        except ZstdError as error:
            raise OSError(str(error)) from None
        if self._frame.eof:
            self._rest, self._frame = self._frame.unused_data, None
        return True


_PACKED: tuple[tuple[bytes, Callable[[Any], Any]], ...] = (
    (b"\x1f\x8b", lambda stream: _Unpacked(gzip.GzipFile(fileobj=stream))),
    (b"\xfd7zXZ\x00", lambda stream: _Unpacked(lzma.LZMAFile(stream))),  # noqa: SIM115
    (b"BZh", lambda stream: _Unpacked(bz2.BZ2File(stream))),
    (b"\x28\xb5\x2f\xfd", _Zstandard),
)
