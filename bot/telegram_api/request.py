"""The transport: PTB's requests over aiohttp.

PTB's own transport costs many times as much a message; httpx over aiohttp cannot tell a request
that never left from one whose answer was lost, and only the former may be repeated freely.
"""

from __future__ import annotations

import math
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import msgspec
from telegram.error import RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram_api.errors import AnswerLost, NotSent

# Telegram's have 52 bits, https://core.telegram.org/bots/api#chat; databases hold 64.
LARGEST_ID = 2**63 - 1
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# A request to Telegram costs more to begin than to make: connections are kept.
KEEP_ALIVE = 75.0
_CONNECT_TIMEOUT = 10.0
_READ_TIMEOUT = 20.0
_JSON = {"Content-Type": "application/json", "User-Agent": BaseRequest.USER_AGENT}
_FORM = {"User-Agent": BaseRequest.USER_AGENT}

# Where Telegram gives no usable number, a second is the least that it asks for.
_LEAST_WAIT = 1
# Nothing waits for longer than this; a number without end would break the arithmetic.
_LONGEST_WAIT = 7 * 24 * 3600
_WAIT_IN_WORDS = re.compile(r"retry after ([0-9]{1,18})", re.IGNORECASE)
_DIGITS = re.compile(r"-?[0-9]{1,18}")
_FIRST_REFUSAL = 400


class _Refusal(msgspec.Struct):
    error_code: int


def proxy_for(api_root: str) -> str | None:
    """Find the proxy that the environment names for *api_root* (`HTTPS_PROXY`, `NO_PROXY`)."""
    url = urlsplit(api_root)
    # No proxy leads to this machine itself, where the sandbox or a Bot API server of one's own is.
    if url.hostname in _LOOPBACK or proxy_bypass(url.netloc):
        return None
    proxies = getproxies()
    return proxies.get(url.scheme) or proxies.get("all")


class Encoded(RequestData):  # type: ignore[misc]  # PTB hands data through to our do_request
    """A request's JSON body, encoded already."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


class AiohttpRequest(BaseRequest):
    """Sends requests over kept connections, up to *connections* at once."""

    no_connection: tuple[type[Exception], ...] = (
        aiohttp.ClientConnectorError,
        aiohttp.ClientHttpProxyError,
        aiohttp.ConnectionTimeoutError,
    )
    """What says that a request never left."""

    def __init__(
        self,
        connections: int = 512,
        read_timeout: float = _READ_TIMEOUT,
        connect_timeout: float = _CONNECT_TIMEOUT,
        proxy: str | None = None,
    ) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._proxy = proxy
        self._usual_timeout = _timeout(read_timeout, connect_timeout)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Tell how long an answer may take where the caller does not say."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Be ready for requests."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                proxy=self._proxy,
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    def _connector(self) -> aiohttp.BaseConnector:
        return aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE)

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Ask, and give status and body; say of a failure whether the request had left."""
        if self._session is None:
            raise RuntimeError("the transport is not initialized")
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=self._timeout(read_timeout, connect_timeout),
            ) as answer:
                found = await answer.read()
                _heed_wait(answer, found)
                return _true_status(answer.status, found), found
        except self.no_connection as exc:
            raise NotSent(f"no connection: {type(exc).__name__}") from exc
        except TimeoutError as exc:
            raise TimedOut("no answer in time") from exc
        except aiohttp.ClientError as exc:
            raise AnswerLost(f"the answer was lost: {type(exc).__name__}") from exc

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; whatever is not one may hide that the request was carried out."""
        try:
            answer = msgspec.json.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise AnswerLost("the answer is not JSON") from exc
        if not isinstance(answer, dict) or not ("result" in answer or "error_code" in answer):
            raise AnswerLost("the answer is not one of the Bot API")
        if "error_code" in answer:
            _mend_parameters(answer)
        return answer

    def _timeout(self, read: object, connect: object) -> aiohttp.ClientTimeout:
        if read is connect is BaseRequest.DEFAULT_NONE:
            return self._usual_timeout
        return _timeout(
            _seconds(read, self._read_timeout), _seconds(connect, self._connect_timeout)
        )


def _timeout(read: float, connect: float) -> aiohttp.ClientTimeout:
    # One timer a request; it also ends one whose server sends a byte now and then.
    return aiohttp.ClientTimeout(total=max(read, connect), connect=connect)


def _seconds(value: object, usual: float) -> float:
    return float(value) if isinstance(value, int | float) else usual


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    if data is None:
        return None, _FORM
    if isinstance(data, Encoded):
        return data.body, _JSON
    if not data.contains_files:
        return msgspec.json.encode(data.parameters), _JSON
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, _FORM


def _heed_wait(answer: aiohttp.ClientResponse, body: bytes) -> None:
    """Take the wait that a server before Telegram's names: it writes no JSON, but a header."""
    if answer.status != HTTPStatus.TOO_MANY_REQUESTS or b'"error_code"' in body:
        return
    wait = _whole(answer.headers.get("Retry-After"))
    if wait is not None:
        raise RetryAfter(_bounded(wait))


def _true_status(status: int, body: bytes) -> int:
    """Give the status of a refusal that came as if all were well."""
    if status >= _FIRST_REFUSAL or b'"error_code"' not in body:
        return status
    try:
        return max(msgspec.json.decode(body, type=_Refusal).error_code, _FIRST_REFUSAL)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return status


def _mend_parameters(answer: dict[str, Any]) -> None:
    """Make what a refusal names whole numbers, the wait at least a second.

    PTB takes 0 for no wait, and stumbles over what is not a number.
    """
    given = answer.get("parameters")
    parameters = dict(given) if isinstance(given, dict) else {}
    new_id = _whole(parameters.pop("migrate_to_chat_id", None))
    if new_id is not None and abs(new_id) <= LARGEST_ID:
        parameters["migrate_to_chat_id"] = new_id
    if wait := _named_wait(answer, parameters):
        parameters["retry_after"] = wait
    answer["parameters"] = parameters


def _named_wait(answer: dict[str, Any], parameters: dict[str, Any]) -> int | None:
    """Give the longer of the waits that a refusal names in its parameters and in its words."""
    said = [parameters["retry_after"]] if "retry_after" in parameters else []
    if answer.get("error_code") == HTTPStatus.TOO_MANY_REQUESTS:
        said += _WAIT_IN_WORDS.findall(str(answer.get("description")))
    if not said:
        return None
    return _bounded(*[_whole(one) or 0 for one in said])


def _bounded(*named: int) -> int:
    return min(max(_LEAST_WAIT, *named), _LONGEST_WAIT)


def _whole(value: object) -> int | None:
    if isinstance(value, int | float):
        return math.ceil(value)
    digits = _DIGITS.fullmatch(value) if isinstance(value, str) else None
    return int(digits[0]) if digits else None
