/**
 * Gives the place back to what was known good and ends the bad release. It decides by the ledger what shall
 * serve, and by the target what is left to do, so that an attempt that broke off anywhere is gone on with.
 */
import { RefusalError, refuse } from "../../domain/refusal.ts";
import { currentOf, goodWithout } from "../../domain/rollout/deployment-facts.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { LedgerEntry, RecordedSpec } from "../../ports/release-ledger.ts";
import type { RunningRelease, Target } from "../../ports/target.ts";
import type { DeploymentOrchestratorPorts } from "./ports.ts";
import { plannedSpec } from "./recorded-spec.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";
import { revealSpec } from "./release-environment.ts";
import { type StartedAgain, startAsItWas } from "./start-as-it-was.ts";
import { targetOf } from "./target-of.ts";

const defaultVerifyMs = 2_000;

export interface Restoration {
  /** What serves now; null where nothing does, as before. */
  serves: { releaseId: string; version: string } | null;
  /** What is there to be recorded as restored; undefined where the bad release had taken nothing from it. */
  restored: LedgerEntry | undefined;
  /** A release that came after the bad one serves on top of what that one did. */
  overtaken: boolean;
  /** The bad release as it was started. */
  spec: RecordedSpec;
  /** The bad release had some of the traffic. */
  interrupted: boolean;
  /** When the known good release took all of the traffic, or was seen to have it, ISO 8601. */
  servingAt: string;
}

/** `tried` is told each step that is taken, also where this refuses: RollbackImpossible, or what the target refuses. */
export async function restoreKnownGood(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, tried }: { at: ReleaseAtHand; tried: string[] },
): Promise<Restoration> {
  const { releases, settings } = ports;
  const { place, releaseId } = at;
  const facts = await releases.history(place);
  // A deployment that broke off before it recorded anything may have left its process behind.
  const spec =
    facts.findLast((fact) => fact.releaseId === releaseId)?.spec ??
    (await releases.dispatched(place, { releaseId })) ??
    (await plannedSpec(settings, context, place));
  const good = goodWithout(facts, releaseId);
  const target = targetOf(ports, spec);
  const found = await target.list(spec);
  const sharing = found.filter(({ traffic }) => traffic);
  const bad = sharing.find((release) => release.releaseId === releaseId);
  const stranger = sharing.find(
    (release) => ![releaseId, good?.releaseId].includes(release.releaseId) && bad === undefined,
  );
  const step = { ports, context, tried, target };
  const moves = good !== undefined && stranger === undefined && !isWhole(good, sharing);
  const movedAt = moves
    ? await giveBack(step, good, { spec, sharing, runs: isUp(found, releaseId) })
    : undefined;
  await retire(step, spec);
  // What was being tried beside it has lost its share and begins anew, beside what serves now.
  if (moves)
    for (const other of sharing)
      if (![releaseId, good.releaseId].includes(other.releaseId)) await retire(step, { ...spec, ...other });
  await expectRuntime(step, spec, stranger === undefined ? good : undefined);
  // What this very invocation recorded in an earlier attempt says nothing of how it was before.
  const before = facts.filter((fact) => fact.invocationId !== context.invocation.invocationId);
  const lost = currentOf(before)?.releaseId === releaseId || bad !== undefined;
  return {
    serves: named(stranger ?? good),
    overtaken: stranger !== undefined || (good !== undefined && isNewer(good.releaseId, releaseId)),
    restored: stranger === undefined && (lost || moves) ? good : undefined,
    spec,
    interrupted: moves && bad !== undefined,
    servingAt: (movedAt ?? context.now()).toISOString(),
  };
}

interface Step {
  ports: DeploymentOrchestratorPorts;
  context: AgentContext;
  tried: string[];
  /** Where the bad release runs. */
  target: Target;
}

/** The known good release takes all of the traffic; where it is gone, it is started as it was. Returns when. */
async function giveBack(
  step: Step,
  good: LedgerEntry,
  bad: { spec: RecordedSpec; sharing: RunningRelease[]; runs: boolean },
): Promise<Date> {
  const { ports, context, tried } = step;
  const { namespace, moduleId, releaseId } = good.spec;
  const target = targetOf(ports, good.spec);
  const name = `${releaseId} (${good.version})`;
  const say = (line: string) => {
    tried.push(line);
    context.progress(line);
  };
  const expectState = ({ release, redact }: StartedAgain, ...states: RunningRelease["state"][]): void => {
    if (states.includes(release.state)) return;
    const why = redact(release.reason ?? `it is ${release.state}`);
    throw refuse("RollbackImpossible", `${name} cannot take the traffic back: ${why}`);
  };
  const watch = { signal: context.signal, progress: (line: string) => context.progress(line) };
  try {
    // Only one instance of such a module can have the port.
    if (bad.runs && (good.spec.fixedPort ?? bad.spec.fixedPort) !== undefined) await retire(step, bad.spec);
    say(`start ${name} with its own settings`);
    const started = await startAsItWas({ settings: ports.settings, target }, good, watch);
    expectState(started, "ready", "serving");
    say(`move the traffic to ${name}`);
    await target.route({ namespace, moduleId }, [{ releaseId, weight: 100 }]);
    const movedAt = context.now();
    const windowMs = ports.verifyMs ?? defaultVerifyMs;
    say(`watch ${name} under traffic`);
    const release = await target.verify({ namespace, moduleId, releaseId }, { windowMs }, context.signal);
    expectState({ ...started, release }, "serving");
    return movedAt;
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.code !== "Unavailable") await leaveAsItWas(step, bad);
    throw error;
  }
}

/** What served before the attempt, and was healthy, serves again: better than nothing. */
async function leaveAsItWas(
  { ports, context, tried, target }: Step,
  { spec: recorded, sharing }: { spec: RecordedSpec; sharing: RunningRelease[] },
): Promise<void> {
  const healthy = sharing.length > 0 && sharing.every(({ state }) => state === "serving");
  if (!healthy) return;
  const { namespace, moduleId, releaseId } = recorded;
  const shares = sharing.map((one) => ({ releaseId: one.releaseId, weight: one.weight ?? 100 }));
  tried.push(`leave the traffic with ${shares.map((share) => share.releaseId).join(" and ")}`);
  try {
    if (shares.some((share) => share.releaseId === releaseId)) {
      const { tenantId, environment = "" } = context.invocation;
      const { spec } = await revealSpec(ports.settings, { tenantId, environment, moduleId }, recorded);
      await target.start(spec, { signal: context.signal, progress() {} });
    }
    await target.route({ namespace, moduleId }, shares);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    tried.push(`that failed: ${error.refusal.message}`);
  }
}

async function retire(
  { target, tried }: Step,
  {
    namespace,
    moduleId,
    releaseId,
    version,
  }: Pick<RecordedSpec, "namespace" | "moduleId" | "releaseId" | "version">,
) {
  const line = `drain and end ${releaseId} (${version})`;
  if (!tried.includes(line)) tried.push(line);
  await target.retire({ namespace, moduleId, releaseId });
}

/** Looks, and does not believe: what shall serve has all of the traffic, and the bad release is gone. */
async function expectRuntime({ target }: Step, bad: RecordedSpec, good: LedgerEntry | undefined) {
  const found = await target.list(bad);
  if (isUp(found, bad.releaseId))
    throw refuse("RollbackImpossible", `${bad.releaseId} (${bad.version}) still runs after it was ended.`);
  const sharing = found.filter(({ traffic }) => traffic);
  if (good === undefined || isWhole(good, sharing)) return;
  const has = sharing.map((one) => `${one.releaseId} is ${one.state}`).join(", ") || "nothing serves";
  throw refuse(
    "RollbackImpossible",
    `${good.releaseId} (${good.version}) does not serve as it should: ${has}.`,
  );
}

/** All of the traffic, healthy, with every instance that it had. */
function isWhole(good: LedgerEntry, sharing: RunningRelease[]): boolean {
  const [only, ...more] = sharing;
  if (only === undefined || more.length > 0 || only.releaseId !== good.releaseId) return false;
  const up = only.instances?.filter(({ state }) => state === "serving" || state === "ready").length;
  return only.state === "serving" && (up === undefined || up >= (good.spec.replicas ?? 1));
}

function isUp(found: RunningRelease[], releaseId: string): boolean {
  return found.some((release) => release.releaseId === releaseId && release.pid !== undefined);
}

/** Numbers of releases follow each other within a tenant. */
function isNewer(one: string, other: string): boolean {
  return one.localeCompare(other, "en", { numeric: true }) > 0;
}

function named(release: { releaseId: string; version: string } | undefined) {
  return release === undefined ? null : { releaseId: release.releaseId, version: release.version };
}
