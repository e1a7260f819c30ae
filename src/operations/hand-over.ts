/**
 * Hands a module over: its bytes are stored first, then the delivery begins with one event. Asked again with
 * the same trace and the same bytes, it finds the delivery that is there.
 */
import { basename } from "node:path";
import { z } from "zod";
import { inferModule, type ModuleOverrides } from "../domain/module/infer-module.ts";
import { regulatedBy } from "../domain/policy/compliance-mode.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, slug, traceSlug } from "../domain/scope.ts";
import { isDescribing } from "../domain/stack/stacks.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import { beginDelivery } from "./begin-delivery.ts";
import { describeModule } from "./describe-module.ts";
import { mintTrace } from "./mint-trace.ts";
import { type ModulePlace, modulePlace } from "./module-place.ts";
import { permit } from "./permit.ts";
import { promotionPath } from "./promotion-path.ts";
import { refuseCycle } from "./release-plan/refuse-cycle.ts";
import { permitBranch, permitSource } from "./repository-rights.ts";
import { sponsorOf } from "./sponsors/sponsor-of.ts";
import { folderOf, nameOfAddress, storeSource } from "./store-source.ts";
import type { Caller, System } from "./system.ts";

const subFolder = z.string().max(4_096).optional();

/** What is wrong with a name, a trace or an environment is said by the use case, which knows what there is. */
export const handOverInput = z.object({
  source: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("folder"), path: z.string().min(1).max(4_096), folder: subFolder }),
    z.object({
      kind: z.literal("git"),
      url: z.string().min(1).max(2_048),
      ref: z.string().max(256).optional(),
      /** Folder of the repository that is the module. */
      folder: subFolder,
    }),
  ]),
  traceId: z.string().max(200).optional(),
  moduleId: z.string().max(200).optional(),
  /** A part of the tenant's promotion path, in its order; absent: all of it. */
  environments: z.array(z.string().max(100)).max(50).optional(),
  start: z.string().max(1_000).optional(),
  version: z.string().max(100).optional(),
  editionId: z.string().max(100).optional(),
  complianceMode: z.boolean().optional(),
  /** The service runs already, with a pipeline of its own: it is taken as it is and nothing is generated. */
  adopt: z.boolean().optional(),
  /** The side that settles what the branch and the hand-over changed each in its own way. */
  take: z.enum(["handed-over", "branch"]).optional(),
});
export type HandOverInput = z.input<typeof handOverInput>;

export async function handOver(
  system: System,
  caller: Caller,
  input: HandOverInput,
): Promise<{ subject: Subject; created: boolean }> {
  const { tenantId } = caller;
  const tenant = await system.tenants.get(tenantId);
  const environments = promotionPath(tenant, input.environments);
  await permitPath(system, caller, environments);
  const sponsor = await sponsorOf(system, caller);
  // All that was said is checked before anything is stored.
  const namedTrace = input.traceId === undefined ? undefined : named("traceId", traceSlug, input.traceId);
  const moduleId = await nameModule(system, input);
  const place = modulePlace(tenant, moduleId);
  await permitSource(system, caller, input.source);
  await permitBranch(system, caller, { ...place, action: "hand-over", branch: place.targetBranch });
  const source = await storeSource(system, place.repository, input.source);
  const { adopt, take } = input;
  const overrides = overridesOf(input);
  const module = await describeModule(system, { place, moduleId, tree: source.tree, overrides, adopt });
  const traceId = namedTrace ?? (await mintTrace(system, tenantId));
  const subject: Subject = { tenantId, traceId, moduleId };
  const draft = {
    ...place,
    sponsor,
    source,
    module,
    environments,
    complianceMode:
      regulatedBy(tenant, subject) !== undefined || input.complianceMode === true || module.complianceMode,
    ...(travelsTogether(tenant, place) && { sharedBranch: true }),
    ...(adopt === true && { adopted: true }),
    ...(take !== undefined && { take }),
    ...(module.editionId !== undefined && { editionId: module.editionId }),
  };
  await refuseCycle(system, subject, module.dependsOn ?? []);
  const created = await beginDelivery(system, caller, { subject, draft });
  return { subject, created };
}

/** A token that is good in some environments hands over to those alone. */
async function permitPath(system: System, caller: Caller, environments: string[]): Promise<void> {
  if (caller.limits?.environments === undefined) return;
  for (const environment of environments) await permit(system, caller, { action: "hand-over", environment });
}

/** Modules of one trace in one repository share a pull request where the tenant wants one for all. */
function travelsTogether({ pullRequests }: Tenant, { folder }: ModulePlace): boolean {
  return pullRequests.oneFor === "trace" && folder !== "";
}

async function nameModule({ sourceControl }: System, input: HandOverInput): Promise<string> {
  const { moduleId, source } = input;
  if (moduleId !== undefined) return named("moduleId", slug, moduleId);
  if (source.kind === "git") return named("moduleId", slug, nameOfAddress(source));
  const folder = folderOf(source);
  const seen = await sourceControl.peekFolder(folder, isDescribing);
  return inferModule({ ...seen, folderName: basename(folder), overrides: overridesOf(input) }).id;
}

function overridesOf(input: HandOverInput): ModuleOverrides {
  return {
    ...(input.moduleId !== undefined && { id: input.moduleId }),
    ...(input.start !== undefined && { start: input.start }),
    ...(input.version !== undefined && { version: input.version }),
    ...(input.editionId !== undefined && { editionId: input.editionId }),
    ...(input.complianceMode !== undefined && { complianceMode: input.complianceMode }),
  };
}

function named(field: string, form: typeof slug, value: string): string {
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(
    "InputInvalid",
    `${field}: ${JSON.stringify(value)}: ${parsed.error.issues[0]?.message}.`,
    `Give a ${field} of that form.`,
  );
}
