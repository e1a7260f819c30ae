/** Sizes as in Kubernetes: 512Mi, 2Gi. */
import { z } from "zod";

export const sizeSchema = z.string().regex(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, "expected a size such as 512Mi");

const units = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 } as const;

export function bytesOf(size: string): number {
  return Number(size.slice(0, -2)) * units[size.slice(-2) as keyof typeof units];
}
