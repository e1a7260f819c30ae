/** Conditions of a query that are only there where they are asked for, so that the planner sees which index serves. */

export interface Conditions {
  values: unknown[];
  /** Nothing where the value is undefined; `part` is given the place that stands for it. */
  add(value: unknown, part: (at: string) => string): void;
  /** One whose values have their places already. */
  addPart(part: string): void;
  /** The place that stands for a value. */
  value(value: unknown): string;
  text(): string;
}

export function createConditions(): Conditions {
  const values: unknown[] = [];
  const parts: string[] = [];
  const place = (value: unknown): string => {
    values.push(value);
    return `$${values.length}`;
  };
  return {
    values,
    add(value, part) {
      if (value !== undefined) parts.push(part(place(value)));
    },
    addPart: (part) => void parts.push(part),
    value: place,
    text: () => parts.join(" and "),
  };
}
