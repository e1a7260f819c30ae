import { targetConformance } from "../../../ports/target.conformance.ts";
import { localTargetFixture } from "./local-target-fixture.ts";

targetConformance("the process target", localTargetFixture);
