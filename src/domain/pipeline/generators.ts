/** Everything that is generated beside the dialects. */
import { containerFiles } from "./container-files.ts";
import type { Generator } from "./generator.ts";
import { settingsFiles } from "./settings/settings-files.ts";

export const generators: readonly Generator[] = [
  ({ model, module }) => ({ name: "container", files: containerFiles(model, module) }),
  settingsFiles,
];
