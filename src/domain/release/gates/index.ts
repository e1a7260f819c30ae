/** Every gate, in the order in which people read them. */
import type { DispatchGround, Gate } from "../gate.ts";
import { approvalGate } from "./approval.ts";
import { coverageGate } from "./coverage.ts";
import { delayGate } from "./delay.ts";
import { dependenciesGate } from "./dependencies.ts";
import { freezeGate } from "./freeze.ts";
import { heldVersionGate } from "./held-version.ts";
import { licencesGate } from "./licences.ts";
import { namespaceGate, namingGate } from "./placement.ts";
import { policyBlockGate } from "./policy-block.ts";
import { postponedGate } from "./postponed.ts";
import { provenanceGate } from "./provenance.ts";
import { rollbackPlanGate } from "./rollback-plan.ts";
import { sbomGate } from "./sbom.ts";
import { scanGate } from "./scan.ts";
import { settingsGate } from "./settings.ts";
import {
  signedArtifactGate,
  signedCommitGate,
  signedImageGate,
  signedPipelineGate,
  signedPlanGate,
} from "./signatures.ts";
import { smokeTestsGate } from "./smoke-tests.ts";
import { testsGate } from "./tests.ts";

export const gates: readonly Gate[] = [
  testsGate,
  coverageGate,
  smokeTestsGate,
  scanGate,
  sbomGate,
  licencesGate,
  signedCommitGate,
  signedPipelineGate,
  signedArtifactGate,
  signedImageGate,
  provenanceGate,
  signedPlanGate,
  namespaceGate,
  namingGate,
  rollbackPlanGate,
  settingsGate,
  policyBlockGate,
  heldVersionGate,
  postponedGate,
  dependenciesGate,
  approvalGate,
  freezeGate,
  delayGate,
];

/** What vouches for the bytes, and who blocks them, is looked at again when they are about to be applied. */
export const gatesAtDispatch: readonly Gate<DispatchGround>[] = [
  signedPipelineGate,
  signedArtifactGate,
  signedImageGate,
  provenanceGate,
  signedPlanGate,
  policyBlockGate,
];
