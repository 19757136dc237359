"""Papers to print, to sign and to hand over: an attestation, a grid, a class sheet. Templates that a school may change."""

from bot.documents.papers.kinds import KINDS, PaperKind
from bot.documents.papers.paper import Paper
from bot.documents.papers.printed import PaperError, articles, html, pdf

__all__ = ["KINDS", "Paper", "PaperError", "PaperKind", "articles", "html", "pdf"]
