/** Keeps hooks, with their secrets, sealed, and what they received. */
import type { HookCall, HookSpec, HookWish } from "../domain/hook/hook.ts";
import type { Registration, RegistrationPlace, Registrations } from "./registrations.ts";

export type HookRecord = Registration<HookSpec>;

/** `ignored`: nothing was to be done. `refused`: it was not done, and will not be. */
export type ReceiptState = "waiting" | "done" | "ignored" | "refused";

export interface HookReceipt {
  hook: string;
  /** As its sender gave it. */
  id: string;
  event: string;
  state: ReceiptState;
  attempts: number;
  receivedAt: string;
  endedAt?: string;
  /** What came of it so far. */
  answer: string;
}

/** What is to be done, and is not done by anybody else for as long as was asked. */
export interface ClaimedReceipt extends RegistrationPlace {
  receiptId: string;
  wish: HookWish;
  /** This one included. */
  attempt: number;
}

export type ReceiptEnd =
  | { state: "done" | "ignored" | "refused"; answer: string }
  | { state: "waiting"; answer: string; delayMs: number };

export interface Hooks extends Registrations<HookSpec> {
  mintSecret(kind: HookSpec["kind"]): string;
  /** With what it received. */
  remove(place: RegistrationPlace): Promise<boolean>;
  /** The secret so far is good no more. Undefined: there is none of this id. */
  rotate(place: RegistrationPlace, rotated: { secret: string; by: string }): Promise<HookRecord | undefined>;
  /** Undefined: there is none of this id. */
  secret(place: RegistrationPlace): Promise<string | undefined>;
  /**
   * Keeps a call, claimed for `leaseMs` where something is to be done. One that is there already, by its id or by its
   * bytes, stays as it is, and is answered as `known`; but what was refused may be asked for again under its id.
   */
  receive(
    place: RegistrationPlace,
    call: HookCall & { bodySha256?: string; wish?: HookWish; answer: string; leaseMs: number },
  ): Promise<{ known: boolean; receipt: HookReceipt }>;
  /** What is due, of all tenants. */
  claim(options: { limit: number; leaseMs: number }): Promise<ClaimedReceipt[]>;
  settle(claimed: Omit<ClaimedReceipt, "wish">, end: ReceiptEnd): Promise<void>;
  receipt(place: RegistrationPlace, receiptId: string): Promise<HookReceipt | undefined>;
  /** Newest first. */
  receipts(tenantId: string, query: { hook: string; limit: number }): Promise<HookReceipt[]>;
  /** Forgets what ended longer ago. What is known by its bytes stays: nothing else tells that it comes again. */
  tidy(endedMs: number): Promise<void>;
}
