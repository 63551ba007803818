"""Which script a text is written in, and which language that suggests."""

from __future__ import annotations

import re

_SCRIPTS = {
    "kana": re.compile("[\u3040-\u30ff]+"),
    "han": re.compile("[\u3400-\u9fff\uf900-\ufaff]+"),
    "hangul": re.compile("[\uac00-\ud7af]+"),
    "cyrillic": re.compile("[\u0400-\u04ff]+"),
    "arabic": re.compile("[\u0600-\u06ff]+"),
    "hebrew": re.compile("[\u0590-\u05ff]+"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f]+"),
}
# Most texts have none of the other scripts, which one look tells.
_COMMON = {script: _SCRIPTS[script] for script in ("han", "latin")}
_UNCOMMON = re.compile("[\u0400-\u06ff\u3040-\u30ff\uac00-\ud7af]")
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
}
# A character of these says as much as several letters.
_DENSE = {"kana": 2, "han": 3, "hangul": 2}


def language_of(text: str) -> str:
    """Guess a language from the script of most of a text; empty where there are no letters."""
    counts = _counts(text)
    if counts["kana"] * 10 > counts["han"] > 0:
        return "ja"
    most = max(counts, key=lambda script: counts[script])
    if not counts[most]:
        return ""
    return _latin_language(text) if most == "latin" else _LANGUAGES[most]


def _latin_language(text: str) -> str:
    counts = {name: len(words.findall(text)) for name, words in _COMMON_WORDS.items()}
    return max(counts, key=lambda name: counts[name])


def share_in(language: str, text: str) -> float:
    """Tell which share of a text is in the script of *language*; 1 where there are no letters."""
    counts = _counts(text)
    written_in = _WRITTEN_IN.get(language.partition("-")[0].lower(), ("latin",))
    whole = sum(counts.values())
    return sum(counts[script] for script in written_in) / whole if whole else 1.0


def weight(text: str) -> int:
    """Tell how much a text says, in letters."""
    return sum(_counts(text).values())


def _counts(text: str) -> dict[str, int]:
    scripts = _SCRIPTS if _UNCOMMON.search(text) else _COMMON
    counts = dict.fromkeys(_SCRIPTS, 0)
    for script, pattern in scripts.items():
        counts[script] = sum(map(len, pattern.findall(text))) * _DENSE.get(script, 1)
    return counts
