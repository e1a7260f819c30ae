/** The generated smoke tests of the other languages, run by the languages themselves against services in them. */
import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ModuleSpec, moduleSpecSchema } from "../../../src/domain/module/module-spec.ts";
import { smokeHarness } from "../../../src/domain/pipeline/harness/smoke-harness.ts";
import { samplePipelineModel } from "../../support/pipeline-model.ts";

interface Language {
  runtime: ModuleSpec["runtime"];
  program: string;
  versionWord: string;
  start: string[];
  /** Runs the smoke test; the program that a machine may have under another name comes first. */
  command: string[];
  files(status: number): Record<string, string>;
}

const javaServer = (status: number) => `import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
public class Server {
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext("/", exchange -> { exchange.sendResponseHeaders(${status}, -1); exchange.close(); });
    server.start();
  }
}
`;

const languages: Language[] = [
  {
    runtime: "python",
    program: "python3",
    versionWord: "--version",
    start: ["python3", "server.py"],
    command: ["python3", "-m", "unittest", "tests/test_smoke.py"],
    files: (status) => ({
      "server.py": `import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(${status})
        self.end_headers()
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
`,
    }),
  },
  {
    runtime: "go",
    program: "go",
    versionWord: "version",
    start: ["go", "run", "."],
    command: ["go", "test", "-count=1", "./test/smoke"],
    files: (status) => ({
      "go.mod": "module example.com/service\n\ngo 1.22\n",
      "main.go": `package main

import (
	"net/http"
	"os"
)

func main() {
	answer := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(${status}) }
	_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(answer))
}
`,
    }),
  },
  {
    runtime: "java",
    program: "mvn",
    versionWord: "--version",
    start: ["java", "Server.java"],
    command: ["mvn", "--batch-mode", "--quiet", "-f", "test/smoke/pom.xml", "test"],
    files: (status) => ({ "Server.java": javaServer(status) }),
  },
];

for (const language of languages) {
  const isThere = spawnSync(language.program, [language.versionWord]).status === 0;
  describe.skipIf(!isThere)(`the smoke test of a ${language.runtime} service`, () => {
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "smoke-"));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test("passes when the service is ready", { timeout: 300_000 }, async () => {
      const { code, output } = await smoke(language, folder, 204);
      expect(code, output).toBe(0);
    });

    test("fails with the answer when it is not", { timeout: 300_000 }, async () => {
      const { code, output } = await smoke(language, folder, 503);
      expect(code).not.toBe(0);
      expect(output).toContain("503");
    });
  });
}

async function smoke(language: Language, folder: string, status: number) {
  const { runtime, start } = language;
  const files =
    smokeHarness({ model: samplePipelineModel(), module: module({ runtime, start }) })?.files ?? [];
  const service = Object.entries(language.files(status)).map(([name, content]) => ({ path: name, content }));
  for (const file of [...files, ...service]) {
    await mkdir(path.dirname(path.join(folder, file.path)), { recursive: true });
    await writeFile(path.join(folder, file.path), file.content);
  }
  const [program = "", ...words] = language.command;
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile(program, words, { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

function module(otherwise: Partial<ModuleSpec>): ModuleSpec {
  const probe = { httpGet: { path: "/health" } };
  return moduleSpecSchema.parse({
    id: "booking-service",
    version: "1.0.0",
    runtime: "node",
    packageManager: "none",
    locked: true,
    start: ["node", "server.js"],
    probes: { startup: probe, readiness: probe, liveness: probe },
    needs: { config: [], secrets: [] },
    ...otherwise,
  });
}
