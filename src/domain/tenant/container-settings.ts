/** What tenant.yaml says of an environment whose releases run as containers. */
import { z } from "zod";

export const containerEngines = ["podman", "docker"] as const;
export type ContainerEngine = (typeof containerEngines)[number];

const host = "(localhost|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+|[a-z0-9-]+(?=:))";
const folder = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
const address = z
  .string()
  .max(160)
  .regex(
    new RegExp(`^${host}(:[0-9]{1,5})?(/${folder})*$`),
    "expected the address of a registry such as registry.acme.example/delivery or 127.0.0.1:5000/acme",
  );

/** Modules never see the login of a registry: it is a secret of ours among the environment's. */
export const registryLoginHolder = "deployment-orchestrator";

/** Images of modules that are containers are kept in it as `<address>/<module>@sha256:...`. */
export const registrySchema = z
  .object({
    address,
    /** It speaks HTTP, or shows a certificate that nobody vouches for. */
    insecure: z.boolean().optional(),
    /** Name of the secret that holds `user:password`; set for the module `deployment-orchestrator`, so that no other gets it. */
    credentials: z
      .string()
      .regex(/^[A-Z_][A-Z0-9_]*$/, "expected the name of a secret such as REGISTRY_LOGIN")
      .optional(),
  })
  .strict();
export type ContainerRegistry = z.infer<typeof registrySchema>;

/** `image`: what a release directory is laid into, read-only, at /app. */
export const containerSchema = z
  .object({
    image: z
      .string()
      .regex(/^[a-z0-9][A-Za-z0-9._/:@-]*$/, "expected an image such as docker.io/library/node@sha256:...")
      .optional(),
    /** This one and no other; the first that can run containers where absent. */
    engine: z.enum(containerEngines).optional(),
    /** Its address alone, or with what it takes to be let in. */
    registry: z.union([address, registrySchema]).optional(),
  })
  .strict();

/** What of it a release is started with. */
export interface ContainerWishes {
  image?: string;
  engine?: ContainerEngine;
  /** What an artifact that is an image goes by. */
  registry?: ContainerRegistry;
}

export function containerWishes(container: z.infer<typeof containerSchema>): ContainerWishes {
  const { image, engine, registry } = container;
  return {
    ...(image !== undefined && { image }),
    ...(engine !== undefined && { engine }),
    ...(registry !== undefined && {
      registry: typeof registry === "string" ? { address: registry } : registry,
    }),
  };
}
