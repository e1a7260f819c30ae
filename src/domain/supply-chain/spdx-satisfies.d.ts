declare module "spdx-satisfies" {
  /** Whether the licences that are allowed have a way through the expression. Throws on what is no SPDX expression. */
  export default function satisfies(expression: string, allowed: readonly string[]): boolean;
}
