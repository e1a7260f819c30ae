/** One module's upgrade: what it would change, and the delivery that carries it to a pull request. */
import { agentSettings } from "../../domain/agent/agent-settings.ts";
import type { HandOver } from "../../domain/delivery/hand-over.ts";
import type { Campaign, CampaignItem } from "../../domain/fleet/campaign.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { ModuleSpec } from "../../domain/module/module-spec.ts";
import { modelFor } from "../../domain/pipeline/model-for.ts";
import { refuse } from "../../domain/refusal.ts";
import { pipelineEnvironments } from "../../domain/release/pipeline-environments.ts";
import { describeModule } from "../describe-module.ts";
import { lastLanded } from "../last-landed.ts";
import type { System } from "../system.ts";

/** Laid over the target branch as it is now. */
export async function planUpgrade(
  system: System,
  tenantId: string,
  moduleId: string,
): Promise<Pick<CampaignItem, "status" | "files" | "detail">> {
  const { handOver, commit, module } = await present(system, tenantId, moduleId);
  if (module.pipeline === "own") return { status: "unchanged", files: [], detail: "keeps its own pipeline" };
  const { repository, folder, targetBranch } = handOver;
  const tenant = await system.tenants.get(tenantId);
  const environments = pipelineEnvironments(tenant, handOver.environments);
  const model = modelFor({ tenantId, module, folder, targetBranch, environments });
  const policy = agentSettings(tenant, "devops-engineer", { moduleId, editionId: handOver.editionId });
  const plan = await system.planGeneration({ repository, over: commit, model, module, policy });
  const files = plan.files
    .filter(({ status }) => status !== "unchanged" && status !== "own")
    .map(({ path, status }) => ({ path, status }));
  const conflicts = files.filter(({ status }) => status === "conflict").length;
  const touched = files.some(({ status }) => status !== "conflict");
  const detail =
    conflicts === 0 ? "" : `${conflicts} changed by hand on the same lines: the hand-made text stays`;
  return { status: touched ? "touched" : "unchanged", files, detail };
}

/** The same campaign and module again change nothing. */
export async function startUpgrade(system: System, campaign: Campaign, moduleId: string): Promise<void> {
  const { tenantId, campaignId, createdBy } = campaign;
  const { handOver, commit, handedOver, module } = await present(system, tenantId, moduleId);
  const { upgrade } = system.builtInFlows;
  await system.engine.flows.add(upgrade);
  const fact: HandOver = {
    ...handOver,
    source: {
      kind: "git",
      url: system.sourceControl.location(handOver.repository),
      commit,
      tree: handedOver,
    },
    module,
    sponsor: createdBy,
    authority: "rebuild",
    flow: { name: upgrade.name, digest: upgrade.digest },
  };
  const data = fact as unknown as JsonObject;
  const draft = { id: "hand-over", name: "ModuleReady" as const, source: "/engine", data };
  await system.engine.append({ tenantId, traceId: campaignId, moduleId }, [draft], { create: true });
}

interface Present {
  handOver: HandOver;
  /** The target branch's tip. */
  commit: string;
  /** What was handed over last: recorded anew, so that the next hand-over is compared with it and not with our files. */
  handedOver: string;
  module: ModuleSpec;
}

async function present(system: System, tenantId: string, moduleId: string): Promise<Present> {
  const { sourceControl, store } = system;
  const [newest] = await store.list({ tenantId, moduleId, newestOfModule: true, limit: 1 });
  const handOver = newest && (await store.load(newest.subject))?.handOver;
  if (handOver === undefined)
    throw refuse("NotFound", `${moduleId} of ${tenantId} was never handed over.`, "connectsoft status");
  const { repository, folder, targetBranch } = handOver;
  const tip = await sourceControl.tip(repository, targetBranch);
  const tree = tip && (await sourceControl.subtree(repository, tip.commit, folder));
  if (tip === undefined || tree === undefined)
    throw refuse(
      "NotFound",
      `${repository} has no ${folder || "content"} on ${targetBranch} yet; only what has landed is upgraded.`,
      "Deliver the module first.",
    );
  // The version that landed, which may be above the one that the module declares: an upgrade is no new version.
  const landed = await lastLanded(sourceControl, { repository, to: tip.commit, moduleId });
  const version = landed?.version;
  const overrides = version === undefined ? {} : { version };
  const module = await describeModule(system, { place: handOver, moduleId, tree, overrides });
  return { handOver, commit: tip.commit, handedOver: landed?.sourceTree ?? tree, module };
}
