"""`python3 run.py dev -m tests.domain.phrases.train`: learn what a cry is like, and write `bot/domain/cries/classifier.bin`.

Learnt from `learnt/` (one file a language, `cry` or `ok`, a tab, a message), from the phrases that the lists were made with and tuned
on, and from the programme's own words, which are none. A logistic regression whose features are scaled by the ratio of their counts (Wang and Manning, Baselines and Bigrams, ACL 2012).
First each fifth of `learnt/` is left out in turn and measured, which is where the bounds of `bot.domain.distress.weigh` come from:
lines at the same place of the files go together, since some of them tell of the same thing in several languages.
Needs scikit-learn (`pip install -r requirements-train.txt`); the same sentences give the same file.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from bot.domain.cries.classifier import HEAD, SIZE, WEIGHTS, features, rows_of
from bot.domain.cries.detector import hear
from bot.domain.programme.walk import texts
from tests.domain.phrases.measure import FOLDER, LANGUAGES, PROGRAMME, TUNED, read
from tests.domain.test_distress import ORDINARY

LEARNT = FOLDER / "learnt"
FOLDS = 5
OURS = 4
"""What a sentence of our own weighs beside one of a learner: none of them may ask."""
BOUNDS = (-99, -3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 99)


@dataclass(frozen=True)
class Sentence:
    text: str
    cry: bool
    fold: int | None
    """Which fifth it is left out with; None where the lists know it."""
    weight: int = 1


def sentences() -> Iterator[Sentence]:
    yield from (Sentence(text, False, None, OURS) for text in _ours())
    for path in (folder / f"{language}.toml" for folder in (FOLDER, TUNED) for language in LANGUAGES):
        for kind, written in read(path).items():
            yield from (Sentence(text, kind == "cries", None) for text in written)
    for language in LANGUAGES:
        lines = [line.partition("\t") for line in (LEARNT / f"{language}.tsv").read_text("utf-8").splitlines()]
        many = Counter(kind for kind, _, _ in lines)
        place: Counter[str] = Counter()
        for kind, _, text in lines:
            yield Sentence(text, kind == "cry", FOLDS * place[kind] // many[kind])
            place[kind] += 1


def _ours() -> Iterator[str]:
    """What a learner may send back to us, or press: the programme's own words, in every language, and short answers."""
    answers = sorted({text for text in ORDINARY if text} | {". ".join(pair) for pair in pairwise(ORDINARY)})
    yield from answers
    for written in texts(PROGRAMME):
        for text in written.words.values() if isinstance(written.words, dict) else (written.words,):
            if not hear(text).kinds:
                yield text


class Features:
    """A row for each sentence: its pieces of length one, and what they mean of length one."""

    def __init__(self, texts: Sequence[Sentence]) -> None:
        places, starts, values, self.listed = [], [0], [], []
        for each in texts:
            heard = hear(each.text)
            for rows in map(rows_of, features(each.text, heard.whole[1].meanings())):
                places += sorted(rows)
                values += [1 / len(rows) ** 0.5] * len(rows) if rows else []
            starts.append(len(places))
            self.listed.append(heard.kinds)
        self.matrix = csr_matrix((values, places, starts), shape=(len(texts), SIZE))
        self.matrix.sum_duplicates()


def learn(matrix: csr_matrix, cries: np.ndarray, worth: np.ndarray) -> tuple[float, np.ndarray]:
    """The bias, and a weight for each row of the table."""
    found = matrix > 0
    part = [np.asarray(found[chosen].sum(0)).ravel() + 0.5 for chosen in (cries, ~cries)]
    scale = np.abs(np.log(part[0] / part[0].sum()) - np.log(part[1] / part[1].sum()))
    model = LogisticRegression(C=10, max_iter=1000, solver="liblinear", random_state=0)
    model.fit(matrix @ diags(scale), cries, worth)
    return float(model.intercept_[0]), model.coef_[0] * scale


def write(bias: float, weights: np.ndarray) -> None:
    step = float(np.quantile(np.abs(weights), 0.9999)) / 127
    steps = np.clip(np.rint(weights / step), -127, 127).astype(int)
    WEIGHTS.write_bytes(HEAD.pack(bias, step) + array("b", steps.tolist()).tobytes())


def _left_out(features: Features, all_: Sequence[Sentence], cries: np.ndarray, worth: np.ndarray) -> None:
    """How like a cry what was left out is, and how many of those were one, by what the lists say of them."""
    folds = np.array([-1 if each.fold is None else each.fold for each in all_])
    like = np.zeros(len(all_))
    for fold in range(FOLDS):
        bias, weights = learn(*(of[folds != fold] for of in (features.matrix, cries, worth)))
        like[folds == fold] = bias + features.matrix[folds == fold] @ weights
    said = np.array([_said(kinds) for kinds in features.listed])
    for says in ("alarm", "ask", "nothing"):
        print(f"where the lists say {says}:")
        for low, high in pairwise(BOUNDS):
            inside = (folds >= 0) & (said == says) & (like > low) & (like <= high)
            if inside.any():
                print(f"  {low:>5} to {high:<4}{inside.sum():>7} of which cries {cries[inside].mean():.0%}")


def _said(kinds: frozenset[str]) -> str:
    return "nothing" if not kinds else "ask" if kinds <= {"low", "doubt", "speak", "speak_to_adult"} else "alarm"


def main() -> None:
    all_ = list({each.text: each for each in sentences()}.values())
    features = Features(all_)
    cries, worth = (np.array([getattr(each, name) for each in all_]) for name in ("cry", "weight"))
    print(f"{cries.sum()} cries, {(~cries).sum()} others")
    _left_out(features, all_, cries, worth)
    write(*learn(features.matrix, cries, worth))


if __name__ == "__main__":
    main()
