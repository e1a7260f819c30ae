/** A hook as its form has it: what is typed as text, and what of it is sent. */
import type { components, operations } from "../../../../client/src/schema.d.ts";
import { wordsIn } from "./words-in.ts";

export type Hook = components["schemas"]["Hook"];
type Said = operations["updateHook"]["requestBody"]["content"]["application/json"];

export const hookKinds = ["github", "gitlab", "azure-devops", "standard"] as const;
export type HookKind = (typeof hookKinds)[number];

export interface TypedHook {
  account: string;
  url: string;
  branches: string;
  tags: string;
  releases: string;
  folder: string;
  moduleId: string;
  environments: string[];
  description: string;
}

export const nothingTyped: TypedHook = {
  ...{ account: "", url: "", branches: "main", tags: "", releases: "" },
  ...{ folder: "", moduleId: "", environments: [], description: "" },
};

export function typedHook({ account, handOver, description = "" }: Hook): TypedHook {
  if (handOver === undefined) return { ...nothingTyped, account, description };
  const { url, branches, tags, releases = [], folder = "", moduleId = "", environments = [] } = handOver;
  return {
    ...{ account, description, url, folder, moduleId, environments },
    branches: branches.join(" "),
    tags: tags.join(" "),
    releases: releases.join(" "),
  };
}

/** Without a repository it hands nothing over, and takes events. */
export function saidHook(kind: HookKind, typed: TypedHook): Said {
  const { account, environments } = typed;
  const [url, folder, moduleId] = [typed.url.trim(), typed.folder.trim(), typed.moduleId.trim()];
  const [releases, description] = [wordsIn(typed.releases), typed.description.trim()];
  const handOver = {
    ...{ url, branches: wordsIn(typed.branches), tags: wordsIn(typed.tags) },
    ...(releases.length > 0 && { releases }),
    ...(folder !== "" && { folder }),
    ...(moduleId !== "" && { moduleId }),
    ...(environments.length > 0 && { environments }),
  };
  return { kind, account, ...(description !== "" && { description }), ...(url !== "" && { handOver }) };
}
