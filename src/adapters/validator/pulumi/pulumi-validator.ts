/** A Pulumi program's syntax, and that its project and stacks say what Pulumi reads. Its types are checked by `tsc`. */
import { parseSync } from "oxc-parser";
import { parse } from "yaml";
import { z } from "zod";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";

const projectSchema = z.looseObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
  runtime: z.union([z.string(), z.looseObject({ name: z.string() })]),
});
const stackSchema = z.looseObject({
  config: z.record(z.string().regex(/^[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+$/), z.unknown()).optional(),
});

export const pulumiValidator: FileValidator = {
  name: "pulumi",
  validates: (path) => /(^|\/)infrastructure\/pulumi\/(index\.ts|Pulumi(\.[^/]+)?\.yaml)$/.test(path),
  async check({ path, content }) {
    if (path.endsWith(".ts")) return programFindings(path, content);
    const schema = path.endsWith("/Pulumi.yaml") ? projectSchema : stackSchema;
    const parsed = schema.safeParse(parsedYaml(content));
    const issues = parsed.success ? [] : parsed.error.issues;
    return issues.map((issue) =>
      finding(path, "schema", `${issue.path.map(String).join(".")}: ${issue.message}`),
    );
  },
};

function programFindings(path: string, content: string): FileFinding[] {
  return parseSync(path, content).errors.map((error) => {
    const start = error.labels[0]?.start;
    const line = start === undefined ? {} : { line: content.slice(0, start).split("\n").length };
    return { ...finding(path, "syntax", error.message), ...line };
  });
}

function parsedYaml(content: string): unknown {
  try {
    return parse(content);
  } catch {
    // What is wrong with it as YAML is another validator's to say.
    return {};
  }
}

function finding(path: string, rule: string, message: string): FileFinding {
  return {
    path,
    rule: `pulumi/${rule}`,
    severity: "error",
    message,
    suggestion: "Undo the change that was made by hand, or leave the set `infrastructure` out.",
  };
}
