/** The files that say what was resolved. A new package manager is a file here and a line below. */
import type { InventoryReader } from "../inventory.ts";
import { goModules } from "./go-modules.ts";
import { gradleLock } from "./gradle-lock.ts";
import { mavenPom } from "./maven-pom.ts";
import { installedByNpm, npmLock } from "./npm-lock.ts";
import { nugetAssets, nugetLock } from "./nuget-lock.ts";
import { pnpmLock } from "./pnpm-lock.ts";
import { poetryLock } from "./poetry-lock.ts";
import { pythonMetadata } from "./python-metadata.ts";
import { uvLock } from "./uv-lock.ts";
import { yarnLock } from "./yarn-lock.ts";

export const inventoryReaders: readonly InventoryReader[] = [
  installedByNpm,
  npmLock,
  pnpmLock,
  yarnLock,
  pythonMetadata,
  poetryLock,
  uvLock,
  goModules,
  mavenPom,
  gradleLock,
  nugetAssets,
  nugetLock,
];
