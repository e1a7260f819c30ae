/** In a file of its own: beside podman's, not after it. */
import { afterAll } from "vitest";
import { containerTargetCases } from "./container-target-cases.ts";
import { dockerDaemon } from "./docker-daemon.ts";

const daemon = await dockerDaemon();
afterAll(async () => {
  if ("stop" in daemon) await daemon.stop();
});
await containerTargetCases("docker", "missing" in daemon ? daemon.missing : undefined);
