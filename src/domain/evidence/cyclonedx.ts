/** What a CycloneDX document (JSON) says in numbers: components, licences, and vulnerabilities where it lists them. */
import { z } from "zod";
import { countSeverities, type SeverityCounts, severityOf } from "./findings.ts";
import { readJson } from "./read-json.ts";

export interface SbomSummary {
  specVersion: string;
  components: number;
  /** Licence id, name or expression to the number of components that have it; `none` where one has no licence. */
  licences: Record<string, number>;
  /** Absent where the document does not speak of vulnerabilities, which is not the same as having none. */
  vulnerabilities?: SeverityCounts;
}

const licence = z.looseObject({
  license: z.looseObject({ id: z.string().optional(), name: z.string().optional() }).optional(),
  expression: z.string().optional(),
});
const document = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string(),
  components: z.array(z.looseObject({ name: z.string(), licenses: z.array(licence).optional() })).optional(),
  vulnerabilities: z
    .array(z.looseObject({ ratings: z.array(z.looseObject({ severity: z.string().optional() })).optional() }))
    .optional(),
});

export function readCyclonedx(text: string): SbomSummary {
  const { specVersion, components = [], vulnerabilities } = readJson(text, document);
  const licences = new Map<string, number>();
  for (const { licenses = [] } of components) {
    const names = licenses.map(nameOf);
    for (const name of new Set(names.length === 0 ? ["none"] : names))
      licences.set(name, (licences.get(name) ?? 0) + 1);
  }
  const summary = { specVersion, components: components.length, licences: Object.fromEntries(licences) };
  if (vulnerabilities === undefined) return summary;
  const worst = vulnerabilities.map(({ ratings = [] }) => severityOf(ratings[0]?.severity));
  return { ...summary, vulnerabilities: countSeverities(worst) };
}

function nameOf({ license, expression }: z.infer<typeof licence>): string {
  return expression ?? license?.id ?? license?.name ?? "none";
}
