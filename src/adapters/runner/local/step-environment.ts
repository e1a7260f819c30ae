/**
 * What a step of the module sees: nothing of ours but the PATH. No database address, no token, no home:
 * its own folders for HOME and temporary files.
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { PipelineModel, PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";

export interface StepPlace {
  /** The folder of the run: home, temporary files and the tree lie in it. */
  folder: string;
  model: PipelineModel;
  /** Variables that tell tools where their downloads are kept. */
  caches: Record<string, string>;
  secrets?: Record<string, string>;
  /** There is no network: what is not here need not be asked for. */
  offline?: boolean;
}

/** The worker's own, with the Node.js that runs it first. */
export function searchPath(): string {
  return [dirname(process.execPath), process.env.PATH]
    .filter((part) => part !== undefined && part !== "")
    .join(delimiter);
}

export function stepEnvironment(step: PipelineStep, place: StepPlace): Record<string, string> {
  const { model, folder, caches } = place;
  const fetches = fetchesDependencies(step);
  const language = languageEnvironment(model, join(folder, "home"), caches);
  const own = { ...model.environment, ...step.environment };
  for (const [name, value] of Object.entries(language))
    if (own[name] !== undefined && name.endsWith("_OPTS")) own[name] = `${value} ${own[name]}`;
  return {
    PATH: searchPath(),
    ...language,
    ...(fetches ? registries() : place.secrets),
    ...(place.offline && model.runtime.name === "node" && model.packageManager !== "npm" && npxOffline),
    ...caches,
    ...own,
    ...baseEnvironment(folder),
  };
}

/** Pnpm and yarn come through npx, which would ask the registry again and again for what it has. */
const npxOffline = { npm_config_offline: "true" };

/** Such a step needs the registry; npm runs no code of strangers in it (`--ignore-scripts`). */
export function fetchesDependencies({ name }: Pick<PipelineStep, "name">): boolean {
  return name === "install" || name.startsWith("install-") || name === "prune";
}

function baseEnvironment(folder: string): Record<string, string> {
  return {
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    LANG: "C.UTF-8",
    CI: "true",
    NO_COLOR: "1",
    npm_config_update_notifier: "false",
    // The data directory may lie in somebody's repository, which is none of the module's.
    GIT_CEILING_DIRECTORIES: folder,
  };
}

/** What keeps a language's tools to these folders, and their output the same in every run. */
function languageEnvironment(
  { runtime }: PipelineModel,
  home: string,
  caches: Record<string, string>,
): Record<string, string> {
  switch (runtime.name) {
    case "python":
      return { PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1" };
    case "java": {
      // Java takes the home of the account and not HOME.
      const options = `-Duser.home=${home}`;
      const { MAVEN_USER_HOME: maven } = caches;
      const repository = maven === undefined ? "" : ` -Dmaven.repo.local=${join(maven, "repository")}`;
      return {
        MAVEN_OPTS: options + repository,
        GRADLE_OPTS: options,
        GRADLE_USER_HOME: join(home, ".gradle"),
      };
    }
    case "dotnet":
      return { DOTNET_CLI_HOME: home, DOTNET_NOLOGO: "1", DOTNET_CLI_TELEMETRY_OPTOUT: "1" };
    default:
      return {};
  }
}

const tellsOfRegistries = new RegExp(
  `^(${[
    "npm_config_(registry|cache|userconfig|globalconfig|cafile|strict_ssl)",
    "PIP_(INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|CONFIG_FILE|DEFAULT_TIMEOUT)",
    "UV_(INDEX|DEFAULT_INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NATIVE_TLS|INDEX_\\w+)",
    "POETRY_(HTTP_BASIC|PYPI_TOKEN|REPOSITORIES|CERTIFICATES)_\\w+",
    "GO(PROXY|SUMDB|NOSUMDB|PRIVATE|NOPROXY|INSECURE|TOOLCHAIN|AUTH)",
    "NUGET_\\w+",
    "(https?|no|all)_proxy",
    "NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE",
  ].join("|")})$`,
  "i",
);

/** Where registries are, how to reach them, and what npm downloaded before (its cache is verified by content). */
function registries(): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && tellsOfRegistries.test(name)) given[name] = value;
  const user = homedir();
  const files = {
    PIP_CONFIG_FILE: join(user, ".config", "pip", "pip.conf"),
    GOENV: join(user, ".config", "go", "env"),
  };
  const there = Object.entries(files).filter(([, file]) => existsSync(file));
  return {
    npm_config_userconfig: join(user, ".npmrc"),
    npm_config_cache: join(user, ".npm"),
    ...Object.fromEntries(there),
    ...given,
  };
}
