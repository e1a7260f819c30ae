/** Where the release would run: in a namespace of its tenant's, under names that the tenant's policy takes. */
import { isNamespaceOf } from "../../namespace/allocate-namespace.ts";
import { failed, type Gate } from "../gate.ts";

/** The plans are made for this tenant, environment and module, and their namespace is this environment's. */
export const namespaceGate: Gate = {
  name: "namespace",
  answer({ policy, supplyChain: { placement } }) {
    const { planned, expected } = placement;
    const { environment } = policy;
    if (planned === undefined) return { status: "NotApplicable", evidence: "nothing is provisioned for it" };
    const { namespace, tenantId, moduleId } = planned;
    const fits =
      tenantId === expected.tenantId &&
      moduleId === expected.moduleId &&
      planned.environment === environment &&
      isNamespaceOf({ tenantId: expected.tenantId, environment }, namespace);
    if (fits) return { status: "Passed", evidence: `namespace ${namespace}` };
    return failed(
      "InvalidNamespaceAccess",
      `The plan is for ${tenantId}/${planned.environment}/${moduleId} in ${namespace}, and not for ${expected.tenantId}/${environment}/${expected.moduleId}.`,
      "Plan again: connectsoft retry --from planning_infrastructure",
    );
  },
};

/** Names match the expressions of `naming` in tenant.yaml. */
export const namingGate: Gate = {
  name: "naming",
  answer({ supplyChain: { placement } }) {
    const { naming, planned, expected } = placement;
    const names = [
      { what: "module", name: expected.moduleId, pattern: naming.modules },
      { what: "namespace", name: planned?.namespace, pattern: naming.namespaces },
    ];
    const asked = names.filter(({ name, pattern }) => name !== undefined && pattern !== undefined);
    if (asked.length === 0) return { status: "NotApplicable", evidence: "the tenant asks for no names" };
    for (const { what, name = "", pattern = "" } of asked)
      if (!new RegExp(pattern, "u").test(name))
        return failed(
          "NamingPolicy",
          `The ${what} ${name} does not match ${pattern} (naming.${what}s in tenant.yaml).`,
          what === "module"
            ? "Hand it over under another id."
            : "Rename the environment, or change the expression.",
        );
    return { status: "Passed", evidence: asked.map(({ what, name }) => `${what} ${name}`).join(", ") };
  },
};
