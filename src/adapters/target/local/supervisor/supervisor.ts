/**
 * The supervisor of one data directory: it owns the services and the router, and outlives the control
 * plane. What is wanted is on disk before it is acted upon; what a dead supervisor left is adopted.
 */
import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import { digestOf } from "../../../../domain/canonical-json.ts";
import { createTurns } from "../../../../domain/in-turn.ts";
import { refuse } from "../../../../domain/refusal.ts";
import type { RunningRelease } from "../../../../ports/target.ts";
import type { Layout } from "../layout.ts";
import { listenOnRouterPort } from "../router/listen-on-router-port.ts";
import { createRouter } from "../router/router.ts";
import { findMarked, isAlive, signalGroup } from "../runtimes/process/process-identity.ts";
import {
  type NamedRelease,
  protocolVersion,
  type ServiceSpec,
  type StartRequest,
  type SupervisorStatus,
} from "./protocol.ts";
import { ownHost, placeKey, RouteTable } from "./route-table.ts";
import { Service } from "./service.ts";
import {
  createStateWriter,
  readState,
  removeEnvironment,
  type ServiceRecord,
  type State,
  writeEnvironment,
} from "./state-file.ts";

const drainMs = 10_000;
/** Stopped releases of a module that are still listed, with their logs. */
const keptReleases = 10;

interface Watch {
  signal: AbortSignal;
  progress(line: string): void;
}

export class Supervisor {
  private readonly layout: Layout;
  private readonly services = new Map<string, Service>();
  private readonly persist: () => Promise<void>;
  /** Beginning, switching and retiring of one module's releases follow each other. */
  private readonly inTurn = createTurns();
  private readonly router: Server;
  private readonly routes: RouteTable;
  private routerPort = 0;

  private constructor(layout: Layout, state: State) {
    this.layout = layout;
    this.routes = new RouteTable(state.routes, (spec) => this.services.get(serviceKey(spec)));
    this.persist = createStateWriter(layout.state, () => this.snapshot());
    this.router = createRouter((host) => this.routes.upstream(host));
    for (const record of state.services) this.add(record);
  }

  /** Opens the router and takes over whatever an earlier supervisor left: adopted, started again, or marked as ended. */
  static async open(layout: Layout, requestedPort: number | undefined): Promise<Supervisor> {
    const state = await readState(layout.state);
    const supervisor = new Supervisor(layout, state);
    await supervisor.resume();
    supervisor.routerPort = await listenOnRouterPort(supervisor.router, requestedPort, state.routerPort);
    await supervisor.persist();
    return supervisor;
  }

  status(): Promise<SupervisorStatus> {
    return this.viewAll([...this.services.values()]).then((services) => ({
      protocol: protocolVersion,
      pid: process.pid,
      routerPort: this.routerPort,
      services,
    }));
  }

  /** Starts a release, or finds it: resolves when it is ready or has failed. */
  async start(request: StartRequest, watch: Watch): Promise<RunningRelease> {
    const service = await this.inTurn(placeKey(request.spec), () => this.begin(request));
    const tell = (line: string) => watch.progress(line);
    service.on("progress", tell);
    try {
      await service.settled(watch.signal);
    } finally {
      service.off("progress", tell);
    }
    return await this.view(service);
  }

  switchTraffic(named: NamedRelease): Promise<RunningRelease> {
    return this.inTurn(placeKey(named), () => this.giveTraffic(named));
  }

  /** Takes a release out of traffic where it has it, drains it and stops it. */
  retire(named: NamedRelease): Promise<void> {
    return this.inTurn(placeKey(named), () => this.drainAndStop(named));
  }

  async list(namespace: string, moduleId: string): Promise<RunningRelease[]> {
    const views = await this.viewAll(this.of(namespace, moduleId).reverse());
    const serving = this.routes.route(namespace, moduleId)?.releaseId;
    return views.sort((a, b) => Number(b.releaseId === serving) - Number(a.releaseId === serving));
  }

  /** Watches the serving release; resolves at the first failure, or at the end of the window. */
  async verify(
    at: { namespace: string; moduleId: string; releaseId: string; windowMs: number },
    signal: AbortSignal,
  ): Promise<RunningRelease> {
    const service = this.get(at.namespace, at.moduleId, at.releaseId);
    const since = this.routes.route(at.namespace, at.moduleId);
    if (since?.releaseId !== at.releaseId) {
      throw refuse(
        "Conflict",
        `${at.releaseId} of ${at.moduleId} has no traffic to be watched under`,
        "switch it first",
      );
    }
    const end = AbortSignal.timeout(at.windowMs);
    const either = AbortSignal.any([signal, end]);
    for (;;) {
      const reason = failureSince(service, since.since);
      if (reason !== undefined) return { ...(await this.view(service)), state: "failed", reason };
      if (either.aborted) break;
      await once(service, "change", { signal: either }).catch(() => undefined);
    }
    signal.throwIfAborted();
    return await this.view(service);
  }

  /** Ends every service and the router. What has traffic comes back with the next supervisor. */
  async stop(): Promise<{ stopped: string[] }> {
    const running = [...this.services.values()].filter((service) => service.record.wanted === "running");
    const stopped = running
      .filter(({ record }) => record.process !== undefined)
      .map(({ record }) => nameOf(record.spec));
    await Promise.all(
      running.map((service) => (this.routes.has(service) ? service.suspend() : service.stop())),
    );
    await this.close();
    return { stopped };
  }

  /** Lets every service run on for the next supervisor, and closes the router. */
  async handOver(): Promise<void> {
    for (const service of this.services.values()) service.letGo();
    await this.close();
  }

  private async close(): Promise<void> {
    await this.persist();
    this.router.close();
    this.router.closeAllConnections();
  }

  private async giveTraffic({ namespace, moduleId, releaseId }: NamedRelease): Promise<RunningRelease> {
    const service = this.get(namespace, moduleId, releaseId);
    if (this.routes.has(service)) return await this.view(service);
    if (service.record.phase !== "ready") {
      throw refuse(
        "Conflict",
        `${releaseId} of ${moduleId} cannot take traffic: it is ${service.state()}, expected ready`,
        "start it first",
      );
    }
    this.routes.give(service);
    await this.persist();
    return await this.view(service);
  }

  private async drainAndStop(named: NamedRelease): Promise<void> {
    const service = this.services.get(serviceKey(named));
    if (service === undefined) return;
    if (this.routes.has(service)) this.routes.take(service);
    service.record.wanted = "stopped";
    await this.persist();
    await this.routes.drain(service, drainMs);
    await service.stop();
    await removeEnvironment(this.folder(service.record.spec));
    await this.forgetOldest(named.namespace, named.moduleId);
  }

  private async begin(request: StartRequest): Promise<Service> {
    const { environment, ...spec } = request.spec;
    const specDigest = digestOf(request.spec);
    const key = serviceKey(spec);
    const known = this.services.get(key);
    const same = known?.record.specDigest === specDigest && known.record.wanted === "running";
    if (known !== undefined && same && isUp(known)) return known;
    if (known !== undefined && isUp(known) && this.routes.has(known)) {
      throw refuse(
        "Conflict",
        `${spec.releaseId} of ${spec.moduleId} serves with other settings`,
        "propose a new release",
      );
    }
    await known?.stop();
    await writeEnvironment(this.folder(spec), environment);
    const service = this.add({
      spec,
      specDigest,
      directory: request.directory,
      wanted: "running",
      phase: "starting",
      restartCount: 0,
    });
    // Persisted with its port by the launch, before there is a process.
    void service.launch();
    return service;
  }

  private async resume(): Promise<void> {
    const marked = findMarked(`${this.layout.directory}|`);
    for (const [key, service] of this.services) {
      const { record } = service;
      const left = record.process !== undefined && isAlive(record.process) ? record.process : marked.get(key);
      marked.delete(key);
      if (left !== undefined) await service.adopt(left);
      if (record.wanted === "stopped") await service.stop();
      else if (left === undefined) this.bringBack(service);
    }
    for (const orphan of marked.values()) signalGroup(orphan, "SIGKILL");
  }

  private bringBack(service: Service): void {
    const { record } = service;
    delete record.process;
    if (this.routes.has(service)) {
      record.reason = "it ended with its supervisor and is starting again";
      void service.relaunch();
    } else if (record.phase === "starting" || record.phase === "ready") {
      record.reason = "it ended while no supervisor watched it";
      record.phase = record.phase === "starting" ? "failed" : "crashed";
    }
  }

  private add(record: ServiceRecord): Service {
    const key = serviceKey(record.spec);
    const service: Service = new Service(record, {
      folder: this.folder(record.spec),
      marker: `${this.layout.directory}|${key}`,
      persist: this.persist,
      takenPorts: () => this.takenPorts(),
      hasTraffic: () => this.routes.has(service),
    });
    // Last in the order of insertion: the newest attempt of a release counts as its newest.
    this.services.delete(key);
    this.services.set(key, service);
    this.routes.refresh();
    return service;
  }

  private async forgetOldest(namespace: string, moduleId: string): Promise<void> {
    const ended = this.of(namespace, moduleId).filter((service) => service.record.wanted === "stopped");
    for (const { record } of ended.slice(0, Math.max(0, ended.length - keptReleases))) {
      this.services.delete(serviceKey(record.spec));
      await this.persist();
      await rm(this.folder(record.spec), { recursive: true, force: true });
    }
  }

  private get(namespace: string, moduleId: string, releaseId: string): Service {
    const service = this.services.get(serviceKey({ namespace, moduleId, releaseId }));
    if (service !== undefined) return service;
    throw refuse(
      "NotFound",
      `${releaseId} of ${moduleId} in ${namespace} is not known here`,
      "start it first",
    );
  }

  private of(namespace: string, moduleId: string): Service[] {
    return [...this.services.values()].filter(
      ({ record }) => placeKey(record.spec) === placeKey({ namespace, moduleId }),
    );
  }

  private takenPorts(): Set<number> {
    const running = [...this.services.values()].filter(({ record }) => record.wanted === "running");
    return new Set(running.flatMap(({ record }) => record.port ?? []));
  }

  private folder(spec: ServiceSpec): string {
    return this.layout.release(spec.namespace, spec.moduleId, spec.releaseId);
  }

  private async view(service: Service): Promise<RunningRelease> {
    const { namespace, moduleId } = service.record.spec;
    return { ...(await service.view()), url: `http://${ownHost(namespace, moduleId)}:${this.routerPort}/` };
  }

  private async viewAll(
    services: Service[],
  ): Promise<(RunningRelease & { namespace: string; moduleId: string })[]> {
    return await Promise.all(
      services.map(async (service) => {
        const { namespace, moduleId } = service.record.spec;
        return { ...(await this.view(service)), namespace, moduleId };
      }),
    );
  }

  private snapshot(): State {
    const services = [...this.services.values()].map(({ record }) => record);
    return { routerPort: this.routerPort, services, routes: this.routes.routes };
  }
}

/** Why a serving release has failed since it took the traffic, or undefined. */
function failureSince(service: Service, since: string): string | undefined {
  const { exitedAt, reason, phase } = service.record;
  if (phase !== "ready") return reason ?? `it is ${phase}`;
  if (exitedAt !== undefined && exitedAt >= since)
    return "it ended and was started again since it took the traffic";
  const unhealthy = service.unhealthy();
  return unhealthy === undefined ? undefined : `its ${unhealthy.probe} probe fails: ${unhealthy.last}`;
}

function isUp({ record }: Service): boolean {
  return record.phase === "starting" || record.phase === "ready";
}

function nameOf(spec: ServiceSpec): string {
  return `${spec.moduleId} ${spec.version} in ${spec.namespace} (${spec.releaseId})`;
}

function serviceKey({ namespace, moduleId, releaseId }: NamedRelease): string {
  return `${namespace}/${moduleId}/${releaseId}`;
}
