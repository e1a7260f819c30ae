/** The runtimes of this host, loaded when the first release needs them. */
import { refuse } from "../../../../domain/refusal.ts";
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { InstanceRuntime } from "../runtimes/runtime.ts";
import type { RoomRequest } from "./protocol.ts";

const load: Record<TargetName, () => Promise<InstanceRuntime>> = {
  process: async () => (await import("../runtimes/process/process-runtime.ts")).createProcessRuntime(),
  container: async () =>
    (await import("../runtimes/container/container-runtime.ts")).createContainerRuntime(),
  systemd: async () => (await import("../runtimes/systemd/systemd-runtime.ts")).createSystemdRuntime(),
};

export class Runtimes {
  private readonly loaded = new Map<TargetName, InstanceRuntime>();

  async load(name: TargetName): Promise<InstanceRuntime> {
    const known = this.loaded.get(name);
    if (known !== undefined) return known;
    const runtime = await load[name]();
    this.loaded.set(name, runtime);
    return runtime;
  }

  /** Loads it; refuses with Unavailable where this host cannot run it, and what it cannot get from elsewhere. */
  async require(request: RoomRequest, progress: (line: string) => void): Promise<void> {
    const { runtime: name, spec, directory } = request;
    const runtime = await this.load(name);
    const unavailable = await runtime.unavailable(spec);
    if (unavailable !== undefined)
      throw refuse("Unavailable", unavailable, "choose another target for the environment");
    await runtime.prepare?.({ ...spec, directory }, progress);
  }

  get(name: TargetName): InstanceRuntime {
    const runtime = this.loaded.get(name);
    if (runtime === undefined) throw new Error(`the runtime ${name} is not loaded`);
    return runtime;
  }
}
