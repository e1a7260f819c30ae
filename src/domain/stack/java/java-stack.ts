/** Java and its relatives on the JVM, resolved and built by Maven or Gradle. */
import { refuse } from "../../refusal.ts";
import { known, nameFact, versionFact } from "../facts.ts";
import { describesPort, readPort } from "../read-port.ts";
import type { Asked, ModuleFolder, Stack, StackFacts } from "../stack.ts";
import { gradleFiles, readGradle } from "./gradle-project.ts";
import { frameworkOf, type JavaProject, javaVersion, javaVersionFiles } from "./java-project.ts";
import { isPom, readMaven } from "./maven-project.ts";

const settings = /^([^/]+\/){0,2}src\/main\/resources\/application\.(properties|ya?ml)$/;

export const javaStack: Stack = {
  runtime: "java",
  label: "Java",
  packageManagers: ["maven", "gradle"],
  manifest: "pom.xml or build.gradle",
  isManifest: (name) => /^(pom\.xml|build\.gradle(\.kts)?)$/.test(name),
  describes: (path) =>
    isPom(path) ||
    gradleFiles.includes(path) ||
    javaVersionFiles.includes(path) ||
    settings.test(path) ||
    describesPort(path),
  recognise,
  toolchain: ({ packageManager }) => ({
    install: [],
    resolvesLate: true,
    caches:
      packageManager === "gradle"
        ? [{ name: "gradle", variable: "GRADLE_USER_HOME", folder: ".gradle-home" }]
        : [
            {
              name: "maven",
              variable: "MAVEN_USER_HOME",
              folder: ".m2",
              // The variable is the wrapper's; Maven itself takes an option.
              option: { variable: "MAVEN_OPTS", value: "-Dmaven.repo.local={}/repository" },
            },
          ],
    inventories: (path) =>
      /(^|\/)(pom\.xml|gradle\.lockfile)$/.test(path) || /^gradle\/libs\.versions\.toml$/.test(path),
    leavesOut: (path) =>
      /^\.(m2|gradle|gradle-home)(\/|$)/.test(path) ||
      /(^|\/)(target\/(surefire-reports|maven-status|test-classes|generated-test-sources)|build\/(reports|test-results|tmp))\//.test(
        path,
      ),
  }),
};

function recognise(folder: ModuleFolder, asked: Asked): StackFacts | undefined {
  const project = chooseProject(folder, asked);
  if (project === undefined) return undefined;
  const file = project.packageManager === "maven" ? "pom.xml" : "the Gradle files";
  const text = [...folder.paths]
    .filter((path) => settings.test(path))
    .map((path) => folder.read(path) ?? "")
    .join("\n");
  const framework = frameworkOf(project, text);
  const tested = [...folder.paths].some((path) => /(^|\/)src\/test\/.+\.(java|kt|groovy|scala)$/.test(path));
  return known<StackFacts>({
    packageManager: project.packageManager,
    runtimeVersion: javaVersion(project.release, folder),
    framework: framework?.name,
    locked: project.locked,
    manifestFiles: project.manifestFiles,
    name: nameFact(project.name, `the name in ${file}`),
    version: versionFact(project.version, `version in ${file}`),
    build: project.build,
    test: tested ? project.test : undefined,
    start: project.start,
    noStart: project.noStart,
    port: settingsPort(text) ?? readPort(folder, { start: asked.start }),
    portVariable: framework?.portVariable,
    healthPath: framework?.healthPath,
    reports: tested && asked.test === undefined ? { junit: project.junit } : undefined,
  });
}

function chooseProject(folder: ModuleFolder, { packageManager }: Asked): JavaProject | undefined {
  if (packageManager === "maven") return readMaven(folder);
  if (packageManager === "gradle") return readGradle(folder);
  const hasGradle = ["build.gradle", "build.gradle.kts"].some((path) => folder.read(path) !== undefined);
  if (folder.read("pom.xml") === undefined) return readGradle(folder);
  if (!hasGradle) return readMaven(folder);
  throw refuse(
    "ModuleInvalid",
    "pom.xml and build.gradle are both there, and nothing says whether Maven or Gradle builds the module; expected one, or a choice.",
    "Say `packageManager: maven` or `packageManager: gradle` in module.yaml, or remove the other's files.",
  );
}

/** `server.port=8081`, `server.port=${PORT:8081}`, and the same in YAML; `quarkus.http.port`, `micronaut.server.port`. */
function settingsPort(text: string): number | undefined {
  const value = String.raw`["']?(?:\$\{\w+:)?(\d{2,5})`;
  const flat = new RegExp(
    String.raw`^\s*(?:server|quarkus\.http|micronaut\.server)\.port\s*[=:]\s*${value}`,
    "m",
  );
  const nested = new RegExp(
    String.raw`^ *(?:server|http):[ \t]*\r?\n(?:[ \t]+.*\r?\n)*?[ \t]+port:\s*${value}`,
    "m",
  );
  const port = Number(flat.exec(text)?.[1] ?? nested.exec(text)?.[1]);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}
