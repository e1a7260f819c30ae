/** Project files of .NET, with the properties that stand around them in Directory.Build.props. */
import { children, readXml, textAt, type XmlNode } from "../read-xml.ts";
import type { ModuleFolder } from "../stack.ts";

export interface DotnetProject {
  /** `src/Booking.Api/Booking.Api.csproj`. */
  path: string;
  /** Folder with a slash at its end; empty for the top. */
  folder: string;
  assembly: string;
  sdk: string;
  /** `net10.0`, the newest where there are several. */
  framework: string | undefined;
  version: string | undefined;
  packages: ReadonlySet<string>;
  isTest: boolean;
  /** A program, not a library. */
  isProgram: boolean;
}

const form = /^(?:[^/]+\/){0,3}[^/]+\.(cs|fs|vb)proj$/;
const next = "Correct it; `dotnet build` shows how MSBuild reads it.";
const testPackages = [
  "Microsoft.NET.Test.Sdk",
  "xunit",
  "xunit.v3",
  "NUnit",
  "MSTest",
  "MSTest.TestFramework",
  "TUnit",
];

export function isProject(path: string): boolean {
  return form.test(path) && !/(^|\/)(bin|obj)\//.test(path);
}

/** Projects in the order of their paths. Refuses with ModuleInvalid, by file and line, one that cannot be read. */
export function readProjects(folder: ModuleFolder): DotnetProject[] {
  const around = propertiesOf(folder, "Directory.Build.props");
  return [...folder.paths]
    .filter(isProject)
    .sort()
    .flatMap((path) => {
      const text = folder.read(path);
      return text === undefined ? [] : [readProject(path, text, around)];
    });
}

function readProject(path: string, text: string, around: ReadonlyMap<string, string>): DotnetProject {
  const node = readXml(text, { path, root: "Project", next });
  const own = new Map([...around, ...properties(node)]);
  const file = path.slice(path.lastIndexOf("/") + 1);
  const stem = file.replace(/\.\w+$/, "");
  const value = (name: string) => plain(own.get(name.toLowerCase()), stem);
  const sdk = textAt(node, "@Sdk") ?? sdkElement(node) ?? "";
  const packages = new Set(references(node));
  const frameworks = (value("TargetFrameworks") ?? value("TargetFramework") ?? "")
    .split(";")
    .filter((each) => each !== "");
  const isTest =
    value("IsTestProject") === "true" ||
    /MSTest\.Sdk/.test(sdk) ||
    testPackages.some((name) => packages.has(name));
  return {
    path,
    folder: path.slice(0, path.length - file.length),
    assembly: value("AssemblyName") ?? stem,
    sdk,
    framework: newest(frameworks),
    version: value("Version") ?? value("VersionPrefix"),
    packages,
    isTest,
    isProgram: !isTest && (/Sdk\.(Web|Worker)$/.test(sdk) || /^(win)?exe$/i.test(value("OutputType") ?? "")),
  };
}

function propertiesOf(folder: ModuleFolder, path: string): Map<string, string> {
  const text = folder.read(path);
  return text === undefined ? new Map() : properties(readXml(text, { path, root: "Project", next }));
}

/** By name in lower case, as MSBuild does not tell cases apart. Conditions are not worked out: the first one counts. */
function properties(node: XmlNode): Map<string, string> {
  const found = new Map<string, string>();
  for (const group of children(node, "PropertyGroup")) {
    if (typeof group === "string") continue;
    for (const name of Object.keys(group)) {
      const value = textAt(group, name);
      if (value !== undefined && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
    }
  }
  return found;
}

/** A value that MSBuild would have to work out is not known, but for the project's own name. */
function plain(value: string | undefined, stem: string): string | undefined {
  const text = value?.replaceAll("$(MSBuildProjectName)", stem);
  return text?.includes("$(") ? undefined : text;
}

function sdkElement(node: XmlNode): string | undefined {
  return children(node, "Sdk").map((each) => textAt(each, "@Name"))[0];
}

function references(node: XmlNode): string[] {
  return children(node, "ItemGroup")
    .flatMap((group) => [...children(group, "PackageReference"), ...children(group, "FrameworkReference")])
    .flatMap((each) => textAt(each, "@Include") ?? []);
}

function newest(frameworks: string[]): string | undefined {
  const number = (framework: string) => Number(/^net(\d+\.\d+)/.exec(framework)?.[1] ?? 0);
  return frameworks.toSorted((a, b) => number(b) - number(a))[0];
}
