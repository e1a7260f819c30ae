/** Cedar itself, loaded when it is first asked: 4 MB of WebAssembly that most commands never need. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DetailedError } from "@cedar-policy/cedar-wasm/nodejs";
import { sha256 } from "../../../domain/canonical-json.ts";

export type CedarModule = typeof import("@cedar-policy/cedar-wasm/nodejs");

export interface CedarEngine {
  cedar: CedarModule;
  /** Text of the schema. */
  schema: string;
  /** Built-in policies by their `@id`. */
  builtIn: Record<string, string>;
  /** Of schema and built-in policies. */
  digest: string;
}

/** The schema's name among what Cedar keeps parsed. */
export const schemaName = "connectsoft";

const policies = path.join(import.meta.dirname, "../../../../policies");
const builtInFiles = ["hard-rules.cedar", "roles.cedar"];

export async function loadCedar(): Promise<CedarEngine> {
  const { default: cedar } = (await import("@cedar-policy/cedar-wasm/nodejs")) as unknown as {
    default: CedarModule;
  };
  const schema = await readFile(path.join(policies, "schema.cedarschema"), "utf8");
  const texts = await Promise.all(builtInFiles.map((name) => readFile(path.join(policies, name), "utf8")));
  const parsed = cedar.preparseSchema(schemaName, schema);
  if (parsed.type === "failure") throw new Error(`policies/schema.cedarschema: ${first(parsed.errors)}`);
  const builtIn = Object.fromEntries(texts.flatMap((text) => policiesIn(cedar, text)));
  return { cedar, schema, builtIn, digest: sha256(JSON.stringify([schema, builtIn])) };
}

function policiesIn(cedar: CedarModule, text: string): [string, string][] {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === "failure") throw new Error(`built-in policies: ${first(parts.errors)}`);
  return parts.policies.map((policy) => {
    const read = cedar.policyToJson(policy);
    const id = read.type === "success" ? read.json.annotations?.id : undefined;
    if (id === undefined) throw new Error(`a built-in policy has no @id:\n${policy}`);
    return [id, policy];
  });
}

function first(errors: DetailedError[]): string {
  return errors[0]?.message ?? "unknown";
}
