/** Where a tenant's reader is: the transaction, and how many of the tenant's events in it were told. */
import { refuse } from "../../../domain/refusal.ts";

export interface Position {
  xid: bigint;
  told: number;
}

export function positionText({ xid, told }: Position): string {
  return `${xid}.${told}`;
}

/** Refuses with InputInvalid. */
export function readPosition(text: string): Position {
  const [, xid, told] = /^(\d{1,19})\.(\d{1,9})$/.exec(text) ?? [];
  if (xid !== undefined && told !== undefined) return { xid: BigInt(xid), told: Number(told) };
  throw refuse(
    "InputInvalid",
    "after: expected a position of this stream, such as 4711.2.",
    "Begin without one: what happened before is in the lists.",
  );
}

export function isBehind(one: Position, other: Position): boolean {
  return one.xid < other.xid || (one.xid === other.xid && one.told < other.told);
}
