/**
 * ProvisionAhead: makes the environments of the path whose policy asks nobody, while code goes to its pull
 * request. An environment that is there is left alone; a repeated attempt goes on with what is missing.
 */
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { InfrastructurePlan } from "../../../ports/provisioner.ts";
import { makesIt } from "../makes-it.ts";
import { namespaceRequest, refusalOf } from "../namespace-request.ts";
import type { CloudProvisionerPorts } from "../ports.ts";

export function createProvisionAhead(ports: CloudProvisionerPorts): Skill {
  return async function provisionAhead(context: AgentContext): Promise<AgentOutcome> {
    const environments: string[] = [];
    const created: string[] = [];
    for (const environment of context.handOver.environments) {
      const policy = await ports.policyOf(context, environment);
      if (policy.requiresApproval) continue;
      try {
        const plan = await provision(ports, context, environment);
        if (plan === undefined) continue;
        environments.push(environment);
        if (makesIt(plan)) created.push(environment);
      } catch (error) {
        const refusal = refusalOf(error);
        const emits = [{ name: "InfraFailed" as const, data: { environment, reasons: [{ ...refusal }] } }];
        return { status: "Failed", refusal, retryable: true, emits };
      }
    }
    const summary =
      environments.length === 0 ? "nothing to provision ahead" : `provisioned ${environments.join(", ")}`;
    return {
      status: "Success",
      summary,
      emits: [{ name: "InfraProvisioned", data: { environments, created } }],
    };
  };
}

/** What was applied; undefined where nothing was to be, or a person has to make something first. */
async function provision(
  ports: CloudProvisionerPorts,
  context: AgentContext,
  environment: string,
): Promise<InfrastructurePlan | undefined> {
  const { provisioner } = ports;
  const request = await namespaceRequest(ports, context, environment);
  const [wanting] = await provisioner.wanting(request);
  if (wanting !== undefined) {
    // It is waited for where its release is planned; the pull request need not wait.
    context.progress(`${wanting.message} ${wanting.next}`);
    return undefined;
  }
  const plan = await provisioner.plan(request);
  if (plan.changes.length === 0) return undefined;
  await provisioner.apply(request, plan.digest);
  context.progress(`namespace ${plan.namespace} is there`);
  return plan;
}
