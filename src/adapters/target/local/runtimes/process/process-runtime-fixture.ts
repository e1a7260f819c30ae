/** A process runtime with a release directory made of text, in a data directory as root's home is: closed. For tests only. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Limits } from "../../../../../domain/module/module-spec.ts";
import { outputTail } from "../read-output.ts";
import type { Exit, Instance, Launch } from "../runtime.ts";
import { markerVariable } from "./process-identity.ts";
import { createProcessRuntime, type ProcessRuntime } from "./process-runtime.ts";

export interface ProcessFixture {
  root: string;
  runtime: ProcessRuntime;
  launchOf(files: Record<string, string>, more?: Partial<Launch>): Promise<Launch>;
  /** Launches `node service.js` and tells its end. */
  run(
    source: string,
    more?: Partial<Launch>,
  ): Promise<{ launch: Launch; instance: Instance; exit: Promise<Exit>; output(): Promise<string> }>;
  dispose(): Promise<void>;
}

export async function processFixture(): Promise<ProcessFixture> {
  // Others may not enter what mkdtemp makes.
  const root = await mkdtemp(join(tmpdir(), "process-runtime-"));
  const runtime = createProcessRuntime();
  const directory = join(root, "target");
  const instances: Instance[] = [];
  let count = 0;

  async function launchOf(files: Record<string, string>, more: Partial<Launch> = {}): Promise<Launch> {
    count += 1;
    const namespace = more.namespace ?? "vetclinic-dev";
    const release = join(root, "artifacts", String(count));
    await mkdir(release, { recursive: true });
    for (const [name, content] of Object.entries(files))
      await writeFile(join(release, name), content, { mode: 0o755 });
    const marker = `${directory}|${namespace}/booking-service/release-${String(count).padStart(6, "0")}#0`;
    const { environment, ...rest } = more;
    return {
      marker,
      namespace,
      moduleId: "booking-service",
      directory: release,
      command: ["node", "service.js"],
      port: 0,
      limits: {} satisfies Limits,
      folder: join(directory, "services", namespace, String(count)),
      ...rest,
      environment: { ...environment, [markerVariable]: marker },
    };
  }

  return {
    root,
    runtime,
    launchOf,
    async run(source, more) {
      const launch = await launchOf({ "service.js": source }, more);
      const ended = Promise.withResolvers<Exit>();
      const instance = await runtime.launch(launch, (exit, cannotStart) =>
        ended.resolve(cannotStart === undefined ? exit : { ...exit, because: cannotStart }),
      );
      if (instance === undefined) throw new Error(`not launched: ${(await ended.promise).because}`);
      instances.push(instance);
      return {
        launch,
        instance,
        exit: ended.promise,
        output: async () => (await outputTail(launch.folder)) ?? "",
      };
    },
    async dispose() {
      await Promise.all(instances.map((instance) => instance.end(0)));
      await rm(root, { recursive: true, force: true });
    },
  };
}
