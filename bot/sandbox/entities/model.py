"""What a text entity is, and which kinds belong together."""

from typing import NamedTuple

NO_EXTRA: dict[str, object] = {}

# A `pre` that names its language is a kind of its own until it is shown: it sorts before `pre`.
PRE_CODE = "pre_code"

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
CLOSED = frozenset({"code", "pre", PRE_CODE, "date_time"})
FOUND = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
    | {"bank_card_number"}
)
CONTINUOUS = FOUND | {"text_link", "text_mention", "custom_emoji"}

PRIORITY = (
    dict.fromkeys(FOUND, 50)
    | dict.fromkeys(QUOTES, 0)
    | {PRE_CODE: 10, "pre": 11, "code": 20, "date_time": 30, "text_link": 49, "text_mention": 49}
    | {"bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94}
    | {"custom_emoji": 99}
)


class EntityError(ValueError):
    """Say why Telegram refuses a text, in its words."""


def cannot_parse(reason: str) -> EntityError:
    """Say why a text with markup is refused."""
    return EntityError(f"can't parse entities: {reason}")


class Entity(NamedTuple):
    """Mark a stretch of a text, counted in code points."""

    kind: str
    offset: int
    length: int
    extra: dict[str, object] = NO_EXTRA

    @property
    def end(self) -> int:
        """Tell where the stretch ends."""
        return self.offset + self.length


def byte_offset(text: str, position: int) -> int:
    """Count the bytes before a character: the unit of Telegram's refusals."""
    return len(text[:position].encode("utf-8", "surrogatepass"))


def is_unicode(text: str) -> bool:
    """Tell whether a text has no half characters, which Python bears and UTF-8 does not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
