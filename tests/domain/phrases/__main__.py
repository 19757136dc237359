"""`python3 run.py dev -m tests.domain.phrases`: how many cries are heard, and how many false alarms there are.

The first table is of phrases that the lists were made with, the second of phrases that they were tuned on later: both say
that nothing was broken, no more. What to expect of real ones is the third, of phrases on which nothing was ever tuned. When
the lists are tuned on those too, they go to `tuned/` and others are written. A cry is heard when it alarms, or when its author
is asked whether they want an adult; precision is of the alarms; how much that is harmless is asked about is a figure of its own,
and the last column counts both as false. Behind each sentence that is wrong stands what spoke
most for a cry. What batches were heard on the first look stands in decision 20.
"""

from __future__ import annotations

from bot.domain.cries.classifier import reasons
from bot.domain.cries.detector import hear
from tests.domain.phrases.measure import LANGUAGES, Measure, measured, tuned, unseen


def _print(title: str, measures: dict[str, Measure]) -> None:
    print(
        f"{title:14}{'cries':>7}{'harmless':>10}{'recall':>9}{'alarmed':>9}{'precision':>11}{'asks':>7}{'asks too':>10}"
    )
    together = sum(measures.values(), Measure((), ()))
    for name, found in {**measures, "all": together}.items():
        print(
            f"{name:14}{len(found.cries):>7}{len(found.harmless):>10}{found.recall:>9.1%}{found.alarmed:>9.1%}"
            f"{found.precision:>11.1%}{found.asks:>7.1%}{found.heard_rightly:>10.1%}"
        )


never = {language: unseen(language) for language in LANGUAGES}
_print("made with", {language: measured(language) for language in LANGUAGES})
_print("tuned on", {language: tuned(language) for language in LANGUAGES})
_print("never tuned on", never)
for language, found in never.items():
    for title, texts in (("not heard", found.missed), ("false alarm", found.false), ("asked about", found.asked)):
        for text in texts:
            spoke = ", ".join(each for each, part in reasons(text, hear(text).whole[1].meanings()) if part > 0)
            print(f"    {language} {title}: {text}  [{spoke}]")
