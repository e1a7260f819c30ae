/** What a module says of itself in `module.yaml`, completed by convention; all of it optional for the author. */
import { z } from "zod";
import { slug } from "../scope.ts";

/** A shell-free command line: the program and its arguments. */
export const commandSchema = z.array(z.string().min(1)).min(1);
export type Command = z.infer<typeof commandSchema>;

/** Kubernetes' probe semantics and names; durations in seconds as there. */
export const probeSchema = z
  .object({
    httpGet: z.object({ path: z.string().startsWith("/") }).optional(),
    tcpSocket: z.object({}).optional(),
    exec: z.object({ command: commandSchema }).optional(),
    initialDelaySeconds: z.number().min(0).default(0),
    periodSeconds: z.number().positive().default(1),
    timeoutSeconds: z.number().positive().default(1),
    successThreshold: z.int().min(1).default(1),
    failureThreshold: z.int().min(1).default(3),
  })
  .strict();
export type Probe = z.infer<typeof probeSchema>;

export const probesSchema = z
  .object({ startup: probeSchema, readiness: probeSchema, liveness: probeSchema })
  .strict();
export type Probes = z.infer<typeof probesSchema>;

export const moduleSpecSchema = z
  .object({
    id: slug,
    version: z.string(),
    runtime: z.enum(["node"]),
    packageManager: z.enum(["npm"]),
    /** Whether the module comes with a lock file; without one it is resolved once, at build. */
    locked: z.boolean(),
    build: commandSchema.optional(),
    test: commandSchema.optional(),
    start: commandSchema,
    /** The environment variable through which the process is told its port. */
    portVariable: z.string().default("PORT"),
    port: z.int().min(1).max(65535).optional(),
    probes: probesSchema,
    /** Names of configuration keys and secrets that must be set before the module can run. */
    needs: z.object({ config: z.array(z.string()), secrets: z.array(z.string()) }),
    needsInfrastructure: z.boolean().default(false),
    complianceMode: z.boolean().default(false),
    editionId: slug.optional(),
  })
  .strict();
export type ModuleSpec = z.infer<typeof moduleSpecSchema>;
