/** .NET: project files, published into `out/`. */
import type { Command, ModuleSpec } from "../../module/module-spec.ts";
import { known, nameFact, versionFact } from "../facts.ts";
import { chooseVersion, knownVersions, type VersionWish } from "../known-versions.ts";
import { describesPort, readPort } from "../read-port.ts";
import type { Asked, ModuleFolder, Stack, StackFacts } from "../stack.ts";
import { type DotnetProject, isProject, readProjects } from "./dotnet-project.ts";

const solution = /^[^/]+\.slnx?$/;
const topFiles = [
  "Directory.Build.props",
  "Directory.Packages.props",
  "global.json",
  "nuget.config",
  "NuGet.config",
  "NuGet.Config",
];
const settings = /^(?:[^/]+\/){0,3}(appsettings\.json|Properties\/launchSettings\.json)$/;

export const dotnetStack: Stack = {
  runtime: "dotnet",
  label: ".NET",
  packageManagers: ["dotnet"],
  manifest: "a .csproj or a .sln",
  isManifest,
  describes: (path) =>
    isProject(path) || topFiles.includes(path) || settings.test(path) || describesPort(path),
  recognise,
  toolchain: (module) => ({
    install: [{ name: "install", run: restoreCommand(module) }],
    caches: [{ name: "nuget", variable: "NUGET_PACKAGES", folder: ".nuget/packages" }],
    inventories: (path) =>
      /(^|\/)(packages\.lock\.json|obj\/project\.assets\.json)$/.test(path) ||
      /^out\/[^/]+\.deps\.json$/.test(path),
    leavesOut: (path) => /^\.nuget(\/|$)/.test(path) || /(^|\/)(obj|TestResults)\//.test(path),
  }),
};

/** For the service alone, or for all that its tests name: they need more than it does. */
function restoreCommand({ build, test, locked }: ModuleSpec): Command {
  const target = (test ?? build)?.slice(2).find((word) => isManifest(word));
  return [
    "dotnet",
    "restore",
    ...(target === undefined ? [] : [target]),
    ...(locked ? ["--locked-mode"] : []),
  ];
}

function recognise(folder: ModuleFolder, asked: Asked): StackFacts | undefined {
  const paths = [...folder.paths];
  const atTop = paths.some(
    (path) => solution.test(path) || /^[^/]+\.[cfv][sb]proj$/.test(path) || path === "Directory.Build.props",
  );
  if (!atTop) return undefined;
  const projects = readProjects(folder);
  if (projects.length === 0) return undefined;
  const service = servingProject(projects);
  const shown = service ?? projects[0];
  const tests = projects.filter((project) => project.isTest);
  const isWeb = service !== undefined && /Sdk\.Web$/.test(service.sdk);
  const locks = paths.filter((path) => /(^|\/)packages\.lock\.json$/.test(path));
  const test = asked.test ?? testCommand(tests, paths);
  const covers = asked.test === undefined && tests.some(({ packages }) => packages.has("coverlet.collector"));
  const junit =
    asked.test === undefined &&
    tests.length > 0 &&
    tests.every(({ packages }) => packages.has("JunitXml.TestLogger"));
  return known<StackFacts>({
    packageManager: "dotnet",
    runtimeVersion: chooseVersion("dotnet", shown === undefined ? undefined : wishOf(shown)),
    framework: isWeb ? "aspnetcore" : undefined,
    locked: locks.length > 0,
    manifestFiles: paths
      .filter(
        (path) => isProject(path) || topFiles.includes(path) || solution.test(path) || locks.includes(path),
      )
      .sort(),
    name: nameFact(service?.assembly, `AssemblyName in ${service?.path}`),
    version: versionFact(service?.version, `Version in ${service?.path}`),
    build:
      service === undefined
        ? undefined
        : ["dotnet", "publish", service.path, "-c", "Release", "-o", "out", "--no-restore"],
    test:
      test === undefined
        ? undefined
        : [
            ...test,
            ...(junit ? ["--logger", "junit"] : []),
            ...(covers ? ["--collect", "XPlat Code Coverage"] : []),
          ],
    start: service === undefined ? undefined : ["dotnet", `out/${service.assembly}.dll`],
    noStart: noStart(projects),
    environment: {
      DOTNET_CLI_TELEMETRY_OPTOUT: "1",
      DOTNET_NOLOGO: "1",
      // Settings and static files are looked for beside the program, not where the sources lie.
      ...(isWeb && service.folder !== "" ? { ASPNETCORE_CONTENTROOT: "." } : {}),
    },
    portVariable: isWeb ? "ASPNETCORE_HTTP_PORTS" : undefined,
    port:
      settingsPort(folder, service) ??
      readPort(folder, { start: asked.start, portVariable: "ASPNETCORE_HTTP_PORTS" }),
    reports: reportsOf(junit, covers),
  });
}

/** The only web project, else the only program. */
function servingProject(projects: DotnetProject[]): DotnetProject | undefined {
  const web = projects.filter(({ sdk, isTest }) => /Sdk\.Web$/.test(sdk) && !isTest);
  const programs = projects.filter(({ isProgram }) => isProgram);
  return web.length > 0 ? only(web) : only(programs);
}

function only<T>(list: T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}

function wishOf({ framework, path }: DotnetProject): VersionWish | undefined {
  const wanted = /^net(\d+\.\d+)/.exec(framework ?? "")?.[1];
  if (framework === undefined) return undefined;
  const exact = knownVersions.dotnet.known.find((version) => version === wanted);
  return { from: `TargetFramework in ${path}`, wanted: framework, accepts: (version) => version === exact };
}

function testCommand(tests: DotnetProject[], paths: string[]): string[] | undefined {
  if (tests.length === 0) return undefined;
  const solutions = paths.filter((path) => solution.test(path));
  const target = only(solutions) ?? only(tests)?.path;
  return ["dotnet", "test", ...(target === undefined ? [] : [target]), "-c", "Release", "--no-restore"];
}

function reportsOf(junit: boolean, covers: boolean): StackFacts["reports"] {
  if (!junit && !covers) return undefined;
  return {
    ...(junit ? { junit: ["**/TestResults/TestResults.xml"] } : {}),
    ...(covers
      ? { coverage: { format: "cobertura" as const, path: "**/TestResults/*/coverage.cobertura.xml" } }
      : {}),
  };
}

/** Of `http://*:5080` in appsettings.json, or in the profile that people start with. */
function settingsPort(folder: ModuleFolder, service: DotnetProject | undefined): number | undefined {
  for (const file of ["appsettings.json", "Properties/launchSettings.json"]) {
    const text = folder.read(`${service?.folder ?? ""}${file}`) ?? "";
    const port = Number(/"(?:Urls?|applicationUrl)"\s*:\s*"[^"]*http:\/\/[^:"/]+:(\d+)/i.exec(text)?.[1]);
    if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  }
  return undefined;
}

function noStart(projects: DotnetProject[]): StackFacts["noStart"] {
  const programs = projects.filter(({ isProgram }) => isProgram).map(({ path }) => path);
  return {
    lookedFor:
      programs.length === 0
        ? "no project is a program: neither Microsoft.NET.Sdk.Web nor OutputType Exe"
        : `${programs.join(", ")} are all programs, and nothing tells which one serves`,
    next: "Say both in module.yaml: `build: dotnet publish src/Api/Api.csproj -c Release -o out` and `start: dotnet out/Api.dll`.",
  };
}

function isManifest(name: string): boolean {
  return /\.([cfv][sb]proj|slnx?)$/.test(name);
}
