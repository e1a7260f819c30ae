/** JSON Schemas of everything that goes over an edge: event data, module, tenant, flow file. */
import { z } from "zod";
import { eventCatalogue } from "../domain/event/event-catalogue.ts";
import { closest } from "../domain/flow/flow-problem.ts";
import { flowFileSchema } from "../domain/flow/flow-schema.ts";
import { moduleFileSchema } from "../domain/module/module-file.ts";
import { moduleSpecSchema } from "../domain/module/module-spec.ts";
import { refuse } from "../domain/refusal.ts";
import { tenantSchema } from "../domain/tenant/tenant.ts";

const schemas: Record<string, z.ZodType> = {
  module: moduleFileSchema,
  "module-spec": moduleSpecSchema,
  tenant: tenantSchema,
  flow: flowFileSchema,
  ...eventCatalogue,
};

/** `module` (module.yaml), `module-spec` (what a delivery makes of it), `tenant`, `flow`, and every event by name. */
export function listSchemas(): string[] {
  return Object.keys(schemas);
}

/** JSON Schema (2020-12) of what may be written; refuses with NotFound and the nearest name. */
export function showSchema(name: string): object {
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema !== undefined) return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const near = closest(name, Object.keys(schemas));
  throw refuse(
    "NotFound",
    `There is no schema ${name}${near === undefined ? "" : `; did you mean ${near}?`}.`,
    "See all names: connectsoft schema list",
  );
}
