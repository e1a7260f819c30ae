/** Which releases have the traffic of a module, by weight, and what the router is told of it. */
import { refuse } from "../../../../domain/refusal.ts";
import type { TargetPlace } from "../../../../ports/target.ts";
import type { RouterControl, RouterRoute, RouterTable } from "../router/router-control.ts";
import type { Instance } from "./instance.ts";
import type { ServiceSpec } from "./protocol.ts";
import type { Release } from "./release.ts";
import type { Share, State } from "./state.ts";

/** Tables that one supervisor may make before its next generation begins. */
const tablesPerGeneration = 1_000_000_000;

export interface RoutingOptions {
  routes: State["routes"];
  standby: NonNullable<State["standby"]>;
  generation: number;
  find(place: TargetPlace, releaseId: string): Release | undefined;
  router: RouterControl;
}

export class Routing {
  readonly routes: State["routes"];
  readonly standby: NonNullable<State["standby"]>;
  private readonly options: RoutingOptions;
  private version: number;
  private applying: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(options: RoutingOptions) {
    this.options = options;
    this.routes = options.routes;
    this.standby = options.standby;
    this.version = options.generation * tablesPerGeneration;
  }

  shares(place: TargetPlace): Share[] {
    return this.routes[placeKey(place)] ?? [];
  }

  share({ record: { spec } }: Release): Share | undefined {
    return this.shares(spec).find(({ releaseId }) => releaseId === spec.releaseId);
  }

  /** Replaces the shares of a module, and what stands by; returns what puts the former ones back. */
  set(place: TargetPlace, shares: Share[], standby: string[] = []): () => void {
    const key = placeKey(place);
    const giveBack = [put(this.routes, key, shares), put(this.standby, key, standby)];
    return () => {
      for (const back of giveBack) back();
    };
  }

  /** Takes a release out; those that stay share its part. */
  drop(release: Release): () => void {
    const { spec } = release.record;
    const rest = this.shares(spec).filter(({ releaseId }) => releaseId !== spec.releaseId);
    const sum = rest.reduce((total, { weight }) => total + weight, 0);
    const standby = this.standby[placeKey(spec)] ?? [];
    return this.set(
      spec,
      rest.map((share) => ({ ...share, weight: (share.weight / sum) * 100 })),
      standby.filter((releaseId) => releaseId !== spec.releaseId),
    );
  }

  /** Refuses with Conflict where a host name, or a path on one, belongs to another module. */
  requireFree(spec: ServiceSpec): void {
    const others = this.places().filter(({ key }) => key !== placeKey(spec));
    const hosts = hostsOf(spec);
    const paths = (spec.paths ?? []).map(addressOf);
    for (const { specs } of others) {
      for (const other of specs) {
        const theirs = [...hostsOf(other), ...(other.paths ?? []).map(({ host }) => host)];
        const host =
          hosts.find((name) => theirs.includes(name)) ??
          sharedHosts(spec).find((name) => hostsOf(other).includes(name));
        if (host !== undefined)
          throw refuse(
            "Conflict",
            `host ${host} belongs to another module`,
            "give this module another host name",
          );
        const path = (other.paths ?? []).map(addressOf).find((address) => paths.includes(address));
        if (path !== undefined)
          throw refuse("Conflict", `${path} belongs to another module`, "give this module another path");
      }
    }
  }

  /** Resolves when the router goes by the routes and instances as they are now. Calls that come meanwhile share the next. */
  apply(): Promise<void> {
    this.next ??= this.applying
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        this.applying = this.options.router.apply(this.table());
        return this.applying;
      });
    return this.next;
  }

  /** Resolves when the router knows what was known here before the call. */
  async applied(): Promise<void> {
    await (this.next ?? this.applying).catch(() => {});
  }

  private table(): RouterTable {
    this.version += 1;
    return { version: this.version, routes: this.places().map((place) => this.routeOf(place)) };
  }

  private places(): { key: string; shares: Share[]; releases: Release[]; specs: ServiceSpec[] }[] {
    return Object.entries(this.routes).map(([key, shares]) => {
      const [namespace = "", moduleId = ""] = key.split("/");
      const named = [...shares.map(({ releaseId }) => releaseId), ...(this.standby[key] ?? [])];
      const releases = named.flatMap(
        (releaseId) => this.options.find({ namespace, moduleId }, releaseId) ?? [],
      );
      return { key, shares, releases, specs: releases.map(({ record }) => record.spec) };
    });
  }

  private routeOf({ key, shares, releases, specs }: ReturnType<Routing["places"]>[number]): RouterRoute {
    return {
      place: key,
      hosts: [...new Set(specs.flatMap(hostsOf))],
      paths: [
        ...new Map(specs.flatMap(({ paths = [] }) => paths).map((path) => [addressOf(path), path])).values(),
      ],
      backends: releases.flatMap((release) => {
        const { releaseId } = release.record.spec;
        const weight = shares.find((share) => share.releaseId === releaseId)?.weight ?? 0;
        const known = release.instances.filter(({ record }) => record.port !== undefined);
        const ups = known.filter(({ isUp }) => isUp).length;
        return known.map((instance) => ({
          id: backendId(release, instance),
          release: `${key}/${releaseId}`,
          address: instance.record.address ?? "127.0.0.1",
          port: instance.record.port ?? 0,
          protocol: release.record.spec.protocol ?? "http",
          weight: weight / Math.max(1, ups),
          up: instance.isUp,
        }));
      }),
    };
  }
}

/** Sets what is there, or removes it where it is empty; returns what undoes it. */
function put<T>(lists: Record<string, T[]>, key: string, list: T[]): () => void {
  const before = lists[key];
  const write = (wanted: T[] | undefined) => {
    if (wanted === undefined || wanted.length === 0) delete lists[key];
    else lists[key] = wanted;
  };
  write(list);
  return () => write(before);
}

/** The host name that every module has. */
export function ownHost({ namespace, moduleId }: TargetPlace): string {
  return `${moduleId}.${namespace}.localhost`;
}

export function placeKey({ namespace, moduleId }: TargetPlace): string {
  return `${namespace}/${moduleId}`;
}

/** Also how an instance is found from outside: the marker is this behind the supervisor's directory. */
export function backendId({ record: { spec } }: Release, { record }: Pick<Instance, "record">): string {
  return `${placeKey(spec)}/${spec.releaseId}#${record.index}`;
}

function hostsOf(spec: ServiceSpec): string[] {
  return [ownHost(spec), ...spec.hosts];
}

function sharedHosts({ paths = [] }: ServiceSpec): string[] {
  return paths.map(({ host }) => host);
}

function addressOf({ host, path }: { host: string; path: string }): string {
  return `${host}${path}`;
}
