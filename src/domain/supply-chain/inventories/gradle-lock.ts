/** gradle.lockfile: `group:name:version=configuration,configuration`. */
import type { InventoryReader, PackageScope } from "../inventory.ts";
import { mavenPackage } from "./maven-name.ts";

export const gradleLock: InventoryReader = {
  ecosystem: "maven",
  completeness: "resolved",
  reads: (path) => path === "gradle.lockfile",
  read: (file) =>
    file.text.split(/\r?\n/).flatMap((line, index) => {
      if (line.trim() === "" || line.startsWith("#") || line.startsWith("empty=")) return [];
      const [coordinates = "", configurations = ""] = line.split("=", 2);
      const [group, name, version] = coordinates.split(":");
      if (group === undefined || name === undefined || version === undefined)
        throw new Error(`line ${index + 1} is not group:name:version=configurations`);
      const scope = scopeOf(configurations.split(","));
      // It does not say what the module itself named; as all of it is there, all of it is listed under the module.
      return [{ ...mavenPackage(group, name, version), scope, direct: true }];
    }),
};

/** By the configurations of Gradle's java plugin. */
function scopeOf(configurations: string[]): PackageScope {
  return configurations.some((name) => /^(productionRuntimeC|runtimeC)lasspath$/.test(name))
    ? "required"
    : "excluded";
}
