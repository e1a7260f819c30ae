/** What a use case works with: the ports of the running system, and who is asking. */
import type { TokenLimits } from "../domain/access/access-token.ts";
import type { Origin } from "../domain/access/session.ts";
import type { AgentManifest } from "../domain/agent/manifest.ts";
import type { CompiledFlow } from "../domain/flow/compiled-flow.ts";
import type { Role, TargetName } from "../domain/tenant/tenant.ts";
import type { Engine } from "../engine/engine.ts";
import type { Accounts } from "../ports/accounts.ts";
import type { Invocation } from "../ports/agent.ts";
import type { Alerts } from "../ports/alerts.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { Delegations } from "../ports/delegations.ts";
import type { DeliveryBoard } from "../ports/delivery-board.ts";
import type { EngineStore } from "../ports/engine-store.ts";
import type { EventFeed } from "../ports/event-feed.ts";
import type { Fleet } from "../ports/fleet.ts";
import type { Forge } from "../ports/forge.ts";
import type { Freezes } from "../ports/freezes.ts";
import type { GitServer } from "../ports/git-server.ts";
import type { Hooks } from "../ports/hooks.ts";
import type { IdempotentAnswers } from "../ports/idempotent-answers.ts";
import type { IdentityProvider } from "../ports/identity-provider.ts";
import type { Incidents } from "../ports/incidents.ts";
import type { Journal } from "../ports/journal.ts";
import type { Notifications } from "../ports/notifications.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { PlanGeneration } from "../ports/pipeline-generator.ts";
import type { ArtifactStore, PipelineRunner } from "../ports/pipeline-runner.ts";
import type { PolicyDecisions } from "../ports/policy-decisions.ts";
import type { Provisioner } from "../ports/provisioner.ts";
import type { ReleaseLedger } from "../ports/release-ledger.ts";
import type { Sessions } from "../ports/sessions.ts";
import type { Settings } from "../ports/settings.ts";
import type { SignIns } from "../ports/sign-ins.ts";
import type { Signer } from "../ports/signer.ts";
import type { SourceControl } from "../ports/source-control.ts";
import type { Subscriptions } from "../ports/subscriptions.ts";
import type { Target } from "../ports/target.ts";
import type { Tenants } from "../ports/tenants.ts";
import type { ToldEvents } from "../ports/told-events.ts";
import type { VulnerabilityData } from "../ports/vulnerability-data.ts";

export interface System {
  engine: Engine;
  store: EngineStore;
  feed: EventFeed;
  board: DeliveryBoard;
  told: ToldEvents;
  alerts: Alerts;
  sourceControl: SourceControl;
  forge: Forge;
  gitServer: GitServer;
  settings: Settings;
  tenants: Tenants;
  accounts: Accounts;
  identity: IdentityProvider;
  sessions: Sessions;
  answers: IdempotentAnswers;
  signIns: SignIns;
  fleet: Fleet;
  provisioner: Provisioner;
  ledger: ReleaseLedger;
  incidents: Incidents;
  journal: Journal;
  freezes: Freezes;
  policy: PolicyDecisions;
  signer: Signer;
  delegations: Delegations;
  auditLog: AuditLog;
  vulnerabilities: VulnerabilityData;
  notifications: Notifications;
  notifier: Notifier;
  subscriptions: Subscriptions;
  hooks: Hooks;
  artifacts: ArtifactStore;
  runner: PipelineRunner;
  targets: Record<TargetName, Target>;
  planGeneration: PlanGeneration;
  clock: Clock;
  newId(): string;
  /** Name of this host: repositories and processes that are handed over here stay here. */
  host: string;
  /** The flows that a new delivery begins with. */
  builtInFlows: { delivery: CompiledFlow; environment: CompiledFlow; upgrade: CompiledFlow };
  /** What the agents of this system declare of themselves; flows are checked against it. */
  manifests: readonly AgentManifest[];
  /** Live lines of agents at work in this process; kept nowhere. Returns the unsubscription. */
  onProgress(listener: (line: ProgressLine) => void): () => void;
}

export interface ProgressLine {
  invocation: Invocation;
  line: string;
}

/** What faces speak of beside operations. */
export type { FeedEvent } from "../ports/event-feed.ts";
export type { KeptAnswer, KeyedRequest } from "../ports/idempotent-answers.ts";

/** Who asks, by which way. Made by the face that authenticated the caller; operations trust it. */
export interface Caller {
  tenantId: string;
  /** Id of the person in the tenant's declaration, or `service:<id>`. */
  person: string;
  roles: Role[];
  /** Held in one environment only, beside those that tenant.yaml gives the person. */
  environmentRoles?: Record<string, Role[]>;
  /** In place of those that tenant.yaml gives the person. */
  claims?: string[];
  /** What the token that was used is good for; absent: all that the roles allow. */
  limits?: TokenLimits;
  /** Of a service account: the person on whose authority it acts, where there still is one. */
  owner?: string;
  method: "cli" | "studio" | "api";
  /** What was shown; a session of one's own is made of it. Absent: the program itself acts. */
  origin?: Origin;
}

/** The CloudEvents source of what a person states: by the program on a terminal, or by Studio and its API. */
export function sourceOf(caller: Caller): "/cli" | "/studio" {
  return caller.method === "cli" ? "/cli" : "/studio";
}
