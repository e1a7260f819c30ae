/** Writes the schema that is shipped from the Kubernetes module that the Go tool fetches. */
import { writeFile } from "node:fs/promises";
import { strictSchema } from "./kubernetes-schema.ts";
import { publishedSchema, shippedSchema } from "./published-schema.ts";

const published = await publishedSchema();
if (published === undefined) throw new Error("expected the go tool and its module proxy");
await writeFile(shippedSchema, `${JSON.stringify(strictSchema(published))}\n`);
