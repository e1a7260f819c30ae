/**
 * Gradle, in Groovy or in Kotlin. Its files are programs: only what stands there in plain words is read, and what
 * a program would have to work out is not known.
 */
import { brokenFile, lineAt } from "../broken-file.ts";
import type { ModuleFolder } from "../stack.ts";
import type { JavaProject } from "./java-project.ts";

export const gradleFiles = [
  "build.gradle",
  "build.gradle.kts",
  "settings.gradle",
  "settings.gradle.kts",
  "gradle.properties",
  "gradle/libs.versions.toml",
];

const options = ["--no-daemon", "--console=plain"];

export function readGradle(folder: ModuleFolder): JavaProject | undefined {
  const path = ["build.gradle", "build.gradle.kts"].find((each) => folder.read(each) !== undefined);
  const settings = ["settings.gradle", "settings.gradle.kts"].find((each) => folder.read(each) !== undefined);
  if (path === undefined && settings === undefined) return undefined;
  const build = withoutComments(path === undefined ? "" : (folder.read(path) ?? ""));
  if (path !== undefined) requireClosed(path, build);
  const properties = folder.read("gradle.properties") ?? "";
  const all = `${build}\n${withoutComments(folder.read("gradle/libs.versions.toml") ?? "")}`;
  const rootName = /rootProject\.name\s*=\s*["']([^"'$]+)["']/.exec(folder.read(settings ?? "") ?? "")?.[1];
  const version =
    /^version\s*=?\s*["']([^"'$]+)["']/m.exec(build)?.[1] ?? /^version\s*=\s*(\S+)/m.exec(properties)?.[1];
  const program = programOf(build, rootName, version);
  const gradle = folder.paths.has("gradlew") ? ["sh", "./gradlew"] : ["gradle"];
  const locks = [...folder.paths].filter((each) => /(^|\/)gradle\.lockfile$/.test(each));
  return {
    packageManager: "gradle",
    name: rootName,
    version,
    release: releaseOf(build, path ?? "build.gradle"),
    uses: new Set(usesOf(all)),
    locked: locks.length > 0,
    manifestFiles: [...folder.paths]
      .filter((each) => gradleFiles.includes(each) || each.startsWith("gradle/") || each === "gradlew")
      .concat(locks)
      .sort(),
    build: [...gradle, ...options, program?.task ?? "assemble"],
    test: [...gradle, ...options, "test"],
    start: program?.start,
    noStart: {
      lookedFor:
        rootName === undefined
          ? "settings.gradle has no rootProject.name in plain words, after which Gradle names what it builds"
          : `${path ?? settings} applies none of Spring Boot, Quarkus, shadow and application`,
      next: "Set rootProject.name and apply the application plugin, or say `start:` in module.yaml.",
    },
    folder: "",
    junit: ["**/build/test-results/test/TEST-*.xml"],
  };
}

/** The task that makes the program, and what it makes. */
function programOf(
  build: string,
  name: string | undefined,
  version: string | undefined,
): { task: string; start: string[] } | undefined {
  const applies = (plugin: RegExp) => plugin.test(build);
  if (applies(/io\.quarkus["')]/))
    return { task: "quarkusBuild", start: ["java", "-jar", "build/quarkus-app/quarkus-run.jar"] };
  if (name === undefined) return undefined;
  const stem = version === undefined ? name : `${name}-${version}`;
  const jar = /archiveFileName\s*(?:=|\.set\()\s*["']([^"'$]+)["']/.exec(build)?.[1];
  const libs = (file: string) => ["java", "-jar", `build/libs/${jar ?? file}`];
  if (applies(/org\.springframework\.boot["')]|spring\.boot\)/))
    return { task: "bootJar", start: libs(`${stem}.jar`) };
  if (applies(/com\.(github\.johnrengelman|gradleup)\.shadow["')]/))
    return { task: "shadowJar", start: libs(`${stem}-all.jar`) };
  if (
    applies(
      /\bid\s*\(?\s*["'](application|io\.ktor\.plugin|io\.micronaut\.application)["']|^\s*application\s*$|apply plugin:\s*["']application["']/m,
    )
  )
    return { task: "installDist", start: [`build/install/${name}/bin/${name}`] };
  return undefined;
}

function releaseOf(build: string, path: string): JavaProject["release"] {
  const forms = [
    /JavaLanguageVersion\.of\(\s*["']?(\d+)/,
    /jvmToolchain\(\s*(\d+)/,
    /options\.release\s*(?:=|\.set\()\s*(\d+)/,
    /(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_)?["']?((?:1[._])?\d+)/,
  ];
  const wanted = forms.map((form) => form.exec(build)?.[1]).find((found) => found !== undefined);
  return wanted === undefined ? undefined : { from: path, wanted: wanted.replace("_", ".") };
}

/** `group:artifact:version` of dependencies, and the ids of plugins, wherever they stand in quotes. */
function usesOf(text: string): string[] {
  const coordinates = [...text.matchAll(/["']([\w.-]+:[\w.-]+)(?::[^"']*)?["']/g)].map(
    (match) => match[1] ?? "",
  );
  const ids = [...text.matchAll(/\bid\s*[(=]?\s*["']([\w.-]+)["']/g)].map((match) => match[1] ?? "");
  return [...coordinates, ...ids];
}

/** Comments become blanks, so that lines and offsets stay. Slashes inside of strings, as in addresses, stay too. */
function withoutComments(text: string): string {
  return text.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/.*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("/") ? part.replaceAll(/[^\n]/g, " ") : part,
  );
}

/** Not a parser: only what no Gradle file survives, a block that is never closed. */
function requireClosed(path: string, build: string): void {
  const blank = build.replaceAll(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (part) =>
    part.replaceAll(/[^\n]/g, " "),
  );
  const open: number[] = [];
  for (const { 0: sign, index } of blank.matchAll(/[{}]/g)) {
    if (sign === "{") open.push(index);
    else if (open.pop() === undefined)
      throw broken(path, lineAt(blank, index), "a block is closed that was never opened");
  }
  const [first] = open;
  if (first !== undefined)
    throw broken(path, lineAt(blank, first), "the block that opens here is never closed");
}

function broken(path: string, line: number, problem: string): Error {
  return brokenFile({ path, line }, problem, "Correct it; `gradle help` shows how Gradle reads it.");
}
