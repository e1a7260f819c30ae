/** What building an image takes beside the module's own commands, by package manager. */
import type { ModuleSpec, PackageManager } from "../../module/module-spec.ts";
import type { Mounts } from "./dockerfile-lines.ts";

export interface BuildRecipe {
  /** Variables of the stage that builds. */
  environment: Record<string, string>;
  mounts: Mounts;
  /** Whether what was fetched stays in the caches, so that building and pruning need them too. */
  keepsInCaches: boolean;
}

export function buildRecipe(module: ModuleSpec): BuildRecipe {
  return { environment: {}, keepsInCaches: false, ...recipes[module.packageManager](module) };
}

type Recipe = (module: ModuleSpec) => Partial<BuildRecipe> & Pick<BuildRecipe, "mounts">;

const npmrc = { id: "npmrc", target: "/root/.npmrc" };

/** Poetry and uv write down what they have locked, and pip installs it. */
const pip: Recipe = () => ({
  mounts: { caches: ["/root/.cache/pip"], secret: { id: "pip-conf", target: "/etc/pip.conf" } },
});

const recipes: Record<PackageManager, Recipe> = {
  npm: () => ({ mounts: { caches: ["/root/.npm"], secret: npmrc } }),
  // Pnpm and yarn themselves come out of npm's cache.
  pnpm: () => ({
    mounts: { caches: ["/root/.npm", "/root/.local/share/pnpm/store"], secret: npmrc },
    keepsInCaches: true,
  }),
  yarn: () => ({
    mounts: {
      caches: ["/root/.npm", "/usr/local/share/.cache/yarn", "/root/.yarn/berry"],
      secret: npmrc,
    },
    keepsInCaches: true,
  }),
  pip,
  poetry: pip,
  uv: pip,
  go: (module) => ({
    environment: module.environment?.CGO_ENABLED === undefined ? { CGO_ENABLED: "0" } : {},
    mounts: {
      caches: ["/go/pkg/mod", "/root/.cache/go-build"],
      secret: { id: "netrc", target: "/root/.netrc" },
    },
    keepsInCaches: true,
  }),
  dotnet: () => ({
    environment: { DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1" },
    mounts: {
      caches: ["/root/.nuget/packages"],
      secret: { id: "nuget-config", target: "/root/.nuget/NuGet/NuGet.Config" },
    },
    keepsInCaches: true,
  }),
  maven: () => ({
    mounts: {
      caches: ["/root/.m2/repository"],
      secret: { id: "maven-settings", target: "/root/.m2/settings.xml" },
    },
    keepsInCaches: true,
  }),
  gradle: () => ({
    environment: { GRADLE_USER_HOME: "/root/.gradle" },
    mounts: {
      caches: ["/root/.gradle/caches", "/root/.gradle/wrapper"],
      secret: { id: "gradle-properties", target: "/root/.gradle/gradle.properties" },
    },
    keepsInCaches: true,
  }),
  none: () => ({ mounts: { caches: [] } }),
};
