"""Whether a request is one the Bot API takes; what was wrong is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.telegram_server.refusals import Refused, Violation
from tests.telegram_server.rules import check_rules
from tests.telegram_server.table import Parameters, bot_api


class Validation:
    """Checks every request. `violations` are for tests to find empty, `validated` counts what passed."""

    def __init__(self) -> None:
        self.methods = bot_api()
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
