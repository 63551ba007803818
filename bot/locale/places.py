"""Places as people write them, where no time zone has their name: ``北京``, ``UTC+8``."""

from __future__ import annotations

import re

CITIES = {
    "Asia/Shanghai": (
        *("beijing", "peking", "shenzhen", "guangzhou", "chengdu", "hangzhou", "nanjing", "wuhan"),
        *("tianjin", "suzhou", "xian", "xi'an", "china", "中国", "北京", "深圳", "广州", "成都"),
        *("杭州", "南京", "武汉", "天津", "苏州", "西安", "重庆", "长沙", "郑州", "青岛", "厦门"),
        *("沈阳", "大连", "济南", "合肥", "福州", "昆明", "哈尔滨", "宁波", "东莞"),
    ),
    "Asia/Kolkata": (
        *("mumbai", "delhi", "new delhi", "bangalore", "bengaluru", "chennai", "hyderabad"),
        *("india", "孟买", "新德里", "班加罗尔", "印度"),
    ),
    "Asia/Tokyo": ("osaka", "kyoto", "大阪", "京都", "日本"),
    "America/Los_Angeles": ("san francisco", "seattle", "旧金山", "西雅图", "硅谷"),
    "America/New_York": ("boston", "washington", "波士顿", "华盛顿"),
    "Europe/Berlin": ("munich", "frankfurt", "hamburg", "慕尼黑", "法兰克福"),
}
_ZONES = {city: zone for zone, cities in CITIES.items() for city in cities}
_FROM_UTC = re.compile(r"(?:utc|gmt) ?([+-])0?(\d{1,2})(?::?00)?")
_FIXED = re.compile(r"Etc/GMT([+-])(\d{1,2})")
# The names of these zones count from the other end: Etc/GMT-8 is eight hours ahead of UTC.
_TURNED = {"+": "-", "-": "+"}


def usual_zone(typed: str) -> str | None:
    """Find the zone's name for a city without one of its own, or for a distance from UTC."""
    typed = " ".join(typed.casefold().split())
    if match := _FROM_UTC.fullmatch(typed):
        return f"Etc/GMT{_TURNED[match[1]]}{match[2]}" if int(match[2]) else "UTC"
    return _ZONES.get(typed.removesuffix("市"))


def distance(zone: str) -> str | None:
    """Name a zone that is nothing but a distance from UTC."""
    match = _FIXED.fullmatch(zone)
    return f"UTC{_TURNED[match[1]]}{match[2]}" if match else None
