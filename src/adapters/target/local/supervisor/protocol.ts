/**
 * What client and supervisor say to each other: JSON over HTTP on a unix socket. A supervisor of another
 * protocol hands its services over to the next one, which adopts them.
 */
import { z } from "zod";
import { commandSchema, probesSchema } from "../../../../domain/module/module-spec.ts";
import type { Refusal } from "../../../../domain/refusal.ts";
import { slug } from "../../../../domain/scope.ts";
import type { RunningRelease } from "../../../../ports/target.ts";

export const protocolVersion = 1;

const releaseName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, "expected a release such as release-001293");
const host = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "expected a host name");

export const placeSchema = z.object({ namespace: slug, moduleId: slug });
export const namedReleaseSchema = placeSchema.extend({ releaseId: releaseName });
export type NamedRelease = z.infer<typeof namedReleaseSchema>;
export const verifySchema = namedReleaseSchema.extend({ windowMs: z.number().min(0) });

/** A release as it is persisted: without its environment, which has a file of its own. */
export const specSchema = namedReleaseSchema.extend({
  version: z.string(),
  artifact: z.string(),
  start: commandSchema,
  portVariable: z.string().regex(/^[A-Z_][A-Z0-9_]*$/),
  probes: probesSchema,
  hosts: z.array(host),
  startupTimeoutMs: z.number().positive(),
});
export type ServiceSpec = z.infer<typeof specSchema>;

export const startSchema = z.object({
  spec: specSchema.extend({ environment: z.record(z.string(), z.string()) }),
  /** The release directory of the artifact on this host. */
  directory: z.string().startsWith("/"),
});
export type StartRequest = z.infer<typeof startSchema>;

/** One line of an answer: progress while it goes on, then the result or the refusal. */
export type Line =
  | { kind: "progress"; line: string }
  | { kind: "result"; result: unknown }
  | { kind: "refusal"; refusal: Refusal }
  /** On a held connection: the end that follows is meant, do not start another supervisor. */
  | { kind: "stopping" };

export interface SupervisorStatus {
  protocol: number;
  pid: number;
  routerPort: number;
  services: (RunningRelease & { namespace: string; moduleId: string })[];
}
