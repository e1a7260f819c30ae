import { generatedBy } from "../generated-mark.ts";
import type { Smoke } from "./smoke-facts.ts";

/** unittest, which comes with Python and which pytest runs too. */
export const pythonSmoke: Smoke = {
  command: ["python", "-m", "unittest", "tests/test_smoke.py"],
  files: (facts, model) => [
    {
      path: "tests/test_smoke.py",
      content: `# ${generatedBy(model)}
"""Starts the service on a free port and asks whether it is ready: python -m unittest tests/test_smoke.py"""

import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

MODULE = pathlib.Path(__file__).resolve().parent.parent
START = ${JSON.stringify(facts.start)}
NEEDED = ${JSON.stringify(facts.variables)}
READY_PATH = ${facts.path === undefined ? "None" : JSON.stringify(facts.path)}
TIMEOUT = ${facts.timeoutSeconds}
MISSING = [name for name in NEEDED if name not in os.environ]


class SmokeTest(unittest.TestCase):
    @unittest.skipIf(MISSING, f"not set: {', '.join(MISSING)}")
    def test_the_service_starts_and_is_ready(self):
        port = free_port()
        fixed = ${JSON.stringify(facts.environment)}
        told = {"HOST": "127.0.0.1", "PYTHONUNBUFFERED": "1", ${JSON.stringify(facts.portVariable)}: str(port)}
        with tempfile.TemporaryFile() as output:
            # In a group of its own, so that what it starts ends with it.
            service = subprocess.Popen(
                START,
                cwd=MODULE,
                env={**os.environ, **fixed, **told},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                problem = wait_until_ready(service, port)
            finally:
                stop(service)
            output.seek(0)
            printed = output.read()[-8192:].decode(errors="replace")
            self.assertIsNone(problem, f"{problem}\\n{printed}")


def wait_until_ready(service, port):
    deadline = time.monotonic() + TIMEOUT
    problem = "no answer"
    while time.monotonic() < deadline:
        if service.poll() is not None:
            return f"it ended with {service.returncode}"
        problem = ask(port)
        if problem is None:
            return None
        time.sleep(0.1)
    return f"not ready after {TIMEOUT} s: {problem}"


def ask(port):
    try:
        if READY_PATH is None:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return None
        url = f"http://127.0.0.1:{port}{READY_PATH}"
        # Without a proxy, and a redirect is no answer.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)
        with opener.open(url, timeout=5) as answer:
            return None if 200 <= answer.status < 300 else f"{url} answered {answer.status}"
    except OSError as error:
        return str(error)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def stop(service):
    try:
        os.killpg(service.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # It has ended already.
    service.wait()


if __name__ == "__main__":
    unittest.main()
`,
    },
  ],
};
