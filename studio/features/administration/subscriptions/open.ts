/** The dialog that is open, if any is. */
export type Open =
  | { kind: "new" | "new-hook" }
  | { kind: "test" | "rotate" | "remove" | "remove-hook"; id: string }
  | undefined;
