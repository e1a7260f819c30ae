/** In a file of its own: beside podman's, not after it. */
import { noDocker } from "../support/docker.ts";
import { containerTargetCases } from "./container-target-cases.ts";

await containerTargetCases("docker", noDocker());
