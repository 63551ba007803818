"""Parse the old Markdown of `parse_mode`, as TDLib does."""

import re

from bot.sandbox.entities.fences import fence_language
from bot.sandbox.entities.links import checked_link, linked_user
from bot.sandbox.entities.model import NO_EXTRA, PRE_CODE, Entity, byte_offset, cannot_parse

_MARK = re.compile(r"[\\_*`\[]")
_KINDS = {"_": "italic", "*": "bold", "`": "code"}


def parse_markdown_legacy(text: str) -> tuple[str, list[Entity]]:
    """Take the marks out of a text and tell what they marked."""
    return _Parser(text).parse()


class _Parser:
    """Walk from mark to mark; nothing nests here."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts: list[str] = []
        self._length = 0
        self._bytes = 0
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        """Read all of it; give the text and its entities."""
        text, position = self._text, 0
        while position < len(text):
            mark = _MARK.search(text, position)
            until = mark.start() if mark else len(text)
            self._write(text[position:until])
            position = self._mark(until) if mark else until
        return "".join(self._parts), self._entities

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self._bytes += len(text.encode("utf-8", "surrogatepass"))

    def _mark(self, position: int) -> int:
        mark = self._text[position]
        if mark == "\\":
            escaped = self._text[position + 1 : position + 2]
            is_mark = escaped != "" and escaped in "_*`["
            self._write(escaped if is_mark else mark)
            return position + 1 + is_mark
        if mark == "[":
            return self._link(position)
        if self._text.startswith("```", position):
            return self._block(position)
        after = self._content(position, position + 1, mark)
        self._add(_KINDS[mark], after - position - 1, NO_EXTRA)
        return after + 1

    def _content(self, begin: int, position: int, closer: str) -> int:
        end = self._text.find(closer, position)
        if end < 0:
            at = byte_offset(self._text, begin)
            raise cannot_parse(f"Can't find end of the entity starting at byte offset {at}")
        self._write(self._text[position:end])
        return end

    def _add(self, kind: str, length: int, extra: dict[str, object]) -> None:
        if length:
            self._entities.append(Entity(kind, self._length - length, length, extra))

    def _block(self, position: int) -> int:
        language, begin = fence_language(self._text, position + 3)
        end = self._content(position, begin, "```")
        extra: dict[str, object] = {"language": language} if language else NO_EXTRA
        self._add(PRE_CODE if language else "pre", end - begin, extra)
        return end + 3

    def _link(self, position: int) -> int:
        end = self._content(position, position + 1, "]")
        length = end - position - 1
        if not length:
            return end + 1
        address, after = self._own_address(position, self._text[position + 1 : end]), end + 1
        if self._text.startswith("(", after):
            closing = self._text.find(")", after)
            closing = len(self._text) if closing < 0 else closing
            address, after = self._text[after + 1 : closing], closing + 1
        user = linked_user(address)
        link = "" if user else checked_link(address)
        if user:
            self._add("text_mention", length, {"user": {"id": user}})
        elif link:
            self._add("text_link", length, {"url": link})
        return after

    def _own_address(self, position: int, content: str) -> str:
        """Read the text of a link as its address, garbled as TDLib does.

        It moves the text to its new place before it reads the address from the old one.
        """
        address = content.encode("utf-8", "surrogatepass")
        moved = byte_offset(self._text, position) + 1 + len(address) - self._bytes
        if moved >= len(address):
            return content
        return (address[moved:] + address[-moved:]).decode("utf-8", "surrogateescape")
