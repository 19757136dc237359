"""What all pictures have in common: colours, fonts, templates, and the way from SVG to PNG.

Colours are Okabe and Ito's, which survive every kind of colour blindness; each thing has its own shape and its own
grey as well, so that it survives print. The fonts come with Compagnon: a picture is the same on every machine.
"""

from __future__ import annotations

from pathlib import Path

import resvg_py
from jinja2 import Environment, FileSystemLoader, StrictUndefined

FONTS = Path(__file__).parent / "fonts"
FILES = [str(FONTS / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
COLOURS = {
    "ink": "#000000",
    "quiet": "#595959",
    "line": "#d9d9d9",
    "stay": "#0072b2",
    "gone": "#a6d3ef",
    "answered": "#009e73",
    "missed": "#f0e442",
    "follow_up": "#0072b2",
    "today": "#e69f00",
    "now": "#d55e00",
    "alarm": "#fbe3d6",
}

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def png(svg: str) -> bytes:
    """Render a drawing of ours at its own size.

    Raises:
        ValueError: it is no drawing.
    """
    family = "DejaVu Sans"
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=FILES, font_family=family, sans_serif_family=family
        )
    )
