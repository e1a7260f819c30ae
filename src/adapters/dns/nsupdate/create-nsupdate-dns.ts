/**
 * DNS servers that take dynamic updates, with BIND's own `nsupdate`: it signs each one (TSIG), and the server checks
 * the prerequisites and makes the change in one go. What a server answers is asked of it directly.
 */
import { refuse } from "../../../domain/refusal.ts";
import type { Dns, DnsName, DnsServer } from "../../../ports/dns.ts";
import { askServer } from "./ask-server.ts";
import { sendUpdate } from "./send-update.ts";
import { updates } from "./write-update.ts";

export function createNsupdateDns(): Dns {
  return {
    look: askServer,
    async put(server, name) {
      checkName(server, name);
      // Ours already, or nobody's, or ours since a moment ago: the server decides which of them holds.
      for (const update of [updates.change(name), updates.create(name), updates.change(name)])
        if ((await sendUpdate(server, update)) === "done") return;
      const found = await askServer(server, name.name);
      throw refuse(
        "Conflict",
        `${name.name} is another's in the zone ${server.zone}: its owner record says ${found?.owner ?? "nothing"}, and it leads to ${found?.addresses.join(" and ") || "no address"}.`,
        "Take it away there by hand where it is not needed, or choose another `domain`.",
      );
    },
    async remove(server, name) {
      checkName(server, name);
      await sendUpdate(server, updates.remove(name));
    },
  };
}

const nameForm = /^([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ownerForm = /^[A-Za-z0-9/._-]{1,200}$/;

/** They become lines of an update. */
function checkName({ zone }: DnsServer, { name, owner }: Pick<DnsName, "name" | "owner">): void {
  if (nameForm.test(name) && ownerForm.test(owner) && (name === zone || name.endsWith(`.${zone}`))) return;
  throw refuse(
    "InputInvalid",
    `${name} is no name of the zone ${zone} that could be written there.`,
    "Choose another `domain`, or another `dns.zone`.",
  );
}
