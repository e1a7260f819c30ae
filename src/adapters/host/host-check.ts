/** One thing that this machine must have, or may. */
export interface HostCheck {
  name: string;
  ok: boolean;
  found: string;
  expected: string;
  /** What the reader can do; only where `ok` is false. */
  next?: string;
}
