/** What Maven's and Gradle's files say alike, and what follows from it. */
import type { Command, PackageManager } from "../../module/module-spec.ts";
import { chooseVersion, knownVersions } from "../known-versions.ts";
import type { ModuleFolder } from "../stack.ts";

export interface JavaProject {
  packageManager: Extract<PackageManager, "maven" | "gradle">;
  name: string | undefined;
  version: string | undefined;
  /** The release that is compiled for, and where that stands. */
  release: { from: string; wanted: string } | undefined;
  /** `group:artifact` of dependencies and plugins. */
  uses: ReadonlySet<string>;
  locked: boolean;
  manifestFiles: string[];
  build: Command;
  test: Command;
  start: Command | undefined;
  noStart: { lookedFor: string; next: string };
  /** Folder of the part that serves, with a slash at its end; empty for the top. */
  folder: string;
  junit: string[];
}

export interface JavaFramework {
  name: string;
  portVariable: string;
  healthPath: string | undefined;
}

/** Health endpoints are told by the dependency that brings them, unless settings move them. */
export function frameworkOf({ uses }: JavaProject, settings: string): JavaFramework | undefined {
  const has = (form: RegExp) => [...uses].some((each) => form.test(each));
  const moved = /context-path|base-path|root-path|management[.:\s]+server/.test(settings);
  const healthIf = (form: RegExp, path: string) => (has(form) && !moved ? path : undefined);
  if (has(/^org\.springframework\.boot(:|$)/))
    return {
      name: "spring-boot",
      portVariable: "SERVER_PORT",
      healthPath: healthIf(/:spring-boot-starter-actuator$/, "/actuator/health"),
    };
  if (has(/^io\.quarkus(\.platform)?(:|$)/))
    return {
      name: "quarkus",
      portVariable: "QUARKUS_HTTP_PORT",
      healthPath: healthIf(/:quarkus-smallrye-health$/, "/q/health"),
    };
  if (has(/^io\.micronaut/))
    return {
      name: "micronaut",
      portVariable: "MICRONAUT_SERVER_PORT",
      healthPath: healthIf(/:micronaut-management$/, "/health"),
    };
  const other = others.find(([form]) => has(form));
  return other === undefined ? undefined : { name: other[1], portVariable: "PORT", healthPath: undefined };
}

const others: [RegExp, string][] = [
  [/^io\.helidon/, "helidon"],
  [/^io\.javalin/, "javalin"],
  [/^io\.dropwizard/, "dropwizard"],
  [/^io\.ktor/, "ktor"],
  [/^io\.vertx/, "vertx"],
  [/^com\.sparkjava/, "spark"],
];

/** Newer releases run what was compiled for older ones: the first that is long supported and not older. */
export function javaVersion(release: JavaProject["release"], folder: ModuleFolder): string {
  const file = versionFile(folder) ?? release;
  if (file === undefined) return chooseVersion("java", undefined);
  const wanted = Number(/^(?:1\.)?(\d+)/.exec(file.wanted)?.[1]);
  const enough = knownVersions.java.known.find((version) => Number(version) >= wanted);
  return chooseVersion("java", { ...file, accepts: (version) => version === enough });
}

export const javaVersionFiles = [".java-version", ".sdkmanrc"];

function versionFile(folder: ModuleFolder): JavaProject["release"] {
  const plain = /^(?:[a-z]+-)?([\d.]+)/m.exec(folder.read(".java-version") ?? "")?.[1];
  if (plain !== undefined) return { from: ".java-version", wanted: plain };
  const sdkman = /^java=([\d.]+)/m.exec(folder.read(".sdkmanrc") ?? "")?.[1];
  return sdkman === undefined ? undefined : { from: "java in .sdkmanrc", wanted: sdkman };
}
