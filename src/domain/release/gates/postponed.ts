import { failed, type Gate } from "../gate.ts";

/** A person put the release off: it is not deployed before the time that they named. */
export const postponedGate: Gate = {
  name: "postponed",
  answer({ now, postponed, policy }) {
    if (postponed === undefined) return { status: "NotApplicable", evidence: "nobody put it off" };
    const { until, by, reason } = postponed;
    if (until <= now) return { status: "Passed", evidence: `${by} put it off until ${until}` };
    const answer = failed(
      "DelayNotElapsed",
      `${by} put it off in ${policy.environment} until ${until}${reason === "" ? "" : `: ${reason}`}.`,
      "Nothing to do: it goes on by itself.",
    );
    return { ...answer, until } as typeof answer;
  },
};
