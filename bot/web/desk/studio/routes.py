"""Where the pages of the studio are."""

from __future__ import annotations

from starlette.routing import Route

from bot.web.desk.page import Desk
from bot.web.desk.studio.pages import Studio
from bot.web.desk.studio.publish import Publishing


def studio_routes(desk: Desk) -> list[Route]:
    """Below the programme."""
    studio = Studio(desk)
    publishing = Publishing(desk, studio)
    return [
        Route("/programme/edit", studio.outline),
        Route("/programme/edit/part", studio.part),
        Route("/programme/edit/part", studio.keep, methods=["POST"]),
        Route("/programme/edit/add", studio.add, methods=["POST"]),
        Route("/programme/edit/remove", studio.remove, methods=["POST"]),
        Route("/programme/edit/move", studio.move, methods=["POST"]),
        Route("/programme/edit/drop", studio.drop, methods=["POST"]),
        Route("/programme/edit/file", studio.download),
        Route("/programme/edit/file", studio.upload, methods=["POST"]),
        Route("/programme/edit/publish", publishing.ask),
        Route("/programme/edit/publish", publishing.publish, methods=["POST"]),
        Route("/programme/edit/versions", publishing.versions),
        Route("/programme/edit/versions/{version:int}", publishing.version),
        Route("/programme/edit/versions/{version:int}", publishing.take_back, methods=["POST"]),
    ]
