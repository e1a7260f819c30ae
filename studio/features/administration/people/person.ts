/** A person as tenant.yaml declares them. */
import type { components } from "../../../../client/src/schema.d.ts";

export type Person = components["schemas"]["DeclaredPerson"];
