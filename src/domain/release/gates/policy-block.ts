import { type DispatchGround, failed, type Gate } from "../gate.ts";

/** No security enforcer that the tenant lists keeps these bytes from being released. */
export const policyBlockGate: Gate<DispatchGround> = {
  name: "policy-block",
  answer({ blocks, module }) {
    if (blocks.length === 0) return { status: "Passed", evidence: "no listed enforcer blocks these bytes" };
    const said = blocks.map(({ source, words, eventId }) => `${source}: ${words} (${eventId})`);
    return failed(
      "PolicyBlocked",
      `${module.id} is blocked by ${said.join("; ")}.`,
      "Mend what it names and hand the module over again.",
    );
  },
};
