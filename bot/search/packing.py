"""How a digest is kept in the index: small, and read back without parsing. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cached_property, lru_cache

import msgspec
from zstandard import (
    DICT_TYPE_RAWCONTENT,
    FRAME_HEADER,
    ZstdCompressionDict,
    ZstdCompressor,
    ZstdDecompressor,
    compress,
)

from bot.model import Digest
from bot.search.schema import as_written

# The digests by which all are packed: what they share is not written again.
SAMPLES = 8

# The next one takes a quarter longer for a twenty-fifth less.
_LEVEL = 4
_READ_AGAIN = 64
# Of each sample all, as a rule.
_DICTIONARY = 131_072
# It writes any text, and a Chinese character in two bytes instead of three.
_ENCODING = "gb18030"
_DECODER = msgspec.json.Decoder(Digest)


def dictionary_of(samples: Iterable[Digest]) -> bytes:
    """Make of the first digests what all are packed with, and pack that."""
    shared = b"".join(_written(digest)[: _DICTIONARY // SAMPLES] for digest in samples)
    return compress(shared, _LEVEL)


class Packing:
    """Packs digests by a dictionary, without which they cannot be read."""

    def __init__(self, dictionary: bytes = b"") -> None:
        shared = _opened(dictionary, _shared(b"")) if dictionary else b""
        self._dictionary = _shared(shared)
        # Pages of what was read are turned; whoever writes reads each digest once.
        self.reread = lru_cache(_READ_AGAIN)(self.unpack)

    @cached_property
    def _packer(self) -> ZstdCompressor:
        """Most only read."""
        return ZstdCompressor(_LEVEL, dict_data=self._dictionary, write_checksum=True)

    def pack(self, digest: Digest) -> bytes:
        """Write a digest."""
        return self._packer.compress(_written(digest))

    def unpack(self, body: bytes) -> Digest:
        """Read a digest."""
        with as_written():
            return _DECODER.decode(_opened(body, self._dictionary).decode(_ENCODING))


def _shared(content: bytes) -> ZstdCompressionDict:
    return ZstdCompressionDict(content, dict_type=DICT_TYPE_RAWCONTENT)


def _opened(packed: bytes, dictionary: ZstdCompressionDict) -> bytes:
    if packed.startswith(FRAME_HEADER):
        return ZstdDecompressor(dict_data=dictionary).decompressobj().decompress(packed)
    # As former versions packed.
    return zlib.decompressobj(zdict=dictionary.as_bytes()).decompress(packed)


def _written(digest: Digest) -> bytes:
    return msgspec.json.encode(digest).decode().encode(_ENCODING)
