/**
 * The supervisor of one data directory: it owns the releases and their routes, and outlives the control plane.
 * What is wanted is on disk before it is acted upon; what a dead supervisor left is adopted. What it does for
 * people is in acts/, an act a file.
 */
import type { LogLimits } from "../../../../domain/environment/log-limits.ts";
import { createTurns } from "../../../../domain/in-turn.ts";
import type { Limits } from "../../../../domain/module/module-spec.ts";
import { refuse } from "../../../../domain/refusal.ts";
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { NamedRelease, TargetPlace } from "../../../../ports/target.ts";
import type { Layout } from "../layout.ts";
import type { RouterControl } from "../router/router-control.ts";
import type { InstanceRuntime } from "../runtimes/runtime.ts";
import type { Clock } from "./clock.ts";
import { Commands } from "./commands.ts";
import { createEnvironmentStore, type EnvironmentStore } from "./environment-store.ts";
import { createPorts } from "./ports.ts";
import { Release } from "./release.ts";
import { createReleaseHost } from "./release-host.ts";
import { placeKey, Routing } from "./routing.ts";
import type { Runtimes } from "./runtimes.ts";
import type { ReleaseRecord, State } from "./state.ts";
import { createStateWriter } from "./state-file.ts";

const retryWriteMs = 1_000;

export interface SupervisorParts {
  layout: Layout;
  state: State;
  router: RouterControl;
  runtimes: Runtimes;
  clock: Clock;
}

export class Supervisor {
  readonly layout: Layout;
  readonly clock: Clock;
  readonly router: RouterControl;
  readonly runtimes: Runtimes;
  /** Of all processes of a namespace, by its name. */
  readonly limits: Record<string, Limits>;
  /** Of the output of each instance of a namespace, by its name. */
  readonly logs: Record<string, LogLimits>;
  readonly routing: Routing;
  readonly commands: Commands;
  readonly environments: EnvironmentStore;
  /** Resolves when what is known now is on disk; refuses where the disk does. */
  readonly persist: () => Promise<void>;
  /** Acts on one module's releases follow each other. */
  readonly inTurn = createTurns();
  readonly choosePort = createPorts(() => [...this.releases.values()].map(({ record }) => record));
  private readonly releases = new Map<string, Release>();
  private readonly generation: number;
  private retry: NodeJS.Timeout | undefined;

  constructor({ layout, state, router, runtimes, clock }: SupervisorParts) {
    this.layout = layout;
    this.clock = clock;
    this.router = router;
    this.runtimes = runtimes;
    this.environments = createEnvironmentStore(layout);
    this.limits = state.limits ?? {};
    this.logs = state.logs ?? {};
    this.generation = state.generation + 1;
    this.persist = createStateWriter(layout.state, () => this.snapshot());
    this.routing = new Routing({
      routes: state.routes,
      standby: state.standby ?? {},
      lastServed: state.lastServed ?? {},
      generation: this.generation,
      router,
      releases: () => this.all(),
    });
    this.commands = new Commands(state.commands, this);
    for (const record of state.releases) this.add(record);
  }

  runtime(name: TargetName): InstanceRuntime {
    return this.runtimes.get(name);
  }

  /** Makes a change that counts once it is on disk; where it cannot be written it is undone, and refused. */
  async change(make: () => () => void): Promise<void> {
    const undo = make();
    try {
      await this.persist();
    } catch (error) {
      undo();
      throw error;
    }
  }

  /** For what has happened and cannot be refused: where the disk is full it is written as soon as there is room. */
  async persistLater(): Promise<void> {
    await this.persist().catch(() => {
      clearTimeout(this.retry);
      this.retry = setTimeout(() => void this.persistLater(), retryWriteMs);
    });
  }

  add(record: ReleaseRecord): Release {
    const release = new Release(record, createReleaseHost(this, record));
    const key = releaseKey(record.spec);
    // Last in the order of insertion: the newest attempt of a release counts as its newest.
    this.releases.delete(key);
    this.releases.set(key, release);
    return release;
  }

  forget(release: Release): void {
    const key = releaseKey(release.record.spec);
    if (this.releases.get(key) === release) this.releases.delete(key);
  }

  find(named: NamedRelease): Release | undefined {
    return this.releases.get(releaseKey(named));
  }

  get(named: NamedRelease): Release {
    const release = this.find(named);
    if (release !== undefined) return release;
    const { namespace, moduleId, releaseId } = named;
    throw refuse(
      "NotFound",
      `${releaseId} of ${moduleId} in ${namespace} is not known here`,
      "start it first",
    );
  }

  all(): Release[] {
    return [...this.releases.values()];
  }

  /** Oldest first. */
  of(place: TargetPlace): Release[] {
    return this.all().filter(({ record }) => placeKey(record.spec) === placeKey(place));
  }

  folder({ namespace, moduleId, releaseId }: NamedRelease): string {
    return this.layout.release(namespace, moduleId, releaseId);
  }

  private snapshot(): State {
    return {
      version: 2,
      generation: this.generation,
      releases: this.all().map(({ record }) => record),
      routes: this.routing.routes,
      standby: this.routing.standby,
      lastServed: this.routing.lastServed,
      commands: this.commands.records(),
      limits: this.limits,
      logs: this.logs,
    };
  }
}

function releaseKey({ namespace, moduleId, releaseId }: NamedRelease): string {
  return `${namespace}/${moduleId}/${releaseId}`;
}
