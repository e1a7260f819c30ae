import type { EventName } from "../domain/event/event-catalogue.ts";
import type { AgentContext, RecordedEvent } from "../ports/agent.ts";
import type { Delegations } from "../ports/delegations.ts";
import type { Signer } from "../ports/signer.ts";
import type { Tenants } from "../ports/tenants.ts";

/**
 * The same context, which reads each kind of event and each artifact once: whoever judges a release judges it as of one
 * moment, however many of its parts ask. What is written through it is read again. `foreseen`: events that will be
 * asked for, which are read with the first of them.
 */
export function rememberReads(context: AgentContext, foreseen: readonly EventName[] = []): AgentContext {
  const events = new Map<EventName, Promise<RecordedEvent[]>>();
  const texts = new Map<string, Promise<string | undefined>>();
  const { memory } = context;
  return {
    ...context,
    events(name) {
      for (const one of events.size === 0 ? [name, ...foreseen] : [name])
        if (!events.has(one)) events.set(one, context.events(one));
      return events.get(name) ?? context.events(name);
    },
    memory: {
      read(kind, name) {
        const key = `${kind}/${name}`;
        const known = texts.get(key) ?? memory.read(kind, name);
        texts.set(key, known);
        return known;
      },
      readFrom: (traceId, kind, name) => memory.readFrom(traceId, kind, name),
      write(kind, name, content, scope) {
        texts.delete(`${kind}/${name}`);
        memory.write(kind, name, content, scope);
      },
    },
  };
}

interface RulePorts {
  tenants: Pick<Tenants, "get">;
  signer: Pick<Signer, "keys">;
  delegations: Pick<Delegations, "list">;
}

/** The same ports, which read a tenant's rules, its delegations and the keys of its signer once. */
export function rememberRules<Ports extends RulePorts>(ports: Ports): Ports {
  return {
    ...ports,
    tenants: { get: onceEach((tenantId: string) => ports.tenants.get(tenantId)) },
    delegations: { list: onceEach((tenantId: string) => ports.delegations.list(tenantId)) },
    signer: { keys: onceEach((tenantId: string) => ports.signer.keys(tenantId)) },
  };
}

function onceEach<Answer>(read: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (key) => {
    const answer = known.get(key) ?? read(key);
    known.set(key, answer);
    return answer;
  };
}
