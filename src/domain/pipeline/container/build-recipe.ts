/** What building an image takes beside the module's own commands, by package manager. */
import type { ModuleSpec, PackageManager } from "../../module/module-spec.ts";
import { otherImages, referenceOf } from "../pins/images.ts";
import { copy, type Mounts, pairs, run } from "./dockerfile-lines.ts";

export interface BuildRecipe {
  /** Instructions before anything of the module is there. */
  prepare: string[];
  /** Variables of the stage that builds. */
  environment: Record<string, string>;
  mounts: Mounts;
  /** Whether what was resolved stays in the caches, so that building needs them too. */
  keepsInCaches: boolean;
  /** Makes the install command leave out the module itself, which is not there yet when its dependencies are resolved. */
  withoutModule: string[];
}

/** Where a Python module's dependencies live, in the stage that builds and in the one that runs. */
export const virtualEnvironment = "/app/.venv";

const poetryVersion = "2.5.1";

const bare: BuildRecipe = {
  prepare: [],
  environment: {},
  mounts: { caches: [] },
  keepsInCaches: false,
  withoutModule: [],
};

export function buildRecipe(module: ModuleSpec): BuildRecipe {
  return { ...bare, ...recipes[module.packageManager](module) };
}

const npmrc = { id: "npmrc", target: "/root/.npmrc" };
const pipConfiguration = { id: "pip-conf", target: "/etc/pip.conf" };

const recipes: Record<PackageManager, (module: ModuleSpec) => Partial<BuildRecipe>> = {
  npm: () => ({ mounts: { caches: ["/root/.npm"], secret: npmrc } }),
  pnpm: (module) => ({
    prepare: corepack(module),
    mounts: { caches: ["/root/.local/share/pnpm/store"], secret: npmrc },
  }),
  yarn: (module) => ({
    prepare: corepack(module),
    mounts: { caches: ["/usr/local/share/.cache/yarn", "/root/.yarn/berry/cache"], secret: npmrc },
  }),
  pip: () => ({
    prepare: [run(["python", "-m", "venv", virtualEnvironment])],
    environment: inVirtualEnvironment,
    mounts: { caches: ["/root/.cache/pip"], secret: pipConfiguration },
  }),
  poetry: (module) => ({
    prepare: [
      run(["pip", "install", "--no-cache-dir", `poetry==${module.packageManagerVersion ?? poetryVersion}`]),
    ],
    environment: { POETRY_NO_INTERACTION: "1", POETRY_VIRTUALENVS_IN_PROJECT: "true" },
    mounts: { caches: ["/root/.cache/pypoetry"], secret: pipConfiguration },
    withoutModule: ["--no-root"],
  }),
  uv: () => ({
    prepare: [copy(["/uv"], "/usr/local/bin/uv", `--from=${referenceOf(otherImages.uv)}`)],
    environment: {
      ...inVirtualEnvironment,
      UV_LINK_MODE: "copy",
      UV_PYTHON_DOWNLOADS: "never",
      UV_PROJECT_ENVIRONMENT: virtualEnvironment,
    },
    mounts: { caches: ["/root/.cache/uv"], secret: { id: "uv-toml", target: "/root/.config/uv/uv.toml" } },
    withoutModule: ["--no-install-project"],
  }),
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
  none: () => ({}),
};

const inVirtualEnvironment = {
  VIRTUAL_ENV: virtualEnvironment,
  PATH: `${virtualEnvironment}/bin:/usr/local/bin:/usr/bin:/bin`,
};

/** Corepack comes with Node.js and installs exactly the version that the module asks for. */
function corepack({ packageManager, packageManagerVersion }: ModuleSpec): string[] {
  const exact = packageManagerVersion === undefined ? [] : [`${packageManager}@${packageManagerVersion}`];
  return [
    ...pairs("ENV", { COREPACK_HOME: "/opt/corepack", COREPACK_ENABLE_DOWNLOAD_PROMPT: "0" }),
    run(["corepack", "enable"]),
    ...exact.map((name) => run(["corepack", "install", "--global", name])),
  ];
}
