"""What is wrong with the grammar of a TOML file: the programme, the team, the configuration. In words for its writer."""

from __future__ import annotations

import re
from tomllib import TOMLDecodeError

from bot.i18n import Sentence, _, say

_SYNTAX = (
    ("Illegal character '\\n'", _("this text does not end on its line: close it with a quotation mark")),
    ("Unterminated string", _("a text is not closed: add the missing quotation mark")),
    ("Cannot overwrite a value", _("this key stands twice in the same table: remove one of the two")),
    ("Cannot declare", _("this table stands twice: remove one, or write it as a list with [[ and ]]")),
    ("Invalid initial character for a key part", _("a table between curly brackets must stay on one line")),
    ("Expected '=' after a key", _("a key is followed by = and its value: name = \"…\"")),
    ("Expected ']'", _("a bracket is missing: [table] or [[list of tables]]")),
    ("Unclosed array", _("a list is not closed: add the missing ]")),
    ("Unclosed inline table", _("a table between curly brackets is not closed, or a comma is missing")),
    ("Unescaped '\\'", _("write a backslash twice: \\\\")),
    ("Invalid value", _('this is no value: a text is written between quotation marks, "…"; yes and no are true and false')),
)  # fmt: skip
"""How the reader of TOML begins its complaint, and what it means for the writer."""


def toml_fault(error: TOMLDecodeError, text: str) -> tuple[Sentence, Sentence]:
    """The line of a fault, and how to mend it."""
    complaint = str(error)
    unknown = _("this is no TOML: compare it with the example that Compagnon came with")
    mend = next((mend for begins, mend in _SYNTAX if complaint.startswith(begins)), unknown)
    found = re.search(r"line (\d+), column \d+", complaint)
    return say(_("line {line}"), line=int(found[1]) if found else text.count("\n") + 1), say(mend)
