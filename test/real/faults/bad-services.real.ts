/**
 * Services that go wrong, as a person meets them: version 1 serves under a stream of requests, version 2 arrives
 * with a fault. What served keeps serving, what happened is named and true, and one process of the module is left.
 */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { findHierarchies } from "../../../src/adapters/target/local/runtimes/process/control-groups.ts";
import { named } from "../../e2e/support/events.ts";
import { ask } from "../../e2e/support/http.ts";
import type { Installation } from "../../e2e/support/installation.ts";
import { servicesOf } from "../../e2e/support/processes.ts";
import * as bad from "./support/bad-services.ts";
import { bytesBelow } from "./support/disk.ts";
import { createSite, deliver, serve, upgrade, type Version } from "./support/site.ts";
import { expectCalm, toldOf } from "./support/told.ts";

let site: Installation;
beforeAll(async () => {
  site = await createSite();
}, 60_000);
afterAll(() => site.close());

const hierarchies = findHierarchies();
const groups = Object.values(hierarchies).every((one) => "parent" in one);

interface Case extends Version {
  says: RegExp;
  step: string;
}

const neverServed: Case[] = [
  {
    id: "daemon",
    server: bad.goesIntoTheBackground,
    says: /a service stays in the foreground/,
    step: "start",
  },
  {
    id: "own-port",
    server: bad.hasItsOwnPort(18_471),
    says: /did not listen on port \d+ \(PORT\).*it listens on 18471/,
    step: "start",
  },
];

it.concurrent.each(neverServed)("$id never gets a request, and none fails", async ({ says, step, ...to }) => {
  const { second, failures, url } = await upgrade(site, to);
  expect(failures).toEqual([]);
  expect(second.code).toBe(4);
  const told = await toldOf(site, second.trace);
  expectCalm(told, says);
  expect(told.failure).toContain("1.0.0 serves on.");
  expect(told.failure).toContain("1.0.0 had the traffic all the time");
  expect(told.details.failure?.step).toBe(step);
  await expectOneLeft(to.id, url, "1.0.0");
});

const withdrawn: Case[] = [
  {
    id: "hung",
    server: bad.hangs,
    says: /its (liveness|readiness) probe fails: timeout after 1 s/,
    step: "verify",
  },
  {
    id: "five-hundred",
    server: bad.failsOnTraffic,
    place: "watched",
    says: /100 % of \d+ requests failed, at most 5 % may/,
    step: "verify",
  },
  {
    id: "slow",
    server: bad.isSlow,
    place: "watched",
    says: /its p99 latency is \d+ ms over \d+ requests, at most 200 ms is allowed/,
    step: "verify",
  },
];

it.concurrent.each(withdrawn)("$id had the traffic for a moment, and loses it", async (one) => {
  const { failures, told } = await expectWithdrawn(one);
  // Its own answers are nobody else's to mend: they are passed on until they are too many.
  if (one.id === "five-hundred")
    for (const failure of failures) expect(failure).toContain("500 no such table: guests");
  else expect(failures).toEqual([]);
  if (one.id === "hung") expect(told.failure).toMatch(/(liveness|readiness): failing; last answer: timeout/);
  if (one.id === "five-hundred") expect(told.failure).toMatch(/\d+ requests, \d+ failed/);
});

const unlimited = groups ? "" : " (skipped: this host lets nobody but root make control groups)";
const beyond: Case[] = [
  {
    id: "leaky",
    server: bad.leaksMemory,
    yaml: "limits: { memory: 128Mi }\n",
    says: /the kernel ended it: it used more than its 128 MiB of memory/,
    step: "verify",
  },
  {
    id: "fork-bomb",
    server: bad.multiplies,
    yaml: "limits: { processes: 40 }\n",
    says: /the kernel refused it more than its 40 processes/,
    step: "verify",
  },
];

it.skipIf(!groups).concurrent.each(beyond)(
  `$id is held by the kernel, not by its neighbours${unlimited}`,
  async (one) => {
    const { failures } = await expectWithdrawn(one);
    expect(failures).toEqual([]);
  },
);

it.concurrent("deaf to SIGTERM, a version still gives way to the next when its grace is over", async () => {
  const yaml = "terminationGracePeriodSeconds: 1\n";
  const deaf = { id: "deaf", server: bad.ignoresItsEnd, yaml };
  const { second, failures, url } = await upgrade(site, deaf, { server: bad.ignoresItsEnd, yaml });
  expect(second.code).toBe(0);
  expect(failures).toEqual([]);
  await expectOneLeft("deaf", url, "2.0.0");
});

it.concurrent("loud, it serves and is read, and its log takes no more room than it may", async () => {
  const room = () => bytesBelow(`${site.home}/target/services/local-staging/loud`);
  const { second, failures, url } = await upgrade(site, { id: "loud", server: bad.fillsItsLog });
  expect(second.code).toBe(0);
  expect(failures).toEqual([]);
  // What is written within the second between two looks stands until the next one.
  expect(await room()).toBeLessThan(1 << 30);
  expect(await site.ok(["logs", "loud", "--env", "staging", "--tail", "3"])).toContain("xxxxxx");
  await expectOneLeft("loud", url, "2.0.0");
  expect((await deliver(site, { id: "loud", version: "2.0.1" })).code).toBe(0);
  await vi.waitFor(async () => expect(await room()).toBeLessThan(64 << 20), { timeout: 10_000 });
});

it.concurrent("with a port of its own that it declares, versions follow each other, and back", async () => {
  const id = "fixed";
  const declared = { id, yaml: "port: 18473\nfixedPort: true\n" };
  const good = bad.hasItsOwnPort(18_473);
  const { url } = await serve(site, { ...declared, server: good });
  expect((await deliver(site, { ...declared, version: "1.1.0", server: good })).code).toBe(0);
  await expectOneLeft(id, url, "1.1.0");
  const third = await deliver(site, { ...declared, version: "2.0.0", server: bad.hasItsOwnPort(18_474) });
  expect(third.code).toBe(4);
  const { failure } = await toldOf(site, third.trace);
  // It was away while 2.0.0 was tried: that is what a recreated module costs, and it is not hidden.
  expect(failure).toContain("failed and was taken back: 1.1.0 serves again.");
  expect(failure).toContain("it listens on 18474");
  await expectOneLeft(id, url, "1.1.0");
});

async function expectWithdrawn({ says, step, ...to }: Case) {
  const { second, failures, url } = await upgrade(site, to);
  expect(second.code).toBe(4);
  expect(named(second.events, "RollbackCompleted")).toHaveLength(1);
  const told = await toldOf(site, second.trace);
  expectCalm(told, says);
  expect(told.failure).toContain("1.0.0 serves again.");
  expect(told.details.failure?.step).toBe(step);
  await expectOneLeft(to.id, url, "1.0.0");
  return { failures, told };
}

async function expectOneLeft(id: string, url: string, version: string): Promise<void> {
  expect(JSON.parse((await ask(url)).body)).toMatchObject({ name: id, version });
  await vi.waitFor(() => expect(servicesOf(site.home, id)).toHaveLength(1), { timeout: 10_000 });
}
