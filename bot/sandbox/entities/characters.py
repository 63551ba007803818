"""Name the sets of characters that addresses are made of."""

# All but blanks and most of the general punctuation.
_ANY = "\u00c0-\u167f\u1681-\u1fff\u200c\u200d\u2010-\u2015\u2070-\u2fff\u3001-\U0010ffff"
_NOT_PATH = '\x00-\x20"<>\xa0«»\u1680\u2000-\u200b\u200e\u200f\u2016-\u206f\u3000'
_NOT_BLANK = (
    "\x80-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e"
    "\u2060-\u2fff\u3001-\U0010ffff"
)

DOMAIN = rf"[A-Za-z0-9_.~\-{_ANY}]"
DOMAIN_OR_AT = rf"[A-Za-z0-9_.~\-@{_ANY}]"
PATH = f"[^{_NOT_PATH}]"
USER_DATA = rf"[^/\[\]{{}}()'`@{_NOT_PATH}]"
PROTOCOL = rf"[A-Za-z0-9+\-{_NOT_BLANK}]"
# What may not end an address: it belongs to the sentence around it.
SENTENCE = ".:;,('?!`"
