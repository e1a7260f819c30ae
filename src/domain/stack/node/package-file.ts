/** `package.json`, as far as a delivery looks into it. */
import { z } from "zod";
import { refuse } from "../../refusal.ts";

const packageFile = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  private: z.boolean().optional(),
  main: z.string().optional(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  files: z.array(z.string()).optional(),
  scripts: z.record(z.string(), z.string()).optional(),
  packageManager: z.string().optional(),
  // Packages of the first years have lists here: what is no object says nothing.
  engines: z.record(z.string(), z.string()).optional().catch(undefined),
  volta: z.looseObject({ node: z.string().optional() }).optional(),
  devEngines: z.looseObject({ packageManager: z.unknown().optional() }).optional(),
  workspaces: z.unknown().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
export type PackageFile = z.infer<typeof packageFile>;

/** Refuses with ModuleInvalid what is no JSON, or has another type where a delivery looks. */
export function readPackageFile(text: string): PackageFile {
  const parsed = packageFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` ${issue.path.map(String).join(".")}:`;
  throw problem(`package.json:${where} ${issue?.message ?? "it is no package"}.`);
}

/** The name without its scope: `@acme/booking-service` is booking-service. */
export function unscopedName(name: string): string {
  return name.replace(/^@[^/]*\//, "");
}

/** A script of the package; npm's placeholder for tests counts as none. */
export function script(file: PackageFile, name: string): string | undefined {
  const { scripts = {} } = file;
  const text = Object.hasOwn(scripts, name) ? scripts[name]?.trim() : undefined;
  if (text === undefined || text === "") return undefined;
  return name === "test" && text.includes("no test specified") ? undefined : text;
}

function parseJson(text: string): unknown {
  try {
    // A byte order mark is legal in practice: npm takes it too.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = /\(line (\d+) column \d+\)/.exec(message)?.[1];
    throw problem(`package.json${line === undefined ? "" : `:${line}`} is no JSON: ${message}.`);
  }
}

function problem(message: string): Error {
  return refuse("ModuleInvalid", message, "Correct package.json; `npm pkg get` shows how npm reads it.");
}
