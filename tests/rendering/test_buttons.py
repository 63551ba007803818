"""Rows of buttons that a phone shows whole."""

from __future__ import annotations

import pytest

from bot.rendering.buttons import button, grid
from bot.rendering.callbacks import Nothing


@pytest.mark.parametrize(
    ("labels", "widths"),
    [
        (["OpenAI", "DeepSeek", "智谱", "#通义千问"], [2, 2]),
        (["OpenAI", "DeepSeek", "#通义千问"], [3]),
        (["OpenAI", "Claude Code", "智谱"], [2, 1]),
        (["OpenAI", "人工智能安全", "智谱"], [2, 1]),
        ([], []),
    ],
)
def test_long_labels_stand_two_in_a_row(labels: list[str], widths: list[int]) -> None:
    laid_out = grid((button(text, Nothing()) for text in labels), 3)

    assert [len(line) for line in laid_out if line] == widths


def test_long_labels_that_stand_alone_stay_so() -> None:
    laid_out = grid((button("x" * 20, Nothing()) for _ in range(2)), 1)

    assert [len(line) for line in laid_out] == [1, 1]
