"""The packages Compagnon rests on: known, and free to use."""

from __future__ import annotations

import pytest

from tests.architecture.licences import is_free, licence_of, pinned


def test_every_licence_is_one_that_a_school_may_simply_use() -> None:
    assert [(name, found) for name, _version in pinned() if not is_free(found := licence_of(name))] == []


@pytest.mark.parametrize("licence", ["", "AGPL-3.0-only", "MIT AND Proprietary", "Proprietary OR MIT", "MIT AND "])
def test_another_licence_is_not(licence: str) -> None:
    assert not is_free(licence)
