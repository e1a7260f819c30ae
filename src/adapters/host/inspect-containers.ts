/** Which container engine answers on this machine; none is needed unless an environment's target is `container`. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { HostCheck } from "./host-check.ts";

const run = promisify(execFile);
const timeoutMs = 5_000;

/** In the order in which the target of containers takes them. */
const engines: [name: string, args: string[]][] = [
  ["podman", ["info", "--format", "{{.Version.Version}}"]],
  ["docker", ["version", "--format", "{{.Server.Version}}"]],
];

export async function checkContainers(): Promise<HostCheck> {
  const check = {
    name: "containers",
    ok: true,
    expected: "podman or docker, for the target `container` only",
  };
  for (const [name, args] of engines) {
    const version = await run(name, args, { timeout: timeoutMs }).then(
      ({ stdout }) => stdout.trim(),
      () => "",
    );
    if (version !== "") return { ...check, found: `${name} ${version}, ${await pusher()}` };
  }
  return { ...check, found: "none answers" };
}

/** Needed where an environment names a registry. */
async function pusher(): Promise<string> {
  const said = await run("skopeo", ["--version"], { timeout: timeoutMs }).catch(() => undefined);
  const version = /\d[\d.]*/.exec(said?.stdout ?? "")?.[0];
  return version === undefined ? "no skopeo for a registry" : `skopeo ${version}`;
}
