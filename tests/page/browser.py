"""Debian's Chromium without a window, driven by its DevTools protocol through a pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
KEY_CODES = {"Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
             "ArrowRight": 39, "ArrowDown": 40}
LIMIT = 60.0  # seconds for one answer


def program() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Failed(Exception):
    """What the page or the browser said."""


class Browser:
    """One page. The browser reads commands from its descriptor 3 and answers on 4, each ended by a
    NUL."""

    def __init__(self, width: int = 1280, height: int = 900):
        self.profile = tempfile.TemporaryDirectory(prefix="gentle-browser-", ignore_cleanup_errors=True)
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        self.process = self._start(to_read, to_write, width, height)
        os.close(to_read)
        os.close(to_write)
        self.number = 0
        self.read = b""
        self.events: list[dict] = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def _start(self, to_read: int, to_write: int, width: int, height: int) -> subprocess.Popen:
        def place_pipes() -> None:
            # Apart from 3 and 4 first: one of them may be there already.
            spare_read, spare_write = os.dup(to_read), os.dup(to_write)
            high_read, high_write = os.dup2(spare_read, 100), os.dup2(spare_write, 101)
            os.dup2(high_read, 3)
            os.dup2(high_write, 4)

        command = [program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                   "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
                   "--disable-dev-shm-usage", f"--user-data-dir={self.profile.name}",
                   f"--window-size={width},{height}", "--remote-debugging-pipe"]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=place_pipes)

    def close(self) -> None:
        try:
            self.session = None
            self.call("Browser.close")
        except (Failed, OSError):
            self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.back)
        self.profile.cleanup()

    def _message(self, deadline: float) -> dict:
        while b"\0" not in self.read:
            ready, _, _ = select.select([self.back], [], [], max(0.0, deadline - time.monotonic()))
            part = os.read(self.back, 1 << 20) if ready else b""
            if not part:
                raise Failed("the browser does not answer")
            self.read += part
        text, _, self.read = self.read.partition(b"\0")
        return json.loads(text)

    def call(self, method: str, **parameters) -> dict:
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            command["sessionId"] = self.session
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        deadline = time.monotonic() + LIMIT
        while True:
            message = self._message(deadline)
            if message.get("id") != self.number:
                self.events.append(message)
            elif "error" in message:
                raise Failed(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def _load(self, url: str) -> None:
        loader = self.call("Page.navigate", url=url)["loaderId"]

        def is_loaded(event: dict) -> bool:
            told = event.get("params", {})
            return (event.get("method") == "Page.lifecycleEvent" and told["name"] == "load"
                    and told["loaderId"] == loader)

        deadline = time.monotonic() + LIMIT
        while not any(map(is_loaded, self.events)):
            self.events.append(self._message(deadline))

    def open(self, page: Path, place: str = "") -> None:
        # A page that differs in its place only would not be loaded anew.
        self._load("about:blank")
        self.events.clear()
        self._load(page.as_uri() + place)

    def run(self, script: str):
        """The value of an expression, or of the promise that it is."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise Failed(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def until(self, condition: str):
        """Waits, frame by frame, until the expression holds; its value."""
        return self.run(
            "new Promise((done, failed) => { const end = performance.now() + 20000;"
            f"const look = () => {{ const value = ({condition}); if (value) done(value);"
            f"else if (performance.now() > end) failed(new Error('never: ' + {json.dumps(condition)}));"
            "else requestAnimationFrame(look); }; look(); })")

    def text(self, selector: str) -> str:
        return self.run(f"document.querySelector({json.dumps(selector)}).innerText")

    def texts(self, selector: str) -> list[str]:
        return self.run(f"Array.from(document.querySelectorAll({json.dumps(selector)}), e => e.innerText)")

    def click(self, selector: str) -> None:
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def key(self, key: str) -> None:
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        code = {"windowsVirtualKeyCode": KEY_CODES[key]} if key in KEY_CODES else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text, **code)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, **code)

    def type(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def prefer(self, scheme: str) -> None:
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def resize(self, width: int) -> None:
        """To this width in CSS pixels; 0: as it was."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=0, deviceScaleFactor=0, mobile=False)

    def problems(self) -> list[str]:
        """What the page threw or logged as an error, and what it asked of a network."""
        self.run("1")
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                found.append(json.dumps(parameters["exceptionDetails"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(parameters["entry"]["text"])
            elif method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith(("file:", "data:", "about:")):
                    found.append("asks for " + url)
        return found

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def print(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"]))
