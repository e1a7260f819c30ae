/** pom.xml: what the module itself asks for. What that brings along is not in it, nor what a parent manages. */
import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import type { InventoryReader, PackageScope, ResolvedPackage } from "../inventory.ts";
import { mavenPackage } from "./maven-name.ts";

const text = z.string().optional();
const dependencySchema = z.looseObject({
  groupId: z.string(),
  artifactId: z.string(),
  version: text,
  scope: text,
  optional: text,
  type: text,
});
type Dependency = z.infer<typeof dependencySchema>;
const dependencies = z
  .union([z.literal(""), z.looseObject({ dependency: z.array(dependencySchema) })])
  .optional();
const pomSchema = z.looseObject({
  project: z.looseObject({
    groupId: text,
    version: text,
    parent: z.looseObject({ groupId: text, version: text }).optional(),
    properties: z.union([z.literal(""), z.record(z.string(), z.unknown())]).optional(),
    dependencies,
    dependencyManagement: z.union([z.literal(""), z.looseObject({ dependencies })]).optional(),
  }),
});
type Pom = z.infer<typeof pomSchema>["project"];

export const mavenPom: InventoryReader = {
  ecosystem: "maven",
  completeness: "declared",
  reads: (path) => path === "pom.xml",
  read: (file) => {
    const parser = new XMLParser({
      parseTagValue: false,
      isArray: (_name, path) => String(path).endsWith("dependencies.dependency"),
    });
    const { project } = pomSchema.parse(parser.parse(file.text, true));
    const managed = managedVersions(project);
    return listed(project.dependencies).map((one) => read(project, managed, one));
  },
};

function read(pom: Pom, managed: Map<string, string>, dependency: Dependency): ResolvedPackage {
  const { groupId, artifactId, scope, optional } = dependency;
  const version = dependency.version ?? managed.get(`${groupId}:${artifactId}`) ?? "";
  const group = filled(pom, groupId);
  return {
    ...mavenPackage(group, filled(pom, artifactId), filled(pom, version)),
    scope: optional === "true" ? "optional" : (scopes[scope ?? "compile"] ?? "required"),
    direct: true,
  };
}

const scopes: Record<string, PackageScope> = {
  compile: "required",
  runtime: "required",
  provided: "optional",
  system: "optional",
  test: "excluded",
};

function listed(of: Pom["dependencies"]): Dependency[] {
  return of === undefined || of === "" ? [] : of.dependency;
}

function managedVersions({ dependencyManagement }: Pom): Map<string, string> {
  const of =
    dependencyManagement === undefined || dependencyManagement === "" ? undefined : dependencyManagement;
  return new Map(
    listed(of?.dependencies).map((one) => [`${one.groupId}:${one.artifactId}`, one.version ?? ""]),
  );
}

/** `${spring.version}` by the pom's own properties; one that they do not have stays as it is. */
function filled(pom: Pom, value: string): string {
  return value.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name === "project.version") return pom.version ?? pom.parent?.version ?? whole;
    if (name === "project.groupId") return pom.groupId ?? pom.parent?.groupId ?? whole;
    const properties = pom.properties === undefined || pom.properties === "" ? {} : pom.properties;
    const found = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return typeof found === "string" ? found : whole;
  });
}
