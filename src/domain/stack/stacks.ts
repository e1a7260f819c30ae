/** The languages that are known, in the order in which they are asked. */
import type { ModuleSpec, Runtime } from "../module/module-spec.ts";
import { containerStack } from "./container/container-stack.ts";
import { dotnetStack } from "./dotnet/dotnet-stack.ts";
import { goStack } from "./go/go-stack.ts";
import { javaStack } from "./java/java-stack.ts";
import { nodeStack } from "./node/node-stack.ts";
import { pythonStack } from "./python/python-stack.ts";
import type { Stack, Toolchain } from "./stack.ts";

/** Node comes after those whose modules often have a package.json beside them for tools and assets. */
export const stacks: readonly Stack[] = [
  goStack,
  javaStack,
  dotnetStack,
  pythonStack,
  nodeStack,
  containerStack,
];

export function stackOf(runtime: Runtime): Stack {
  const found = stacks.find((stack) => stack.runtime === runtime);
  if (found === undefined) throw new Error(`no stack is registered for ${runtime}`);
  return found;
}

export function toolchainOf(module: ModuleSpec): Toolchain {
  return stackOf(module.runtime).toolchain(module);
}

/** Whether recognition reads this file's text. */
export function isDescribing(path: string): boolean {
  return path === "module.yaml" || stacks.some((stack) => stack.describes(path));
}
