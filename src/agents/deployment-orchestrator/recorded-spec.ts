/** Makes the release that will be applied out of what was approved: the rollout plan, the namespace and the settings. */
import { parse } from "yaml";
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { releaseVariables } from "../../domain/rollout/release-variables.ts";
import { type RolloutPlan, rolloutPlanSchema } from "../../domain/rollout/rollout-plan.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { Place, RecordedSpec } from "../../ports/release-ledger.ts";
import type { SecretReference, Settings } from "../../ports/settings.ts";
import type { ReadSettings } from "./ports.ts";
import { readSettings } from "./release-environment.ts";

const environmentConfigSchema = z.looseObject({
  environment: z.string(),
  namespace: z.string(),
  storage: z.string(),
  dnsNames: z.array(z.string()),
  /** On the host that the environment's modules share. */
  paths: z.array(z.object({ host: z.string(), path: z.string() })).default([]),
  /** What the module finds its resources by. */
  variables: z.record(z.string(), z.string()).default({}),
});
type EnvironmentConfig = z.infer<typeof environmentConfigSchema>;

export async function readRolloutPlan(context: AgentContext): Promise<RolloutPlan> {
  const text = await context.memory.read("deployments", "RolloutPlan.yaml");
  const plan = text === undefined ? undefined : rolloutPlanSchema.safeParse(parse(text));
  if (plan?.success === true) return plan.data;
  if (plan !== undefined)
    throw refuse(
      "DigestMismatch",
      `RolloutPlan.yaml is not what was approved: ${plan.error.issues[0]?.path.join(".")}: ${plan.error.issues[0]?.message}.`,
      "Plan again: connectsoft retry <trace> --from planning_rollout",
    );
  throw refuse("NotFound", "No rollout plan was written for this release.", "Plan first: PlanRollout.");
}

async function readEnvironmentConfig(context: AgentContext): Promise<EnvironmentConfig> {
  const { environment } = context.invocation;
  const text = await context.memory.read("env", "EnvironmentConfig.yaml");
  const config = text === undefined ? undefined : environmentConfigSchema.parse(parse(text));
  if (config?.environment === environment && config !== undefined) return config;
  throw refuse(
    "NotFound",
    `${environment} is not provisioned for this module.`,
    "Provision it: connectsoft provision",
  );
}

/** What would be started now: the written plan, with the settings as they are, or as they were read. */
export async function plannedSpec(
  settings: Settings,
  context: AgentContext,
  place: Place,
  read?: ReadSettings,
): Promise<RecordedSpec> {
  const [plan, config, values, built] = await Promise.all([
    readRolloutPlan(context),
    readEnvironmentConfig(context),
    read ?? readSettings(settings, place),
    builtImage(context),
  ]);
  return { ...recordedSpec(context, { plan, config, ...values }), ...built };
}

/** Where the artifact is an image: which, and what its registry gets beside it. */
async function builtImage(
  context: AgentContext,
): Promise<Pick<RecordedSpec, "imageDigest" | "imageSignature">> {
  const imageDigest = (await context.events("ArtifactBuilt"))[0]?.data.image;
  if (typeof imageDigest !== "string") return {};
  const imageSignature = await context.memory.read("supply-chain", "ImageSignature.json");
  return { imageDigest, ...(imageSignature !== undefined && { imageSignature }) };
}

function recordedSpec(
  context: AgentContext,
  parts: {
    plan: RolloutPlan;
    config: EnvironmentConfig;
    configuration: Record<string, string>;
    secrets: SecretReference[];
  },
): RecordedSpec {
  const { plan, config } = parts;
  const { limits, protocol, fixedPort, containerPort, terminationGraceMs, image, engine, registry } = plan;
  return {
    target: plan.target,
    namespace: config.namespace,
    moduleId: plan.moduleId,
    releaseId: plan.releaseId,
    version: plan.version,
    artifact: plan.artifact,
    start: plan.start,
    portVariable: plan.portVariable,
    probes: plan.probes,
    hosts: config.dnsNames,
    ...(config.paths.length > 0 && { paths: config.paths }),
    ...(protocol !== undefined && { protocol }),
    startupTimeoutMs: plan.timeouts.startupMs,
    replicas: plan.replicas,
    ...(limits !== undefined && { limits }),
    ...(fixedPort !== undefined && { fixedPort }),
    ...(containerPort !== undefined && { containerPort }),
    ...(terminationGraceMs !== undefined && { terminationGraceMs }),
    ...(image !== undefined && { image }),
    ...(engine !== undefined && { engine }),
    ...(registry !== undefined && { registry }),
    configuration: {
      ...plan.variables,
      ...config.variables,
      ...parts.configuration,
      ...releaseVariables({ ...plan, storage: config.storage, traceId: context.invocation.traceId }),
    },
    secrets: parts.secrets,
    ...(plan.secretsAs === "file" && { secretFiles: parts.secrets.map(({ name }) => name) }),
  };
}
