/** The life of a server: opens the system, listens, says where, and ends in order when it is told to. */
import path from "node:path";
import { createApp } from "../http/create-app.ts";
import { type Listening, listen } from "../http/listen.ts";
import { advanceFleetInTurn } from "./advance-fleet-in-turn.ts";
import { checkpointInTurn } from "./checkpoint-in-turn.ts";
import type { Composition, CompositionOptions } from "./composition.ts";
import { placesIn, prepareDataDirectory } from "./data-directory.ts";
import { ensureLocalToken, ensureTenant } from "./ensure-tenant.ts";
import { hostNameOf } from "./host-name.ts";
import { receiveInTurn } from "./receive-in-turn.ts";
import type { Repeated } from "./repeat.ts";
import { revertRolledBackInTurn } from "./revert-rolled-back-in-turn.ts";
import { removeServerRecord, type ServerRecord, writeServerRecord } from "./server-record.ts";
import { tellInTurn } from "./tell-in-turn.ts";
import { type DependentsInTurn, wakeDependentsInTurn } from "./wake-dependents-in-turn.ts";
import { watchIntervals, watchLiveInTurn } from "./watch-live-in-turn.ts";

export interface ServeOptions {
  dataDirectory: string;
  /** Absent: 7420, or any free one where that is taken; 0: any free one. */
  port: number | undefined;
  role: CompositionOptions["role"];
  version: string;
  env: NodeJS.ProcessEnv;
  logTo: CompositionOptions["logTo"];
  onTakenOver: CompositionOptions["onTakenOver"];
}

export interface RunningServer extends ServerRecord {
  dataDirectory: string;
  tenantFile: string;
  /** Stops taking work, aborts attempts and gives them back, closes, and stops the embedded database. */
  close(): Promise<void>;
}

const usualPort = 7420;

/** `compose` constructs the system. Refuses as it does, and where the port is taken. */
export async function startServer(
  options: ServeOptions,
  compose: (options: CompositionOptions) => Promise<Composition>,
): Promise<RunningServer> {
  const { dataDirectory, env, version, role } = options;
  await prepareDataDirectory(dataDirectory);
  let url = "";
  const composition = await compose({
    dataDirectory,
    databaseUrl: env.DATABASE_URL || undefined,
    role,
    host: await hostNameOf(dataDirectory),
    version,
    env,
    publicUrl: () => url,
    logTo: options.logTo,
    onTakenOver: options.onTakenOver,
  });
  const { system, metrics, log } = composition;
  let listening: Listening | undefined;
  let fleet: Repeated | undefined;
  let reverts: Repeated | undefined;
  let dependents: DependentsInTurn | undefined;
  let live: Repeated | undefined;
  let checkpoints: Repeated | undefined;
  let telling: Repeated | undefined;
  let receiving: Repeated | undefined;
  async function close(): Promise<void> {
    await removeServerRecord(dataDirectory, process.pid);
    await fleet?.stop();
    await reverts?.stop();
    await dependents?.stop();
    await live?.stop();
    await checkpoints?.stop();
    await telling?.stop();
    await receiving?.stop();
    await listening?.close();
    await composition.close();
    log.info("stopped");
  }
  try {
    const tenant = await ensureTenant(system, dataDirectory);
    const token = await ensureLocalToken(system.accounts, tenant, dataDirectory);
    let started = false;
    const app = createApp({
      system,
      readiness: async () => (started ? composition.readiness() : "starting"),
      metrics: metrics.text,
      refused: (code, tenantId) => metrics.refused(code, tenantId),
      trouble: log.trouble,
      api: role !== "worker",
      version,
      studio: path.join(import.meta.dirname, "../../studio/dist"),
      secretOf: (variable) => env[variable] || undefined,
      rateLimit: rateLimitOf(env.CONNECTSOFT_RATE_LIMIT),
      trustProxy: env.CONNECTSOFT_TRUST_PROXY === "1",
    });
    listening = await listenSomewhere(app, options.port);
    url = listening.url;
    await system.engine.start();
    started = true;
    if (role !== "worker") receiving = receiveInTurn(system, log.trouble);
    if (role !== "api") {
      fleet = advanceFleetInTurn(system, log.trouble);
      reverts = revertRolledBackInTurn(system, log.trouble);
      checkpoints = checkpointInTurn(system, { env, onStep: composition.onStep, trouble: log.trouble });
      live = watchLiveInTurn(system, { ...watchIntervals(env), compiledCode: env.NODE_COMPILE_CACHE }, log);
      telling = tellInTurn(system, composition.onStep, {
        attempted: metrics.notified,
        trouble: log.trouble,
      });
      dependents = wakeDependentsInTurn(system, composition.onStep, log.trouble);
    }
    const record: ServerRecord = {
      url,
      pid: process.pid,
      startedAt: new Date().toISOString(),
      token,
      version,
      embedded: composition.embedded,
    };
    if (role !== "worker") await writeServerRecord(dataDirectory, record);
    log.info(`listening on ${url} as ${role}`);
    return { ...record, dataDirectory, tenantFile: placesIn(dataDirectory).tenantFile, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const usualRateLimit = 3_000;

/** Requests of one caller in ten seconds. */
function rateLimitOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : usualRateLimit;
}

async function listenSomewhere(app: Parameters<typeof listen>[0], port: number | undefined) {
  if (port !== undefined) return listen(app, port);
  return listen(app, usualPort).catch(() => listen(app, 0));
}
