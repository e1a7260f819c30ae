/**
 * One-off commands of releases: run once by id, in the release's directory, as its instances run. A command goes
 * on when the supervisor dies, and the next one finds it; its output and its exit code are in a file by then.
 */
import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { CommandResult } from "../../../../ports/target.ts";
import type { Layout } from "../layout.ts";
import { outputFiles } from "../runtimes/log-files.ts";
import { markerVariable } from "../runtimes/process/process-identity.ts";
import { outputTail } from "../runtimes/read-output.ts";
import type { Exit, Identity, Instance, InstanceRuntime, Launch } from "../runtimes/runtime.ts";
import { secretFolderOf, withSecretFiles } from "../runtimes/secret-files.ts";
import type { Clock } from "./clock.ts";
import { exitCodeOf, exitIn, recordingExit, withoutExit } from "./command-exit.ts";
import type { RunRequest } from "./protocol.ts";
import { placeKey } from "./routing.ts";
import type { CommandRecord } from "./state.ts";
import { replaceFile } from "./state-file.ts";

const endMs = 10_000;

/** What of the supervisor they need. */
export interface CommandsHost {
  layout: Layout;
  clock: Clock;
  runtime(name: TargetName): InstanceRuntime;
  change(make: () => () => void): Promise<void>;
  persistLater(): Promise<void>;
}

export class Commands {
  private readonly host: CommandsHost;
  /** Begun, and without a result yet. */
  private readonly open: CommandRecord[];
  private readonly results = new Map<string, Promise<CommandResult>>();
  private readonly instances = new Map<string, Instance>();

  constructor(open: CommandRecord[], host: CommandsHost) {
    this.open = open;
    this.host = host;
  }

  records(): CommandRecord[] {
    return this.open;
  }

  /** Begins a command, or finds it: running or done. */
  run(request: RunRequest): { folder: string; key: string; result: Promise<CommandResult> } {
    const { namespace, moduleId, releaseId } = request.spec;
    const record: CommandRecord = {
      ...{ namespace, moduleId, releaseId },
      id: request.id,
      runtime: request.runtime,
      directory: request.directory,
      run: request.run,
      timeoutMs: request.timeoutMs,
      startedAt: this.host.clock.now().toISOString(),
    };
    const folder = this.folder(record);
    const result = this.follow(record, () => this.begin(record, request));
    return { folder, key: keyOf(record), result };
  }

  /** Goes on with what an earlier supervisor began, and takes it out of what was found. */
  resume(runtime: TargetName, marked: Map<string, Identity>): void {
    for (const record of this.open.filter((one) => one.runtime === runtime)) {
      const marker = this.marker(record);
      const identity = marked.get(marker) ?? record.identity;
      marked.delete(marker);
      void this.follow(record, () => this.goOn(record, identity)).catch(() => {});
    }
  }

  /** Ends those of a module, or all. */
  async end(belongs: (record: CommandRecord) => boolean): Promise<void> {
    const ending = this.open.filter(belongs).map((record) => this.place(record));
    await Promise.all(ending.map((place) => this.instances.get(place)?.end(endMs)));
    await Promise.all(ending.map((place) => this.results.get(place)?.catch(() => {})));
  }

  letGo(): void {
    for (const instance of this.instances.values()) instance.letGo();
  }

  private follow(record: CommandRecord, act: () => Promise<CommandResult>): Promise<CommandResult> {
    const place = this.place(record);
    const known = this.results.get(place);
    if (known !== undefined) return known;
    const result = act().finally(() => {
      this.results.delete(place);
      this.instances.delete(place);
    });
    this.results.set(place, result);
    return result;
  }

  private async begin(record: CommandRecord, request: RunRequest): Promise<CommandResult> {
    const kept = await this.kept(record);
    if (kept !== undefined) return kept;
    await this.host.change(() => {
      this.open.push(record);
      return () => this.drop(record);
    });
    const beganMs = this.host.clock.monotonicMs();
    const launch = this.launchOf(record, request);
    return await this.watch(record, beganMs, (onExit) =>
      this.host.runtime(record.runtime).launch(launch, onExit),
    );
  }

  private async goOn(record: CommandRecord, identity: Identity | undefined): Promise<CommandResult> {
    const runtime = this.host.runtime(record.runtime);
    const launch = this.launchOf(record);
    if (identity !== undefined) {
      const beganMs = this.host.clock.bornMs(identity);
      return await this.watch(record, beganMs, async (onExit) => {
        const adopted = await runtime.adopt(identity, launch, onExit);
        if (adopted === undefined) onExit({ code: null, signal: null });
        return adopted;
      });
    }
    // Without output it was never launched: whoever asks again has it run.
    if (outputFiles(launch.folder).length > 0) {
      return await this.finish(record, {
        exit: { code: null, signal: null },
        durationMs: 0,
        timedOut: false,
      });
    }
    this.drop(record);
    await this.host.persistLater();
    throw new Error("it was never launched");
  }

  /** From its beginning, or its adoption, to its result on disk. */
  private async watch(
    record: CommandRecord,
    beganMs: number,
    open: (onExit: (exit: Exit, cannotStart?: string) => void) => Promise<Instance | undefined>,
  ): Promise<CommandResult> {
    const { clock } = this.host;
    let timedOut = false;
    let timer: NodeJS.Timeout | undefined;
    const exit = await new Promise<Exit>((resolve) => {
      const onExit = (end: Exit, cannotStart?: string) =>
        resolve(cannotStart === undefined ? end : { ...end, because: cannotStart });
      void open(onExit).then(
        (instance) => {
          if (instance === undefined) return;
          this.instances.set(this.place(record), instance);
          record.identity = instance.identity;
          void this.host.persistLater();
          const restMs = Math.max(0, record.timeoutMs - (clock.monotonicMs() - beganMs));
          timer = setTimeout(() => {
            timedOut = true;
            void instance.end(endMs);
          }, restMs);
        },
        (error) => resolve({ code: null, signal: null, because: String(error) }),
      );
    });
    clearTimeout(timer);
    return await this.finish(record, { exit, durationMs: clock.monotonicMs() - beganMs, timedOut });
  }

  private async finish(
    record: CommandRecord,
    { exit, durationMs, timedOut }: { exit: Exit; durationMs: number; timedOut: boolean },
  ): Promise<CommandResult> {
    const folder = this.folder(record);
    const key = keyOf(record);
    const written = (await outputTail(folder)) ?? "";
    const code = exitIn(key, written) ?? exit.code ?? undefined;
    const output = withoutExit(key, written) + (exit.because === undefined ? "" : `${exit.because}\n`);
    const exitCode = timedOut || code === undefined ? null : exitCodeOf(code);
    const result: CommandResult = { exitCode, timedOut, durationMs: Math.round(durationMs), output };
    // Where the disk is full it is told now, and found again by its output later.
    const kept = await replaceFile(join(folder, "result.json"), JSON.stringify(result)).then(
      () => true,
      () => false,
    );
    // What a service keeps as long as it runs, a command needs until its end.
    await rm(secretFolderOf(folder), { recursive: true, force: true }).catch(() => {});
    if (kept) this.drop(record);
    await this.host.persistLater();
    return result;
  }

  private launchOf(record: CommandRecord, request?: RunRequest): Launch {
    const { namespace, moduleId, directory, runtime } = record;
    const marker = this.marker(record);
    const { environment = {}, limits = {}, image, engine, registry, secretFiles } = request?.spec ?? {};
    const folder = this.folder(record);
    const given = withSecretFiles(environment, secretFiles, folder);
    return {
      marker,
      namespace,
      moduleId,
      directory,
      // An image may have no shell; an engine of containers keeps the exit code itself.
      command: runtime === "container" ? record.run : recordingExit(keyOf(record), record.run),
      environment: { ...given.environment, [markerVariable]: marker },
      ...(given.secretFiles !== undefined && { secretFiles: given.secretFiles }),
      port: 0,
      limits,
      folder,
      ...(image !== undefined && { image }),
      ...(engine !== undefined && { engine }),
      ...(registry !== undefined && { registry }),
    };
  }

  private async kept(record: CommandRecord): Promise<CommandResult | undefined> {
    const text = await readFile(join(this.folder(record), "result.json"), "utf8").catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as CommandResult);
  }

  private drop(record: CommandRecord): void {
    const at = this.open.indexOf(record);
    if (at >= 0) this.open.splice(at, 1);
  }

  private marker(record: CommandRecord): string {
    return `${this.host.layout.directory}|${this.place(record)}`;
  }

  private place(record: CommandRecord): string {
    return `${placeKey(record)}/${record.releaseId}#run-${keyOf(record)}`;
  }

  private folder(record: CommandRecord): string {
    const { namespace, moduleId, releaseId } = record;
    return join(this.host.layout.release(namespace, moduleId, releaseId), `run-${keyOf(record)}`);
  }
}

/** Its id, in a form that fits into paths and patterns. */
function keyOf({ id }: { id: string }): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 16);
}
