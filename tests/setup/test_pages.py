"""The first steps on pages: one browser, the same answers and files as in the terminal, and over to the desk."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from bot.commands.setup_web import OnDisk
from bot.domain.roster.team_file import load_team
from bot.setup.files import consortium
from bot.setup.pages import Setup
from tests.setup.test_setup import ANSWERS

URL = "http://127.0.0.1:8080"
TYPED = {**ANSWERS, "school": "Lycée Suzanne-Valmer", "phone": "06 39 98 00 11"}


class Page:
    """A server nobody has set up, and browsers before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ended: list[bool] = []
        self.setup = Setup(OnDisk(), lambda: self.ended.append(True))
        self.site = self.setup.application()

    def browser(self) -> httpx.AsyncClient:
        headers = {"origin": URL, "accept-language": "en"}
        transport = httpx.ASGITransport(app=self.site)
        return httpx.AsyncClient(transport=transport, base_url=URL, headers=headers, follow_redirects=True)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def team(self) -> str:
        return (self.folder / "consortium.toml").read_text("utf-8")

    def write_team(self) -> None:
        (self.folder / "consortium.toml").write_text(consortium(TYPED), "utf-8")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.chdir(tmp_path)
    return Page(tmp_path)


async def send(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    seal = re.findall(r'name="seal" value="([^"]+)"', (await browser.get(path)).text)[0]
    return await browser.post(path, data={"seal": seal, **fields})


def faults(answer: httpx.Response) -> list[str]:
    return [unescape(found) for found in re.findall(r'id="(\w+)-fault"', answer.text)]


def put_programme(text: str) -> str:
    """Another programme in the folder; what stood there before."""
    file = Path("programme.toml")
    before = file.read_text("utf-8")
    file.write_text(text, "utf-8")
    return before


async def test_from_nothing_to_the_desk_without_an_editor(page: Page) -> None:
    async with page.browser() as mine, page.browser() as theirs:
        link = f"/setup/{page.setup.code}"
        await theirs.get(link)  # looking uses nothing up
        first = await mine.post(link)
        assert first.url.path == "/step/school"
        used = [await theirs.post(link), await theirs.get("/step/school"), await theirs.get("/setup/guessed")]
        assert [each.status_code for each in used] == [410, 401, 404]

        wrong = await send(mine, "/step/school", **{**TYPED, "phone": "12", "city": "", "language": "en"})
        assert (faults(wrong), 'value="Suzanne' in wrong.text, 'value="12"' in wrong.text) == (
            ["city", "phone"],
            False,
            True,
        )
        assert page.files() == []
        second = await send(mine, "/step/school", **{**TYPED, "language": "en"})
        assert second.url.path == "/step/programme"
        written = page.team()
        assert written == consortium({**TYPED, "phone": "+33639980011", "language": "en"})

        again = await mine.get("/step/school")
        assert ('value="06 39 98 00 11"' in again.text, 'href="/step/school"' in second.text) == (True, True)
        await send(mine, "/step/school", **{**TYPED, "language": "en", "city": "Ardon"})
        assert load_team(page.team()).schools[0].city == "Ardon"
        third = await send(mine, "/step/programme", audience="vet")
        assert third.url.path == "/step/channels"
        mail = await send(mine, "/step/channels", host="smtp.example.org")
        assert faults(mail) == ["sender"]
        ready = await send(mine, "/step/channels", address="http://127.0.0.1:8080")
        assert (ready.url.path, "✘" in ready.text) == ("/ready", False)
        programme = put_programme('extends = "compagnon"\nnothing = 1\n')
        broken = await mine.get("/ready")
        assert ("✘" in broken.text, '<form method="post" action="/ready">' in broken.text) == (True, False)
        put_programme(programme)
        assert (await mine.get("/step/school")).status_code == 404  # what is there is kept

        started = await send(mine, "/ready")
        assert re.findall(r'content="\d+; url=(http://127.0.0.1:8080/desk/in/)[\w-]{22}"', started.text)
        assert page.ended == [True]
    assert load_team(written).people[0].ref == "nferhaoui"
    assert page.files() == [
        "config.toml",
        "consortium.toml",
        "data",
        "programme.toml",
    ]


async def test_whoever_comes_back_goes_on_where_it_stood(page: Page) -> None:
    page.write_team()
    async with page.browser() as mine:
        begun = await mine.post(f"/setup/{page.setup.code}")

        assert (begun.url.path, '<html lang="fr"' in begun.text) == ("/step/programme", True)
        assert (await mine.post("/step/programme", data={"audience": "vet"})).status_code == 404
        assert page.files() == ["consortium.toml"]
