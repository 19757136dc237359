"""`python3 run.py dev -m tests.domain.phrases`: how many cries are heard, and how many false alarms there are."""

from __future__ import annotations

from tests.domain.phrases.measure import LANGUAGES, UNSEEN, Measure, measured, unseen

print(f"{'':8}{'tuned on':>28}{'held out':>28}")
print(f"{'language':8}{'cries':>8}{'recall':>10}{'precision':>10}{'cries':>8}{'recall':>10}{'precision':>10}")
for language in (*LANGUAGES, "all"):
    cells = [measured(language, held_out=held_out) for held_out in (False, True)]
    print(f"{language:8}" + "".join(f"{each.cries:>8}{each.recall:>10.1%}{each.precision:>10.1%}" for each in cells))
for part in (False, True):
    found: Measure = measured("all", held_out=part)
    for text in (*found.missed, *found.false):
        print("held out:" if part else "tuned on:", "false alarm:" if text in found.false else "not heard:", text)
for path in sorted(UNSEEN.glob("*.toml")):
    found = unseen(path.stem)
    print(
        f"never tuned on, {path.stem}: {found.cries} cries, recall {found.recall:.1%}, precision {found.precision:.1%}"
    )
    for text in (*found.missed, *found.false):
        print("    false alarm:" if text in found.false else "    not heard:", text)
