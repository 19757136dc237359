"""Words as two people mean them alike."""

from __future__ import annotations

import re
import unicodedata

_POLITE = {"merci", "stp", "svp", "please", "thanks", "thank", "you", "por", "favor", "gracias"}


def plain(text: str) -> str:
    """Lower case, without accents, punctuation, emoji or politeness."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", bare)
    kept = [word for word in words if word not in _POLITE]
    return " ".join(kept or words)
