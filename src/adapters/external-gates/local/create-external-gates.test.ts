/** Real servers on real sockets and real programs, well-behaved and otherwise. */
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digests } from "../../../../test/support/digests.ts";
import type { GateQuestion } from "../../../domain/release/external-answer.ts";
import { externalGateSchema } from "../../../domain/tenant/external-gates.ts";
import { createExternalGates } from "./create-external-gates.ts";

const question: GateQuestion = {
  gate: "change-board",
  tenantId: "acme",
  traceId: "trace-2026-11-22-0001",
  moduleId: "shop",
  environment: "production",
  releaseId: "release-000001",
  version: "1.0.0",
  sponsor: "jane",
  digests,
};
const never = new AbortController().signal;

let base: string;
let folder: string;
let elsewhere = 0;
let received: { headers: IncomingMessage["headers"]; body: string } | undefined;
const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  "/passes": async (request, response) => {
    const body = (await request.setEncoding("utf8").toArray()).join("");
    received = { headers: request.headers, body };
    response.end(
      JSON.stringify({ status: "passed", reason: "CHG-17 is approved", evidence: { ticket: "CHG-17" } }),
    );
  },
  "/redirects": (_request, response) => void response.writeHead(307, { location: "/elsewhere" }).end(),
  "/elsewhere": (_request, response) => {
    elsewhere += 1;
    response.end(JSON.stringify({ status: "passed" }));
  },
  "/fails": (_request, response) => void response.writeHead(500).end("secret stack trace"),
  "/page": (_request, response) => void response.end("<html>internal page</html>"),
  "/strange": (_request, response) => void response.end(JSON.stringify({ status: "perhaps" })),
  "/endless": (_request, response) => {
    const more = () => {
      while (response.write("x".repeat(16_384)));
    };
    response.on("drain", more);
    more();
  },
  "/slow": () => {},
  "/trickles": (_request, response) => void response.write("{"),
  "/hangs-up": (request) => void request.socket.destroy(),
};
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => answers[request.url ?? ""]?.(request, response)).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(path.join(tmpdir(), "gates-"));
  await mkdir(path.join(folder, "programs"));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const gates = () =>
  createExternalGates({
    folder: path.join(folder, "programs"),
    settings: {
      listSecrets: async ({ moduleId }) =>
        moduleId === "release-manager" ? [{ name: "GATE_TOKEN", versionId: "v1" }] : [],
      revealSecrets: async (_scope, references) =>
        Object.fromEntries(references.map(({ name }) => [name, "Bearer s3cret-4711"])),
    },
  });
const ask = (gate: object) =>
  gates().ask(externalGateSchema.parse({ name: "change-board", ...gate }), question, never);

describe("a gate by HTTP", () => {
  test("is told the release and its digests, with a header from a secret", async () => {
    const headers = { Authorization: { secret: "GATE_TOKEN" }, "X-Team": "payments" };
    expect(await ask({ http: { url: `${base}/passes`, headers } })).toEqual({
      answer: { status: "passed", reason: "CHG-17 is approved", evidence: { ticket: "CHG-17" } },
    });
    expect(received?.headers).toMatchObject({ authorization: "Bearer s3cret-4711", "x-team": "payments" });
    expect(JSON.parse(received?.body ?? "")).toEqual(question);
  });

  test("that redirects is not followed", async () => {
    expect(await ask({ http: { url: `${base}/redirects` } })).toEqual({
      why: "it answers with a redirect (307), which is not followed",
    });
    expect(elsewhere).toBe(0);
  });

  test.each([
    ["/fails", "it answers with HTTP status 500"],
    ["/page", "what came back is no JSON"],
    ["/strange", /^what came back does not fit: status: /],
    ["/endless", "its answer is longer than 65536 bytes"],
    ["/slow", "it took longer than 1 s"],
    ["/trickles", "it took longer than 1 s"],
    ["/hangs-up", /^it cannot be reached \(/],
  ])("at %s gives no answer, in words that show nothing of what came back", async (place, why) => {
    const asked = await ask({ http: { url: `${base}${place}` }, timeout: "1s" });
    expect(asked).toEqual({ why: typeof why === "string" ? why : expect.stringMatching(why) });
    expect(JSON.stringify(asked)).not.toMatch(/internal page|stack trace/);
  });

  test("that nobody listens for, or whose secret is not set, says so", async () => {
    expect(await ask({ http: { url: "http://127.0.0.1:1/" } })).toEqual({
      why: expect.stringContaining("cannot be reached"),
    });
    expect(await ask({ http: { url: `${base}/passes`, headers: { A: { secret: "OTHER" } } } })).toEqual({
      why: "it needs the secret OTHER, which is not set",
      next: "Set it: connectsoft secret set OTHER --env production --module release-manager",
    });
  });
});

describe("a gate by command", () => {
  const program = async (name: string, text: string) => {
    const file = path.join(folder, "programs", name);
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
  };

  test("gets the question on its input and nothing of the server's environment; no shell reads its arguments", async () => {
    await program(
      "check",
      `cat > ${folder}/input; printf '%s' "$1" > ${folder}/argument; env > ${folder}/env; echo '{"status":"failed","reason":"no ticket"}'`,
    );
    process.env.CONNECTSOFT_TEST_SECRET = "s3cret-4711";
    expect(await ask({ command: ["check", "$(id); `id`"] })).toEqual({
      answer: { status: "failed", reason: "no ticket" },
    });
    delete process.env.CONNECTSOFT_TEST_SECRET;
    expect(JSON.parse(await readFile(path.join(folder, "input"), "utf8"))).toEqual(question);
    expect(await readFile(path.join(folder, "argument"), "utf8")).toBe("$(id); `id`");
    expect(await readFile(path.join(folder, "env"), "utf8")).not.toContain("s3cret-4711");
  });

  test.each([
    ["exit 3", "it ended with exit code 3"],
    ["echo hello", "what came back is no JSON"],
    ["yes", "its answer is longer than 65536 bytes"],
    ["kill -9 $$", "it was ended by a signal"],
  ])("that does %j gives no answer", async (text, why) => {
    await program("bad", text);
    expect(await ask({ command: ["bad"] })).toEqual({ why });
  });

  test("ends with all that it started when its time is over", async () => {
    await program("slow", `sleep 300 & echo $! > ${folder}/pid; wait`);
    expect(await ask({ command: ["slow"], timeout: "1s" })).toEqual({
      why: "it took longer than 1 s and was ended",
    });
    const pid = Number(await readFile(path.join(folder, "pid"), "utf8"));
    const state = async () =>
      (await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") gone")).split(") ")[1]?.[0];
    await expect.poll(state).toMatch(/[gZX]/);
  });

  test("is one of the folder of gates and no other", async () => {
    await symlink("/bin/true", path.join(folder, "programs", "link"));
    for (const name of ["link", "absent"])
      expect(await ask({ command: [name] })).toMatchObject({
        why: `the server has no program ${name} for gates`,
      });
    for (const name of ["../check", "/bin/true", ".hidden", "a/b", "-x"])
      expect(externalGateSchema.safeParse({ name: "x", command: [name] }).success).toBe(false);
    for (const url of ["file:///etc/passwd", "http://user:password@127.0.0.1/", "gopher://x", "nothing"])
      expect(externalGateSchema.safeParse({ name: "x", http: { url } }).success).toBe(false);
    expect(externalGateSchema.safeParse({ name: "x" }).success).toBe(false);
    const two = { name: "x", command: ["a"], http: { url: "http://127.0.0.1/" } };
    expect(externalGateSchema.safeParse(two).success).toBe(false);
  });
});
