/**
 * ProvisionAhead: makes the environments of the path whose policy asks nobody, while code goes to its pull
 * request. An environment that is there is left alone; a repeated attempt goes on with what is missing.
 */
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import { namespaceRequest, refusalOf } from "../namespace-request.ts";
import type { CloudProvisionerPorts } from "../ports.ts";

export function createProvisionAhead(ports: CloudProvisionerPorts): Skill {
  return async function provisionAhead(context: AgentContext): Promise<AgentOutcome> {
    const environments: string[] = [];
    for (const environment of context.handOver.environments) {
      const policy = await ports.policyOf(context, environment);
      if (policy.requiresApproval) continue;
      try {
        if (await provision(ports, context, environment)) environments.push(environment);
      } catch (error) {
        const refusal = refusalOf(error);
        const emits = [{ name: "InfraFailed" as const, data: { environment, reasons: [{ ...refusal }] } }];
        return { status: "Failed", refusal, retryable: true, emits };
      }
    }
    const summary =
      environments.length === 0 ? "nothing to provision ahead" : `provisioned ${environments.join(", ")}`;
    return { status: "Success", summary, emits: [{ name: "InfraProvisioned", data: { environments } }] };
  };
}

async function provision(
  ports: CloudProvisionerPorts,
  context: AgentContext,
  environment: string,
): Promise<boolean> {
  const { provisioner } = ports;
  const request = await namespaceRequest(ports, context, environment);
  const [wanting] = await provisioner.wanting(request);
  if (wanting !== undefined) {
    // It is waited for where its release is planned; the pull request need not wait.
    context.progress(`${wanting.message} ${wanting.next}`);
    return false;
  }
  const plan = await provisioner.plan(request);
  if (plan.changes.length === 0) return false;
  await provisioner.apply(request, plan.digest);
  context.progress(`namespace ${plan.namespace} is there`);
  return true;
}
