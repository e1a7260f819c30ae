/** Refusals as problem details (RFC 9457). One table says which status a code has. */
import type { Refusal, RefusalCode } from "../domain/refusal.ts";

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The refusal's code, the same on every face. */
  code: string;
  next?: string;
  /** The address that was asked. */
  instance?: string;
  /** Fields of the input that do not fit, by JSON pointer into it as a fragment. */
  errors?: { pointer: string; detail: string }[];
}

const statuses: Partial<Record<RefusalCode, number>> = {
  InputInvalid: 400,
  Unauthenticated: 401,
  SessionExpired: 401,
  TokenExpired: 401,
  TokenInvalid: 401,
  TokenRevoked: 401,
  TokenUnknown: 401,
  CsrfRefused: 403,
  TokenScope: 403,
  SponsorMissing: 403,
  FlowInvalid: 422,
  ModuleInvalid: 422,
  PolicyInvalid: 422,
  JustificationMissing: 422,
  TenantForbidden: 403,
  UnauthorizedApprover: 403,
  SelfApproval: 403,
  MachineApprover: 403,
  FreezeOverrideNotAllowed: 403,
  RollbackNotAllowed: 403,
  InvalidNamespaceAccess: 403,
  ManifestViolation: 403,
  IdempotencyKeyReused: 422,
  TooManyRequests: 429,
  NotFound: 404,
  RegistryUnavailable: 503,
  Unavailable: 503,
};

/** Everything else that is refused conflicts with how things stand. */
const otherwise = 409;

export function problemOf(refusal: Refusal): Problem {
  const { code, message, next, fields } = refusal;
  const errors = fields?.map(({ pointer, detail }) => ({ pointer: `#${pointer}`, detail }));
  return { ...problem(statusOf(code), code, message, next), ...(errors !== undefined && { errors }) };
}

export function statusOf(code: RefusalCode): number {
  return statuses[code] ?? otherwise;
}

export function problem(status: number, code: string, detail: string, next?: string): Problem {
  return {
    type: `urn:connectsoft:problem:${code}`,
    title: code,
    status,
    detail,
    code,
    ...(next !== undefined && { next }),
  };
}
