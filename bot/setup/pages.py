"""The questions of the first steps as pages, on a fresh server, by a link that works once. The answers do what they do in the terminal."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.i18n import LANGUAGES, Text, _, own_name, render, sentence_of, told
from bot.setup.questions import FILES, Question, Wrong, checked
from bot.web.common.guard import Headers, Seal, from_our_page, read_form
from bot.web.common.templates import SHARED, STATIC, Notice, Templates, language_of

TEMPLATES = Templates(Path(__file__).parent)
COOKIE = "compagnon-setup"
STEPS: Mapping[str, str] = {"school": "consortium.toml", "programme": "programme.toml", "channels": "config.toml"}
"""The pages, and the file that each writes."""
TITLES: Mapping[str, Text] = {
    "school": _("Your school and its people"),
    "programme": _("Whom you send or receive"),
    "channels": _("How people are reached"),
}
GROUPS: Mapping[str, Text] = {
    "language": _("Your school"),
    "first_name": _("You"),
    "deputy_first_name": _("Who stands in for you"),
    "last_first_name": _("Who is called last"),
    "address": _("The address of this server"),
    "token": "Telegram",
    "host": _("E-mail"),
    "homeserver": "Matrix",
}
"""With which question a group begins, and what it is called."""
AUDIENCES: Mapping[str, Text] = {
    "vet": _("pupils of a vocational school"),
    "apprentices": _("apprentices"),
    "hed": _("students of higher education"),
    "incoming": _("learners who come from abroad"),
    "staff": _("staff"),
}
FIELDS = 40
USED = Notice(410, _("This link has already been used"), _("It opens one browser, once. For a new one, stop the command in the terminal and start it again."))  # fmt: skip
STRANGER = Notice(401, _("Please open the link from the terminal"), _("The command that runs there has printed it; it works once."))  # fmt: skip
GONE = Notice(404, _("There is nothing here"), _("Go back to the page before."))


class Steps(Protocol):
    """What the answers do."""

    def there(self, file: str) -> bool: ...
    def write(self, file: str, answers: dict[str, str]) -> None: ...
    def tried(self, question: Question, answers: dict[str, str]) -> list[tuple[str, bool]]: ...
    def findings(self) -> Sequence[tuple[str, str, str]]:
        """A sign, what was found, and what to do about it: in the school's language."""

    def way_in(self) -> str: ...
    @property
    def language(self) -> str:
        """The school's, once it is written; else nothing."""


@dataclass(frozen=True)
class Field:
    """One question as a form shows it."""

    key: str
    words: str
    kind: str
    value: str
    optional: bool
    choices: tuple[tuple[str, str], ...]
    fault: str
    group: Text


class Setup:
    """The pages. `finished` is called once the last of them has been sent."""

    def __init__(self, steps: Steps, finished: Callable[[], None]) -> None:
        self.steps, self.finished = steps, finished
        self.code, self.seal = secrets.token_urlsafe(16), Seal(secrets.token_urlsafe(32))
        self.browser = ""
        self.given: dict[str, dict[str, str]] = {}
        """What was typed on each page: until all are written, one may go back."""

    def application(self) -> ASGIApp:
        """An ASGI application."""
        inside = Starlette(
            routes=[
                Route("/", self.go_on),
                Route("/setup/{code}", self.look),
                Route("/setup/{code}", self.enter, methods=["POST"]),
                Route("/step/{name}", self.step),
                Route("/step/{name}", self.answer, methods=["POST"]),
                Route("/ready", self.ready),
                Route("/ready", self.start, methods=["POST"]),
                Mount(TEMPLATES.assets, StaticFiles(directory=TEMPLATES.static)),
                Mount(SHARED, StaticFiles(directory=STATIC)),
            ],
            exception_handlers={HTTPException: self._refused},
        )
        return Headers(inside, frame_ancestors="'none'")

    async def look(self, request: Request) -> Response:
        """One button: previews of links come here too."""
        self._fresh(request)
        return self._page(request, "in.html", {"code": self.code})

    async def enter(self, request: Request) -> Response:
        """The link is used up for this browser."""
        await read_form(request)
        self._fresh(request)
        if not from_our_page(request.headers, ""):
            raise HTTPException(403)
        self.browser = secrets.token_urlsafe(32)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, self.browser, httponly=True, samesite="strict")
        return answer

    def _fresh(self, request: Request) -> None:
        if not hmac.compare_digest(str(request.path_params["code"]).encode(), self.code.encode()):
            raise HTTPException(404)
        if self.browser:
            raise HTTPException(410)

    async def go_on(self, request: Request) -> Response:
        """Where it stands: the first file that is not written yet."""
        self._known(request)
        name = next((name for name, file in STEPS.items() if not self.steps.there(file)), "")
        return RedirectResponse(f"/step/{name}" if name else "/ready", 303)

    async def step(self, request: Request) -> Response:
        """The questions of one file."""
        name = self._step(request)
        return self._form(request, name, self.given.get(name, {}), {})

    async def answer(self, request: Request) -> Response:
        """Check every answer, say all that will not do at once, and write the file once all will."""
        name = self._step(request)
        form = self._with_secrets(name, await self._read(request))
        answers, faults = _answered(STEPS[name], form, self._language(request))
        if not faults:
            for question in [each for each in FILES[STEPS[name]] if each.key in answers]:
                for found, again in await asyncio.to_thread(self.steps.tried, question, answers):
                    if again:
                        faults[question.key] = told(found, self._language(request))
        if faults:
            return self._form(request, name, form, faults)
        answers.setdefault("language", self.steps.language)
        self.given[name] = form
        await asyncio.to_thread(self.steps.write, STEPS[name], answers)
        return RedirectResponse("/", 303)

    def _with_secrets(self, name: str, form: dict[str, str]) -> dict[str, str]:
        """A secret is never shown again: left empty, it is the one that was given."""
        kept = self.given.get(name, {})
        secret = {each.key for each in FILES[STEPS[name]] if each.secret}
        return form | {key: kept[key] for key in secret if kept.get(key) and not form.get(key)}

    async def ready(self, request: Request) -> Response:
        """What is still missing, and the way on."""
        self._known(request)
        if not all(map(self.steps.there, STEPS.values())):
            return RedirectResponse("/", 303)
        findings = await asyncio.to_thread(self.steps.findings)
        blocked = len(findings) == 1  # a file cannot be read: nothing else was looked at, and nothing would start
        return self._page(request, "ready.html", {"findings": findings, "link": "", "blocked": blocked})

    async def start(self, request: Request) -> Response:
        """Over to Compagnon itself: this page waits until the desk is there."""
        self._known(request)
        await self._read(request)
        link = await asyncio.to_thread(self.steps.way_in)
        answer = self._page(request, "ready.html", {"findings": (), "link": link, "blocked": False})
        answer.background = BackgroundTask(self._finish)
        return answer

    async def _finish(self) -> None:
        self.finished()

    def _known(self, request: Request) -> None:
        given = request.cookies.get(COOKIE, "")
        if not self.browser or not hmac.compare_digest(given.encode(), self.browser.encode()):
            raise HTTPException(401)

    def _step(self, request: Request) -> str:
        self._known(request)
        name = str(request.path_params["name"])
        whole = all(map(self.steps.there, STEPS.values()))
        if name not in STEPS or (self.steps.there(STEPS[name]) and (whole or name not in self.given)):
            raise HTTPException(404)
        return name

    async def _read(self, request: Request) -> dict[str, str]:
        form = await read_form(request, FIELDS)
        if not self.seal.fits(self.browser, form.get("seal", "")) or not from_our_page(request.headers, ""):
            raise HTTPException(403)
        return form

    def _language(self, request: Request) -> str:
        return self.steps.language or language_of(request)

    def _form(
        self, request: Request, name: str, given: Mapping[str, str], faults: Mapping[str, str], status: int = 200
    ) -> Response:
        language = self._language(request)
        fields = [_field(question, given, faults, language) for question in FILES[STEPS[name]]]
        number = list(STEPS).index(name) + 1
        before = list(STEPS)[number - 2] if number > 1 else ""
        values = {
            "back": before if before in self.given else "",
            "name": name,
            "title": TITLES[name],
            "fields": fields,
            "number": number,
            "steps": len(STEPS),
        }
        return self._page(request, "step.html", values | {"faults": faults})

    def _page(self, request: Request, name: str, values: Mapping[str, Any]) -> Response:
        return TEMPLATES.page(request, name, self._language(request), {"token": self.seal.of(self.browser), **values})

    async def _refused(self, request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 404
        notice = {410: USED, 401: STRANGER}.get(status, GONE)
        return TEMPLATES.page(request, "notice.html", self._language(request), {"notice": notice}, notice.status)


def _answered(file: str, form: Mapping[str, str], language: str) -> tuple[dict[str, str], dict[str, str]]:
    """The answers as they are kept, and what is wrong with those that will not do."""
    answers: dict[str, str] = {}
    faults: dict[str, str] = {}
    for question in FILES[file]:
        if question.needs and not (answers.get(question.needs) or question.needs in faults):
            continue
        try:
            answers[question.key] = checked(question, form.get(question.key, ""))
        except Wrong as problem:
            faults[question.key] = told(sentence_of(problem), language)
    return answers, faults


def _field(question: Question, given: Mapping[str, str], faults: Mapping[str, str], language: str) -> Field:
    kind = (
        "password"
        if question.secret
        else {"email": "email", "phone": "tel"}.get(question.key.rpartition("_")[2], "text")
    )
    value = "" if question.secret else given.get(question.key, question.default or "")
    if question.key == "language" and not given:
        value = language
    choices = {"language": {each: own_name(each) for each in LANGUAGES}, "audience": AUDIENCES}.get(question.key, {})
    shown = tuple((key, render(words, language)) for key, words in choices.items())
    optional = question.default == "" or bool(question.needs)
    return Field(question.key, _plainly(question.text, language), kind, value, optional, shown, faults.get(question.key, ""), GROUPS.get(question.key, ""))  # fmt: skip


def _plainly(text: Text, language: str) -> str:
    """The question without what it tells those at a terminal, in brackets at its end."""
    return re.sub(r"\s*[(（][^()（）]*[)）]\s*$", "", render(text, language))
