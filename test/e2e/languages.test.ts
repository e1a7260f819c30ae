/** Services of other languages, built with their own tools and answering through the router; and a host without the tool. */
import { execFile } from "node:child_process";
import { access, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import { only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeFiles } from "./support/modules.ts";

const run = promisify(execFile);
const goService = {
  "go.mod": "module example.com/greeter\n\ngo 1.22\n",
  // Without net/http, which takes a host several times as long to compile.
  "main.go": `package main

import (
	"net"
	"os"
)

func greeting() string { return "hello from go" }

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		panic(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		go answer(connection)
	}
}

func answer(connection net.Conn) {
	defer connection.Close()
	request := make([]byte, 4096)
	if _, err := connection.Read(request); err == nil {
		connection.Write([]byte("HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 13\\r\\n\\r\\n" + greeting()))
	}
}
`,
  "main_test.go": `package main

import "testing"

func TestGreeting(t *testing.T) {
	if greeting() != "hello from go" {
		t.Fatal(greeting())
	}
}
`,
};

const pythonService = {
  "requirements.txt": "itsdangerous==2.2.0\n",
  "app.py": `import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from itsdangerous import URLSafeSerializer


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(URLSafeSerializer("k").loads(URLSafeSerializer("k").dumps("hello from python")).encode())


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Greeter).serve_forever()
`,
  "test_app.py": `import unittest

import app


class GreeterTest(unittest.TestCase):
    def test_there_is_one(self):
        self.assertTrue(callable(app.Greeter.do_GET))
`,
};

let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

it.concurrent("a Go service is built, tested, and answers through the router", async (context) => {
  await needs(context, "go", "version");
  const folder = await writeFiles(path.join(site.desk, "greeter"), goService);
  const { code, events, stderr } = await site.deliver(folder, ["--env", "staging"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(only(events, "TestsPassed").data).toMatchObject({ applicable: true });
  const answer = await ask(String(only(events, "DeploymentCompleted").data.url));
  expect(answer).toMatchObject({ status: 200, body: "hello from go" });
});

it.concurrent("a Python service is delivered with the package that it requires", async (context) => {
  await needs(context, "python3", "-m", "venv", "--help");
  await needs(
    context,
    "pip",
    "download",
    "itsdangerous==2.2.0",
    "--no-deps",
    "-d",
    path.join(site.desk, "pip"),
  );
  const folder = await writeFiles(path.join(site.desk, "snake"), pythonService);
  const { code, events, stderr } = await site.deliver(folder, ["--env", "staging"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(only(events, "TestsPassed").data).toMatchObject({ tests: { total: 1, passed: 1 } });
  const answer = await ask(String(only(events, "DeploymentCompleted").data.url));
  expect(answer).toMatchObject({ status: 200, body: "hello from python" });
});

it("on a host without the language's tool the delivery says which one is missing", async () => {
  const bare = await createInstallation();
  try {
    const bin = await pathWithout(path.join(bare.desk, "bin"), /^(go|gofmt)$/);
    const folder = await writeFiles(path.join(bare.desk, "greeter"), goService);
    const delivered = await bare.deliver(folder, ["--env", "staging"], { env: { PATH: bin } });
    expect(delivered.code).toBe(4);
    expect(await bare.ok(["explain", delivered.trace])).toMatch(
      /\(Unavailable\): greeter needs go .*, and go is not on the PATH of this worker\.\nnext: Install Go/,
    );
    const tried = await bare.connectsoft(["run", "test", folder]);
    expect(tried.code).toBe(5);
    expect(tried.stderr).toMatch(/^error Unavailable: greeter needs go .*\nnext: Install Go/);
  } finally {
    await bare.close();
  }
});

/** Skips the test where a tool or what it fetches is not there. */
async function needs(context: TestContext, tool: string, ...args: string[]): Promise<void> {
  await run(tool, args).catch((error: Error) =>
    context.skip(`${tool} is needed: ${error.message.slice(0, 200)}`),
  );
}

/** A folder with all the programs of this host but some. */
async function pathWithout(bin: string, left: RegExp): Promise<string> {
  await mkdir(bin);
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names)
      if (!left.test(name))
        await symlink(path.join(folder, name), path.join(bin, name)).catch(() => undefined);
  }
  await access(path.join(bin, "git"));
  return bin;
}
