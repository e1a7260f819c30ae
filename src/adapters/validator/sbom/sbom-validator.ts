/** SBOM.json by CycloneDX's own schema, which comes with its library. */
import { Version } from "@cyclonedx/cyclonedx-library/Spec";
import { JsonStrictValidator } from "@cyclonedx/cyclonedx-library/Validation";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";

export const sbomValidator: FileValidator = {
  name: "cyclonedx",
  validates: (path) => /(^|\/)SBOM\.json$/.test(path),
  async check({ path, content }) {
    const version = Object.values(Version).find((one) => content.includes(`"specVersion": "${one}"`));
    if (version === undefined) return [finding(path, "specVersion is none that CycloneDX has in JSON")];
    try {
      const problem = await new JsonStrictValidator(version).validate(content);
      return problem === null ? [] : [finding(path, JSON.stringify(problem).slice(0, 500))];
    } catch (error) {
      return [finding(path, error instanceof Error ? error.message : String(error))];
    }
  },
};

function finding(path: string, message: string): FileFinding {
  return {
    path,
    rule: "cyclonedx/schema",
    severity: "error",
    message,
    suggestion:
      "Build the module again; where it stays so, look at the lock file that the SBOM is read from.",
  };
}
