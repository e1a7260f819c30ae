import { howToSet } from "../../environment/how-to-set.ts";
import { failed, type Gate } from "../gate.ts";

/** Everything that the module says it needs is set in this environment; where not, the release waits for it. */
export const settingsGate: Gate = {
  name: "settings",
  answer({ missingSettings, module, policy, vault }) {
    const [first] = missingSettings;
    if (first === undefined) return { status: "Passed", evidence: "every needed setting is there" };
    const kind = module.needs.secrets.includes(first) ? "secret" : "config";
    const { environment } = policy;
    return failed(
      "SecretsMissing",
      `${module.id} needs ${missingSettings.join(", ")} in ${environment}, not set yet.`,
      howToSet({ kind, name: first, environment, moduleId: module.id, vault }),
    );
  },
};
