"""Make up texts that a parser of entities may stumble over."""

import random
import re
from collections.abc import Callable, Iterator

Random = random.Random

_WORDS = ("a", "b c", " ", "\n", "\t", "中文", "😀", "\r", "\u2028", "\u200f", "\u200e", "\u030a")
_MORE_WORDS = ("x.y", "é", "  ", "\n\n", "hello", "_", "*", "\0", "t.me/x", "@abcd", "#tag")

_OPENING = (
    "<b>",
    "<i>",
    "<u>",
    "<s>",
    "<strong>",
    "<em>",
    "<ins>",
    "<del>",
    "<strike>",
    "<code>",
    '<code class="language-py">',
    "<pre>",
    "<blockquote>",
    "<blockquote expandable>",
    '<a href="http://a.b/c?d=1&amp;e">',
    "<a href='tg://user?id=7'>",
    "<a>",
    '<a href="javascript:x">',
    '<a href="https://[::1]:80/ x">',
    "<tg-spoiler>",
    "<span class='tg-spoiler'>",
    '<tg-emoji emoji-id="5">',
    "<tg-time unix='123' format=\"dT\">",
    "<tg-time unix=1230000000 format=r>",
)
_ODD_HTML = (
    *(
        "<",
        ">",
        "&",
        "&lt;",
        "&amp",
        "&#65;",
        "&#x1F600;",
        "&quot;",
        "&nbsp;",
        "&#0;",
        "&#1114111;",
    ),
    *("<b x=y>", "<b x='q'>", "<b x= >", "<b x=y!>", "<B>", "</B >", "</>", "<h1>", "<b", "</b"),
    *("<b ", "<b x", "<b x=", "<b x='", "<b x='a", "<b/>", "<a href=http>", "</b>", "</i>", "</a>"),
    *('<a\nhref="x.y:80/ ">', "<span>", "<tg-emoji>", "<tg-time unix=-4>", "</pre>", "</code>"),
    *(
        "<tg-time format=z unix=5>",
        "<a href='tg:user?ID=7#x'>",
        "<a href='TON://x'>",
        "</blockquote>",
    ),
)

_PAIRS = ("*", "_", "__", "~", "||", "`")
_ADDRESSES = ("(http://a.b/c\\)d)", "(tg://user?id=7)", "(x)", "(t.me/x)", "")
_OWN_ADDRESSES = (
    "(tg://emoji?id=5)",
    "(tg://time?unix=5&format=dT)",
    "(tg://time?unix=5&format=tT)",
)
_ODD_MARKDOWN = (
    *("*", "_", "__", "~", "||", "`", "```", "```py\n", "[", "]", "](http://a.b)", "![", "\n>"),
    *(
        "](tg://user?id=7)",
        "](tg://emoji?id=5)",
        "](tg://time?unix=5&format=z)",
        "**>",
        "||\n",
        ">",
    ),
    *(
        "\\*",
        "\\\\",
        "\\",
        ".",
        "\\.",
        "(",
        ")",
        "](",
        "\n\n",
        "\r\n",
        "\\\n",
        "||\r\n",
        "\\]",
        "#",
    ),
)
# TDLib dies of an address with half a character in it, which these two can make.
_DEADLY_HTML = re.compile(r"<[^>]*&#x?[dD0-9]")
_DEADLY_MARKDOWN = re.compile(r"\[[^\]]*[^\x00-\x7f][^\]]*\](?!\()")

_FOUND = (
    *(
        "a",
        "Go",
        "中文",
        "。",
        "，",
        "é",
        "😀",
        " ",
        "  ",
        "\n",
        ".",
        "..",
        "-",
        "_",
        "/",
        "//",
        "@",
    ),
    *(
        "#",
        "$",
        ":",
        "://",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        '"',
        "'",
        "`",
        "?",
        "!",
        ",",
        ";",
    ),
    *("«", "»", "~", "+", "&", "=", "%", "0", "1", "42", "4111111111111111", "4111 1111 1111 1111"),
    *("378282246310005", "5555-5555-5555-4444", "6200000000000005", "\u200c", "\u200d", "\u200b"),
    *("\u2013", "\u2026", "\xa0", "\u3000", "ා", "·", "²", "Ⅷ", "٣", "http", "https", "ftp", "tg"),
    *(
        "ton",
        "tonsite",
        "mailto:",
        "HTTP://",
        "https://",
        "http://",
        "tg://",
        "com",
        "org",
        "io",
        "ru",
    ),
    *(
        "рф",
        "中国",
        "COM",
        "Com",
        "cOm",
        "xn--p1ai",
        "telegram.org",
        "t.me",
        "t.me/abc",
        "teiegram.org",
    ),
    *(
        "www.",
        "example.com",
        "192.168.0.1",
        "256.1.1.1",
        "01.2.3.4",
        "localhost",
        "user",
        "bot_name",
    ),
    *(
        "gif",
        "abc",
        "Abcd",
        "1INCH",
        "USD",
        "EUR",
        "TOOLONGTAG",
        "start",
        "x.y",
        "v1.2",
        "e.g.",
        ":80",
    ),
    *(
        ":0080",
        ":99999",
        ":65536",
        "a@b.com",
        "user@example.com",
        "u:p@x.com",
        "a.b+c@d.e.fr",
        "path",
    ),
    *("index.html", "?q=1", "#frag", "(x)", "12:30", "x" * 33, "/" + "y" * 65, "#" + "z" * 257),
)
_SCHEMES = ("http://", "https://", "ftp://", "HTTP://", "tg://", "ton://", "tonsite://", "shttp://")
_PREFIXES = (*_SCHEMES, "xhttp://", "", "mailto:", "a@", "@", "/", "中")
_NAMES = ("example", "a-b", "a_b", "中文", "sub.dom", "a" * 62, "a" * 64, "x-", "1.2.3", "é" * 32)
_ENDS = ("com", "рф", "中国", "zz", "xn--p1ai", "xn--a", "c-m", "museum", "4", "co.uk", "Com", "РФ")
_PATHS = ("", ":80", "/", "/a(b)c", "/a)b", "/a[b", "?a", "#", "/x.", "/x,!", "/a{b}}", "...")


def html(source: Random) -> str:
    """Make up HTML: sound, broken, or at random."""
    while _DEADLY_HTML.search(text := _html(source)):
        pass
    # Half a character is refused in a text; it may stand at its end only, not in a tag.
    return text + ("&#xd83d;" if source.random() < 0.01 else "")


def markdown(source: Random) -> str:
    """Make up Markdown: sound, broken, or at random."""
    kind = source.random()
    if kind < 0.6:
        return _sound_markdown(source, 0)
    if kind < 0.8:
        return _jumble(source, _ODD_MARKDOWN, _WORDS, _PAIRS)
    return _broken(source, _sound_markdown(source, 0), _ODD_MARKDOWN)


def old_markdown(source: Random) -> str:
    """Make up Markdown that the old parser survives."""
    while _DEADLY_MARKDOWN.search(text := markdown(source)):
        pass
    return text


def automatic(source: Random) -> str:
    """Make up plain text with addresses, tags and numbers, and what only looks like them."""
    makers = (_glued, _glued, _spaced, _spaced, _address, _number)
    return source.choice(makers)(source)


def texts(maker: Callable[[Random], str], count: int, seed: int) -> Iterator[str]:
    """Make up many texts, the same for the same seed."""
    source = Random(seed)
    return (maker(source) for _ in range(count))


def _html(source: Random) -> str:
    kind = source.random()
    if kind < 0.5:
        return _sound_html(source, 0)
    if kind < 0.75:
        return _jumble(source, _OPENING, _ODD_HTML, _WORDS, _MORE_WORDS)
    return _broken(source, _sound_html(source, 0), _ODD_HTML + _WORDS)


def _sound_html(source: Random, depth: int) -> str:
    parts = []
    for _ in range(source.randint(0, 5)):
        if depth > 3 or source.random() < 0.5:
            parts.append(source.choice(_WORDS + _MORE_WORDS))
            continue
        opening = source.choice(_OPENING)
        name = opening[1:].split()[0].rstrip(">")
        parts += [opening, _sound_html(source, depth + 1), f"</{name}>"]
    return "".join(parts)


def _sound_markdown(source: Random, depth: int) -> str:
    return "".join(_markdown_piece(source, depth) for _ in range(source.randint(0, 5)))


def _markdown_piece(source: Random, depth: int) -> str:
    kind = source.random()
    if depth > 4 or kind < 0.45:
        return source.choice(_WORDS)
    inner = _sound_markdown(source, depth + 1)
    if kind < 0.75:
        pair = source.choice(_PAIRS)
        return pair + inner + pair
    if kind < 0.85:
        return f"[{inner}]{source.choice(_ADDRESSES)}"
    if kind < 0.9:
        return f"![{inner}]{source.choice(_OWN_ADDRESSES)}"
    if kind < 0.95:
        begin, end = source.choice(("\n>", "\n**>", ">")), source.choice(("||\n", "\n", "||", ""))
        return begin + inner + end
    return f"```{source.choice(('', 'py', chr(10), 'py' + chr(10)))}{source.choice(_WORDS)}```"


def _jumble(source: Random, *pieces: tuple[str, ...]) -> str:
    return "".join(source.choice(source.choice(pieces)) for _ in range(source.randint(1, 10)))


def _broken(source: Random, text: str, pieces: tuple[str, ...]) -> str:
    characters = list(text)
    for _ in range(source.randint(1, 3)):
        at = source.randint(0, len(characters))
        if source.random() < 0.5:
            characters[at:at] = [source.choice(pieces)]
        else:
            characters[at : at + 1] = []
    return "".join(characters)


def _glued(source: Random) -> str:
    return "".join(source.choice(_FOUND) for _ in range(source.randint(1, 8)))


def _spaced(source: Random) -> str:
    count = source.randint(1, 6)
    return " ".join(_jumble(source, _FOUND)[:40] for _ in range(count))


def _address(source: Random) -> str:
    pieces = (_FOUND, _PREFIXES, _NAMES, (".",), _ENDS, _PATHS, _FOUND)
    return "".join(source.choice(piece) for piece in pieces)


def _number(source: Random) -> str:
    digits = "".join(source.choice("1245309 -7") for _ in range(source.randint(10, 26)))
    before = source.choice(("", ".", "+", "a", "中", " ", "(", "№"))
    return before + digits + source.choice(("", "a", "-", "_", " ", ".", "中"))
