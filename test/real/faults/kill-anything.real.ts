/**
 * Server, supervisor, router and database are killed with -9 at each step of a rollout and of a rollback. The
 * version that should serve does, exactly once; the chain is intact; and what served before never stopped.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeliveryEvent } from "../../../src/domain/event/event.ts";
import { only } from "../../e2e/support/events.ts";
import { ask, type Watch, watchAnswers } from "../../e2e/support/http.ts";
import { createInstallation, type Delivered, type Installation } from "../../e2e/support/installation.ts";
import { writeModule } from "../../e2e/support/modules.ts";
import { servicesOf } from "../../e2e/support/processes.ts";
import { kill, type Victim, victims } from "./victims.ts";

let site: Installation;
beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

/** An event of the delivery, by name and what it is about. */
const moments = {
  "the rollout begins": ["DeploymentStarted", ""],
  "the traffic has moved": ["RolloutProgressed", '"step":"route"'],
  "the rollback begins": ["AgentInvoked", '"RollBack"'],
} as const;
type Moment = keyof typeof moments;

const crashing = `
import { createServer } from "node:http";
createServer((_request, response) => response.end("99")).listen(Number(process.env.PORT), "127.0.0.1");
setTimeout(() => process.exit(9), 1200);
`;

describe.each(victims)("the %s is killed", (victim) => {
  const id = `without-${victim}`;
  let url: string;
  let serves = 1;

  beforeAll(async () => {
    const first = await site.deliver(await writeModule(site.desk, { id }), ["--env", "staging"]);
    expect(first, first.stderr).toMatchObject({ code: 0 });
    url = String(only(first.events, "DeploymentCompleted").data.url);
  });

  it.each(["the rollout begins", "the traffic has moved"] as const)(
    "when %s: the new version serves in the end",
    async (moment) => {
      const watch = watchAnswers(url);
      const folder = await writeModule(site.desk, { id, version: `${serves + 1}.0.0` });
      const { trace } = await deliverAndKill(folder, victim, moment);
      await site.until(trace, ({ explanation }) => explanation.kind === "published");
      serves += 1;
      await expectServing(trace, watch);
    },
  );

  it.each(["the traffic has moved", "the rollback begins"] as const)(
    "when %s, and the new version is bad: the old one serves in the end",
    async (moment) => {
      const watch = watchAnswers(url);
      const version = `${serves + 10}.${Object.keys(moments).indexOf(moment)}.0`;
      const folder = await writeModule(site.desk, { id, version, files: { "server.js": crashing } });
      const { trace } = await deliverAndKill(folder, victim, moment);
      await site.until(trace, ({ explanation }) => explanation.kind === "stopped");
      await expectServing(trace, watch);
    },
  );

  async function expectServing(trace: string, watch: Watch): Promise<void> {
    expect(JSON.parse((await ask(url)).body)).toMatchObject({ version: `${serves}.0.0` });
    expect(servicesOf(site.home, id)).toHaveLength(1);
    const replay = await site.connectsoft(["replay", trace]);
    expect(replay.stdout).toContain("The chain is intact");
    expect(replay.code).toBe(0);
    expectFewFailures(victim, (await watch.end()).failures);
  }
});

/** Follows on, however often the follower lost its server, until the delivery has settled. */
async function deliverAndKill(folder: string, victim: Victim, moment: Moment): Promise<Delivered> {
  const [name, about] = moments[moment];
  let killed = 0;
  const onLine = (line: string) => {
    const event = JSON.parse(line) as DeliveryEvent;
    if (killed > 0 || !event.type.endsWith(`.${name}`) || !line.includes(about)) return;
    killed = kill(site.home, victim);
  };
  let delivered = await site.deliver(folder, ["--env", "staging"], { onLine });
  const { trace } = delivered;
  expect(killed, `${victim} was not there to be killed`).toBeGreaterThan(0);
  for (let again = 0; delivered.code !== 0 && delivered.code !== 4 && again < 5; again += 1)
    delivered = await site.follow(trace);
  return { ...delivered, trace };
}

/** Nobody can answer in the blink in which the front door itself is gone; nothing else may cost a request. */
function expectFewFailures(victim: Victim, failures: string[]): void {
  if (victim !== "router") expect(failures).toEqual([]);
  else
    for (const failure of failures)
      expect(failure).toMatch(/ECONNREFUSED|ECONNRESET|socket hang up|no answer within/);
}
