import { expect, it } from "vitest";
import { policyBlocks } from "./policy-block.ts";

const evidence = {
  producers: [
    { id: "enforcer", kinds: ["policy" as const] },
    { id: "jenkins", kinds: ["tests" as const] },
  ],
};
const stated = (sequence: number, source: string, data: object = {}) => ({
  id: `event-${sequence}`,
  source,
  sequence,
  data: { tree: "t1", reasons: [{ code: "Malware", message: "a package is known malware" }], ...data },
});
const blocks = (...events: ReturnType<typeof stated>[]) =>
  policyBlocks(events, { tree: "t1", evidence }).map(({ eventId }) => eventId);

it("counts of listed enforcers, for exactly this tree, until they take it back themselves", () => {
  const block = stated(1, "/security/enforcer");
  expect(blocks(block)).toEqual(["event-1"]);
  expect(blocks(stated(1, "/security/enforcer", { tree: "t2" }))).toEqual([]);
  expect(blocks(stated(1, "/security/other"), stated(2, "/ci/jenkins"), stated(3, "/cli"))).toEqual([]);
  const lifted = stated(2, "/security/enforcer", { lifted: true, reasons: [] });
  expect(blocks(lifted, block)).toEqual([]);
  expect(blocks(block, lifted, stated(3, "/security/enforcer"))).toEqual(["event-3"]);
  expect(blocks(block, stated(2, "/security/other", { lifted: true }))).toEqual(["event-1"]);
  // The same producer by another way, such as by hand.
  expect(blocks(block, stated(2, "/ci/enforcer", { lifted: true }))).toEqual([]);
});
