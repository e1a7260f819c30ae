/** Which releases have the traffic of a module, by weight, and what the router is told of it. */
import { refuse } from "../../../../domain/refusal.ts";
import type { TargetPlace } from "../../../../ports/target.ts";
import type { RouterBackend, RouterControl, RouterRoute, RouterTable } from "../router/router-control.ts";
import type { Instance } from "./instance.ts";
import type { ServiceSpec } from "./protocol.ts";
import type { Release } from "./release.ts";
import type { Share, State } from "./state.ts";

/** Tables that one supervisor may make before its next generation begins. */
const tablesPerGeneration = 1_000_000_000;

export interface RoutingOptions {
  routes: State["routes"];
  standby: NonNullable<State["standby"]>;
  lastServed: NonNullable<State["lastServed"]>;
  generation: number;
  /** Oldest first. */
  releases(): Release[];
  router: RouterControl;
}

export class Routing {
  readonly routes: State["routes"];
  readonly standby: NonNullable<State["standby"]>;
  readonly lastServed: NonNullable<State["lastServed"]>;
  private readonly options: RoutingOptions;
  private version: number;
  private applying: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  /** Where the router sends requests to, by the last table that it was given. */
  private told = new Set<string>();

  constructor(options: RoutingOptions) {
    this.options = options;
    this.routes = options.routes;
    this.standby = options.standby;
    this.lastServed = options.lastServed;
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
    const served = heaviestOf(shares) ?? heaviestOf(this.shares(place)) ?? this.lastServed[key];
    const giveBack = [
      put(this.routes, key, unlessEmpty(shares)),
      put(this.standby, key, unlessEmpty(standby)),
      put(this.lastServed, key, served),
    ];
    return () => {
      for (const back of giveBack) back();
    };
  }

  /** Nothing of the module is on record any more. */
  forget(place: TargetPlace): void {
    delete this.lastServed[placeKey(place)];
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
    const hosts = hostsOf(spec);
    const paths = (spec.paths ?? []).map(addressOf);
    for (const other of this.places()) {
      if (other.key === placeKey(spec) || other.claim === "none") continue;
      const theirs = [...other.hosts, ...other.paths.map(({ host }) => host)];
      const host =
        hosts.find((name) => theirs.includes(name)) ??
        sharedHosts(spec).find((name) => other.hosts.includes(name));
      if (host !== undefined)
        throw refuse(
          "Conflict",
          `host ${host} belongs to another module`,
          "give this module another host name",
        );
      const path = other.paths.map(addressOf).find((address) => paths.includes(address));
      if (path !== undefined)
        throw refuse("Conflict", `${path} belongs to another module`, "give this module another path");
    }
  }

  /** Resolves when the router goes by the routes and instances as they are now. Calls that come meanwhile share the next. */
  apply(): Promise<void> {
    this.next ??= this.applying
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        this.applying = this.tell(this.table());
        return this.applying;
      });
    return this.next;
  }

  /** Resolves when the router knows what was known here before the call. */
  async applied(): Promise<void> {
    await (this.next ?? this.applying).catch(() => {});
  }

  /** Whether the router sends requests to some instance of it, or none could take any. */
  isTold(release: Release): boolean {
    const ups = release.instances.filter(({ isUp }) => isUp);
    if (ups.length === 0) return true;
    return ups.some((up) => this.told.has(`${backendId(release, up)} ${up.record.port}`));
  }

  private async tell(table: RouterTable): Promise<void> {
    await this.options.router.apply(table);
    const taking = table.routes.flatMap(({ backends }) =>
      backends.filter(({ up, weight }) => up && weight > 0),
    );
    this.told = new Set(taking.map(({ id, port }) => `${id} ${port}`));
  }

  private table(): RouterTable {
    this.version += 1;
    const routes = this.places().map((place): RouterRoute => {
      const { key, hosts, paths } = place;
      return { place: key, hosts, paths, backends: backendsOf(place) };
    });
    return { version: this.version, routes };
  }

  /** Every module that has a release on record, with traffic or not. A name is of one of them. */
  private places(): Place[] {
    const known = Map.groupBy(this.options.releases(), ({ record }) => placeKey(record.spec));
    const places = [...known].map(([key, all]) => this.placeOf(key, all));
    const given = new Set<string>();
    const isFree = (address: string) => !given.has(address) && given.add(address) !== undefined;
    return places
      .toSorted((one, other) => claims.indexOf(one.claim) - claims.indexOf(other.claim))
      .map((place) => ({
        ...place,
        hosts: place.hosts.filter(isFree),
        paths: place.paths.filter((path) => isFree(addressOf(path))),
      }));
  }

  private placeOf(key: string, all: Release[]): Place {
    const find = (id: string | undefined) => all.find(({ record }) => record.spec.releaseId === id);
    const shares = this.routes[key] ?? [];
    const named = [...shares.map(({ releaseId }) => releaseId), ...(this.standby[key] ?? [])];
    const releases = named.flatMap((releaseId) => find(releaseId) ?? []);
    const last = find(this.lastServed[key]);
    const isReplaced = last !== undefined && all.some(({ record }) => record.wanted === "running");
    const claim = releases.length > 0 ? "serves" : isReplaced ? "is replaced" : "none";
    // Where nothing serves, the module is still known by the names that it had, or is to have.
    const naming = releases.length > 0 ? releases : [last ?? all.at(-1)].filter((one) => one !== undefined);
    return { key, shares, releases, claim, ...namesOf(naming) };
  }
}

/** On its names, the strongest first: with "none", others may have them. */
const claims = ["serves", "is replaced", "none"] as const;

interface Place {
  key: string;
  shares: Share[];
  /** That requests may be sent to. */
  releases: Release[];
  claim: (typeof claims)[number];
  hosts: string[];
  paths: RouterRoute["paths"];
}

function namesOf(releases: Release[]): Pick<Place, "hosts" | "paths"> {
  const specs = releases.map(({ record }) => record.spec);
  const paths = specs.flatMap((spec) => spec.paths ?? []);
  return {
    hosts: [...new Set(specs.flatMap(hostsOf))],
    paths: [...new Map(paths.map((path) => [addressOf(path), path])).values()],
  };
}

function backendsOf({ key, shares, releases }: Place): RouterBackend[] {
  return releases.flatMap((release) => {
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
  });
}

/** Sets what is there, or removes it where it is undefined; returns what undoes it. */
function put<T>(record: Record<string, T>, key: string, value: T | undefined): () => void {
  const before = record[key];
  const write = (wanted: T | undefined) => {
    if (wanted === undefined) delete record[key];
    else record[key] = wanted;
  };
  write(value);
  return () => write(before);
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function heaviestOf(shares: Share[]): string | undefined {
  return shares.toSorted((one, other) => other.weight - one.weight)[0]?.releaseId;
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
