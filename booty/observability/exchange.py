"""One HTTP call within one deadline, from looking its host up to the last byte, whatever the other side sends.

The timeouts of a client run from one byte to the next, so a side that sends byte by byte is never late. Here a call
runs in a thread of its own. At the deadline its socket is shut, which ends the thread, and the caller goes on. Only a
thread that is still resolving a name cannot be ended: it will send nothing, and there are never more than `MOST_CALLS`
of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, NewConnectionError

from booty.observability.connection_watch import Watch, WatchedAdapter

CALL_SECONDS = 20.0
"""GitHub itself ends a request after 10 s (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api)."""
CONNECT_SECONDS = 5.0
LONGEST_ANSWER = 8 * 1024 * 1024
"""Bytes; a page of 30 issues with bodies of 65,536 characters is less, unless nearly all of them need four bytes."""
MOST_CALLS = 16

_calls = BoundedSemaphore(MOST_CALLS)


class NoAnswer(Exception):
    """No answer came, or not in time, or one that is too long; `is_sent` says whether the call may have arrived."""

    def __init__(self, reason: str, *, is_sent: bool) -> None:
        """Carry what the caller must know before it calls again."""
        super().__init__(reason)
        self.is_sent = is_sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status, the headers in any case, the body's bytes."""

    status: int
    headers: CaseInsensitiveDict[str]
    body: bytes


def fetch(method: str, url: str, *, token: str, seconds: float = CALL_SECONDS, **request: object) -> Answer:
    """Send one request as the owner of `token` and return its answer, a redirect included. Raises `NoAnswer`.

    With an empty token it is nobody's.
    `request` is what `requests` takes: json, data, params, headers.
    """
    if seconds <= 0 or not _calls.acquire(blocking=False):
        raise NoAnswer("too late" if seconds <= 0 else "too many unfinished calls", is_sent=False)
    watch: Watch = Watch()
    answers: SimpleQueue[Answer | NoAnswer] = SimpleQueue()
    send = partial(_send, watch, method, url, token=token, seconds=seconds, **request)
    try:
        Thread(target=lambda: answers.put(_outcome(send)), name="call", daemon=True).start()
    except RuntimeError:  # the system gives no more threads
        _calls.release()
        raise NoAnswer("no thread for the call", is_sent=False) from None
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        answer = NoAnswer(f"too slow: not finished after {seconds:.0f} s", is_sent=watch.end())
    watch.end()
    if isinstance(answer, NoAnswer):
        raise answer
    return answer


class _Session(requests.Session):
    """A session that leaves redirects alone: requests would read such an answer's body whole, without any limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        del resp


@dataclass(frozen=True, slots=True)
class _Token(requests.auth.AuthBase):
    """Sets the Authorization header itself, so that no `~/.netrc` entry takes its place."""

    token: str

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def _send(watch: Watch, method: str, url: str, *, token: str, seconds: float, **request: object) -> Answer:
    ends_at = time.monotonic() + seconds
    with _Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, WatchedAdapter(watch))
        with session.request(
            method,
            url,
            auth=_Token(token),
            timeout=(min(CONNECT_SECONDS, seconds), seconds),
            allow_redirects=False,
            stream=True,
            **request,  # type: ignore[arg-type]  # json, data, params, headers, checked where they are given
        ) as response:
            return Answer(response.status_code, response.headers, _read(response, ends_at))


def _read(response: requests.Response, ends_at: float) -> bytes:
    """Read the body as it arrives, within limits; `iter_content` would wait for a whole block."""
    body = bytearray()
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        body += chunk
        if len(body) > LONGEST_ANSWER or time.monotonic() > ends_at:
            raise NoAnswer("the answer is too long or too slow", is_sent=True)
    return bytes(body)


def _outcome(send: partial[Answer]) -> Answer | NoAnswer:
    """Make the call; whatever goes wrong is one outcome, which tells calls that never left from the others."""
    try:
        return send()
    except NoAnswer as failure:
        return failure
    except (requests.RequestException, HTTPError) as error:
        return _failed(error)
    except Exception as error:  # noqa: BLE001 - the outermost of a thread; a socket that is shut while it is read fails in many ways
        return NoAnswer(type(error).__name__, is_sent=True)
    finally:
        _calls.release()


def _failed(error: requests.RequestException | HTTPError) -> NoAnswer:
    """Return what to say of it; of a certificate that was refused, why, in OpenSSL's words."""
    cause = (getattr(error.args[0], "reason", None) if error.args else None) or error
    if refusal := getattr(next(iter(cause.args), None), "verify_message", None):
        return NoAnswer(f"{type(cause).__name__}: {refusal}", is_sent=False)
    is_sent = not (isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError))
    return NoAnswer(type(cause).__name__, is_sent=is_sent)
