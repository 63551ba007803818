"""How a digest is kept in the index: small, and read back without parsing. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from bot.model import Digest
from bot.search.schema import as_written

# The digests by which all are packed: what they share is not written again.
SAMPLES = 8

# Half as long as at the highest level, for a twenty-fifth more.
_LEVEL = 3
_READ_AGAIN = 64
# As far back as zlib looks.
_DICTIONARY = 32_768
# It writes any text, and a Chinese character in two bytes instead of three.
_ENCODING = "gb18030"
_DECODER = msgspec.json.Decoder(Digest)


def dictionary_of(samples: Iterable[Digest]) -> bytes:
    """Make of the first digests what all are packed with, and pack that."""
    shared = b"".join(_written(digest)[: _DICTIONARY // SAMPLES] for digest in samples)
    return zlib.compress(shared)


class Packing:
    """Packs digests by a dictionary, without which they cannot be read."""

    def __init__(self, dictionary: bytes = b"") -> None:
        self._dictionary = zlib.decompress(dictionary) if dictionary else b""
        self.unpack = lru_cache(_READ_AGAIN)(self._unpack)

    def pack(self, digest: Digest) -> bytes:
        """Write a digest."""
        packer = zlib.compressobj(_LEVEL, zdict=self._dictionary)
        return packer.compress(_written(digest)) + packer.flush()

    def _unpack(self, body: bytes) -> Digest:
        """Read a digest."""
        with as_written():
            written = zlib.decompressobj(zdict=self._dictionary).decompress(body)
            return _DECODER.decode(written.decode(_ENCODING))


def _written(digest: Digest) -> bytes:
    return msgspec.json.encode(digest).decode().encode(_ENCODING)
