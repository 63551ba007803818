"""Files that are sent from the page: as they are, or pictures as photos."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.groups import Group
from tests.sandbox.page.conftest import PIXEL


async def choose(page: Page, *paths: Path) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Attach a file").click()
    await (await chooser.value).set_files(paths)


def pictures(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.png" for number in range(count)]
    for path in paths:
        path.write_bytes(PIXEL)
    return paths


async def test_a_file_is_sent_with_its_words(page: Page, group: Group, tmp_path: Path) -> None:
    (tmp_path / "日报.md").write_text("# Today", encoding="utf-8")
    await page.get_by_label("Write a message").fill("Look")

    await choose(page, tmp_path / "日报.md")
    await expect(page.get_by_role("dialog")).to_contain_text("日报.md")
    await expect(page.get_by_label("Caption")).to_have_value("Look")
    await expect(page.get_by_role("button", name="Send as photo")).to_have_count(0)
    await page.keyboard.press("Enter")

    await expect(page.locator("article.own .flow")).to_have_text("Look")
    assert group.messages[-1].raw["document"]["file_name"] == "日报.md"
    await expect(page.get_by_label("Write a message")).to_have_value("")
    async with page.expect_download() as download:
        await page.locator(".file").click()
    assert (await (await download.value).path()).read_text(encoding="utf-8") == "# Today"


async def test_files_that_one_thinks_better_of_are_not_sent(
    page: Page, group: Group, tmp_path: Path
) -> None:
    await page.get_by_label("Write a message").fill("Look")
    await choose(page, *pictures(tmp_path, 1))

    await page.get_by_role("button", name="Cancel").click()

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_label("Write a message")).to_have_value("Look")
    assert group.messages == []


async def test_a_picture_may_go_as_a_file(page: Page, group: Group, tmp_path: Path) -> None:
    await choose(page, *pictures(tmp_path, 1))

    await page.get_by_role("button", name="Send as file").click()

    await expect(page.locator(".file-name")).to_have_text("0.png")
    assert "photo" not in group.messages[-1].raw


async def test_a_picture_may_go_as_a_photo_and_is_looked_at(
    page: Page, group: Group, sandbox: Sandbox, tmp_path: Path
) -> None:
    await choose(page, *pictures(tmp_path, 1))
    await page.get_by_label("Caption").fill("See https://example.com")

    await page.get_by_role("button", name="Send as photo").click()

    await expect(page.get_by_role("img", name="See")).to_be_visible()
    photo = group.messages[-1].raw["photo"][-1]
    assert (photo["width"], photo["height"]) == (1, 1)
    assert group.messages[-1].raw["caption_entities"][0]["type"] == "url"
    found = sandbox.world.files.find(photo["file_id"])
    assert found is not None
    assert found.content.startswith(b"\xff\xd8\xff")
    await page.locator("article").get_by_role("button", name="See").click()
    await expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_several_photos_are_an_album_with_one_caption(
    page: Page, group: Group, tmp_path: Path
) -> None:
    await page.get_by_label("Write a message").fill("All of them")
    await choose(page, *pictures(tmp_path, 3))

    await page.get_by_role("button", name="Send as photo").click()

    album = page.get_by_role("group", name="Album")
    await expect(album.locator("img")).to_have_count(3)
    await expect(page.locator("article.own .flow")).to_have_text("All of them")
    assert len({message.raw["media_group_id"] for message in group.messages}) == 1
