"""What every process of ours reads first, read before any is forked: the programme with all its checks, the lists of words, the
catalogs. It is what it would be, and there at once: two seconds of work that prove nothing about a death.
"""

from __future__ import annotations

import gc

from bot.commands.opening import read_programme
from bot.domain.cries.detector import kinds_in
from bot.i18n import LANGUAGES, catalog
from tests.conftest import ROOT

read_programme(ROOT / "programme.example.toml")
kinds_in("SОS")
for language in LANGUAGES:
    catalog(language)
gc.collect()
gc.freeze()
