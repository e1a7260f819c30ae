/** Helm's own schema of Chart.yaml, and the compiled form of a chart's schema of values. */
import { Ajv, type ValidateFunction } from "ajv";

export interface ValuesSchema {
  $comment?: string;
  title?: string;
  additionalProperties?: unknown;
  properties?: Record<string, ValuesSchema>;
}

const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
const text = { type: "string", minLength: 1 };
const texts = { type: "object", additionalProperties: { type: "string" } };

const semantic =
  "^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$";

export const chartCheck = ajv.compile({
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "name", "version"],
  properties: {
    apiVersion: { const: "v2" },
    name: { type: "string", pattern: "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", maxLength: 250 },
    version: { type: "string", pattern: semantic },
    kubeVersion: text,
    description: text,
    type: { enum: ["application", "library"] },
    keywords: { type: "array", items: text },
    home: text,
    sources: { type: "array", items: text },
    dependencies: { type: "array", items: { type: "object", required: ["name"] } },
    maintainers: { type: "array", items: { type: "object", required: ["name"] } },
    icon: text,
    appVersion: text,
    deprecated: { type: "boolean" },
    annotations: texts,
  },
});

const compiled = new Map<string, ValidateFunction>();
const checks = new WeakMap<ValuesSchema, ValidateFunction>();

/** Charts differ in what their schema is called, seldom in what it says: each saying is compiled once. */
export function checkOfSchema(schema: ValuesSchema): ValidateFunction {
  const ready = checks.get(schema);
  if (ready !== undefined) return ready;
  const { $comment: _comment, title: _title, ...saying } = schema;
  const key = JSON.stringify(saying);
  const check = compiled.get(key) ?? ajv.compile(saying);
  compiled.set(key, check);
  checks.set(schema, check);
  return check;
}
