import { Ajv, type Options } from "ajv";

/**
 * For large schemas that others publish, of which a server checks a few files: they are taken for valid, and compiled in
 * half the time to code that nobody polished.
 */
export function publishedSchemas(options: Options): Ajv {
  return new Ajv({
    ...options,
    strict: false,
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  });
}
