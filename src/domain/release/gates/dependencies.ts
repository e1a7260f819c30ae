import { failed, type Gate } from "../gate.ts";

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
    const missing = dependencies.filter((one) => one.status !== "ready");
    const [first] = missing.toSorted((a, b) => urgency.indexOf(a.status) - urgency.indexOf(b.status));
    if (first === undefined)
      return { status: "Passed", evidence: dependencies.map(({ words }) => words).join("; ") };
    const words = missing.map((one) => one.words).join("; ");
    return failed(
      "DependencyNotReady",
      `${module.id} is not deployed to ${policy.environment} before what it depends on: ${words}.`,
      first.next,
    );
  },
};

/** What a person must do something about is told first. */
const urgency = ["unknown", "failed", "waiting"];
