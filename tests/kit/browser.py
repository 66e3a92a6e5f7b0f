"""A real Chromium without a window, driven through a pipe in its DevTools protocol."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DESKTOP, PHONE = (1280, 900), (390, 844)  # width and height in CSS pixels


@dataclass
class Visit:
    """What happened while a page was shown."""

    requests: list[str] = field(default_factory=list)  # beside the page itself
    complaints: list[str] = field(default_factory=list)  # of the console


class Browser:
    def __init__(self, process: subprocess.Popen[bytes], write: int, read: int) -> None:
        self._process, self._write, self._read = process, write, read
        self._rest, self._number, self._session = b"", 0, ""
        self.visit = Visit()

    def open(self, page: Path, size: tuple[int, int] = DESKTOP, media: str = "") -> Visit:
        """Show a file in a window of this size, and wait until it has loaded."""
        if not self._session:
            target = self._do("Target.createTarget", url="about:blank")["targetId"]
            attached = self._do("Target.attachToTarget", targetId=target, flatten=True)
            self._session = attached["sessionId"]
            for domain in ("Page", "Network", "Log", "Runtime"):
                self._do(f"{domain}.enable")
        width, height = size
        self._do(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=size == PHONE,
        )
        self._do("Emulation.setEmulatedMedia", media=media)
        self.visit = Visit()
        self._do("Page.navigate", url=page.as_uri())
        self._until("Page.loadEventFired")
        self.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
        return self.visit

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""
        found = self._do(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in found:
            raise AssertionError(json.dumps(found["exceptionDetails"])[:2000])
        return found["result"].get("value")

    def screenshot(self, picture: Path) -> None:
        """The whole page, also what lies below the window, as a PNG."""
        taken = self._do("Page.captureScreenshot", captureBeyondViewport=True)
        picture.write_bytes(base64.b64decode(taken["data"]))

    def pdf(self, file: Path) -> None:
        """The page as it would be printed."""
        file.write_bytes(base64.b64decode(self._do("Page.printToPDF")["data"]))

    def _do(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _until(self, event: str) -> None:
        while self._next().get("method") != event:
            pass

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._read, 1 << 20)
            if not more:
                raise AssertionError("the browser is gone")
            self._rest += more
        text, self._rest = self._rest.split(b"\0", 1)
        message: dict[str, Any] = json.loads(text)
        self._notice(message)
        return message

    def _notice(self, message: dict[str, Any]) -> None:
        facts = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            url = facts["request"]["url"]
            if facts.get("type") != "Document" and not url.startswith("data:"):
                self.visit.requests.append(url)
        elif message.get("method") == "Log.entryAdded":
            self.visit.complaints.append(facts["entry"]["text"])
        elif message.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            self.visit.complaints.append(json.dumps(facts)[:500])


def _out_of_the_way(descriptor: int) -> int:
    """The same open file under a number above those that the browser reads and writes."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """One browser with a profile of its own in `folder`."""
    assert CHROMIUM
    to_browser, write = (_out_of_the_way(each) for each in os.pipe())
    read, from_browser = (_out_of_the_way(each) for each in os.pipe())
    command = [
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--no-first-run",
        f"--user-data-dir={folder}",
        "--remote-debugging-pipe",
    ]

    def connect() -> None:
        os.dup2(to_browser, 3)
        os.dup2(from_browser, 4)

    process = subprocess.Popen(
        command,
        preexec_fn=connect,
        close_fds=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    try:
        yield Browser(process, write, read)
    finally:
        process.terminate()
        process.wait(timeout=10)
        os.close(write)
        os.close(read)
