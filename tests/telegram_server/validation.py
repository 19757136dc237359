"""Whether a request is one the Bot API takes; what was wrong is kept."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from tests.telegram_server.refusals import Refused, Violation
from tests.telegram_server.rules import check_rules
from tests.telegram_server.signatures import Signatures
from tests.telegram_server.table import Parameters, Table

VARIABLE = "COMPAGNON_BOT_API_TABLE"
ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT.parent / "shared" / "telegram" / "bot-api-10.0.json"


class Methods(Protocol):
    """What knows the methods and the types of their parameters."""

    def knows(self, method: str) -> bool: ...

    def check(self, method: str, raw: Mapping[str, Any]) -> Parameters: ...


class Validation:
    """Checks every request. `violations` are for tests to find empty, `validated` counts what passed."""

    def __init__(self, methods: Methods | None = None) -> None:
        self.methods = methods or methods_at_hand()
        self.violations: list[str] = []
        self.validated: Counter[str] = Counter()

    def check(self, method: str, raw: Mapping[str, Any]) -> Parameters:
        """The parameters as the method shall see them."""
        if not self.methods.knows(method):
            raise Unknown(f"there is no method {method}")
        parameters = self.methods.check(method, raw)
        check_rules(method, parameters)
        self.validated[method] += 1
        return parameters

    def keep(self, method: str, violation: Violation) -> None:
        self.violations.append(f"{method}: {violation.what}")


class Unknown(Violation):
    """A method the Bot API does not have: 404, as for a wrong path."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        Refused.__init__(self, 404, "Not Found")


def methods_at_hand() -> Methods:
    """The table if it is there, else python-telegram-bot's signatures."""
    path = Path(os.environ.get(VARIABLE) or BESIDE)
    return _table(path) if path.is_file() else Signatures()


@cache
def _table(path: Path) -> Table:
    return Table(path)
