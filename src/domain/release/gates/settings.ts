import { failed, type Gate } from "../gate.ts";

/** Everything that the module says it needs is set in this environment; where not, the release waits for it. */
export const settingsGate: Gate = {
  name: "settings",
  answer({ missingSettings, module, policy }) {
    const [first] = missingSettings;
    if (first === undefined) return { status: "Passed", evidence: "every needed setting is there" };
    const secret = module.needs.secrets.includes(first);
    return failed(
      "SecretsMissing",
      `${module.id} needs ${missingSettings.join(", ")} in ${policy.environment}, not set yet.`,
      `Set it: connectsoft ${secret ? "secret" : "config"} set ${first} --env ${policy.environment} --module ${module.id}`,
    );
  },
};
