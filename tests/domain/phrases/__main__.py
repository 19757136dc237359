"""`python3 run.py dev -m tests.domain.phrases`: how many cries are heard, and how many false alarms there are.

The first table is of phrases that the lists were made with, the second of phrases that they were tuned on later: both say
that nothing was broken, no more. What to expect of real ones is the third, of phrases on which nothing was ever tuned. When
the lists are tuned on those too, they go to `tuned/` and others are written. A cry is heard when it alarms, or when its author
is asked or offered an adult; a false alarm is any of these for what is harmless.

Six batches were written one after the other, each before its figures were known (1,600 cries, 2,528 harmless sentences). On
the first look: recall 76, 52, 84, 75, 38 and 94 %, precision 83, 78, 84, 80, 85 and 96 %. The last is of everyday
situations in plain words, the second and the fifth of situations that nobody had thought of: these are still mostly missed,
and what is missed is offered to an adult like any other message.
"""

from __future__ import annotations

from tests.domain.phrases.measure import LANGUAGES, Measure, measured, tuned, unseen


def _print(title: str, measures: dict[str, Measure]) -> None:
    print(f"{title:14}{'cries':>8}{'harmless':>10}{'recall':>10}{'precision':>11}")
    cries, missed, false = (
        sum(values) for values in zip(*((m.cries, len(m.missed), len(m.false)) for m in measures.values()), strict=True)
    )
    for language, found in measures.items():
        print(f"{language:14}{found.cries:>8}{found.harmless:>10}{found.recall:>10.1%}{found.precision:>11.1%}")
    heard = cries - missed
    print(f"{'all':14}{cries:>8}{'':>10}{heard / cries:>10.1%}{heard / (heard + false):>11.1%}")


never = {language: unseen(language) for language in LANGUAGES}
_print("made with", {language: measured(language) for language in LANGUAGES})
_print("tuned on", {language: tuned(language) for language in LANGUAGES})
_print("never tuned on", never)
for language, found in never.items():
    for text in (*found.missed, *found.false):
        print(f"    {language}", "false alarm:" if text in found.false else "not heard:", text)
