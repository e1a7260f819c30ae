/** Shows a delivery as it goes: lines that stay, and on a terminal below them what runs now. */
import type { DeliveryEvent } from "../../domain/event/event.ts";
import type { Cli } from "../cli.ts";
import { visible } from "../table.ts";
import { createStepLines, nameOf, type RunningStep, runningLine } from "./step-lines.ts";

export interface LiveView {
  event(event: DeliveryEvent): void;
  progress(told: { agentId: string; skillId: string; environment?: string; line: string }): void;
  /** Takes what runs off the screen, so that others may write or ask. */
  pause(): void;
  resume(): void;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMs = 100;

/** NDJSON for machines: every event as it stands on the chain, and nothing else. */
export function createJsonView(cli: Cli): LiveView {
  return {
    event: (event) => cli.out(JSON.stringify(event)),
    progress: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  };
}

export function createLiveView(cli: Cli): LiveView {
  const running = new Map<string, RunningStep>();
  const lineOf = createStepLines(cli);
  let place: string | undefined;
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  function print(line: string, environment: string | undefined): void {
    erase();
    if (environment !== place) {
      place = environment;
      cli.out(`\n${cli.colors.bold(environment ?? "delivery")}`);
    }
    cli.out(`  ${line}`);
    draw();
  }

  function erase(): void {
    if (drawn > 0) process.stdout.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  }

  function draw(): void {
    if (timer === undefined) return;
    const lines = [...running.values()].map((step) => {
      const where =
        step.environment === place || step.environment === undefined ? "" : `${step.environment}: `;
      return fit(
        `  ${runningLine(cli, { ...step, line: where + step.line }, frames[frame] ?? "")}`,
        cli.width,
      );
    });
    if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
    drawn = lines.length;
  }

  function follow(event: DeliveryEvent): void {
    const { invocationid } = event;
    if (invocationid === undefined) return;
    const name = nameOf(event);
    if (name === "AgentInvoked")
      running.set(invocationid, {
        invocationId: invocationid,
        agentId: event.agentid ?? "",
        skillId: event.skillid ?? "",
        environment: event.environment,
        startedAt: Date.now(),
        line: "",
      });
    if (name === "AgentCompleted" || name === "AgentFailed") running.delete(invocationid);
  }

  const view: LiveView = {
    event(event) {
      follow(event);
      const line = lineOf(event);
      if (line !== undefined) print(line, event.environment);
    },
    progress({ agentId, skillId, environment, line }) {
      for (const step of running.values())
        if (step.agentId === agentId && step.skillId === skillId && step.environment === environment)
          step.line = line;
    },
    pause() {
      clearInterval(timer);
      timer = undefined;
      erase();
    },
    resume() {
      if (!cli.interactive || timer !== undefined) return;
      timer = setInterval(() => {
        frame = (frame + 1) % frames.length;
        erase();
        draw();
      }, frameMs);
      timer.unref();
    },
  };
  view.resume();
  return view;
}

/** A line that wraps could not be erased again. */
function fit(line: string, width: number): string {
  const excess = visible(line) - (width - 1);
  return excess <= 0 ? line : `${line.slice(0, Math.max(0, line.length - excess - 5))}\u001b[0m`;
}
