/** What is wrong with live releases, remembered so that one incident is told once, whoever watches meanwhile. */

export interface Incident {
  tenantId: string;
  releaseId: string;
  /** Since when it is unhealthy, ISO 8601; names the incident. */
  since: string;
  reasons: { code: string; message: string }[];
}

export interface Incidents {
  /** Opens one for the release, or finds the one that is open: the same again until it is closed. */
  open(incident: Incident): Promise<Incident>;
  /** The release is well again, or is gone. Nothing open: nothing to do. */
  close(release: { tenantId: string; releaseId: string }): Promise<void>;
  list(): Promise<Incident[]>;
}
