"""How a digest is kept in the index: small, and read back without parsing. Pure."""

from __future__ import annotations

import zlib

import msgspec

from bot.model import Digest

_FAST = 1
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Digest)


def pack(digest: Digest) -> bytes:
    """Write a digest."""
    return zlib.compress(_ENCODER.encode(digest), _FAST)


def unpack(body: bytes) -> Digest:
    """Read a digest."""
    return _DECODER.decode(zlib.decompress(body))
