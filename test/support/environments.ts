/** The local provisioner with the ledger whose turns it takes, as the running system has them. */

import { createNsupdateDns } from "../../src/adapters/dns/nsupdate/create-nsupdate-dns.ts";
import {
  createLocalProvisioner,
  type LocalProvisionerOptions,
} from "../../src/adapters/provisioner/local/create-local-provisioner.ts";
import { createReleaseLedger } from "../../src/adapters/release-ledger/postgres/create-release-ledger.ts";

type Options = Pick<LocalProvisionerOptions, "pool" | "settings" | "storageRoot"> &
  Partial<LocalProvisionerOptions>;

export function createEnvironments(options: Options) {
  const ledger = createReleaseLedger({ pool: options.pool });
  const provisioner = createLocalProvisioner({
    dns: createNsupdateDns(),
    inTurn: (place, task) => ledger.inTurn({ ...place, moduleId: "" }, new AbortController().signal, task),
    ...options,
  });
  return { ledger, provisioner };
}
