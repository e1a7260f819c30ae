/** How much of what each instance of a service writes is kept. */
import type { Tenant } from "../tenant/tenant.ts";
import { bytesOf } from "./size.ts";

export interface LogLimits {
  /** Of each launch's file; a quarter more, and what is written between two looks, may stand for a moment. Twice that of all files. */
  keepBytes: number;
  /** Launches whose output is kept. */
  keepFiles: number;
}

export const usualLogLimits: LogLimits = { keepBytes: bytesOf("16Mi"), keepFiles: 10 };

/** Of an environment that the tenant does not declare any more: the usual ones. */
export function logLimitsOf({ environments }: Pick<Tenant, "environments">, environment: string): LogLimits {
  const { keep, launches } = environments.find(({ id }) => id === environment)?.logs ?? {};
  return {
    keepBytes: keep === undefined ? usualLogLimits.keepBytes : bytesOf(keep),
    keepFiles: launches ?? usualLogLimits.keepFiles,
  };
}
