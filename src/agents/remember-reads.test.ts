import { expect, test } from "vitest";
import type { AgentContext } from "../ports/agent.ts";
import { rememberReads } from "./remember-reads.ts";

function away(asked: string[]): AgentContext {
  const fail = async (what: string): Promise<never> => {
    asked.push(what);
    throw new Error(`the database is away: ${what}`);
  };
  return { events: fail, memory: { read: (kind: string, name: string) => fail(`${kind}/${name}`) } } as never;
}

test("what is foreseen is read with the first that is asked for, and once", async () => {
  const asked: string[] = [];
  const context = rememberReads(away(asked), {
    events: ["TestsPassed"],
    artifacts: [["supply-chain", "SBOM.json"]],
  });
  await expect(context.memory.read("env", "InfrastructurePlan.json")).rejects.toThrow("away");
  await expect(context.events("ScanCompleted")).rejects.toThrow("away: ScanCompleted");
  await expect(context.memory.read("supply-chain", "SBOM.json")).rejects.toThrow("away");
  expect(asked).toEqual([
    "supply-chain/SBOM.json",
    "env/InfrastructurePlan.json",
    "ScanCompleted",
    "TestsPassed",
  ]);
});

test("what was foreseen, cannot be read and is asked for by nobody fails nothing", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  const context = rememberReads(away([]), { events: ["TestsPassed"] });
  await expect(context.events("ScanCompleted")).rejects.toThrow("away");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", listen);
  expect(unhandled).toEqual([]);
});
