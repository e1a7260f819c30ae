/** What a running image is to whoever runs it: chart, manifests and Dockerfile say the same. */
import type { ModuleSpec } from "../../module/module-spec.ts";

const defaultPort = 8080;

/** The one folder for what a module keeps; a platform mounts there what outlives the process. */
export const dataFolder = "/data";

/** Numbers, so that a cluster can see that none of them is root. */
const users: Record<ModuleSpec["runtime"], number | undefined> = {
  /** `node` of the image. */
  node: 1000,
  python: 10_001,
  /** `nonroot` of the distroless images. */
  go: 65_532,
  java: 10_001,
  /** `app` of the image. */
  dotnet: 1654,
  /** The module's own Dockerfile says it. */
  container: undefined,
};

export function portOf(module: ModuleSpec): number {
  return module.port ?? defaultPort;
}

/** User and group; undefined where the image is the module's own. */
export function userOf({ runtime }: ModuleSpec): number | undefined {
  return users[runtime];
}

/** Variables that every platform sets: where to listen and to keep things, and what the module says of itself. */
export function environmentOf(module: ModuleSpec): Record<string, string> {
  return {
    HOST: "0.0.0.0",
    [module.portVariable]: String(portOf(module)),
    DATA_DIR: dataFolder,
    ...module.environment,
  };
}
