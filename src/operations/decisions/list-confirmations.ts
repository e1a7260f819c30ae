/** What waits for people beside approvals: what one asked for and a second one has to say as well, and findings to be weighed. */
import { eventName } from "../../domain/event/event.ts";
import { RefusalError } from "../../domain/refusal.ts";
import { type Subject, subjectKey } from "../../domain/scope.ts";
import { momentText } from "../../domain/time-text.ts";
import { frozenRelease } from "../freezes/frozen-release.ts";
import { listFreezes } from "../freezes/list-freezes.ts";
import { listProposals } from "../policy-changes/list-policies.ts";
import type { Caller, System } from "../system.ts";
import { findingsToWeigh } from "./findings-to-weigh.ts";

export interface Confirmation {
  /** `cve-override`: the Release Manager asks a SecurityReviewer, who confirms nothing and decides alone. */
  kind: "policy" | "freeze-lift" | "freeze-override" | "cve-override";
  /** Of the proposal, the freeze, or the release. */
  id: string;
  /** What would be done, as a sentence without its end. */
  what: string;
  by: string;
  /** ISO 8601. */
  at: string;
  reason: string;
  /** Who may say the same, or decide; the caller among them where `yours`. */
  mayConfirm: string[];
  yours: boolean;
  command: string;
}

/** The caller's own first, then the oldest. */
export async function listConfirmations(system: System, caller: Caller): Promise<Confirmation[]> {
  const found = await Promise.all([
    policyProposals(system, caller),
    freezeLifts(system, caller),
    freezeOverrides(system, caller),
    cveOverrides(system, caller),
  ]);
  return found
    .flat()
    .map((one) => ({ ...one, yours: one.mayConfirm.includes(caller.person) }))
    .sort((a, b) => Number(b.yours) - Number(a.yours) || (a.at < b.at ? -1 : 1));
}

type Found = Omit<Confirmation, "yours">;

async function policyProposals(system: System, caller: Caller): Promise<Found[]> {
  const open = (await listProposals(system, caller)).filter(
    ({ is, outdated }) => is.state === "open" && !outdated,
  );
  return open.map(({ id, by, at, reason, mayConfirm, changes }) => ({
    ...{ kind: "policy" as const, id, by, at, reason, mayConfirm },
    what: `${id} changes policy in ${changes.length === 1 ? "one place" : `${changes.length} places`}`,
    command: `connectsoft policy confirm ${id}`,
  }));
}

async function freezeLifts(system: System, caller: Caller): Promise<Found[]> {
  const { people } = await system.tenants.get(caller.tenantId);
  return (await listFreezes(system, caller)).flatMap(({ id, reason: frozen, liftAsked }) =>
    liftAsked === undefined
      ? []
      : [
          {
            ...{ kind: "freeze-lift" as const, id },
            ...liftAsked,
            what: `the freeze ${id} (${frozen}) is lifted`,
            mayConfirm: people
              .filter(
                ({ id: person, roles }) =>
                  person !== liftAsked.by &&
                  (roles.includes("ReleaseManager") || roles.includes("StudioAdmin")),
              )
              .map(({ id: person }) => person),
            command: `connectsoft freeze lift ${id} --reason "..."`,
          },
        ],
  );
}

async function freezeOverrides(system: System, caller: Caller): Promise<Found[]> {
  const { tenantId } = caller;
  const held = await Promise.all(
    ["delayed", "awaiting_approval"].map((state) =>
      system.store.list({ tenantId, phase: "open", state, limit: 1_000 }),
    ),
  );
  const subjects = new Map(held.flat().map(({ subject }) => [subjectKey(subject), subject]));
  return (await Promise.all([...subjects.values()].map((one) => overridesOf(system, caller, one)))).flat();
}

async function cveOverrides(system: System, caller: Caller): Promise<Found[]> {
  return (await findingsToWeigh(system, caller)).map(({ releaseId, at, message, mayOverride }) => ({
    ...{ kind: "cve-override" as const, id: releaseId, by: "release-manager", at },
    what: `${releaseId} is held by what a scan found, until a SecurityReviewer lets it pass`,
    reason: message,
    mayConfirm: mayOverride,
    command: `studio override-cve ${releaseId}`,
  }));
}

async function overridesOf(system: System, caller: Caller, subject: Subject): Promise<Found[]> {
  const events = await system.store.events(subject, {
    names: ["FreezeOverrideRequested", "FreezeOverridden"],
  });
  const newest = new Map(events.map((event) => [String(event.data.releaseId), event]));
  const asked = [...newest].filter(([, event]) => eventName(event) === "FreezeOverrideRequested");
  const found = await Promise.all(
    asked.map(async ([releaseId, { time }]): Promise<Found[]> => {
      const view = await viewOf(system, caller, releaseId);
      if (view?.asked === undefined || view.asked.expiresAt <= system.clock.now().toISOString()) return [];
      const { asked: request, mayConfirm, reasons } = view;
      return [
        {
          ...{ kind: "freeze-override" as const, id: releaseId },
          ...{ by: request.by, at: time, reason: request.reason, mayConfirm },
          what: `${releaseId} may pass ${reasons} until ${momentText(request.expiresAt)}`,
          command: `studio override-freeze ${releaseId} --confirm`,
        },
      ];
    }),
  );
  return found.flat();
}

/** Undefined where no freeze holds it any more. */
async function viewOf(system: System, caller: Caller, releaseId: string) {
  try {
    return (await frozenRelease(system, caller, releaseId)).view;
  } catch (error) {
    if (error instanceof RefusalError && error.refusal.code === "Conflict") return undefined;
    throw error;
  }
}
