"""From a drawing to the bytes of a PNG, with the fonts that come with Compagnon: the same picture on every machine."""

from __future__ import annotations

from pathlib import Path

import resvg_py

FONTS = Path(__file__).parent / "fonts"
FILES = [str(FONTS / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]


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
