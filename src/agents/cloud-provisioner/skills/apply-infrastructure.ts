/**
 * ApplyInfrastructure: applies the plan that was written, and no other. Where it is not the current one any
 * more nothing is applied, and `InfraFailed` sends the release back to planning.
 */
import { stringify } from "yaml";
import { z } from "zod";
import { digestsSchema } from "../../../domain/event/event-catalogue.ts";
import { refuse } from "../../../domain/refusal.ts";
import { vaultOf } from "../../../domain/vault/place-of-vault.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { NamespaceRequest, ProvisionedNamespace } from "../../../ports/provisioner.ts";
import { begunFreeze } from "../../freeze-evidence.ts";
import { makesIt } from "../makes-it.ts";
import { environmentOf, namespaceRequest, refusalOf } from "../namespace-request.ts";
import type { CloudProvisionerPorts } from "../ports.ts";

const planSchema = z.looseObject({
  digest: z.string(),
  namespace: z.string(),
  changes: z.array(z.looseObject({ action: z.string(), kind: z.string() })),
  request: z.looseObject({ tenantId: z.string(), environment: z.string(), moduleId: z.string() }),
});

export function createApplyInfrastructure(ports: CloudProvisionerPorts): Skill {
  return async function applyInfrastructure(context: AgentContext): Promise<AgentOutcome> {
    const environment = environmentOf(context);
    const held = await heldByFreeze(ports, context, environment);
    if (held !== undefined) return held;
    const plan = await readPlan(context, environment);
    const { digest } = plan;
    try {
      const request = await namespaceRequest(ports, context, environment);
      requireOwn(plan, request);
      const made = await ports.provisioner.apply(request, digest);
      await ports.provisioner.requireNamespace(request, plan.namespace);
      const vault = vaultOf(await ports.tenants.get(request.tenantId), request);
      context.memory.write(
        "env",
        "EnvironmentConfig.yaml",
        stringify(environmentConfig(context, made, { digest, vault })),
      );
      context.memory.write("env", "DNSBindings.yaml", stringify(dnsBindings(context, made)));
      const data = {
        environments: [environment],
        created: makesIt(plan) ? [environment] : [],
        planDigest: digest,
      };
      const emits = [{ name: "InfraProvisioned" as const, data }];
      return { status: "Success", summary: `${made.namespace} is provisioned`, emits };
    } catch (error) {
      const refusal = refusalOf(error);
      const emits = [{ name: "InfraFailed" as const, data: { environment, reasons: [{ ...refusal }] } }];
      if (refusal.code === "PlanChanged") return { status: "Success", summary: refusal.message, emits };
      return { status: "Failed", refusal, retryable: true, emits };
    }
  };
}

/** A freeze that began after the verdict holds what is shared, too: the release is evaluated again. */
async function heldByFreeze(
  ports: CloudProvisionerPorts,
  context: AgentContext,
  environment: string,
): Promise<AgentOutcome | undefined> {
  const { releaseId } = context.invocation;
  const approved = (await context.events("ReleaseApproved")).find(({ data }) => data.releaseId === releaseId);
  if (approved === undefined || releaseId === undefined) return undefined;
  const digests = digestsSchema.parse(approved.data.digests);
  const refusal = await begunFreeze(ports, context, { environment, releaseId, digests });
  if (refusal === undefined) return undefined;
  const version = String(approved.data.version);
  const data = { releaseId, version, environment, reasons: [{ ...refusal }] };
  return { status: "Success", summary: refusal.message, emits: [{ name: "ReleaseDelayed", data }] };
}

async function readPlan(context: AgentContext, environment: string): Promise<z.infer<typeof planSchema>> {
  const text = await context.memory.read("env", "InfrastructurePlan.json");
  if (text !== undefined) return planSchema.parse(JSON.parse(text));
  throw refuse(
    "NotFound",
    `No infrastructure plan was written for ${environment}.`,
    "Plan first: PlanInfrastructure.",
  );
}

/** A plan for another module, environment or tenant is nobody's to apply here. */
function requireOwn({ request, namespace }: z.infer<typeof planSchema>, own: NamespaceRequest): void {
  const same = (["tenantId", "environment", "moduleId"] as const).every((key) => request[key] === own[key]);
  if (same) return;
  throw refuse(
    "InvalidNamespaceAccess",
    `The infrastructure plan is for ${request.moduleId} in ${namespace}, and not for ${own.moduleId} in ${own.environment} of ${own.tenantId}.`,
    "Plan again: connectsoft retry",
  );
}

function environmentConfig(
  context: AgentContext,
  made: ProvisionedNamespace,
  { digest: planDigest, vault: outside }: { digest: string; vault: string | undefined },
) {
  const { tenantId, moduleId, environment } = context.invocation;
  const { resourceGroup, vault, networkPolicy, ...outputs } = made.outputs;
  const [shared] = made.paths;
  return {
    tenantId,
    environment,
    moduleId,
    namespace: made.namespace,
    resourceGroup: resourceGroup ?? null,
    vault: outside ?? vault ?? null,
    storage: made.storage,
    dnsNames: made.hosts,
    sharedHost: shared?.host ?? null,
    paths: made.paths,
    quotas: Object.fromEntries(made.quotas.map(({ quota, ...status }) => [quota, status])),
    networkPolicy: networkPolicy ?? null,
    planDigest,
    variables: made.variables,
    outputs,
  };
}

function dnsBindings(context: AgentContext, made: ProvisionedNamespace) {
  const { moduleId, environment } = context.invocation;
  const record = (host: string) => made.records.find(({ name }) => name === host);
  const bindings = [
    ...made.hosts.map((host) => ({ host, moduleId, ...answeredBy(record(host)) })),
    ...made.paths.map(({ host, path }) => ({ host, path, moduleId, ...answeredBy(record(host)) })),
  ];
  return { environment, namespace: made.namespace, bindings };
}

/** Names below localhost lead to this host by themselves (RFC 6761). */
function answeredBy(record: ProvisionedNamespace["records"][number] | undefined) {
  if (record === undefined) return { answeredBy: "router" };
  const { server, addresses, ttl } = record;
  return { answeredBy: server, addresses, ttl };
}
