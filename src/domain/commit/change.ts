/** What a change means to those who depend on a module, in the words of Semantic Versioning. */

export type Bump = "breaking" | "feature" | "fix";

export interface Change {
  bump: Bump;
  /** What a reader of the changelog sees: `GET /bookings/{id} was removed`. */
  text: string;
}

const order: readonly Bump[] = ["breaking", "feature", "fix"];

/** The change that decides: one that breaks weighs more than one that adds, and that more than a correction. */
export function weightiest(bumps: readonly Bump[]): Bump {
  return order.find((bump) => bumps.includes(bump)) ?? "fix";
}
