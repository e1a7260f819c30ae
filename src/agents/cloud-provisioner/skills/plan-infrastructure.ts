/**
 * PlanInfrastructure: writes what would change before anybody approves it. The document holds nothing that
 * differs from one planning to the next, because its digest is what an approval binds. Where a person must make
 * something first, it waits and says what, and who.
 */
import { digestOf } from "../../../domain/canonical-json.ts";
import { missingSettings } from "../../../domain/environment/missing-settings.ts";
import { plainJson } from "../../../domain/json.ts";
import { vaultOf } from "../../../domain/vault/place-of-vault.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { NamespaceRequest, Want } from "../../../ports/provisioner.ts";
import { writeVouching } from "../../vouched-for.ts";
import { environmentOf, namespaceRequest } from "../namespace-request.ts";
import type { CloudProvisionerPorts } from "../ports.ts";

/** What is set or freed without a word to us is noticed within this time. */
const lookAgainMs = 60_000;

export function createPlanInfrastructure(ports: CloudProvisionerPorts): Skill {
  return async function planInfrastructure(context: AgentContext): Promise<AgentOutcome> {
    const { provisioner } = ports;
    const environment = environmentOf(context);
    const request = await namespaceRequest(ports, context, environment);
    const wanting = await provisioner.wanting(request);
    if (wanting.length > 0) return waitFor(context, wanting);
    const plan = await provisioner.plan(request);
    const document = { provisioner: provisioner.name, ...plan, request };
    context.memory.write("env", "InfrastructurePlan.json", `${JSON.stringify(document, null, 2)}\n`);
    await writeVouching(ports.signer, context, {
      kind: "plan",
      digests: { "InfrastructurePlan.json": digestOf(plainJson(document)) },
    });
    const changes = plan.changes.map(
      ({ action, kind, name, detail }) =>
        `${action} ${kind} ${name}${detail === undefined ? "" : ` (${detail})`}`,
    );
    for (const change of changes) context.progress(change);
    const missing = await settingsToCome(ports, request);
    for (const { message, next } of missing) context.progress(`SecretsMissing: ${message} ${next}`);
    const planned =
      changes.length === 0 ? `${plan.namespace} is as it should be` : `${changes.length} changes planned`;
    const summary = [
      planned,
      ...missing.map(({ message, next }) => `SecretsMissing: ${message} ${next}`),
    ].join("; ");
    return { status: "Success", summary, emits: [] };
  };
}

async function settingsToCome(
  { settings, tenants }: CloudProvisionerPorts,
  request: NamespaceRequest & { moduleId: string },
) {
  const { tenantId, environment, moduleId } = request;
  const scope = { tenantId, environment, moduleId };
  const [config, secrets] = await Promise.all([settings.listConfig(scope), settings.listSecrets(scope)]);
  const vault = vaultOf(await tenants.get(tenantId), scope);
  return missingSettings(
    { ...request, vault },
    { config: Object.keys(config), secrets: secrets.map(({ name }) => name) },
  );
}

function waitFor(context: AgentContext, wanting: Want[]): AgentOutcome {
  const summary = wanting.map(({ message, next }) => `${message} ${next}`).join("; ");
  context.progress(summary);
  return {
    status: "Delayed",
    summary,
    emits: [],
    wakeOn: ["ProvisionRequested"],
    until: new Date(context.now().getTime() + lookAgainMs).toISOString(),
  };
}
