/** Maven: pom.xml, with the parts that it lists; nothing of a parent outside the module is known. */
import { child, children, readXml, textAt, type XmlNode } from "../read-xml.ts";
import type { ModuleFolder } from "../stack.ts";
import type { JavaProject } from "./java-project.ts";

const next = "Correct it; `mvn -q validate` shows how Maven reads it.";

interface Pom {
  /** Folder with a slash at its end; empty for the top. */
  folder: string;
  node: XmlNode;
  properties: Map<string, string>;
}

const options = ["-B", "-ntp"];

/** Of a property that is to stand there. */
const opening = `\${`;

export function readMaven(folder: ModuleFolder): JavaProject | undefined {
  const text = folder.read("pom.xml");
  if (text === undefined) return undefined;
  const top = readPom(text, "", new Map());
  const parts = children(child(top.node, "modules"), "module")
    .map((name) => `${typeof name === "string" ? name.trim() : ""}/`)
    .flatMap((part) => {
      const inner = folder.read(`${part}pom.xml`);
      return inner === undefined ? [] : [readPom(inner, part, top.properties)];
    });
  const poms = [top, ...parts];
  const serving = servingPart(poms);
  const mvn = folder.paths.has("mvnw") ? ["sh", "./mvnw"] : ["mvn"];
  return {
    packageManager: "maven",
    name: valueAt(top, "artifactId"),
    version: versionOf(top),
    release: releaseOf(serving ?? top) ?? releaseOf(top),
    uses: new Set(poms.flatMap(coordinates)),
    // Maven has no lock file: exact versions in the pom, and what they ask for, are the same each time.
    locked: poms.every((pom) => !/[[(,]|LATEST|RELEASE|SNAPSHOT/.test(dependencyVersions(pom).join(" "))),
    manifestFiles: [...folder.paths]
      .filter((path) => isPom(path) || path.startsWith(".mvn/") || path === "mvnw")
      .sort(),
    build: [...mvn, ...options, "package", "-DskipTests"],
    test: [...mvn, ...options, "test"],
    start: serving === undefined ? undefined : ["java", "-jar", archiveOf(serving)],
    noStart: {
      lookedFor:
        "pom.xml makes no program: neither Spring Boot, Quarkus nor Micronaut, and no plugin that names a mainClass",
      next: "Name the main class in maven-jar-plugin or maven-shade-plugin, or say `start: java -jar target/....jar` in module.yaml.",
    },
    folder: serving?.folder ?? "",
    junit: ["**/target/surefire-reports/TEST-*.xml"],
  };
}

export function isPom(path: string): boolean {
  return /^([^/]+\/){0,2}pom\.xml$/.test(path);
}

function readPom(text: string, folder: string, inherited: ReadonlyMap<string, string>): Pom {
  const node = readXml(text, { path: `${folder}pom.xml`, root: "project", next });
  const properties = new Map(inherited);
  const declared = child(node, "properties");
  if (declared !== undefined && typeof declared !== "string")
    for (const name of Object.keys(declared)) properties.set(name, textAt(declared, name) ?? "");
  const pom = { folder, node, properties };
  for (const name of ["groupId", "artifactId", "version"]) {
    const value = textAt(node, name) ?? textAt(node, "parent", name);
    if (value !== undefined) properties.set(`project.${name}`, value);
  }
  return pom;
}

function resolved(text: string | undefined, { properties }: Pom): string | undefined {
  let value = text;
  // A property may name another; one that names itself stays as it is.
  for (let depth = 0; depth < 8 && value?.includes(opening); depth += 1)
    value = value.replaceAll(/\$\{([^}]+)\}/g, (written, name: string) => properties.get(name) ?? written);
  return value?.includes(opening) ? undefined : value;
}

function valueAt(pom: Pom, ...path: string[]): string | undefined {
  return resolved(textAt(pom.node, ...path), pom);
}

function versionOf(pom: Pom): string | undefined {
  return valueAt(pom, "version") ?? valueAt(pom, "parent", "version");
}

/** The one part that is a program: of several only one that says so alone. */
function servingPart(poms: Pom[]): Pom | undefined {
  const programs = poms.filter((pom) => textAt(pom.node, "packaging") !== "pom" && isProgram(pom));
  return programs.length === 1 ? programs[0] : undefined;
}

function isProgram(pom: Pom): boolean {
  const names = plugins(pom).map((plugin) => textAt(plugin, "artifactId") ?? "");
  if (names.some((name) => /^(spring-boot|quarkus|micronaut)-maven-plugin$/.test(name))) return true;
  return mainClassPlugins(pom).length > 0;
}

function plugins({ node }: Pom): XmlNode[] {
  return children(child(child(node, "build"), "plugins"), "plugin");
}

function mainClassPlugins(pom: Pom): XmlNode[] {
  return plugins(pom).filter(
    (plugin) =>
      /^maven-(jar|shade)-plugin$/.test(textAt(plugin, "artifactId") ?? "") &&
      /"mainClass":|"Main-Class":/.test(JSON.stringify(plugin)),
  );
}

function archiveOf(pom: Pom): string {
  const names = plugins(pom).map((plugin) => textAt(plugin, "artifactId"));
  if (names.includes("quarkus-maven-plugin")) return `${pom.folder}target/quarkus-app/quarkus-run.jar`;
  const artifact = valueAt(pom, "artifactId") ?? "app";
  const version = versionOf(pom);
  const stem =
    valueAt(pom, "build", "finalName") ?? (version === undefined ? artifact : `${artifact}-${version}`);
  return `${pom.folder}target/${stem}.${textAt(pom.node, "packaging") === "war" ? "war" : "jar"}`;
}

function releaseOf(pom: Pom): JavaProject["release"] {
  const compiler = plugins(pom).find((plugin) => textAt(plugin, "artifactId") === "maven-compiler-plugin");
  const configured = ["release", "target", "source"]
    .map((name) => resolved(textAt(compiler, "configuration", name), pom))
    .find((value) => value !== undefined);
  if (configured !== undefined)
    return { from: `maven-compiler-plugin in ${pom.folder}pom.xml`, wanted: configured };
  const names = [
    "maven.compiler.release",
    "java.version",
    "maven.compiler.target",
    "maven.compiler.source",
    "jdk.version",
  ];
  for (const name of names) {
    const wanted = resolved(pom.properties.get(name), pom);
    if (wanted !== undefined) return { from: `${name} in ${pom.folder}pom.xml`, wanted };
  }
  return undefined;
}

/** `group:artifact` of what it depends on, is built with, and takes its defaults from. */
function coordinates(pom: Pom): string[] {
  const { node } = pom;
  const dependencies = children(child(node, "dependencies"), "dependency");
  const managed = children(child(child(node, "dependencyManagement"), "dependencies"), "dependency");
  const parent = children(node, "parent");
  const boms = managed.filter((each) => textAt(each, "scope") === "import");
  return [...dependencies, ...boms, ...parent, ...plugins(pom)].map(
    (each) => `${resolved(textAt(each, "groupId"), pom) ?? ""}:${textAt(each, "artifactId") ?? ""}`,
  );
}

function dependencyVersions(pom: Pom): string[] {
  const dependencies = children(child(pom.node, "dependencies"), "dependency");
  return dependencies.flatMap((each) => resolved(textAt(each, "version"), pom) ?? []);
}
