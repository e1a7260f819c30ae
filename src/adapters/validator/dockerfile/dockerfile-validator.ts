/** Dockerfiles by the field's own parser, and by what every image of ours must hold to: pinned, without root or shell. */
import { ValidationSeverity, validate } from "dockerfile-utils";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";
import { houseRules } from "./house-rules.ts";

/** Of the language server protocol. */
const warning = 2;

export const dockerfileValidator: FileValidator = {
  name: "dockerfile",
  validates: (path) => /(^|\/)Dockerfile(\.[\w-]+)?$/.test(path),
  async check({ path, content }) {
    const parsed = validate(content, { emptyContinuationLine: ValidationSeverity.ERROR });
    return [
      ...parsed.map(
        ({ message, range, severity }): FileFinding => ({
          path,
          line: range.start.line + 1,
          rule: "dockerfile/parser",
          severity: severity === warning ? "warning" : "error",
          message: typeof message === "string" ? message : message.value,
          suggestion: "Correct the instruction by the Dockerfile reference.",
        }),
      ),
      ...houseRules(path, content),
    ];
  },
};
