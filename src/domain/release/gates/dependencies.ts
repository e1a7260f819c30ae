import { failed, type Gate } from "../gate.ts";
import { unreadyDependencies } from "../unready-dependencies.ts";

/** Everything that the module depends on serves the environment; where not, the release waits for it. */
export const dependenciesGate: Gate = {
  name: "dependencies",
  answer({ dependencies, cycle, module, policy }) {
    if (dependencies.length === 0)
      return { status: "NotApplicable", evidence: `${module.id} depends on no other module` };
    if (cycle !== undefined)
      return failed(
        "DependencyNotReady",
        `${module.id} waits for itself: ${cycle.join(" needs ")}.`,
        "Take one of these out of dependsOn in module.yaml and hand the modules over again.",
      );
    const at = { moduleId: module.id, environment: policy.environment };
    const refusal = unreadyDependencies(at, dependencies);
    if (refusal !== undefined) return { status: "Failed", refusal };
    return { status: "Passed", evidence: dependencies.map(({ words }) => words).join("; ") };
  },
};
