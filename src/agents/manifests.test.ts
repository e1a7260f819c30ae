import { expect, test } from "vitest";
import { actOf } from "../domain/access/agent-acts.ts";
import { agentOverlays } from "../domain/agent/agent-overlays.ts";
import { manifests } from "./manifests.ts";

test("every overlay is the one that an agent's manifest names", () => {
  const named = manifests.flatMap(({ agentId, overlay }) =>
    overlay === undefined ? [] : [[agentId, overlay]],
  );
  expect(Object.fromEntries(named)).toEqual(agentOverlays);
});

test("what can be withheld from an agent is what one of its skills does", () => {
  for (const { agentId, overlay, skills } of manifests) {
    const done = skills.map(actOf);
    for (const act of ["commit", "pull-request", "deploy"]) {
      const takes = overlay?.safeParse({ withheld: [act] }).success ?? false;
      expect([agentId, act, takes]).toEqual([agentId, act, done.some((one) => one === act)]);
    }
  }
});
