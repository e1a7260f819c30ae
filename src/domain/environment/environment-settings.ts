/** What tenant.yaml says of the infrastructure of an environment: quotas, names, DNS and what its modules share. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { bytesOf, sizeSchema } from "./size.ts";

/** Of a whole namespace. */
export const quotasSchema = z
  .object({
    processes: z.int().min(1).optional(),
    memory: sizeSchema.optional(),
    cpus: z.number().positive().optional(),
    disk: sizeSchema.optional(),
  })
  .strict();
export type Quotas = z.infer<typeof quotasSchema>;

/** Of what each instance of a service writes. */
export const logsSchema = z
  .object({
    keep: sizeSchema.refine((size) => bytesOf(size) >= bytesOf("64Ki"), "expected 64Ki or more").optional(),
    launches: z.int().min(1).max(1_000).optional(),
  })
  .strict();

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const domainName = z
  .string()
  .max(190)
  .regex(new RegExp(`^${label}(\\.${label})+$`), "expected a domain such as apps.acme.example");
const keyName = z
  .string()
  .max(190)
  .regex(new RegExp(`^${label}(\\.${label})*\\.?$`), "expected the name of a TSIG key such as delivery.acme");
const address = z.union([z.ipv4(), z.ipv6()], "expected an IPv4 or IPv6 address");

export const tsigAlgorithms = [
  "hmac-sha1",
  "hmac-sha224",
  "hmac-sha256",
  "hmac-sha384",
  "hmac-sha512",
] as const;

/** A server that takes dynamic updates (RFC 2136), signed with a TSIG key (RFC 8945). */
export const dnsSettingsSchema = z
  .object({
    server: z.union([address, domainName, z.literal("localhost")], "expected an address or a host name"),
    port: z.int().min(1).max(65_535).default(53),
    zone: domainName,
    keyName,
    /** Name of the secret that holds the key in base64; set for the module `cloud-provisioner`, so that no other gets it. */
    keySecret: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "expected the name of a secret such as DNS_KEY"),
    algorithm: z.enum(tsigAlgorithms).default("hmac-sha256"),
    ttl: z.int().min(0).max(604_800).default(60),
    /** Where the names lead: this host's router, or what stands before it. */
    address: z.union([address, z.array(address).min(1)]).default("127.0.0.1"),
  })
  .strict();
export type DnsSettings = z.infer<typeof dnsSettingsSchema>;

export const sharedResourceSchema = z
  .object({ kind: z.enum(["postgresql", "redis", "storage", "queue"]), name: slug })
  .strict();
export type SharedResource = z.infer<typeof sharedResourceSchema>;

const editionSchema = z.object({ quotas: quotasSchema.optional() }).strict();

/** Keys of `environments[]` beside its id, target and provisioner. */
export const infrastructureKeys = {
  quotas: quotasSchema.optional(),
  /** Of a module's edition: these quotas instead of the environment's where they are more. */
  editions: z.record(slug, editionSchema).optional(),
  logs: logsSchema.optional(),
  domain: domainName.optional(),
  dns: dnsSettingsSchema.optional(),
  /** What modules use together; people with InfraAdmin or CloudArchitect provision it. */
  shared: z.array(sharedResourceSchema).optional(),
};

const expression = z.string().refine(isExpression, "expected a regular expression");

/** Regular expressions that names must match. */
export const namingSchema = z
  .object({
    namespaces: expression.optional(),
    resources: expression.optional(),
    modules: expression.optional(),
  })
  .strict();
export type Naming = z.infer<typeof namingSchema>;

function isExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
