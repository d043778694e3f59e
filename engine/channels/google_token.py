"""Access tokens for Google's APIs: fetched when first needed, renewed before they end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import certifi
import pycurl

from engine.channels.loopback import check_url, is_loopback
from engine.channels.slot import set_proxy
from engine.kernel.errors import CredentialsError, UnavailableError, UsageError
from engine.kernel.frozen import frozen

MESSAGING_SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
_RETRY_S = 10.0
"""How long to leave the token endpoint alone after it failed while the old token still works."""


def read_service_account(text: str) -> Mapping[str, Any]:
    """Return a service account from its JSON or from the path of a file that holds it.

    Raises CredentialsError if there is no such file or it is something else. No message repeats
    what was given: it may be the key itself.
    """
    given = text.strip()
    if not given.startswith("{"):
        try:
            given = Path(given).expanduser().read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CredentialsError(
                f"the file that `credentials` names cannot be read ({type(error).__name__})",
                "give the service account's JSON, or the path of its file",
            ) from error
    try:
        account = json.loads(given)
    except ValueError as error:
        raise CredentialsError(
            "`credentials` is not JSON", "give the service account's JSON, or the path of its file"
        ) from error
    if not isinstance(account, dict) or account.get("type") != "service_account":
        raise CredentialsError(
            "`credentials` is not a service account",
            "create a key under Project settings > Service accounts and use its JSON",
        )
    return account


class TokenSource:
    """The token of one service account, shared by all requests of a process.

    `renew_after_refusal` fetches a new one at once; otherwise a token that is about to end is
    renewed in a thread of its own while the old one is still used, by one thread at a time.
    """

    def __init__(
        self,
        account: Mapping[str, Any],
        *,
        monotonic: Callable[[], float],
        ca_file: str | None,
        loopback_only: bool,
        proxy: str | None = None,
    ) -> None:
        from google.oauth2 import service_account

        written = str(account.get("token_uri", ""))
        token_url = check_url(written) if written else ""
        if token_url and loopback_only and not is_loopback(token_url):
            raise UsageError(
                f"a sandbox must not ask `{token_url}` for a token",
                "remove `credentials`: a provider on this machine needs none",
            )
        # A missing `token_uri` is found with whatever else is missing.
        filled = {name: value for name, value in account.items() if value}
        try:
            self._credentials: Any = service_account.Credentials.from_service_account_info(
                filled, scopes=[MESSAGING_SCOPE]
            )
        except (ValueError, TypeError) as error:
            raise CredentialsError(
                "the service account in `credentials` is incomplete",
                "download its JSON again; it needs `client_email`, `private_key`, `token_uri`",
            ) from error
        self._who = str(account.get("client_email", ""))
        self._where = token_url
        self._fetch = CurlFetch(ca_file or certifi.where(), proxy)
        self._monotonic = monotonic
        self._not_before = float("-inf")
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def token(self) -> str:
        """Return a token that is valid now.

        Raises CredentialsError if the account was refused, UnavailableError if nobody answers.
        """
        state = self._credentials.token_state.name
        if state == "INVALID":
            self._renew()
        elif state == "STALE":
            self._renew_aside()
        return str(self._credentials.token)

    def renew_after_refusal(self, refused: str) -> None:
        """Fetch a new token, unless somebody did so since `refused` was given out."""
        if self._credentials.token == refused:
            self._renew()

    def _renew(self) -> None:
        from google.auth import exceptions

        with self._lock:
            try:
                self._credentials.refresh(self._fetch)
            except exceptions.GoogleAuthError as error:
                self._not_before = self._monotonic() + _RETRY_S
                raise self._explain(error) from error

    def _renew_aside(self) -> None:
        busy = self._thread is not None and self._thread.is_alive()
        if busy or self._monotonic() < self._not_before:
            return
        self._thread = threading.Thread(target=self._try_renew, daemon=True)
        self._thread.start()

    def _try_renew(self) -> None:
        try:
            self._renew()
        except (CredentialsError, UnavailableError):
            # The old token still works; the next attempt, or the end of the token, will tell.
            return

    def _explain(self, error: Any) -> CredentialsError | UnavailableError:
        if type(error).__name__ == "TransportError" or error.retryable:
            return UnavailableError(
                f"`{self._where}` gives no token now", "try again later, or check the network"
            )
        return CredentialsError(
            f"`{self._where}` refused the service account `{self._who}`",
            "check that its key was not deleted and that this machine's clock is right",
        )


@frozen(kw_only=False)
class _Fetched:
    status: int
    headers: Mapping[str, str]
    data: bytes


@frozen(kw_only=False)
class CurlFetch:
    """What google-auth sends its requests with (`google.auth.transport.Request`)."""

    ca_file: str
    proxy: str | None = None

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> _Fetched:
        """Return the answer to one request. Raises google's TransportError without an answer."""
        from google.auth import exceptions

        curl = pycurl.Curl()
        parts: list[bytes] = []
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.CUSTOMREQUEST, method)
        if body is not None:
            curl.setopt(pycurl.POSTFIELDS, body)
        curl.setopt(pycurl.HTTPHEADER, [f"{k}: {v}" for k, v in (headers or {}).items()])
        curl.setopt(pycurl.CAINFO, self.ca_file)
        curl.setopt(pycurl.TIMEOUT_MS, int((timeout or 10.0) * 1000))
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.WRITEFUNCTION, parts.append)
        set_proxy(curl, url, self.proxy)
        try:
            curl.perform()
            return _Fetched(int(curl.getinfo(pycurl.RESPONSE_CODE)), {}, b"".join(parts))
        except pycurl.error as error:
            raise exceptions.TransportError(f"curl-{error.args[0]}") from error
        finally:
            curl.close()
