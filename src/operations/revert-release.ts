/**
 * Takes a released change back as a delivery of its own: its commit is the reverse of what was handed
 * over, laid over what came after it, and travels by pull request, gates and approvals like any other.
 */
import semver from "semver";
import { z } from "zod";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { HandOver } from "../domain/delivery/hand-over.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, slug } from "../domain/scope.ts";
import { beginDelivery } from "./begin-delivery.ts";
import { describeModule } from "./describe-module.ts";
import { findDelivery, findVersion } from "./find-delivery.ts";
import { findLanded, type Landed } from "./find-landed.ts";
import { mintTrace } from "./mint-trace.ts";
import { promotionPath } from "./promotion-path.ts";
import { sponsorOf } from "./sponsors/sponsor-of.ts";
import type { Caller, System } from "./system.ts";

export const revertReleaseInput = z.object({
  /** Trace that brought the change, or its version. */
  release: z.string().min(1).max(200),
  moduleId: slug.optional(),
});

export interface Reverted {
  /** The delivery that takes it back. */
  subject: Subject;
  takesBack: { traceId: string; version: string; commit: string };
}

export async function revertRelease(
  system: System,
  caller: Caller,
  input: z.output<typeof revertReleaseInput>,
): Promise<Reverted> {
  const record = await findReleased(system, caller, input);
  return await revertDelivery(system, caller, { record, traceId: await mintTrace(system, caller.tenantId) });
}

interface Reverting {
  record: DeliveryRecord;
  traceId: string;
  to?: DeliveryRecord;
  /** What the caller did that has it taken back, where they do not hand it over themselves. */
  authority?: "rollback";
}

/**
 * Begins the delivery that takes another one back, under this trace. It goes back to what `to` brought, and with
 * it over all that came in between; where that is absent, to what was handed over before.
 */
export async function revertDelivery(
  system: System,
  caller: Caller,
  { record, traceId, to, authority }: Reverting,
): Promise<Reverted> {
  const { subject, handOver } = record;
  if (handOver === undefined) throw new Error(`${subject.traceId} has no hand-over`);
  const landed = {
    ...(await findLanded(system, subject, handOver)),
    ...(to?.handOver !== undefined && { treeBefore: to.handOver.source.tree }),
  };
  const { version } = handOver.module;
  const sponsor = await sponsorOf(system, caller, authority);
  const tenant = await system.tenants.get(caller.tenantId);
  const environments = promotionPath(tenant, handOver.environments);
  const { repository, folder, targetBranch } = handOver;
  const tree = await withoutIt(system, handOver, landed);
  const { moduleId } = subject;
  const place = { repository, folder, targetBranch };
  const described = await describeModule(system, { place, moduleId, tree, overrides: {} });
  const reverting = { tenantId: caller.tenantId, traceId, moduleId };
  await beginDelivery(system, caller, {
    subject: reverting,
    draft: {
      ...place,
      sponsor,
      ...(authority !== undefined && { authority }),
      source: {
        kind: "git",
        url: system.sourceControl.location(repository),
        commit: landed.before,
        tree: landed.treeBefore,
      },
      module: { ...described, pipeline: handOver.module.pipeline },
      environments,
      complianceMode: handOver.complianceMode,
      reverts: { version, traceId: subject.traceId, commit: landed.commit, tree: handOver.source.tree },
      ...(handOver.editionId !== undefined && { editionId: handOver.editionId }),
    },
  });
  return { subject: reverting, takesBack: { traceId: subject.traceId, version, commit: landed.commit } };
}

async function findReleased(
  system: System,
  caller: Caller,
  { release, moduleId }: z.output<typeof revertReleaseInput>,
): Promise<DeliveryRecord> {
  const module = moduleId === undefined ? {} : { moduleId };
  if (semver.valid(release) !== null)
    return await findVersion(system, caller, { version: release, ...module });
  const { tenantId } = caller;
  const [first, second] = await system.store.list({ tenantId, traceId: release, ...module });
  if (second !== undefined)
    throw refuse(
      "InputInvalid",
      `${release} has several modules.`,
      `Name one: --module ${first?.subject.moduleId}`,
    );
  return await findDelivery(
    system,
    caller,
    first?.subject ?? { tenantId, traceId: release, moduleId: moduleId ?? "" },
  );
}

/** The module as it will be, refused where what it changed was changed again since. */
async function withoutIt(
  { sourceControl }: System,
  { repository, folder, targetBranch, source }: HandOver,
  { treeBefore }: Landed,
): Promise<string> {
  const tip = await sourceControl.tip(repository, targetBranch);
  const ours = (tip && (await sourceControl.subtree(repository, tip.commit, folder))) ?? source.tree;
  const result = await sourceControl.combine({ repository, base: source.tree, ours, theirs: treeBefore });
  if (result.status === "combined") return result.tree;
  // The commit keeps every section of the changelog.
  const files = result.files.map(({ path }) => path).filter((path) => path !== "CHANGELOG.md");
  if (files.length === 0) return ours;
  throw refuse(
    "BranchPolicy",
    `It cannot be taken back as it is: what it changed in ${files.join(", ")} was changed again since on ${targetBranch}.`,
    "Hand over a corrected version: connectsoft deliver <folder>",
  );
}
