/** Agents that do their work, fail, wait, crash, dawdle and speak too early, as chance has it. */

import type { AgentContext, AgentOutcome, Invocation, Skill } from "../../src/ports/agent.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { type Script, scriptedAgents, scriptedManifests } from "../support/scripted-agents.ts";

export interface Moods {
  random(): number;
  clock: Clock;
  /** From now on they do their work at once. */
  calm: boolean;
  /** What runs, by `<invocationId>.<attempt>`. */
  running: Map<string, { life: { ended: boolean }; signal: AbortSignal }>;
  attemptOf(invocation: Invocation): Promise<number | undefined>;
  problems: string[];
}

/** `life`: of the engine that runs the script. */
export function moodyScript(moods: Moods, life: { ended: boolean }): Script {
  const reliable = scriptedAgents();
  const script: Script = {};
  for (const manifest of scriptedManifests)
    for (const skill of manifest.skills) {
      const work = reliable.find((agent) => agent.manifest === manifest)?.skills[skill];
      if (work !== undefined) script[skill] = moody(work, moods, life);
    }
  return script;
}

function moody(work: Skill, moods: Moods, life: { ended: boolean }): Skill {
  return async (context) => {
    const { invocation, signal } = context;
    const token = `${invocation.invocationId}.${await moods.attemptOf(invocation)}`;
    const other = moods.running.get(token);
    if (other !== undefined && !other.life.ended && !other.signal.aborted)
      moods.problems.push(`${token} of ${invocation.skillId} runs twice at one time`);
    moods.running.set(token, { life, signal });
    try {
      if (moods.random() < 0.6) await dawdle(moods, context);
      return await behave(work, moods, context);
    } finally {
      moods.running.delete(token);
    }
  };
}

async function behave(work: Skill, moods: Moods, context: AgentContext): Promise<AgentOutcome> {
  const chance = moods.calm ? 1 : moods.random();
  const refusal = { code: "Unavailable" as const, message: "not now" };
  if (chance < 0.08) throw new Error("a bug");
  if (chance < 0.18) return { status: "Failed", emits: [], refusal, retryable: true };
  if (chance < 0.22) return { status: "Failed", emits: [], refusal, retryable: false };
  const until = new Date(moods.clock.now().getTime() + 1 + Math.floor(moods.random() * 20_000)).toISOString();
  if (chance < 0.28) return { status: "Delayed", summary: "", emits: [], wakeOn: [], until };
  if (chance < 0.34) return { status: "Delayed", summary: "", emits: [], wakeOn: ["TestsGenerated"], until };
  return await work(context);
}

async function dawdle(moods: Moods, { signal }: AgentContext): Promise<void> {
  const ms = moods.calm ? 0 : Math.floor(moods.random() * 5_000);
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const cancel = moods.clock.schedule(ms, resolve);
    signal.addEventListener("abort", () => {
      cancel();
      reject(signal.reason);
    });
  });
}

/** A sequence of numbers from 0 to 1 that its seed decides (mulberry32). */
export function createChance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
