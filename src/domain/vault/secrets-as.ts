import { z } from "zod";

/** How a service gets its secrets: in variables, or in files that variables name (`<NAME>_FILE`). */
export const secretsAsSchema = z.enum(["environment", "file"]);
export type SecretsAs = z.infer<typeof secretsAsSchema>;
