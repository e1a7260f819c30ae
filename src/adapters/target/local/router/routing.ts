/** The table as requests need it: a host and a path lead to a place, and a place to the backend whose turn it is. */
import { Backend } from "./backend.ts";
import type { RouterBackend, RouterRoute, RouterTable } from "./router-control.ts";
import { Turns } from "./turns.ts";

interface Place {
  route: RouterRoute;
  backends: Backend[];
  turns: Turns<Backend>;
  standby: Turns<Backend>;
}

export class Routing {
  version = 0;
  private hosts = new Map<string, Place>();
  private prefixes = new Map<string, { path: string; place: Place }[]>();
  private places = new Map<string, Place>();
  private backends = new Map<string, Backend>();
  /** No longer in the table, with something under way. */
  private readonly departed = new Set<Backend>();

  /** Every request from now on goes by this table; those under way go on where they are. */
  apply(table: RouterTable): void {
    const before = this.backends;
    this.version = table.version;
    this.backends = new Map();
    const places = table.routes.map((route) => this.placeOf(route, before));
    this.places = new Map(places.map((place) => [place.route.place, place]));
    this.hosts = new Map(places.flatMap((place) => place.route.hosts.map((host) => [host, place] as const)));
    this.prefixes = prefixesOf(places);
    for (const backend of before.values()) {
      if (this.backends.get(backend.id) !== backend) this.dismiss(backend);
    }
  }

  /** The backend whose turn it is; `unknown` where no place has the host, `waiting` where nothing is to serve there, `down` where nothing is up. */
  find(host: string, target: string, tried: readonly Backend[]): Backend | "unknown" | "waiting" | "down" {
    const place = this.placeFor(host, target);
    if (place === undefined) return "unknown";
    if (place.backends.length === 0) return "waiting";
    return place.turns.next(tried) ?? place.standby.next(tried) ?? "down";
  }

  /** The release that most of a place's traffic is meant for, up or not. */
  heaviest(host: string, target: string): string | undefined {
    const backends = this.placeFor(host, target)?.route.backends ?? [];
    return backends.toSorted((one, other) => other.weight - one.weight)[0]?.release;
  }

  /** Resolves when nothing is under way to these backends, or after the limit: what is left is broken off. */
  async drain(ids: readonly string[], limitMs: number): Promise<void> {
    const all = [...this.backends.values(), ...this.departed].filter(({ id }) => ids.includes(id));
    await Promise.all(all.map((backend) => backend.drain(limitMs)));
  }

  private placeFor(host: string, target: string): Place | undefined {
    const prefixes = this.prefixes.get(host);
    return prefixes?.find(({ path }) => isBelow(path, target))?.place ?? this.hosts.get(host);
  }

  private placeOf(route: RouterRoute, before: Map<string, Backend>): Place {
    const backends = route.backends.map((wanted) => this.keep(wanted, before));
    const up = route.backends.flatMap((wanted, index) => {
      const backend = backends[index];
      return backend !== undefined && wanted.up ? [{ of: backend, weight: wanted.weight }] : [];
    });
    const chances = up.filter(({ weight }) => weight > 0);
    const turns = this.places.get(route.place)?.turns;
    const standby = up.filter(({ weight }) => weight === 0).map(({ of }) => ({ of, weight: 1 }));
    return {
      route,
      backends,
      turns: turns?.sameAs(chances) === true ? turns : new Turns(chances),
      standby: new Turns(standby),
    };
  }

  private keep(wanted: RouterBackend, before: Map<string, Backend>): Backend {
    const known = before.get(wanted.id);
    const backend = known?.isAt(wanted) === true ? known : new Backend(wanted);
    this.backends.set(wanted.id, backend);
    return backend;
  }

  private dismiss(backend: Backend): void {
    this.departed.add(backend);
    void backend.dismiss().then(() => this.departed.delete(backend));
  }
}

/** Longest first. */
function prefixesOf(places: Place[]): Map<string, { path: string; place: Place }[]> {
  const all = places.flatMap((place) => place.route.paths.map(({ host, path }) => ({ host, path, place })));
  const longestFirst = all.toSorted((one, other) => other.path.length - one.path.length);
  return Map.groupBy(longestFirst, ({ host }) => host);
}

/** On whole segments: `/bookings` holds `/bookings`, `/bookings/7` and `/bookings?day=1`, not `/bookingsheet`. */
function isBelow(prefix: string, target: string): boolean {
  if (!target.startsWith(prefix)) return false;
  if (prefix.endsWith("/") || target.length === prefix.length) return true;
  const next = target[prefix.length];
  return next === "/" || next === "?";
}
