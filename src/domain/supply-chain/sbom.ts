/** SBOM.json: CycloneDX 1.6 of what was really resolved. Deterministic: the same input has the same bytes. */
import { Factories } from "@cyclonedx/cyclonedx-library/Contrib/License";
import { ComponentScope, ComponentType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import { Bom, Component, Property, Tools } from "@cyclonedx/cyclonedx-library/Models";
import { JSON as CycloneDxJson, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import parseLicence from "spdx-expression-parse";
import { canonicalJson } from "../canonical-json.ts";
import type { ModuleSpec } from "../module/module-spec.ts";
import type { InventoryFile, ResolvedPackage } from "./inventory.ts";
import { resolvedPackages } from "./resolved-packages.ts";
import { uuidOf } from "./uuid-of.ts";

export interface SbomRequest {
  tenantId: string;
  module: ModuleSpec;
  commit: string;
  tree: string;
  /** ISO 8601: when it was resolved, which is when the artifact was built. */
  timestamp: string;
  /** Version of the program that writes it. */
  toolVersion: string;
  /** Inventories of the built tree (`Toolchain.inventories`), and its manifests where they say what is direct. */
  files: readonly InventoryFile[];
}

/** Refuses with SbomMissing an inventory that cannot be read. */
export function sbomOf(request: SbomRequest): string {
  const { packages, sources } = resolvedPackages(request.files);
  const bom = new Bom({ version: 1 });
  const own = moduleComponent(request);
  const components = new Map(packages.map((one) => [one.purl, componentOf(one)]));
  for (const { direct, dependsOn, purl } of packages) {
    const component = components.get(purl);
    if (component === undefined) continue;
    bom.components.add(component);
    if (direct) own.dependencies.add(component.bomRef);
    for (const need of dependsOn) {
      const needed = components.get(need);
      if (needed !== undefined && needed !== component) component.dependencies.add(needed.bomRef);
    }
  }
  bom.metadata.timestamp = new Date(request.timestamp);
  bom.metadata.component = own;
  bom.metadata.tools = new Tools();
  bom.metadata.tools.components.add(tool(request.toolVersion));
  for (const { path, completeness } of sources)
    bom.metadata.properties.add(new Property("connectsoft:inventory", `${path} (${completeness})`));
  bom.serialNumber = `urn:uuid:${uuidOf(canonicalJson(contentOf(request, packages)))}`;
  const serializer = new JsonSerializer(new CycloneDxJson.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function moduleComponent({ tenantId, module, commit, tree }: SbomRequest): Component {
  const { id, version } = module;
  const own = new Component(ComponentType.Application, id, {
    version,
    group: tenantId,
    bomRef: `${tenantId}/${id}@${version}`,
  });
  own.properties.add(new Property("connectsoft:commit", commit));
  own.properties.add(new Property("connectsoft:tree", tree));
  return own;
}

function tool(version: string): Component {
  return new Component(ComponentType.Application, "connectsoft-delivery", { version, bomRef: "tool" });
}

const scopes = {
  required: ComponentScope.Required,
  optional: ComponentScope.Optional,
  excluded: ComponentScope.Excluded,
};

function componentOf(found: ResolvedPackage): Component {
  const { group, hashes, licence, name, purl, scope, version } = found;
  const component = new Component(ComponentType.Library, name, {
    version,
    purl,
    bomRef: purl,
    scope: scopes[scope],
    ...(group === undefined ? {} : { group }),
  });
  for (const [algorithm, content] of Object.entries(hashes))
    component.hashes.set(HashAlgorithm[algorithm as keyof typeof hashes], content);
  if (licence !== undefined) component.licenses.add(licences.makeFromString(licence));
  return component;
}

const licences = new Factories.LicenseFactory(parseLicence);

function contentOf(request: SbomRequest, packages: ResolvedPackage[]): object {
  const { commit, module, tenantId, timestamp, toolVersion, tree } = request;
  return {
    tenantId,
    moduleId: module.id,
    version: module.version,
    commit,
    tree,
    timestamp,
    toolVersion,
    packages,
  };
}
