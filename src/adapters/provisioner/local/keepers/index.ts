/** The keeper of each kind of resource. */
import type { ResourceKind } from "../../../../domain/environment/resource.ts";
import type { Dns } from "../../../../ports/dns.ts";
import type { NamespaceLimits } from "../../../../ports/namespace-limits.ts";
import { createDnsKeeper, type RevealKey } from "./keep-dns-name.ts";
import { createFolderKeeper, type ServiceUser } from "./keep-folder.ts";
import { keepHost, keepPath } from "./keep-names.ts";
import { keepNamespace } from "./keep-namespace.ts";
import { createQuotaKeeper } from "./keep-quota.ts";
import type { Keeper } from "./keeper.ts";

export type Keepers = Record<ResourceKind, Keeper>;

export function createKeepers(peers: {
  dns: Dns;
  revealKey: RevealKey;
  limits: NamespaceLimits | undefined;
  serviceUser: ServiceUser;
}): Keepers {
  const folders = createFolderKeeper(peers.serviceUser);
  return {
    namespace: keepNamespace,
    quota: createQuotaKeeper(peers.limits),
    storage: folders,
    shared: folders,
    host: keepHost,
    path: keepPath,
    dns: createDnsKeeper(peers.dns, peers.revealKey),
  };
}
