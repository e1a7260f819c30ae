/** Lines of several deliveries as they come, each with the module and the environment that it is of. */
import type { DeliveryEvent } from "../../domain/event/event.ts";
import type { Cli } from "../cli.ts";
import type { Target } from "../connect.ts";
import { createStepLines } from "./step-lines.ts";

export interface LineView {
  event(event: DeliveryEvent): void;
  /** Keeps lines back while somebody asks at the terminal. */
  whilePaused<T>(task: () => Promise<T>): Promise<T>;
}

/** With `json` every event as it stands on its chain, and nothing else. */
export function createLineView(cli: Cli, targets: readonly Target[], json: boolean): LineView {
  const { bold, dim } = cli.colors;
  const lineOf = createStepLines(cli);
  const width = Math.max(...targets.map(({ moduleId }) => moduleId.length));
  let keptBack: string[] | undefined;
  const print = (line: string): void => {
    if (keptBack === undefined) cli.out(line);
    else keptBack.push(line);
  };
  if (!json)
    print(`${bold(targets.map(({ moduleId }) => moduleId).join(", "))} ${dim(`on ${targets[0]?.traceId}`)}`);
  return {
    event(event) {
      if (json) {
        print(JSON.stringify(event));
        return;
      }
      const line = lineOf(event);
      if (line === undefined) return;
      const place = event.environment === undefined ? "" : `${event.environment} `;
      print(`${bold(event.moduleid.padEnd(width))}  ${dim(place)}${line}`);
    },
    async whilePaused(task) {
      keptBack = [];
      try {
        return await task();
      } finally {
        const lines = keptBack;
        keptBack = undefined;
        for (const line of lines) print(line);
      }
    },
  };
}
