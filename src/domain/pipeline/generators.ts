/** Everything that is generated beside the dialects. */
import { containerFiles } from "./container/container-files.ts";
import type { Generator } from "./generator.ts";
import { settingsFiles } from "./settings/settings-files.ts";

export const generators: readonly Generator[] = [containerFiles, settingsFiles];
