/**
 * What client and supervisor say to each other: JSON over HTTP on a unix socket that only its owner can open.
 * A supervisor of another protocol hands its services over to the next one, which adopts them.
 */
import type { Command } from "../../../../domain/module/module-spec.ts";
import { type Refusal, refuse } from "../../../../domain/refusal.ts";
import type { TrafficLimits } from "../../../../domain/rollout/traffic.ts";
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type {
  LogLine,
  NamedRelease,
  ReleaseSpec,
  RunningRelease,
  TargetPlace,
} from "../../../../ports/target.ts";

export const protocolVersion = 5;

/** A release as it is persisted: without its environment, which has a file of its own, and without logins. */
export type ServiceSpec = Omit<ReleaseSpec, "environment" | "registryLogin">;

export interface StartRequest {
  runtime: TargetName;
  spec: ReleaseSpec;
  /** The release directory of the artifact on this host. */
  directory: string;
  replicas?: number;
}
export interface RoomRequest {
  runtime: TargetName;
  spec: ServiceSpec & Pick<ReleaseSpec, "registryLogin">;
  directory: string;
}
export type ScaleRequest = NamedRelease & { replicas: number };
export type RouteRequest = TargetPlace & { shares: { releaseId: string; weight: number }[] };
export type VerifyRequest = NamedRelease & { windowMs: number; limits?: TrafficLimits };
export interface RunRequest {
  runtime: TargetName;
  spec: ReleaseSpec;
  directory: string;
  id: string;
  run: Command;
  timeoutMs: number;
}
export type LogsRequest = TargetPlace & { releaseId?: string; tail: number; follow: boolean };

/** One line of an answer: progress and log lines while it goes on, then the result or the refusal. */
export type Line =
  | { kind: "progress"; line: string }
  | { kind: "log"; line: LogLine }
  | { kind: "result"; result: unknown }
  | { kind: "refusal"; refusal: Refusal }
  /** On a held connection: the end that follows is meant, do not start another supervisor. */
  | { kind: "stopping" };

export interface SupervisorStatus {
  protocol: number;
  pid: number;
  routerPort: number;
  services: (RunningRelease & TargetPlace)[];
}

const slugForm = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const releaseForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
const hostForm = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const pathForm = /^\/[^\s?#]*$/;
const variableForm = /^[A-Z_][A-Z0-9_]*$/;

/**
 * Names become paths and markers, so they are checked here again; the rest was parsed by the one program that
 * can open the socket. By hand, because a schema library would be a third of this process's memory.
 */
export function checkNames(names: Partial<NamedRelease>): void {
  if (names.namespace !== undefined) check("namespace", names.namespace, slugForm, "acme-staging");
  if (names.moduleId !== undefined) check("moduleId", names.moduleId, slugForm, "booking-service");
  if (names.releaseId !== undefined) check("releaseId", names.releaseId, releaseForm, "release-001293");
}

export function checkSpec(spec: ReleaseSpec): void {
  checkNames(spec);
  check("portVariable", spec.portVariable, variableForm, "PORT");
  for (const host of spec.hosts) check("host", host, hostForm, "shop.example.com");
  for (const { host, path } of spec.paths ?? []) {
    check("host", host, hostForm, "shop.example.com");
    check("path", path, pathForm, "/bookings");
  }
}

function check(name: string, value: unknown, form: RegExp, example: string): void {
  if (typeof value === "string" && form.test(value)) return;
  throw refuse("InputInvalid", `${name}: expected something like ${example}, got ${JSON.stringify(value)}`);
}
