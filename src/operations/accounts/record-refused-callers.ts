/**
 * Writes in a tenant's journal who called with a token that is not good. A flood of such calls is counted and not
 * written one by one: so many entries a tenant in a while, and the next one says how many were left out.
 */
import type { Refusal } from "../../domain/refusal.ts";
import type { System } from "../system.ts";
import type { Identified } from "./identify-caller.ts";

export type RecordRefused = (refused: Extract<Identified, { refusal: Refusal }>) => Promise<void>;

interface Window {
  since: number;
  written: number;
  leftOut: number;
}

const windowMs = 60_000;
const entriesInWindow = 20;

export function createRefusedCallers(system: System): RecordRefused {
  const windows = new Map<string, Window>();

  return async ({ refusal, at }) => {
    const window = windowOf(windows, at?.tenantId ?? "", system.clock.now().getTime());
    if (window.written >= entriesInWindow) {
      window.leftOut += 1;
      return;
    }
    window.written += 1;
    const tenantId = at?.tenantId ?? (await onlyTenant(system));
    if (tenantId === undefined) return;
    const { leftOut } = window;
    window.leftOut = 0;
    const data = {
      code: refusal.code,
      message: refusal.message,
      ...(at?.tokenId !== undefined && { token: at.tokenId }),
      ...(leftOut > 0 && { leftOut }),
    };
    await system.journal.append(tenantId, [{ act: "CallerRefused", actor: at?.actor ?? "nobody", data }]);
  };
}

function windowOf(windows: Map<string, Window>, key: string, now: number): Window {
  const known = windows.get(key);
  if (known !== undefined && now - known.since < windowMs) return known;
  const fresh = { since: now, written: 0, leftOut: known?.leftOut ?? 0 };
  windows.set(key, fresh);
  return fresh;
}

/** What nobody knows belongs to no tenant; where there is one only, it is that one's business. */
async function onlyTenant({ tenants }: System): Promise<string | undefined> {
  const [first, second] = await tenants.list();
  return second === undefined ? first?.id : undefined;
}
