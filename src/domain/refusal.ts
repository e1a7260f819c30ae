/**
 * Refusals: expected answers of "no", with a stable code. A surface translates the code once
 * (HTTP status, CLI exit code); the message names what was refused, what was expected and the way on.
 */

/** What a refusal does: stops the act only, holds the release until something changes, or rejects it. */
export type RefusalEffect = "refuses" | "holds" | "rejects";

export const refusalEffects = {
  ApprovalExpired: "holds",
  ApprovalRefused: "rejects",
  ArtifactLocked: "refuses",
  BranchPolicy: "rejects",
  ChangelogInvalid: "rejects",
  CommitMessageInvalid: "rejects",
  Conflict: "refuses",
  CoverageTooLow: "rejects",
  CsrfRefused: "refuses",
  DelayNotElapsed: "holds",
  DependencyNotReady: "holds",
  DigestMismatch: "holds",
  FlowInvalid: "refuses",
  FreezeActive: "holds",
  FreezeOverrideNotAllowed: "refuses",
  GateUnanswered: "holds",
  IdempotencyKeyReused: "refuses",
  InputInvalid: "refuses",
  InvalidNamespaceAccess: "rejects",
  JustificationMissing: "refuses",
  LicenceDenied: "rejects",
  MachineApprover: "refuses",
  ManifestViolation: "refuses",
  ModuleInvalid: "refuses",
  NamingPolicy: "rejects",
  NotFound: "refuses",
  PlanChanged: "holds",
  PolicyBlocked: "rejects",
  PolicyInvalid: "refuses",
  ProvenanceMissing: "rejects",
  QuorumNotMet: "holds",
  RegistryUnavailable: "refuses",
  RollbackImpossible: "refuses",
  RollbackNotAllowed: "refuses",
  RollbackPlanMissing: "rejects",
  SbomMissing: "rejects",
  ScanFailed: "rejects",
  ScanWarning: "holds",
  SecretsMissing: "holds",
  SelfApproval: "refuses",
  SessionExpired: "refuses",
  SignatureInvalid: "refuses",
  SmokeTestsNotPassed: "rejects",
  SponsorMissing: "refuses",
  TenantForbidden: "refuses",
  TestsNotPassed: "rejects",
  TokenExpired: "refuses",
  TokenInvalid: "refuses",
  TokenRevoked: "refuses",
  TokenScope: "refuses",
  TokenUnknown: "refuses",
  TooManyRequests: "refuses",
  Unauthenticated: "refuses",
  UnauthorizedApprover: "refuses",
  Unavailable: "refuses",
  UnsignedArtifact: "rejects",
  UnsignedCommit: "rejects",
  UnsignedImage: "rejects",
  UnsignedPipeline: "rejects",
  UnsignedPlan: "rejects",
  VersionHeld: "holds",
  VulnerabilityDataOld: "holds",
} as const satisfies Record<string, RefusalEffect>;

export type RefusalCode = keyof typeof refusalEffects;

export interface Refusal {
  code: RefusalCode;
  /** What was refused and what was expected, one or two sentences. */
  message: string;
  /** What the reader can do now. */
  next?: string;
  /** Of an input: each field that does not fit, by JSON pointer (RFC 6901) into it. */
  fields?: { pointer: string; detail: string }[];
}

/** Carries a refusal up to the surface that asked. Only a surface or the engine catches it. */
export class RefusalError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.message}`);
    this.name = "RefusalError";
    this.refusal = refusal;
  }
}

export function refuse(code: RefusalCode, message: string, next?: string): RefusalError {
  return new RefusalError(next === undefined ? { code, message } : { code, message, next });
}
