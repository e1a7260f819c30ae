/**
 * Who fills which seat: a maximum flow from seats by roles to people, so that a quorum that can be met is found
 * however the votes came in. A person fills one seat; with `distinctRoles` a role is used once.
 */
import type { Role } from "../tenant/role.ts";
import type { Seat } from "./approval-policy.ts";

export interface Candidate {
  /** Whose authority it is: two votes on one authority are one candidate. */
  id: string;
  roles: readonly Role[];
  /** Whether a seat that is theirs by name is filled by it: not by a role that they delegated. */
  inPerson: boolean;
}

export interface Filled {
  seat: number;
  candidate: string;
  /** Absent where the seat is the person's by name. */
  role?: Role;
}

/** As many seats as can be filled at once; earlier candidates are taken before later ones where it makes no difference. */
export function matchSeats(
  seats: readonly Seat[],
  candidates: readonly Candidate[],
  { distinctRoles = false }: { distinctRoles?: boolean } = {},
): Filled[] {
  const network = new Network();
  for (const { id, roles } of candidates) {
    network.join(`person ${id}`, "people", 1);
    network.join("people", "end", Number.POSITIVE_INFINITY);
    for (const role of roles) network.join(`used ${role}`, `person ${id}`, 1);
  }
  seats.forEach((seat, index) => {
    network.join("start", `seat ${index}`, 1);
    if ("person" in seat) {
      if (candidates.some(({ id, inPerson }) => inPerson && id === seat.person))
        network.join(`seat ${index}`, `person ${seat.person}`, 1);
    } else
      for (const role of seat.roles) {
        network.join(`seat ${index}`, `role ${role}`, 1);
        network.join(`role ${role}`, `used ${role}`, distinctRoles ? 1 : Number.POSITIVE_INFINITY);
      }
  });
  while (network.augment("start", "end", new Set()));
  return seats.flatMap((_seat, index) => follow(network, index));
}

/** The way that the flow takes from a seat to a person; it is used up, so that another seat finds another. */
function follow(network: Network, seat: number): Filled[] {
  const first = network.take(`seat ${seat}`);
  if (first === undefined) return [];
  if (first.startsWith("person ")) return [{ seat, candidate: first.slice("person ".length) }];
  const role = first.slice("role ".length) as Role;
  network.take(first);
  const person = network.take(`used ${role}`);
  return person === undefined ? [] : [{ seat, candidate: person.slice("person ".length), role }];
}

/** Capacities that are left, both ways, and what flows (Ford and Fulkerson). */
class Network {
  private readonly left = new Map<string, Map<string, number>>();
  private readonly flow = new Map<string, Map<string, number>>();

  /** The same edge again changes nothing. */
  join(from: string, to: string, capacity: number): void {
    if (this.edges(this.flow, from).has(to)) return;
    this.edges(this.left, from).set(to, capacity);
    this.edges(this.flow, from).set(to, 0);
    const back = this.edges(this.left, to);
    if (!back.has(from)) back.set(from, 0);
  }

  augment(at: string, end: string, seen: Set<string>): boolean {
    if (at === end) return true;
    seen.add(at);
    for (const [to, capacity] of this.edges(this.left, at)) {
      if (capacity <= 0 || seen.has(to) || !this.augment(to, end, seen)) continue;
      this.push(at, to);
      return true;
    }
    return false;
  }

  /** One unit of what flows out of `from`, taken away. */
  take(from: string): string | undefined {
    const out = this.edges(this.flow, from);
    const found = [...out].find(([, units]) => units > 0);
    if (found === undefined) return undefined;
    out.set(found[0], found[1] - 1);
    return found[0];
  }

  private push(from: string, to: string): void {
    this.add(this.left, from, to, -1);
    this.add(this.left, to, from, 1);
    // Against an edge: what flowed there is taken back.
    if (this.edges(this.flow, from).has(to)) this.add(this.flow, from, to, 1);
    else this.add(this.flow, to, from, -1);
  }

  private add(of: Map<string, Map<string, number>>, from: string, to: string, units: number): void {
    const edges = this.edges(of, from);
    edges.set(to, (edges.get(to) ?? 0) + units);
  }

  private edges(of: Map<string, Map<string, number>>, from: string): Map<string, number> {
    let edges = of.get(from);
    if (edges === undefined) {
      edges = new Map();
      of.set(from, edges);
    }
    return edges;
  }
}
