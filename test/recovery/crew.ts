/** Worker processes on one database, and what became of the deliveries and effects that they had in hand. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { openPostgresStore, type PostgresStore } from "../../src/adapters/store/postgres/postgres-store.ts";
import { activeStates } from "../../src/adapters/store/summary.ts";
import { eventName } from "../../src/domain/event/event.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { createTestDatabase } from "../support/database.ts";
import { problemsOf, tell } from "../support/invariants.ts";
import { builtIn, createRig, type Rig } from "../support/rig.ts";
import { vote } from "../support/scripted-agents.ts";
import type { WorkerOrders } from "./orders.ts";

export interface WorkerProcess {
  child: ChildProcess;
  /** Lets it work; before that it has only been loaded. */
  go(): void;
  /** Resolves when it is enlisted; rejects where it ended before. */
  ready: Promise<void>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface Crew {
  store: PostgresStore;
  rig: Rig;
  /** Loads a worker, which waits for its word to go. */
  prepare(orders?: Partial<WorkerOrders>): WorkerProcess;
  start(orders?: Partial<WorkerOrders>): WorkerProcess;
  end(worker: WorkerProcess): Promise<void>;
  reaches(subject: Subject, state: string): Promise<void>;
  approve(subject: Subject): Promise<void>;
  /** Everything that must hold of these deliveries, and of their effects. */
  problems(subjects: Subject[]): Promise<string[]>;
  close(): Promise<void>;
}

export async function openCrew(): Promise<Crew> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(path.join(os.tmpdir(), "connectsoft-recovery-"));
  const effects = path.join(folder, "effects");
  const store = await openPostgresStore(database);
  // Hands over and votes, and runs nothing: it is not started.
  const rig = createRig({ store, clock: systemClock });
  const workers = new Set<WorkerProcess>();

  const crew: Crew = {
    store,
    rig,
    prepare(orders = {}) {
      const worker = loadWorker({ databaseUrl: database.url, effects, ...orders });
      workers.add(worker);
      worker.ended.then(() => workers.delete(worker));
      return worker;
    },
    start(orders) {
      const worker = crew.prepare(orders);
      worker.go();
      return worker;
    },
    async end(worker) {
      worker.child.kill("SIGKILL");
      await worker.ended;
    },
    async reaches(subject, state) {
      await until(async () => {
        const { state: now } = await rig.record(subject);
        return Object.values(activeStates(now)).flat().includes(state);
      });
    },
    async approve(subject) {
      const data = vote("release-000002");
      await rig.tell(subject, "ApprovalGranted", data, { environment: "production", id: "vote" });
    },
    async problems(subjects) {
      const done = (await readFile(effects, "utf8")).trim().split("\n").map(firstWord);
      const twice = done.filter((id, index) => done.indexOf(id) !== index);
      const flows = new Map(Object.values(builtIn).map((flow) => [flow.digest, flow]));
      const told = await Promise.all(subjects.map((subject) => tell(store, subject)));
      const completed = told.flatMap(({ events }) =>
        events
          .filter((event) => eventName(event) === "AgentCompleted")
          .map((event) => event.invocationid ?? ""),
      );
      return [
        ...twice.map((id) => `the effect of ${id} was applied twice`),
        ...completed.filter((id) => !done.includes(id)).map((id) => `${id} completed without its effect`),
        ...told.flatMap((one) => problemsOf(one, (digest) => flows.get(digest) ?? builtIn.delivery)),
      ];
    },
    async close() {
      for (const worker of workers) await crew.end(worker);
      await store.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return crew;
}

function loadWorker(orders: WorkerOrders): WorkerProcess {
  const script = new URL("worker.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
    env: { ...process.env, ORDERS: JSON.stringify(orders) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<Awaited<WorkerProcess["ended"]>>((resolve) => {
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    ended.then(({ code, signal }) => reject(new Error(`the worker ended with ${code ?? signal}`)));
  });
  // Whoever does not wait for it does not care.
  ready.catch(() => undefined);
  return { child, go: () => void child.stdin.write("go\n"), ready, ended };
}

export async function until(fact: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await fact())) {
    if (Date.now() > deadline) throw new Error(`it did not come about within 30 s: ${fact}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function firstWord(line: string): string {
  return line.split(" ")[0] ?? "";
}
