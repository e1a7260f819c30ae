/**
 * Reads the digests that an approval binds (2-contracts §10.5) as they are now: the Release Manager shows
 * them to people, and the Deployment Orchestrator reads them again before it applies anything.
 */
import { digestOf } from "../domain/canonical-json.ts";
import type { Digests } from "../domain/event/event-catalogue.ts";
import { refuse } from "../domain/refusal.ts";
import { sponsorsOf } from "../domain/release/authors.ts";
import { type BoundDetails, detailsOf } from "../domain/release/bound-details.ts";
import { policyDigest } from "../domain/release/effective-policy.ts";
import { expedited } from "../domain/release/hotfix.ts";
import type { AgentContext } from "../ports/agent.ts";
import type { SecretReference, Settings } from "../ports/settings.ts";
import type { Tenants } from "../ports/tenants.ts";
import { approvedHotfix } from "./approved-hotfix.ts";
import { type Document, documentOf } from "./document.ts";
import { policyOfDelivery } from "./policy-of-delivery.ts";

export interface BoundReaderPorts {
  settings: Pick<Settings, "listConfig" | "listSecrets">;
  tenants: Pick<Tenants, "get">;
}

export interface Bound {
  digests: Digests;
  details: BoundDetails;
}

export function createDigestReader(ports: BoundReaderPorts) {
  const readBound = createBoundReader(ports);
  return async (...args: Parameters<typeof readBound>): Promise<Digests> =>
    (await readBound(...args)).digests;
}

export function createBoundReader(ports: BoundReaderPorts) {
  /** `settings`: what was read of the place already. */
  return async function readBound(
    context: AgentContext,
    settings?: { configuration: Record<string, string>; secrets: SecretReference[] },
  ): Promise<Bound> {
    const { invocation, handOver } = context;
    const { tenantId, moduleId, environment } = invocation;
    if (environment === undefined)
      throw refuse(
        "InputInvalid",
        "Digests belong to an environment and none was given.",
        "Invoke the agent in an environment's flow.",
      );
    const scope = { tenantId, environment, moduleId };
    const built = await newest(context, "ArtifactBuilt");
    const merged = (await context.events("PullRequestMerged"))[0]?.data ?? built;
    const [rollout, infrastructure, configuration, secrets, tenant, hotfix] = await Promise.all([
      plan(context, "deployments", "RolloutPlan.yaml"),
      plan(context, "env", "InfrastructurePlan.json"),
      settings?.configuration ?? ports.settings.listConfig(scope),
      settings?.secrets ?? ports.settings.listSecrets(scope),
      ports.tenants.get(tenantId),
      approvedHotfix(context, environment),
    ]);
    const usual = policyOfDelivery(tenant, context, environment);
    const policy = expedited(usual, hotfix, sponsorsOf(handOver));
    const secretVersions = Object.fromEntries(secrets.map(({ name, versionId }) => [name, versionId]));
    const digests = {
      commit: String(merged.commit),
      tree: String(built.tree),
      artifact: String(built.artifact),
      ...(typeof built.image === "string" && { image: built.image }),
      rolloutPlan: rollout.digest,
      infrastructurePlan: infrastructure.digest,
      configuration: digestOf(configuration),
      secretVersions: digestOf(secretVersions),
      policy: policyDigest(policy),
    };
    const parts = { rolloutPlan: rollout.value, infrastructurePlan: infrastructure.value };
    return { digests, details: detailsOf({ ...parts, configuration, secretVersions, policy }) };
  };
}

async function newest(context: AgentContext, name: "ArtifactBuilt") {
  const [event] = await context.events(name);
  if (event === undefined)
    throw refuse(
      "UnsignedArtifact",
      `No artifact was built for ${context.invocation.moduleId} yet.`,
      "Rebuild the pipeline: connectsoft rebuild",
    );
  return event.data;
}

async function plan(context: AgentContext, kind: "deployments" | "env", name: string): Promise<Document> {
  const text = await context.memory.read(kind, name);
  if (text === undefined)
    throw refuse(
      "PlanChanged",
      `${name} of ${context.invocation.environment} is not written yet.`,
      "Plan again: connectsoft retry",
    );
  return documentOf(text);
}
