import { containerTargetCases } from "./container-target-cases.ts";

await containerTargetCases("podman");
