import { targetConformance } from "../../../ports/target.conformance.ts";
import { processTargetFixture } from "./process-target-fixture.ts";

targetConformance("the process target", processTargetFixture);
