"""The coordinator's desk as one application to mount anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.domain.roster.headers import NO_COLUMNS, Columns
from bot.web.common.guard import Headers, Seal
from bot.web.common.templates import SHARED, STATIC, root_of
from bot.web.desk.adult_form import AdultForm
from bot.web.desk.bulk_actions import BulkActions
from bot.web.desk.conversation import Conversations
from bot.web.desk.deadlines import Deadlines
from bot.web.desk.erasures import Erasures
from bot.web.desk.exports import Exports
from bot.web.desk.figures import Figures
from bot.web.desk.forms import Acts
from bot.web.desk.import_undo import Undo
from bot.web.desk.indicators import Indicators
from bot.web.desk.inviting import Inviting
from bot.web.desk.learner_form import LearnerForm
from bot.web.desk.links import Library
from bot.web.desk.merging import Merger
from bot.web.desk.mobilities import Mobilities
from bot.web.desk.notices import ASKED, BROKEN, GONE, STRANGER, TEMPLATES, notice
from bot.web.desk.page import App, Desk, Played
from bot.web.desk.paper_templates import PaperTemplates
from bot.web.desk.papers import Papers
from bot.web.desk.payments import Payments
from bot.web.desk.people_forms import People
from bot.web.desk.publications import Publications
from bot.web.desk.review import Review
from bot.web.desk.roster_import import Imports
from bot.web.desk.sign_in import SignIn
from bot.web.desk.skills import Skills
from bot.web.desk.studio.routes import studio_routes
from bot.web.desk.tutoring import Tutoring
from bot.web.desk.views import Shown
from bot.web.desk.visitor import Missing, Nobody


class DeskSite:
    """The pages of the desk."""

    def __init__(
        self,
        app: App,
        *,
        base_url: str,
        secret: str,
        columns: Columns = NO_COLUMNS,
        played: Played | None = None,
        more: Sequence[BaseRoute] = (),
    ) -> None:
        """`more` are pages that others add; `played` as in `Desk`."""
        desk, self.more = Desk(app, Seal(secret), base_url, played, bool(more)), more
        self.door, self.shown, self.acts, self.people = SignIn(desk), Shown(desk), Acts(desk), People(desk)
        self.studio = studio_routes(desk)
        self.imports, self.merger = Imports(desk, columns), Merger(desk)
        self.together = BulkActions(desk)
        self.form, self.exports = LearnerForm(desk, self.imports.drafts), Exports(desk)
        self.figures, self.payments = Figures(desk), Payments(desk)

    def application(self) -> ASGIApp:
        """An ASGI application. Mount it at a path of its own; its links follow the path."""
        shown, acts, door, people, imports = self.shown, self.acts, self.door, self.people, self.imports
        form, inviting, undo = self.form, Inviting(self.form.desk), Undo(self.form.desk)
        adult, erasures = AdultForm(self.form.desk), Erasures(self.form.desk)
        talks, papers, looks = Conversations(form.desk), Papers(form.desk), PaperTemplates(form.desk)
        review = Review(form.desk)
        dates, modules = Deadlines(self.form.desk), Mobilities(self.form.desk, self.imports.drafts)
        tutoring, publications = Tutoring(self.form.desk), Publications(self.form.desk)
        inside = Starlette(
            routes=[
                Route("/", shown.board),
                Route("/cases", shown.cases),
                Route("/cases/{number:int}", shown.case),
                Route("/cases/{number:int}", acts.case, methods=["POST"]),
                Route("/learners/new", form.blank),
                Route("/learners/new", form.send, methods=["POST"]),
                Route("/learners/{number:int}", shown.learner),
                Route("/learners/{number:int}/edit", form.edit),
                Route("/learners/{number:int}/edit", form.send, methods=["POST"]),
                Route("/learners/{number:int}/tick", acts.tick, methods=["POST"]),
                Route("/learners/{number:int}/badge", acts.badge, methods=["POST"]),
                Route("/learners/{number:int}/write", acts.write, methods=["POST"]),
                Route("/learners/{number:int}/change", acts.change, methods=["POST"]),
                Route("/learners/{number:int}/words", acts.words, methods=["POST"]),
                Route("/learners/{number:int}/conversation", talks.look),
                Route("/learners/{number:int}/conversation", talks.read, methods=["POST"]),
                Route("/learners/{number:int}/elsewhere", acts.elsewhere, methods=["POST"]),
                Route("/learners/{number:int}/invite", inviting.one, methods=["POST"]),
                Route("/learners/{number:int}/merge", self.merger.look),
                Route("/learners/{number:int}/merge", self.merger.apply, methods=["POST"]),
                Route("/learners/{number:int}/certificate", papers.one),
                Route("/learners/{number:int}/certificate", self.payments.enter, methods=["POST"]),
                Route("/learners/{number:int}/papers/{kind}", papers.one),
                Route("/papers", papers.look),
                Route("/papers", papers.take, methods=["POST"]),
                Route("/learners/{number:int}/skills", Skills(form.desk).look),
                Route("/papers/templates", looks.look),
                Route("/papers/templates/{name}", looks.one),
                Route("/papers/templates/{name}", looks.change, methods=["POST"]),
                Route("/papers/templates/{name}/file", looks.file),
                Route("/balance", self.payments.look),
                Route("/invitations", inviting.ask),
                Route("/invitations", inviting.make, methods=["POST"]),
                Route("/confirm", inviting.waiting),
                Route("/confirm", inviting.confirm, methods=["POST"]),
                Route("/together", self.together.look),
                Route("/together", self.together.apply, methods=["POST"]),
                Route("/confirm/{number:int}", acts.confirm, methods=["POST"]),
                Route("/files/{number:int}", shown.file),
                Route("/calendar", shown.calendar),
                Route("/links", Library(self.form.desk).look),
                Route("/mobilities", modules.look),
                Route("/mobilities", modules.send, methods=["POST"]),
                Route("/dates", dates.look),
                Route("/dates/new", dates.form),
                Route("/dates/new", dates.send, methods=["POST"]),
                Route("/dates/{number:int}/edit", dates.form),
                Route("/dates/{number:int}/edit", dates.send, methods=["POST"]),
                Route("/dates/{number:int}", dates.settle, methods=["POST"]),
                Route("/exports", self.exports.look),
                Route("/exports", self.exports.take, methods=["POST"]),
                Route("/exports/feed", self.exports.subscribe, methods=["POST"]),
                Route("/feed/{code}.ics", self.exports.feed),
                Route("/publications", publications.look),
                Route("/publications/note", publications.note),
                Route("/publications/year", publications.plan, methods=["POST"]),
                Route("/publications/{number:int}", publications.sign, methods=["POST"]),
                Route("/tutoring", tutoring.look),
                Route("/tutoring", tutoring.act, methods=["POST"]),
                Route("/figures", self.figures.look),
                Route("/review", review.look),
                Route("/review", review.take, methods=["POST"]),
                Route("/review/propose", review.propose, methods=["POST"]),
                Route("/figures", Indicators(form.desk).take, methods=["POST"]),
                Route("/people", people.look),
                Route("/people/new", adult.look),
                Route("/people/new", adult.send, methods=["POST"]),
                Route("/people/{number:int}/edit", adult.look),
                Route("/people/{number:int}/edit", adult.send, methods=["POST"]),
                Route("/people/{number:int}/invite", adult.invite, methods=["POST"]),
                Route("/people/{number:int}/leave", people.leave, methods=["POST"]),
                Route("/people/{number:int}/slot", people.slot, methods=["POST"]),
                Route("/erasures", erasures.look),
                Route("/erasures/{number:int}", erasures.decide, methods=["POST"]),
                Route("/programme", shown.programme),
                Route("/programme/flow", shown.flow),
                *self.studio,
                *self.more,
                Route("/import", imports.ask),
                Route("/import", imports.upload, methods=["POST"]),
                Route("/import/template/{ending}", imports.template),
                Route("/import/undo/{number:int}", undo.look),
                Route("/import/undo/{number:int}", undo.apply, methods=["POST"]),
                Route("/import/{draft}", imports.show),
                Route("/import/{draft}", imports.apply, methods=["POST"]),
                Route("/a/{token}", door.look_for_case),
                Route("/a/{token}", door.send_way_in, methods=["POST"]),
                Route("/in/{code}", door.look),
                Route("/in/{code}", door.enter, methods=["POST"]),
                Route("/out", door.leave, methods=["POST"]),
                Route("/browsers", door.browsers),
                Route("/browsers", door.sign_out, methods=["POST"]),
                Mount(TEMPLATES.assets, StaticFiles(directory=TEMPLATES.static)),
                Mount(SHARED, StaticFiles(directory=STATIC)),
            ],
            middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
            exception_handlers={
                Nobody: _stranger,
                Missing: _missing,
                HTTPException: _refused,
                Exception: _broken,
            },
        )
        return Headers(inside, frame_ancestors="'none'", base_url=door.desk.base_url)


async def home(request: Request) -> Response:
    """`/desk` without its slash."""
    return RedirectResponse(f"{root_of(request)}/desk/", 308)


async def _stranger(request: Request, _problem: Exception) -> Response:
    """Not signed in. A part that asks for itself reloads its page, which then says so."""
    answer = notice(request, STRANGER)
    if "seen" in request.query_params:
        answer.headers["hx-refresh"] = "true"
    return answer


async def _missing(request: Request, _problem: Exception) -> Response:
    return notice(request, GONE)


async def _refused(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 404
    return notice(request, ASKED.get(status, GONE))


async def _broken(request: Request, _problem: Exception) -> Response:
    """A fault of ours. It is logged where it happened."""
    return notice(request, BROKEN)
