/**
 * ApplyInfrastructure: applies the plan that was written, and no other. Where it is not the current one any
 * more nothing is applied, and `InfraFailed` sends the release back to planning.
 */
import { stringify } from "yaml";
import { z } from "zod";
import { refuse } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { ProvisionedNamespace } from "../../../ports/provisioner.ts";
import { environmentOf, namespaceRequest, refusalOf } from "../namespace-request.ts";
import type { CloudProvisionerPorts } from "../ports.ts";

const planSchema = z.looseObject({ digest: z.string(), namespace: z.string() });

export function createApplyInfrastructure({ provisioner }: CloudProvisionerPorts): Skill {
  return async function applyInfrastructure(context: AgentContext): Promise<AgentOutcome> {
    const environment = environmentOf(context);
    const { digest } = await readPlan(context, environment);
    try {
      const made = await provisioner.apply(namespaceRequest(context, environment), digest);
      context.memory.write(
        "env",
        "EnvironmentConfig.yaml",
        stringify(environmentConfig(context, made, digest)),
      );
      context.memory.write("env", "DNSBindings.yaml", stringify(dnsBindings(context, made)));
      const emits = [
        { name: "InfraProvisioned" as const, data: { environments: [environment], planDigest: digest } },
      ];
      return { status: "Success", summary: `${made.namespace} is provisioned`, emits };
    } catch (error) {
      const refusal = refusalOf(error);
      const emits = [{ name: "InfraFailed" as const, data: { environment, reasons: [{ ...refusal }] } }];
      if (refusal.code === "PlanChanged") return { status: "Success", summary: refusal.message, emits };
      return { status: "Failed", refusal, retryable: true, emits };
    }
  };
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

function environmentConfig(context: AgentContext, made: ProvisionedNamespace, planDigest: string) {
  const { tenantId, moduleId, environment } = context.invocation;
  const { resourceGroup, vault, networkPolicy, ...outputs } = made.outputs;
  return {
    tenantId,
    environment,
    moduleId,
    namespace: made.namespace,
    resourceGroup: resourceGroup ?? null,
    vault: vault ?? null,
    storage: made.storage,
    dnsNames: made.hosts,
    // Processes of one host share its resources; there is nothing that we would enforce.
    quotas: {},
    networkPolicy: networkPolicy ?? null,
    planDigest,
    outputs,
  };
}

function dnsBindings(context: AgentContext, made: ProvisionedNamespace) {
  const { moduleId, environment } = context.invocation;
  return { environment, namespace: made.namespace, bindings: made.hosts.map((host) => ({ host, moduleId })) };
}
