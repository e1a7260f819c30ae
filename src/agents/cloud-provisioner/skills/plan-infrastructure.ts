/**
 * PlanInfrastructure: writes what would change before anybody approves it. The document holds nothing that
 * differs from one planning to the next, because its digest is what an approval binds.
 */
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import { environmentOf, namespaceRequest } from "../namespace-request.ts";
import type { CloudProvisionerPorts } from "../ports.ts";

export function createPlanInfrastructure({ provisioner }: CloudProvisionerPorts): Skill {
  return async function planInfrastructure(context: AgentContext): Promise<AgentOutcome> {
    const environment = environmentOf(context);
    const request = namespaceRequest(context, environment);
    const plan = await provisioner.plan(request);
    const document = { provisioner: provisioner.name, ...plan, request };
    context.memory.write("env", "InfrastructurePlan.json", `${JSON.stringify(document, null, 2)}\n`);
    const changes = plan.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
    for (const change of changes) context.progress(change);
    const summary =
      changes.length === 0 ? `${plan.namespace} is as it should be` : `${changes.length} changes planned`;
    return { status: "Success", summary, emits: [] };
  };
}
