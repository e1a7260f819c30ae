/** Everything that is generated beside the dialects. */
import { chartFiles } from "./chart/chart-files.ts";
import { containerFiles } from "./container/container-files.ts";
import type { Generator } from "./generator.ts";
import { smokeHarness } from "./harness/smoke-harness.ts";
import { infrastructureFiles } from "./infrastructure/infrastructure-files.ts";
import { manifestFiles } from "./manifests/manifest-files.ts";
import { secretMapping } from "./settings/secret-mapping.ts";
import { settingsFiles } from "./settings/settings-files.ts";

export const generators: readonly Generator[] = [
  containerFiles,
  chartFiles,
  manifestFiles,
  settingsFiles,
  secretMapping,
  smokeHarness,
  infrastructureFiles,
];
