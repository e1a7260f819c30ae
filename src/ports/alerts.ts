/** What a monitoring system outside says is wrong now; asked each time, and nothing of it is kept. */

export interface Alert {
  name: string;
  /** `pending`: it is so, and not for as long as the rule asks. */
  state: "firing" | "pending";
  severity: string;
  /** One sentence. */
  summary: string;
  /** What to do. */
  next?: string;
  /** Whose it is; absent: of the installation. */
  tenantId?: string;
  environment?: string;
  /** ISO 8601. */
  since: string;
}

export interface Alerts {
  /** Where it is asked; undefined: none is configured. */
  readonly source: string | undefined;
  /** Those of this product alone. Refuses with Unavailable where it does not answer. */
  list(): Promise<Alert[]>;
}
