/** Why a person takes a release back, as the record sorts it. */
export const rollbackCodes = [
  "regression",
  "crash-loop",
  "probe-failure",
  "latency",
  "errors",
  "configuration",
  "security",
  "data",
  "other",
] as const;
