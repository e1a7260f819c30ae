import { afterEach, describe, expect, test } from "vitest";
import { digests } from "../../test/support/digests.ts";
import { type Script, success } from "../../test/support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import { refuse } from "../domain/refusal.ts";
import { createToken } from "./accounts/manage-tokens.ts";
import { cancelDelivery } from "./cancel-delivery.ts";
import { catalogue } from "./catalogue.ts";
import { approveRelease } from "./decide-release.ts";
import { explainDelivery, getDelivery } from "./get-delivery.ts";
import { listPending } from "./list-pending.ts";
import { replayDelivery } from "./replay-delivery.ts";
import { requestRollback } from "./request-rollback.ts";
import { retryDelivery } from "./retry-delivery.ts";
import { sendEvent } from "./send-event.ts";
import { getApprovalView } from "./studio/approval/get-approval-view.ts";
import { listDeliveryActs } from "./studio/list-delivery-acts.ts";
import { getMatrix } from "./studio/matrix/get-matrix.ts";
import type { Caller } from "./system.ts";

describe("a delivery in people's hands", () => {
  let rig: TestSystem;
  const start = async (script?: Script): Promise<TestSystem> => {
    rig = await createTestSystem(script);
    return rig;
  };
  afterEach(() => rig.close());

  test("says that it waits for an approval, by whom and how, and is published after it", async () => {
    const { system, as, deliver, until } = await start();
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    const explanation = await explainDelivery(system, as("max"), subject);
    expect(explanation.sentence).toMatch(/in production waits for an approval by ProductOwner/);
    expect(explanation.command).toBe('studio approve-release release-000002 --comment "..."');
    expect(explanation.situations.find(({ environment }) => environment === "staging")?.kind).toBe("live");
    expect(await listDeliveryActs(system, as("olga"), subject)).toEqual([]);
    const [pending] = await listPending(system, as("max"));
    expect(pending).toMatchObject({
      releaseId: "release-000002",
      environment: "production",
      mayApprove: true,
    });
    await approveRelease(system, as("max"), { releaseId: "release-000002", comment: "looks right" });
    await until(subject, (_, kind) => kind === "published");
    const status = await getDelivery(system, as("jane"), subject);
    expect(status.instances.flatMap(({ states }) => states)).toEqual(["published", "live", "live"]);
  });

  test("tells the command only to who may run it: the others are told why not, who may, and what is theirs", async () => {
    const { system, as, deliver, until } = await start({
      EvaluateRelease: async ({ invocation: { releaseId, environment } }) => {
        const data = { releaseId: releaseId ?? "", version: "1.2.0" };
        if (environment === "staging") return success(["ReleaseApproved", { ...data, reasons: [], digests }]);
        const asked = { ...data, roles: ["ProductOwner"], minApprovers: 2, digests };
        return {
          ...{ status: "Delayed", summary: "waits for people", wakeOn: ["ApprovalGranted"] },
          emits: [{ name: "ApprovalRequested", data: asked }],
        };
      },
    });
    const tenant = await system.tenants.get("vetclinic-001");
    const people = [...tenant.people, { ...tenant.people[1], id: "mia" } as (typeof tenant.people)[number]];
    const production = { requiresApproval: true, minApprovers: 2 };
    const releasePolicy = { environments: { production } };
    await system.tenants.put({ ...tenant, people, releasePolicy }, "ada");
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    const approve = 'studio approve-release release-000002 --comment "..."';
    const told = (person: string) => explainDelivery(system, as(person), subject);
    expect(await told("max")).toMatchObject({ command: approve });

    const follow = `connectsoft deliver --follow ${subject.traceId}`;
    const sponsor = await told("jane");
    expect(sponsor.command).toBeUndefined();
    expect(sponsor.closed).toEqual({
      why: "jane holds none of the roles that production asks for.",
      next: "Ask one of: max, mia.",
    });
    expect(sponsor.meanwhile).toEqual(['studio comment release-000002 --comment "..."', follow]);
    expect(await told("ada")).toMatchObject({ closed: { next: "Ask one of: max, mia." } });

    await approveRelease(system, as("max"), { releaseId: "release-000002", comment: "seen in staging" });
    const voted = { why: "max approved it; it waits for ProductOwner or ReleaseManager." };
    await expect.poll(() => told("max")).toMatchObject({ closed: voted });
    expect((await told("max")).command).toBeUndefined();
    expect((await getApprovalView(system, as("max"), { releaseId: "release-000002" })).actions).toMatchObject(
      {
        approve: { allowed: false, ...voted },
        reject: { allowed: true },
      },
    );
  });

  test("bars the sponsor, and tells them who decides instead", async () => {
    const { system, as, deliver, until } = await start();
    const tenant = await system.tenants.get("vetclinic-001");
    const people = tenant.people.map((one) =>
      one.id === "jane" ? { ...one, roles: [...one.roles, "ReleaseManager" as const] } : one,
    );
    await system.tenants.put({ ...tenant, people }, "ada");
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    const caller: Caller = { ...as("jane"), roles: ["Developer", "ReleaseManager"] };
    expect(await explainDelivery(system, caller, subject)).toMatchObject({
      closed: { why: "jane handed this change over and cannot approve it.", next: "Ask one of: max." },
    });
  });

  test("lets nobody put their own change on the hotfix path, and offers it to none of them", async () => {
    const { system, as, deliver, until } = await start();
    const tenant = await system.tenants.get("vetclinic-001");
    const people = tenant.people.map((one) =>
      ["jane", "max"].includes(one.id) ? { ...one, roles: [...one.roles, "ReleaseManager" as const] } : one,
    );
    await system.tenants.put({ ...tenant, people }, "ada");
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    const releaseId = "release-000002";
    const caller = (person: string): Caller => ({ ...as(person), roles: ["Developer", "ReleaseManager"] });
    const found = async (person: string) => {
      const { situations } = await explainDelivery(system, caller(person), subject);
      const ways = situations.flatMap((one) => (one.environment === "production" ? one.ways : []));
      const { actions } = await getApprovalView(system, caller(person), { releaseId });
      const { environments, rows } = await getMatrix(system, caller(person), { limit: 1 });
      const cell = rows[0]?.cells[environments.indexOf("production")];
      return [
        ways.find(({ event }) => event === "HotfixApproved")?.closed === undefined,
        actions.hotfix.allowed,
        cell?.actions.hotfix.allowed,
      ];
    };
    expect(await found("jane")).toEqual([false, false, false]);
    expect(await found("max")).toEqual([true, true, true]);
    const act = catalogue.find(({ name }) => name === "approveHotfix");
    const refusal = { refusal: { code: "SelfApproval", next: "Ask another person with the role for it." } };
    await expect(
      act?.run(system, caller("jane"), { releaseId, comment: "checkout is down" }),
    ).rejects.toMatchObject(refusal);
    const sent = { ...subject, name: "HotfixApproved", environment: "production", data: {} } as const;
    await expect(sendEvent(system, caller("jane"), sent)).rejects.toMatchObject(refusal);
    expect(await act?.run(system, caller("max"), { releaseId, comment: "checkout is down" })).toMatchObject({
      releaseId,
      again: false,
    });
  });

  test("says which agent failed and why, offers the ways on, and goes on when it is retried", async () => {
    let broken = true;
    const { system, as, deliver, until } = await start({
      CommitModule: async () => {
        if (broken) throw refuse("BranchPolicy", "The branch is protected.");
        return success(["CommitReady", { commit: "c1", tree: "t1", branch: "trace/x", changed: true }]);
      },
    });
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "stopped");
    const explanation = await explainDelivery(system, as("jane"), subject);
    expect(explanation.sentence).toMatch(
      /code-committer failed CommitModule .* \(BranchPolicy\): The branch is protected/,
    );
    expect(explanation.command).toBe(`connectsoft commit ${subject.traceId}`);
    const acts = await listDeliveryActs(system, as("jane"), subject);
    expect(acts).toMatchObject([
      { act: "retry", instance: "delivery", allowed: false, why: expect.stringMatching(/jane .*retry/) },
      { act: "StudioCommitRequest", allowed: true },
      { act: "StudioPRAction", allowed: true },
    ]);
    expect(await listDeliveryActs(system, as("olga"), subject)).toMatchObject([
      { act: "retry", allowed: true },
      { act: "StudioCommitRequest", allowed: false, next: expect.stringMatching(/./) },
      { act: "StudioPRAction", allowed: false },
    ]);
    await expect(
      retryDelivery(system, as("olga"), { ...subject, from: "published", reason: "" }),
    ).rejects.toThrow(/no agent works in published/);
    broken = false;
    const restart = await retryDelivery(system, as("olga"), { ...subject, reason: "unprotected" });
    expect(restart).toEqual({ instance: "delivery", to: "preparing.code.committing" });
    await until(subject, (_, kind) => kind === "waiting");
    await expect(retryDelivery(system, as("olga"), { ...subject, reason: "" })).rejects.toThrow(
      /No step .* has failed/,
    );
  });

  test("tells a rejection as one, and not as an agent that failed", async () => {
    const next = "Mend what they name and hand the module over again.";
    const refusal = { code: "ApprovalRefused" as const, message: "max asks for euro", next };
    const { system, as, deliver, until } = await start({
      EvaluateRelease: async ({ invocation: { releaseId = "" } }) => ({
        ...{ status: "Failed", refusal, retryable: false },
        emits: [{ name: "ReleaseRejected", data: { releaseId, version: "1.2.0", reasons: [refusal] } }],
      }),
    });
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "stopped");
    const { sentence, command } = await explainDelivery(system, as("jane"), subject);
    expect(sentence).toMatch(
      /^booking-service 1\.2\.0 \(release-000001\) in staging was rejected .* ago: ApprovalRefused: max asks for euro\.$/,
    );
    expect(command).toMatch(/^Mend what they name and hand the module over again: connectsoft deliver \//);
    expect((await explainDelivery(system, as("max"), subject)).command).toBe(
      "Mend what they name and hand the module over again. jane handed it over.",
    );
  });

  test("says that an agent tries again and when", async () => {
    const { system, as, deliver, until } = await start({
      GeneratePipeline: async () => {
        throw new Error("the disk was away");
      },
    });
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "retrying");
    const { sentence, situations } = await explainDelivery(system, as("jane"), subject);
    expect(sentence).toMatch(
      /devops-engineer failed GeneratePipeline and tries again in .*retry 1 of 2.*the disk was away/,
    );
    expect(situations[0]?.until).toMatch(/^\d{4}-/);
  });

  test("takes a trigger only from who may, and only where the flow takes it", async () => {
    const { system, as, deliver, until } = await start();
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    const rebuild = { ...subject, name: "RebuildPipelineRequested" as const, data: {} };
    await expect(sendEvent(system, as("jane"), rebuild)).rejects.toMatchObject({
      refusal: { code: "TenantForbidden", message: expect.stringContaining("DevOpsEngineer") },
    });
    await expect(sendEvent(system, as("olga"), rebuild)).rejects.toMatchObject({
      refusal: { code: "Conflict", message: expect.stringContaining("promoting") },
    });
    const deploy = { ...subject, name: "DeployRequested" as const, data: {}, id: "once" };
    const sent = await sendEvent(system, as("jane"), deploy);
    expect(sent).toMatchObject({ environment: "staging", recorded: true });
    const events = await system.store.events(subject, { names: ["DeployRequested"] });
    expect(events[0]).toMatchObject({ source: "/cli", data: { by: "jane" } });
    await expect(
      sendEvent(system, as("jane"), { ...deploy, environment: "production" }),
    ).rejects.toMatchObject({ refusal: { code: "TenantForbidden" } });
  });

  test("is over when it is cancelled, and what was on its way takes nothing any more", async () => {
    const { system, as, deliver, until } = await start();
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    expect(await cancelDelivery(system, as("jane"), { ...subject, reason: "wrong branch" })).toEqual({
      phase: "cancelled",
      recorded: true,
      takenBack: [],
      left: [],
    });
    expect((await cancelDelivery(system, as("jane"), { ...subject, reason: "" })).recorded).toBe(false);
    const { sentence, kind } = await explainDelivery(system, as("jane"), subject);
    expect(kind).toBe("over");
    expect(sentence).toMatch(/cancelled .* ago by jane: wrong branch/);
    await expect(
      sendEvent(system, as("olga"), {
        ...subject,
        name: "DeployRequested",
        data: {},
        environment: "production",
      }),
    ).rejects.toThrow(/was cancelled; production halted/);
  });

  test("gives the traffic back when it is cancelled in the middle of a rollout, and is over all the same", async () => {
    const { system, as, deliver, until } = await start({
      DeployRelease: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const subject = await deliver();
    const states = async () =>
      (await getDelivery(system, as("jane"), subject)).instances.flatMap((one) => one.states);
    await expect.poll(states).toContain("deploying");
    const cancelled = await cancelDelivery(system, as("jane"), { ...subject, reason: "not today" });
    expect(cancelled).toEqual({ phase: "cancelled", recorded: true, takenBack: ["staging"], left: [] });
    await expect.poll(states).toContain("rolled_back");
    await until(subject, (_, kind) => kind === "over");
    const [asked] = await system.store.events(subject, { names: ["RollbackRequested"] });
    expect(asked?.data).toMatchObject({
      by: "jane",
      cancelled: true,
      reason: "the delivery was cancelled while it was rolled out: not today",
    });
    expect((await system.store.load(subject))?.state.phase).toBe("cancelled");
  });

  test("shows what a rollback could not take back to those who decide, before they do", async () => {
    const irreversible = [
      "`npm run contract` cannot be taken back: a rollback brings back the code, not the data",
    ];
    const { system, as, deliver } = await start({
      EvaluateRelease: async ({ invocation: { releaseId, environment } }) => ({
        status: "Delayed",
        summary: "waits for a ProductOwner",
        wakeOn: ["ApprovalGranted"],
        emits: [
          {
            name: "ApprovalRequested",
            data: {
              releaseId,
              environment,
              version: "1.0.0",
              roles: ["ProductOwner"],
              minApprovers: 1,
              digests,
              irreversible,
            },
          },
        ],
      }),
    });
    await deliver();
    const pending = async () => (await listPending(system, as("max"))).map((one) => one.irreversible);
    await expect.poll(pending).toEqual([irreversible]);
  });

  test("replays from its events to the stored state, and tells when the record was changed", async () => {
    const { system, as, deliver, until } = await start();
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    const replay = await replayDelivery(system, as("jane"), subject);
    expect(replay).toMatchObject({ same: true, differences: [], chain: { intact: true } });
    const tampered = { ...system, store: { ...system.store, load: async () => changed } };
    const stored = await system.store.load(subject);
    if (stored === undefined) throw new Error("no such delivery");
    const changed = { ...stored, state: { ...stored.state, phase: "superseded" as const } };
    expect(await replayDelivery(tampered, as("jane"), subject)).toMatchObject({
      same: false,
      differences: ["phase"],
    });
  });

  test("is not there for another tenant, and cannot be rolled back to nothing", async () => {
    const { system, as, deliver, until } = await start();
    const subject = await deliver();
    await until(subject, (_, kind) => kind === "waiting");
    const stranger = { ...as("max"), tenantId: "other" };
    await expect(getDelivery(system, stranger, subject)).rejects.toMatchObject({
      refusal: { code: "TenantForbidden" },
    });
    await expect(
      requestRollback(system, as("olga"), {
        releaseId: "release-000001",
        reason: "slow",
        code: "latency",
        revert: false,
      }),
    ).rejects.toMatchObject({ refusal: { code: "RollbackImpossible" } });
  });

  test("lets people make tokens for themselves, and only a StudioAdmin for others", async () => {
    const { system, as } = await start();
    const { token } = await createToken(system, as("jane"), { person: "jane", label: "laptop" });
    expect(await system.accounts.findToken(token)).toMatchObject({
      tenantId: "vetclinic-001",
      person: "jane",
    });
    await expect(createToken(system, as("jane"), { person: "max", label: "" })).rejects.toMatchObject({
      refusal: { code: "TenantForbidden" },
    });
    expect((await createToken(system, as("ada"), { person: "max", label: "" })).person).toBe("max");
  });
});
