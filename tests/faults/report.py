"""What a campaign found, as a table for people; `write` puts it into docs/faults.md, where the last one of each channel stands."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.faults.campaign import Found

PLACE = ROOT / "docs" / "faults.md"
ROWS = {
    "in": "Messages from people that their platform had taken",
    "in handled": "… handled, once",
    "out": "Messages to people",
    "out sent": "… that arrived",
    "out unknown": "… of which nobody knows, and that is written down",
    "alerts": "Alerts",
    "alerts lost": "… lost",
    "alerts twice": "… that came twice or more, each further one marked",
    "reminders": "Reminders",
    "reminders lost": "… lost",
    "reminders twice": "… that came twice",
    "reminders not known": "… not repeated, because they may have arrived",
    "cries": "Cries for help, each told",
    "conversations": "Conversations of the plan",
    "silences told": "Silences told to adults",
}


def table(channel: str, found: Found, seed: int) -> str:
    """Markdown, and what was wrong below it."""
    violations = sum(count for name, count in found.figures.items() if name.startswith("violations"))
    lines = [
        f"{found.kills} deaths ({_counts(found.ends)}), seed {seed}, {found.seconds / 60:.0f} minutes.",
        "",
        f"| {channel} | |",
        "|---|---|",
        *(f"| {words} | {found.figures[name]:,} |" for name, words in ROWS.items()),
        f"| Violations of I1 to I8 | {violations} |",
        "",
        f"Beside the deaths: {_counts(found.troubles)}.",
        *(f"* {each}" for each in found.wrong),
    ]
    return "\n".join(lines)


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))


def write(channel: str, text: str) -> None:
    """In place of what stood there of this channel."""
    begin, end = f"<!-- {channel}: written by tests/faults -->\n", f"<!-- {channel} ends -->"
    page = PLACE.read_text("utf-8")
    before, _between, rest = page.partition(begin)
    PLACE.write_text(before + begin + text + "\n" + end + rest.partition(end)[2], "utf-8")
