/** Samples: there is one of every type, and nobody takes it for what happened. */
import { expect, test } from "vitest";
import { verifyChain } from "./event.ts";
import { type EventName, eventCatalogue } from "./event-catalogue.ts";
import { sampleEvent } from "./sample-event.ts";

const names = Object.keys(eventCatalogue) as EventName[];
const place = {
  ...{ tenantId: "acme", moduleId: "booking", environment: "production" },
  ...{ id: "one", time: "2026-01-01T10:00:00.000Z" },
};

test.each(names)(
  "a sample of %s says what its type asks for, holds together, and says that it is one",
  (name) => {
    const event = sampleEvent(name, place);
    expect(eventCatalogue[name].safeParse(event.data).error).toBeUndefined();
    expect(event).toMatchObject({ sample: true, source: "/samples", subject: "acme/sample-one/booking" });
    expect(verifyChain([event])).toMatchObject({ intact: true });
    const { sample: _, ...unmarked } = event;
    expect(verifyChain([unmarked])).toMatchObject({ intact: false });
  },
);

test("what belongs to an environment is told there, and what belongs to the whole delivery is not", () => {
  expect(sampleEvent("DeploymentCompleted", place).environment).toBe("production");
  expect(sampleEvent("InfraProvisioned", { ...place, environment: "staging" }).data).toMatchObject({
    environments: ["staging"],
  });
  expect(sampleEvent("ReleasePublished", place).environment).toBeUndefined();
});
