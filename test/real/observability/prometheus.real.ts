/** Alert rules and dashboards on a real Prometheus that scrapes a real server; and what that server tells of its alerts. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createProgram, type Program, root } from "../../e2e/program.ts";

const run = promisify(execFile);
const rules = path.join(root, "deploy/prometheus/alerts.yaml");
const dashboard = path.join(root, "deploy/grafana/delivery.json");
const isThere = await run("promtool", ["--version"]).then(
  () => true,
  () => false,
);

describe.skipIf(!isThere)(
  "on a real Prometheus (skipped where Debian's package prometheus is not there)",
  () => {
    let program: Program;
    let prometheus: ChildProcess;
    let folder: string;
    let url: string;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), "connectsoft-prometheus-"));
      url = `http://127.0.0.1:${await freePort()}`;
      program = await createProgram({ CONNECTSOFT_ALERTS_URL: url, CONNECTSOFT_METRICS_MODULE_LABEL: "1" });
      const example = path.join(root, "examples/booking-service");
      await program.connectsoft("deliver", example, "--env", "production", "--json");
      const server = await program.server();
      const config = path.join(folder, "prometheus.yml");
      const target = new URL(server?.url ?? "").host;
      await writeFile(
        config,
        JSON.stringify({
          global: { scrape_interval: "1s", evaluation_interval: "1s" },
          rule_files: [rules],
          scrape_configs: [{ job_name: "connectsoft-delivery", static_configs: [{ targets: [target] }] }],
        }),
      );
      const listen = `--web.listen-address=${new URL(url).host}`;
      const storage = `--storage.tsdb.path=${path.join(folder, "data")}`;
      prometheus = spawn("prometheus", [`--config.file=${config}`, storage, listen], { stdio: "ignore" });
      await vi.waitFor(async () => expect(await value('up{job="connectsoft-delivery"}')).toBe("1"), {
        ...{ timeout: 60_000, interval: 200 },
      });
    });
    afterAll(async () => {
      if (prometheus?.exitCode === null && prometheus.kill("SIGTERM")) await once(prometheus, "exit");
      await program?.remove();
      await rm(folder, { recursive: true, force: true });
    });

    async function query(expression: string): Promise<{ value: [number, string] }[]> {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`).catch(
        () => undefined,
      );
      const answer = (await response?.json()) as
        | { status: string; error?: string; data?: { result: [] } }
        | undefined;
      if (answer === undefined) return [];
      if (answer.status !== "success") throw new Error(`${expression}: ${answer.error}`);
      return answer.data?.result ?? [];
    }
    const value = async (expression: string) => (await query(expression))[0]?.value[1];

    test("the rules are well formed, and say what their own tests expect", async () => {
      await run("promtool", ["check", "rules", rules]);
      await run("promtool", ["test", "rules", "alerts.test.yaml"], { cwd: path.dirname(rules) });
    });

    test("every panel asks for metrics that the server tells, in words that Prometheus takes", async () => {
      const server = await program.server();
      const told = await (await fetch(`${server?.url}/metrics`)).text();
      const known = new Set([...told.matchAll(/^# TYPE (\S+) /gm)].map(([, name = ""]) => name));
      const expressions = [
        ...(await expressionsOf(dashboard)),
        ...(await readFile(rules, "utf8")).split("\n").filter((line) => line.includes("expr:")),
      ];
      for (const expression of expressions)
        for (const [, name = ""] of expression.matchAll(/\b([a-z]+(?:_[a-z]+)+)(?=[{[ )])/g))
          expect(
            name.startsWith("histogram_") || known.has(name.replace(/_bucket$/, "")),
            `${name} in ${expression}`,
          ).toBe(true);
      for (const expression of await expressionsOf(dashboard)) await query(expression);
      expect(await value("sum(pending_approvals)")).toBe("1");
    });

    test("the server shows what the Prometheus beside it says, of the tenant's own", async () => {
      const server = await program.server();
      const headers = { authorization: `Bearer ${server?.token}` };
      const alerts = async () => (await fetch(`${server?.url}/api/v1/alerts`, { headers })).json();
      await expect.poll(alerts, { timeout: 60_000 }).toMatchObject({
        configured: true,
        alerts: [
          { name: "ApprovalsWait", state: "pending", environment: expect.stringContaining("production") },
        ],
      });
      prometheus.kill("SIGTERM");
      await once(prometheus, "exit");
      expect(await alerts()).toMatchObject({
        configured: true,
        problem: expect.stringContaining(url),
        alerts: [],
      });
    });
  },
);

/** With the dashboard's variables as Grafana puts them in. */
async function expressionsOf(file: string): Promise<string[]> {
  const { panels } = JSON.parse(await readFile(file, "utf8")) as {
    panels: { targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll(/\$tenant|\$env/g, ".*").replaceAll("$__rate_interval", "1m")),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
