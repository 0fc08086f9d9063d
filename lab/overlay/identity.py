"""Who calls: GetCallerIdentity names the user by the access key id, so that several operators can be told apart."""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from . import call as calls


def install() -> None:
    """Adds it to moto."""

    def get_caller_identity(self: TokenResponse) -> ActionResult:
        scope = calls.SCOPE.search(self.headers.get("Authorization", ""))
        name, account = scope.group(1) if scope else "nobody", self.current_account
        return ActionResult({"UserId": f"AIDA{name.upper()}", "Account": account, "Arn": f"arn:aws:iam::{account}:user/{name}"})

    TokenResponse.get_caller_identity = get_caller_identity
