"""Which script a text is written in, and which language that suggests."""

from __future__ import annotations

import re

_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3040-\u30ff"
_HANGUL = "\uac00-\ud7af"
_CYRILLIC = "\u0400-\u04ff"
_ARABIC = "\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc"
_HEBREW = "\u0590-\u05ff\ufb1d-\ufb4f"
_NAMED = _LATIN + _HAN + _KANA + _HANGUL + _CYRILLIC + _ARABIC + _HEBREW
_SCRIPTS = {
    "kana": re.compile(f"[{_KANA}]+"),
    "han": re.compile(f"[{_HAN}]+"),
    "hangul": re.compile(f"[{_HANGUL}]+"),
    "cyrillic": re.compile(f"[{_CYRILLIC}]+"),
    "arabic": re.compile(f"[{_ARABIC}]+"),
    "hebrew": re.compile(f"[{_HEBREW}]+"),
    "latin": re.compile(f"[{_LATIN}]+"),
    "other": re.compile(rf"[^\W\d_{_NAMED}]+"),
}
# Most texts have none of the other scripts, which one look tells.
_COMMON = {script: _SCRIPTS[script] for script in ("han", "latin")}
_UNCOMMON = re.compile(rf"[^\W\d_{_LATIN}{_HAN}]")
_LANGUAGES = {
    "kana": "ja",
    "han": "zh-CN",
    "hangul": "ko",
    "cyrillic": "ru",
    "arabic": "ar",
    "hebrew": "he",
}
_COMMON_WORDS = {
    "en": re.compile(r"\b(?:the|and|of|to|is|that|with|for)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:el|la|de|que|y|los|una|para)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:le|les|et|des|une|est|pour|dans)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:der|die|und|das|ist|ein|nicht|mit)\b", re.IGNORECASE),
    "tr": re.compile(r"\b(?:ve|bir|bu|için|ile|daha|olarak|da)\b", re.IGNORECASE),
}
_WRITTEN_IN = {
    "zh": ("han",),
    "ja": ("kana", "han"),
    "ko": ("hangul",),
    "ru": ("cyrillic",),
    "uk": ("cyrillic",),
    "bg": ("cyrillic",),
    "ar": ("arabic",),
    "fa": ("arabic",),
    "ur": ("arabic",),
    "he": ("hebrew",),
    # Countries whose codes are taken for their languages'.
    "cn": ("han",),
    "jp": ("kana", "han"),
    "kr": ("hangul",),
}
_CODE = re.compile(r"[a-z]{2,3}(?![^\W_])")
# Of languages that are not named, Hindi and Greek are written otherwise than Turkish.
_ELSE_WRITTEN_IN = ("latin", "other")
# A character of these says as much as several letters.
_DENSE = {"kana": 2, "han": 3, "hangul": 2}
# So many characters, evenly spread, tell the scripts of any text.
_ENOUGH = 500


def language_of(text: str) -> str:
    """Guess a language from the script of most of a text; empty where none is known."""
    counts = _counts(_sample(text))
    if counts["kana"] * 10 > counts["han"] > 0:
        return "ja"
    most = max(counts, key=lambda script: counts[script])
    if not counts[most]:
        return ""
    return _latin_language(text) if most == "latin" else _LANGUAGES.get(most, "")


def _latin_language(text: str) -> str:
    counts = {name: len(words.findall(text)) for name, words in _COMMON_WORDS.items()}
    return max(counts, key=lambda name: counts[name])


def share_in(language: str, text: str) -> float:
    """Tell which share of a text is in the script of *language*.

    It is 1 where there are no letters, or the language has another name than its code.
    """
    code = _CODE.match(language.lower())
    if not code:
        return 1.0
    counts = _counts(_sample(text))
    written_in = _WRITTEN_IN.get(code[0], _ELSE_WRITTEN_IN)
    whole = sum(counts.values())
    return sum(counts[script] for script in written_in) / whole if whole else 1.0


def weight(text: str) -> int:
    """Tell how much a text says, in letters."""
    return sum(_counts(text).values())


def _sample(text: str) -> str:
    return text[:: len(text) // _ENOUGH + 1]


def _counts(text: str) -> dict[str, int]:
    scripts = _SCRIPTS if _UNCOMMON.search(text) else _COMMON
    counts = dict.fromkeys(_SCRIPTS, 0)
    for script, pattern in scripts.items():
        counts[script] = len("".join(pattern.findall(text))) * _DENSE.get(script, 1)
    return counts
