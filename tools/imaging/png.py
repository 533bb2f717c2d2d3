"""PNG in few bytes: at most 256 colours, which is plenty for text on a plain ground."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGB, _PALETTE = 2, 3
_COLOURS = 256


def smaller(picture: bytes) -> bytes:
    """The same picture with a palette; near colours become the most frequent of them.

    Raises:
        ValueError: it is no PNG of 8-bit RGB without interlacing, the kind that Chromium writes.
    """
    width, height, depth, kind, interlaced = _header(picture)
    if (depth, kind, interlaced) != (8, _RGB, 0):
        raise ValueError(f"must be a PNG of 8-bit RGB, got colour type {kind} with {depth} bits")
    rows = list(_rows(zlib.decompress(b"".join(_parts(picture, b"IDAT"))), width, height))
    colours = [[row[at : at + 3] for at in range(0, len(row), 3)] for row in rows]
    palette, places = _palette(Counter(colour for row in colours for colour in row))
    # Filter 0 for every row: with a palette the others do not help (PNG specification, 12.7).
    data = b"".join(b"\0" + bytes(places[colour] for colour in row) for row in colours)
    return b"".join(
        (
            _SIGNATURE,
            _part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _PALETTE, 0, 0, 0)),
            _part(b"PLTE", b"".join(palette)),
            _part(b"IDAT", zlib.compress(data, 9)),
            _part(b"IEND", b""),
        )
    )


def size(picture: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    return _header(picture)[:2]


def _header(picture: bytes) -> tuple[int, int, int, int, int]:
    if picture[:8] != _SIGNATURE:
        raise ValueError("must be a PNG")
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", picture[16:29])
    return width, height, depth, kind, interlaced


def _parts(picture: bytes, wanted: bytes) -> Iterator[bytes]:
    at = len(_SIGNATURE)
    while at < len(picture):
        length, name = struct.unpack(">I4s", picture[at : at + 8])
        if name == wanted:
            yield picture[at + 8 : at + 8 + length]
        at += length + 12


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(data: bytes, width: int, height: int) -> Iterator[bytes]:
    """The rows with their filters undone (PNG specification, 9.2)."""
    length = 3 * width
    above = bytearray(length)
    for at in range(0, height * (length + 1), length + 1):
        row = bytearray(data[at + 1 : at + 1 + length])
        match data[at]:
            case 1:
                for x in range(3, length):
                    row[x] = (row[x] + row[x - 3]) & 255
            case 2:
                row = bytearray((one + up) & 255 for one, up in zip(row, above, strict=True))
            case 3:
                for x in range(length):
                    row[x] = (row[x] + ((row[x - 3] if x >= 3 else 0) + above[x]) // 2) & 255  # noqa: PLR2004
            case 4:
                _paeth(row, above)
        yield bytes(row)
        above = row


def _paeth(row: bytearray, above: bytearray) -> None:
    for x in range(len(row)):
        left, corner = (row[x - 3], above[x - 3]) if x >= 3 else (0, 0)  # noqa: PLR2004
        up = above[x]
        to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
        nearest = left if to_left <= to_up and to_left <= to_corner else up if to_up <= to_corner else corner
        row[x] = (row[x] + nearest) & 255


def _palette(counted: Counter[bytes]) -> tuple[list[bytes], dict[bytes, int]]:
    """The colours to keep, and for each colour the place of the one that stands for it."""
    for step in (1, 8, 16, 32, 64):
        kept: dict[tuple[int, ...], int] = {}
        palette: list[bytes] = []
        places: dict[bytes, int] = {}
        for colour, _ in counted.most_common():
            near = tuple(channel // step for channel in colour)
            if near not in kept:
                kept[near] = len(palette)
                palette.append(colour)
            places[colour] = kept[near]
        if len(palette) <= _COLOURS:
            break
    return palette, places
