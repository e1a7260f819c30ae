/** Everything that looks at a generated file before it is published. */
import type { FileValidator } from "../../ports/file-validator.ts";

export const validators: readonly FileValidator[] = [];
