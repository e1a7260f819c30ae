/** One release on this host: its instances, and what they are together. */
import { EventEmitter, once } from "node:events";
import type { RunningRelease } from "../../../../ports/target.ts";
import { Instance, type InstanceHost } from "./instance.ts";
import type { InstanceRecord, ReleaseRecord } from "./state.ts";

const graceMs = 10_000;

/** What a release needs of its supervisor. */
export interface ReleaseHost
  extends Pick<InstanceHost, "runtime" | "clock" | "launchOf" | "choosePort" | "healthOf"> {
  hasTraffic(release: Release): boolean;
  /** On disk, or the disk refuses. */
  persistLater(): Promise<void>;
  /** One instance more may take requests now, or one less. */
  upChanged(): void;
}

export class Release extends EventEmitter<{ change: []; progress: [string] }> {
  readonly record: ReleaseRecord;
  instances: Instance[] = [];
  private readonly host: ReleaseHost;
  private readonly ups = new WeakMap<Instance, boolean>();

  constructor(record: ReleaseRecord, host: ReleaseHost) {
    super();
    this.setMaxListeners(0);
    this.record = record;
    this.host = host;
    this.instances = record.instances.map((instance) => this.add(instance));
  }

  get hasTraffic(): boolean {
    return this.host.hasTraffic(this);
  }

  /** Makes the instances that are missing to what is wanted; they are not launched yet. */
  addMissing(): Instance[] {
    const added: Instance[] = [];
    for (let index = 0; this.instances.length < this.record.replicas; index += 1) {
      if (this.instances.some((instance) => instance.record.index === index)) continue;
      added.push(this.make(index));
    }
    return added;
  }

  /** Instances of which nothing runs. */
  dead(): Instance[] {
    return this.instances.filter(
      ({ record }) => record.phase !== "starting" && record.identity === undefined,
    );
  }

  /** The instances beyond what is wanted, highest numbers first to go. */
  surplus(): Instance[] {
    return this.instances.slice(this.record.replicas);
  }

  /** Forgets instances that were ended or that failed. */
  remove(gone: Instance[]): void {
    this.instances = this.instances.filter((instance) => !gone.includes(instance));
    this.record.instances = this.instances.map(({ record }) => record);
  }

  /** Resolves when none of its instances is starting any more, or one has failed. */
  async settled(signal: AbortSignal): Promise<void> {
    while (this.state() === "starting") await once(this, "change", { signal });
  }

  state(): RunningRelease["state"] {
    const phases = this.instances.map(({ record }) => record.phase);
    if (phases.includes("failed")) return "failed";
    if (phases.includes("starting")) return "starting";
    const crashed = phases.includes("crashed");
    if (!phases.includes("ready")) return crashed ? "crashed" : "stopped";
    if (!this.hasTraffic) return crashed ? "crashed" : "ready";
    return this.loop() === undefined ? "serving" : "crashed";
  }

  /** The instance that speaks for all: the one that is worst off, else the first. */
  spokesman(): Instance | undefined {
    const worst = (phase: InstanceRecord["phase"]) =>
      this.instances.find(({ record }) => record.phase === phase);
    return worst("failed") ?? worst("crashed") ?? worst("starting") ?? this.instances[0];
  }

  loop(): string | undefined {
    for (const instance of this.instances) {
      const loop = instance.loop();
      if (loop !== undefined) return loop;
    }
    return undefined;
  }

  /** Ends all of its instances; their records stay, to tell what became of them. */
  async end(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.end()));
  }

  letGo(): void {
    for (const instance of this.instances) instance.letGo();
  }

  private make(index: number): Instance {
    const instance = this.add({
      index,
      folder: `instance-${index}`,
      phase: "starting",
      restartCount: 0,
      restartsInARow: 0,
    });
    this.instances = [...this.instances, instance].sort((a, b) => a.record.index - b.record.index);
    this.record.instances = this.instances.map(({ record }) => record);
    return instance;
  }

  private add(record: InstanceRecord): Instance {
    const instance: Instance = new Instance(record, {
      ...this.host,
      hasTraffic: () => this.hasTraffic,
      terminationGraceMs: this.record.spec.terminationGraceMs ?? graceMs,
      persist: () => this.host.persistLater(),
      ended: () => {
        this.record.exits += 1;
      },
    });
    instance.on("progress", (line) =>
      this.emit("progress", this.record.replicas > 1 ? `#${record.index} ${line}` : line),
    );
    instance.on("change", () => {
      if (this.ups.get(instance) !== instance.isUp) this.host.upChanged();
      this.ups.set(instance, instance.isUp);
      this.emit("change");
    });
    return instance;
  }
}
