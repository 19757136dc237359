"""`python3 run.py dev -m tests.domain.phrases`: how many cries are heard, and how many false alarms there are.

The first table is of phrases that the lists were made with; what to expect of real ones stands below it.
"""

from __future__ import annotations

from tests.domain.phrases.measure import LANGUAGES, UNSEEN, measured, unseen

print(f"{'known':8}{'cries':>8}{'harmless':>10}{'recall':>10}{'precision':>11}")
for language in (*LANGUAGES, "all"):
    found = measured(language)
    print(f"{language:8}{found.cries:>8}{found.harmless:>10}{found.recall:>10.1%}{found.precision:>11.1%}")
for path in sorted(UNSEEN.glob("*.toml")):
    found = unseen(path.stem)
    print(
        f"never tuned on, {path.stem}: {found.cries} cries, recall {found.recall:.1%}, precision {found.precision:.1%}"
    )
    for text in (*found.missed, *found.false):
        print("    false alarm:" if text in found.false else "    not heard:", text)
