/** The flows that deliveries of this system run on, and the check of one that somebody wrote. */
import { z } from "zod";
import type { AgentManifest } from "../domain/agent/manifest.ts";
import { type FlowPicture, pictureOf } from "../domain/flow/flow-picture.ts";
import { closest } from "../domain/flow/flow-problem.ts";
import { loadFlow } from "../domain/flow/load-flow.ts";
import { parseFlow } from "../domain/flow/parse-flow.ts";
import { refuse } from "../domain/refusal.ts";
import type { Caller, System } from "./system.ts";

export interface FlowSummary {
  name: string;
  digest: string;
}

export async function listFlows(system: System): Promise<FlowSummary[]> {
  return Object.values(system.builtInFlows).map(({ name, digest }) => ({ name, digest }));
}

/** A flow with what a program needs to draw it. */
export interface DrawnFlow extends FlowSummary {
  picture: FlowPicture;
}

export const showFlowInput = z.object({ name: z.string().min(1).max(100) });

export async function showFlow(
  system: System,
  _caller: Caller,
  { name }: z.output<typeof showFlowInput>,
): Promise<DrawnFlow & { text: string }> {
  const flows = Object.values(system.builtInFlows);
  const flow = flows.find((one) => one.name === name);
  if (flow !== undefined)
    return { ...drawn(flow.text, `${flow.name}.yaml`, system.manifests), text: flow.text };
  const near = closest(
    name,
    flows.map((one) => one.name),
  );
  throw refuse(
    "NotFound",
    `There is no flow ${name}${near === undefined ? "" : `; did you mean ${near}?`}.`,
    "See what there is: connectsoft flow list",
  );
}

export const validateFlowInput = z.object({
  text: z.string().max(262_144),
  file: z.string().max(1_024).default("flow.yaml"),
});

/** Refuses with FlowInvalid and every problem with its place. */
export async function validateFlow(
  system: System,
  _caller: Caller,
  input: z.output<typeof validateFlowInput>,
): Promise<DrawnFlow> {
  return drawn(input.text, input.file, system.manifests);
}

function drawn(text: string, file: string, manifests: readonly AgentManifest[]): DrawnFlow {
  const { name, digest } = loadFlow(text, file, manifests);
  const parsed = parseFlow(text, file, manifests);
  if ("flow" in parsed) return { name, digest, picture: pictureOf(parsed.flow, digest) };
  throw new Error(`${file} was loaded and cannot be read.`);
}
