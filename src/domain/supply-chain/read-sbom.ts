/** What is read from an SBOM, ours or another producer's: components with their versions and licences. */
import { z } from "zod";
import { refuse } from "../refusal.ts";
import { withoutVersion } from "./purl.ts";

const licenceSchema = z.union([
  z.looseObject({ expression: z.string() }),
  z.looseObject({ license: z.looseObject({ id: z.string().optional(), name: z.string().optional() }) }),
]);
const componentSchema = z.looseObject({
  name: z.string(),
  group: z.string().optional(),
  version: z.string().default(""),
  purl: z.string().optional(),
  scope: z.enum(["required", "optional", "excluded"]).default("required"),
  licenses: z.array(licenceSchema).default([]),
});
const bomSchema = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  components: z.array(componentSchema).default([]),
});

export interface ListedComponent {
  /** Whatever its version: its purl without it, or its name. */
  key: string;
  name: string;
  version: string;
  purl?: string;
  scope: "required" | "optional" | "excluded";
  /** SPDX ids, expressions or names; `unknown` where nothing says it. */
  licences: string[];
}

export const unknownLicence = "unknown";

/** Refuses with SbomMissing what is not CycloneDX JSON. */
export function readSbom(text: string): ListedComponent[] {
  const parsed = bomSchema.safeParse(jsonOf(text));
  if (!parsed.success)
    throw refuse(
      "SbomMissing",
      `The SBOM cannot be read; expected CycloneDX JSON: ${parsed.error.issues[0]?.path.map(String).join(".")}.`,
      "Build the module again, or hand in a CycloneDX document in JSON.",
    );
  return parsed.data.components.map(({ group, licenses, name, purl, scope, version }) => {
    const full = group === undefined ? name : `${group}/${name}`;
    const licences = licenses.map(licenceName).toSorted();
    return {
      key: purl === undefined ? full : withoutVersion(purl),
      name: full,
      version,
      ...(purl !== undefined && { purl }),
      scope,
      licences: licences.length > 0 ? licences : [unknownLicence],
    };
  });
}

/** Each licence with the components under it, sorted; what was there for building only is left out. */
export function licencesOf(sbom: string): { licence: string; components: string[] }[] {
  const components = readSbom(sbom).filter(({ scope }) => scope !== "excluded");
  const names = [...new Set(components.flatMap(({ licences }) => licences))].toSorted();
  return names.map((licence) => ({
    licence,
    components: components
      .filter(({ licences }) => licences.includes(licence))
      .map(({ name, version }) => `${name}@${version}`)
      .toSorted(),
  }));
}

function licenceName(licence: z.infer<typeof licenceSchema>): string {
  if ("expression" in licence && typeof licence.expression === "string") return licence.expression;
  const { id, name } = (licence as { license: { id?: string; name?: string } }).license;
  return id ?? name ?? unknownLicence;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
