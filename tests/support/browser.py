"""Debian's Chromium, driven through a pipe by its DevTools protocol: no library, no port.

(https://chromedevtools.github.io/devtools-protocol/)
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

Json = dict[str, Any]

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "there is no chromium: apt-get install chromium fonts-liberation (script/test does it as root, or with sudo)"
PATIENCE = 60.0
"""Seconds that an answer may take on a busy machine."""
FLAGS = (
    "--headless",
    "--no-sandbox",  # tests may run as root, where chromium refuses to start with it; only pages of ours are opened
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


def _high(descriptor: int) -> int:
    """Move a descriptor away from 3 and 4."""
    moved: int = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


class Browser:
    """One Chromium; use it as a context."""

    def __init__(self) -> None:
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        assert program is not None, MISSING
        self._profile = tempfile.mkdtemp(prefix="booty-browser-")
        its_in, self._out = map(_high, os.pipe())
        self._in, its_out = map(_high, os.pipe())
        # it reads from descriptor 3 and writes to 4, which the shell puts in place
        line = f'exec "$0" "$@" 3<&{its_in} 4>&{its_out} {its_in}<&- {its_out}>&-'
        self._process = subprocess.Popen(
            ["bash", "-c", line, program, *FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            pass_fds=(its_in, its_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(its_in)
        os.close(its_out)
        self._read = b""
        self._number = 0
        self.events: list[Json] = []
        self._tab: Tab | None = None

    def call(self, method: str, session: str | None = None, /, **parameters: object) -> Json:
        """Call a method of the protocol and return its result; what else comes meanwhile is kept in `events`."""
        self._number += 1
        message: Json = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next_message()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                result: Json = answer["result"]
                return result

    def next_message(self) -> Json:
        """Wait for the next message; an event is kept as well."""
        ends_at = time.monotonic() + PATIENCE
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._in], [], [], max(0.0, ends_at - time.monotonic()))
            part = os.read(self._in, 1 << 20) if ready else b""
            assert part, "chromium says no more"
            self._read += part
        line, _, self._read = self._read.partition(b"\0")
        message: Json = json.loads(line)
        if "method" in message:
            self.events.append(message)
        return message

    def open(self, url: str, **look: Any) -> Tab:  # noqa: ANN401 - handed on to `Tab`
        """Open an address in place of the one before, with which it shares nothing; see `Tab`."""
        if self._tab is not None:
            self.call("Target.disposeBrowserContext", browserContextId=self._tab.context)
        self.events.clear()
        self._tab = Tab(self, url, **look)
        return self._tab

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._out)  # it ends with its pipe
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        shutil.rmtree(self._profile, ignore_errors=True)


class Tab:
    """One page, loaded: `width` in CSS pixels, `headers` go with each request."""

    def __init__(  # noqa: PLR0913 - how a page is looked at, by name
        self,
        browser: Browser,
        url: str,
        *,
        width: int = 1000,
        scheme: Literal["light", "dark"] = "light",
        headers: Mapping[str, str] | None = None,
        scale: float = 1,
    ) -> None:
        self._browser = browser
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime", "Accessibility"):
            self.call(f"{domain}.enable")
        self._size = {"width": width, "deviceScaleFactor": scale, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", height=800, **self._size)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Network.setExtraHTTPHeaders", headers=dict(headers or {}))
        self._load("Page.navigate", url=url)

    def call(self, method: str, /, **parameters: object) -> Json:
        """Call a method of the protocol for this page."""
        return self._browser.call(method, self._session, **parameters)

    def run(self, expression: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what an expression of JavaScript comes to, as the page's own scripts would have it."""
        said = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def submit(self, **fields: str) -> None:
        """Fill in the page's form and send it."""
        for name, text in fields.items():
            self.run(f"document.forms[0].elements[{json.dumps(name)}].value = {json.dumps(text)}")
        self._load("Runtime.evaluate", expression="document.forms[0].requestSubmit()")

    def _load(self, method: str, **parameters: object) -> None:
        """Do what loads a page, then wait until it is there."""
        before = len(self.events("Page.loadEventFired"))
        self.call(method, **parameters)
        while len(self.events("Page.loadEventFired")) == before:
            self._browser.next_message()

    def events(self, method: str) -> list[Json]:
        """Return what the page caused of one kind, in order."""
        mine = (event for event in self._browser.events if event.get("sessionId") == self._session)
        return [event["params"] for event in mine if event["method"] == method]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def tree(self) -> list[tuple[str, str]]:
        """Return what a screen reader is told: role and name of each thing that is not passed over."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    def picture(self, out: Path, *, height: int | None = None) -> None:
        """Write a PNG of the page, whole unless `height` (CSS pixels) says how much of it."""
        full = self.run("document.documentElement.scrollHeight")
        self.call("Emulation.setDeviceMetricsOverride", height=min(full, height or full), **self._size)
        out.write_bytes(b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
