/** What a server asks of the place that constructs the system, and what it gets. */
import type { StepDecision } from "../domain/delivery/step.ts";
import type { Channel } from "../domain/notification/notification-settings.ts";
import type { System } from "../operations/system.ts";

export interface CompositionOptions {
  dataDirectory: string;
  /** Absent: the embedded database of the data directory. */
  databaseUrl: string | undefined;
  role: "all" | "api" | "worker";
  host: string;
  version: string;
  env: NodeJS.ProcessEnv;
  /** Where this process's HTTP face answers; known once it listens. */
  publicUrl(): string;
  /** Where JSON log lines go. */
  logTo: { write(line: string): void };
  onTakenOver(reason: string): void;
}

export interface Composition {
  system: System;
  metrics: {
    text(): Promise<string>;
    refused(code: string, tenantId: string | undefined): void;
    notified(tenantId: string, kind: Channel, sent: boolean): void;
  };
  embedded: boolean;
  /** Calls back after the commit of each step of this process. Returns the unsubscription. */
  onStep(listener: (decision: StepDecision) => void): () => void;
  log: { info(line: string): void; trouble(line: string, error?: unknown): void };
  /** Why this process cannot work, or undefined. */
  readiness(): Promise<string | undefined>;
  /** Ends the engine first, then what it stood on. */
  close(): Promise<void>;
}
