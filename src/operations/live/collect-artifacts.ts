/**
 * Which release directories of this host somebody may still need: what serves or served last at each place, what a
 * rollback could go back to, and what a delivery that is on its way was built as. All others are removed.
 */
import type { DeliverySummary } from "../../ports/engine-store.ts";
import type { LedgerEntry, Place } from "../../ports/release-ledger.ts";
import type { System } from "../system.ts";

/** Nothing is on its way in these; any other state, also of another flow, keeps its artifact. */
const settled = new Set(["published", "upgraded", "live", "replaced", "rolled_back"]);
const anHourMs = 60 * 60 * 1000;
const atATime = 200;

export interface Kept {
  /** Digests. */
  removed: string[];
  kept: number;
}

export async function collectArtifacts(system: System): Promise<Kept> {
  return await system.artifacts.collect(await neededArtifacts(system), { olderThanMs: anHourMs });
}

export async function neededArtifacts(system: System): Promise<ReadonlySet<string>> {
  const [placed, built] = await Promise.all([placedArtifacts(system), builtArtifacts(system)]);
  return new Set([...placed, ...built]);
}

async function placedArtifacts(system: System): Promise<string[]> {
  const needed: string[] = [];
  for (const place of await system.ledger.places())
    needed.push(...(await neededAt(system, place)).map(({ artifact }) => artifact));
  return needed;
}

/** What serves or served last at a place, and what a rollback could go back to. */
export async function neededAt({ ledger, tenants }: System, place: Place): Promise<LedgerEntry[]> {
  const { keep } = await tenants.get(place.tenantId);
  const facts = await ledger.history(place);
  const good = facts.filter(({ outcome }) => outcome === "Deployed" || outcome === "Restored");
  const current = await ledger.current(place);
  const before = current === undefined ? undefined : await ledger.lastKnownGood(place, current.releaseId);
  // Failures do not push out what a rollback goes back to.
  return [
    ...newest(facts, keep.releases),
    ...newest(good, keep.releases),
    ...[current, before].filter((entry) => entry !== undefined),
  ];
}

function newest(facts: readonly LedgerEntry[], count: number): LedgerEntry[] {
  const releases = new Map<string, LedgerEntry>();
  for (const fact of facts.toReversed()) if (releases.size < count) releases.set(fact.releaseId, fact);
  return [...releases.values()];
}

async function builtArtifacts({ store, board }: System): Promise<string[]> {
  const [all, newestOfEach] = await Promise.all([
    store.list({ phase: "open", limit: 1_000_000 }),
    store.list({ newestOfModule: true, limit: 1_000_000 }),
  ]);
  const concerned = [...all.filter(isOnItsWay), ...newestOfEach];
  const built: string[] = [];
  // One question after the other: there may be thousands, and people ask meanwhile.
  for (let at = 0; at < concerned.length; at += atATime) {
    const asked = concerned.slice(at, at + atATime);
    const chains = await board.events(asked.map(({ subject }) => ({ subject, names: ["ArtifactBuilt"] })));
    for (const { data } of [...chains.values()].flat()) built.push(String(data.artifact));
  }
  return built;
}

function isOnItsWay({ active }: DeliverySummary): boolean {
  return Object.values(active)
    .flat()
    .some((state) => !settled.has(state));
}
