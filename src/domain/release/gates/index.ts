/** Every gate, in the order in which people read them. */
import type { Gate } from "../gate.ts";
import { approvalGate } from "./approval.ts";
import { delayGate } from "./delay.ts";
import { dependenciesGate } from "./dependencies.ts";
import { freezeGate } from "./freeze.ts";
import { heldVersionGate } from "./held-version.ts";
import { policyBlockGate } from "./policy-block.ts";
import { postponedGate } from "./postponed.ts";
import { settingsGate } from "./settings.ts";
import { testsGate } from "./tests.ts";

export const gates: readonly Gate[] = [
  testsGate,
  settingsGate,
  policyBlockGate,
  heldVersionGate,
  postponedGate,
  dependenciesGate,
  approvalGate,
  freezeGate,
  delayGate,
];
