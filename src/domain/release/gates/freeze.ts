import { refusalOfFreeze } from "../../freeze/freeze-override.ts";
import type { Gate } from "../gate.ts";

/** No freeze holds releases of this scope now, or this one may pass. People approve meanwhile: it goes when the freeze ends. */
export const freezeGate: Gate = {
  name: "freeze",
  afterApproval: true,
  answer({ freeze, policy }) {
    if (policy.enforceChangeFreeze === false)
      return {
        status: "NotApplicable",
        evidence: `${policy.environment} is held by no freeze (enforceChangeFreeze: false)`,
      };
    const refusal = refusalOfFreeze(freeze);
    if (refusal === undefined) return { status: "Passed", evidence: freeze.passes ?? "no freeze is active" };
    const { until } = freeze;
    return { status: "Failed", refusal, ...(until !== undefined && { until }) };
  },
};
