"""A small made-up picture of a paper: a white sheet with bars where its lines would be, different for each paper."""

import struct
import zlib
from hashlib import sha256

WIDTH, HEIGHT, LINE = 120, 168, 8
INK, PAPER = b"\x50\x50\x60", b"\xff\xff\xff"


def picture(what: str) -> bytes:
    """Return a PNG image."""
    lengths = sha256(what.encode()).digest()
    rows = b"".join(b"\x00" + _row(y, lengths) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _row(y: int, lengths: bytes) -> bytes:
    line, within = divmod(y, LINE)
    inked = 10 + lengths[line % len(lengths)] % (WIDTH - 20) if within in (3, 4) else 0
    return INK * inked + PAPER * (WIDTH - inked)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
