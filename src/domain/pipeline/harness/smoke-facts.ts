/** What a smoke test needs to know of a service, whatever language it is written in. */
import type { Command, ModuleSpec } from "../../module/module-spec.ts";
import type { PipelineModel, RenderedFile } from "../pipeline-model.ts";

export interface SmokeFacts {
  start: Command;
  portVariable: string;
  /** Undefined for a service that only promises to open its port. */
  path?: string;
  environment: Record<string, string>;
  /** Without all of these it cannot start, and the test is skipped. */
  variables: string[];
  timeoutSeconds: number;
}

/** A language's smoke test. */
export interface Smoke {
  /** Runs it, in the module's folder. */
  command: Command;
  /** Files by their path in the module. */
  files(facts: SmokeFacts, model: PipelineModel): RenderedFile[];
}

const shortest = 30;

export function smokeFacts({ environment = {}, needs, portVariable, probes, start }: ModuleSpec): SmokeFacts {
  const { failureThreshold, initialDelaySeconds, periodSeconds } = probes.startup;
  const path = probes.readiness.httpGet?.path;
  return {
    start,
    portVariable,
    ...(path === undefined ? {} : { path }),
    environment,
    variables: [...new Set([...needs.config, ...needs.secrets])].toSorted(),
    timeoutSeconds: Math.max(shortest, Math.ceil(initialDelaySeconds + periodSeconds * failureThreshold)),
  };
}
