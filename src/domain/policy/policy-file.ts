/** A policy file: some parts of a tenant's declaration, or all of it. */
import { type Document, isMap, parseDocument, stringify } from "yaml";
import { parseTenant } from "../tenant/parse-tenant.ts";
import type { Tenant } from "../tenant/tenant.ts";

export interface Declared {
  text: string;
  tenant: Tenant;
}

/**
 * The declaration in which each part that the file has stands instead of what was there. A file with an `id` is a whole
 * declaration. Refuses with PolicyInvalid, by line and column of the file.
 */
export function withPolicyFile(current: Declared, file: { text: string; name: string }): Declared {
  const parts = parseDocument(file.text);
  if (!isMap(parts.contents) || parts.has("id") || parts.errors.length > 0)
    return { text: file.text, tenant: parseTenant(file.text, file.name) };
  const { id, people, environments } = current.tenant;
  const rest = Object.entries({ id, people, environments }).filter(([key]) => !parts.has(key));
  // Checked with what it leaves out behind it, so that its problems have their own lines.
  if (parts.contents.flow !== true)
    parseTenant(`${file.text.trimEnd()}\n${stringify(Object.fromEntries(rest))}`, file.name);
  return changed(current, (document) => {
    for (const { key, value } of isMap(parts.contents) ? parts.contents.items : []) document.set(key, value);
  });
}

/** The declaration with a change, its comments where they were. */
export function changed({ text, tenant }: Declared, change: (document: Document) => void): Declared {
  const document = parseDocument(text);
  change(document);
  const written = document.toString({ lineWidth: 0 });
  return { text: written, tenant: parseTenant(written, `tenant ${tenant.id}`) };
}
