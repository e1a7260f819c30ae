import type { EventName } from "../domain/event/event-catalogue.ts";
import type { ArtifactKind } from "../domain/memory/artifact-path.ts";
import type { AgentContext, RecordedEvent } from "../ports/agent.ts";
import type { Delegations } from "../ports/delegations.ts";
import type { Freezes } from "../ports/freezes.ts";
import type { Signer } from "../ports/signer.ts";
import type { Tenants } from "../ports/tenants.ts";

/**
 * The same context, which reads each kind of event and each artifact once: whoever judges a release judges it as of one
 * moment, however many of its parts ask. What is written through it is read again. `foreseen`: events and artifacts that
 * will be asked for, which are read with the first of their kind.
 */
export function rememberReads(
  context: AgentContext,
  foreseen: { events?: readonly EventName[]; artifacts?: readonly (readonly [ArtifactKind, string])[] } = {},
): AgentContext {
  const events = new Map<EventName, Promise<RecordedEvent[]>>();
  const texts = new Map<string, Promise<string | undefined>>();
  const { memory } = context;

  function readOnce(kind: ArtifactKind, name: string): Promise<string | undefined> {
    const key = `${kind}/${name}`;
    const text = texts.get(key) ?? begun(memory.read(kind, name));
    texts.set(key, text);
    return text;
  }

  return {
    ...context,
    events(name) {
      for (const one of events.size === 0 ? [name, ...(foreseen.events ?? [])] : [name])
        if (!events.has(one)) events.set(one, begun(context.events(one)));
      return events.get(name) ?? context.events(name);
    },
    memory: {
      read(kind, name) {
        if (texts.size === 0) for (const one of foreseen.artifacts ?? []) readOnce(...one);
        return readOnce(kind, name);
      },
      readFrom: (traceId, kind, name) => memory.readFrom(traceId, kind, name),
      write(kind, name, content, scope) {
        texts.delete(`${kind}/${name}`);
        memory.write(kind, name, content, scope);
      },
    },
  };
}

/** Nobody may ever ask for it, and then its failure is nobody's. */
function begun<Answer>(answer: Promise<Answer>): Promise<Answer> {
  answer.catch(() => undefined);
  return answer;
}

interface RulePorts {
  tenants: Pick<Tenants, "get">;
  signer: Pick<Signer, "keys">;
  delegations: Pick<Delegations, "list">;
  freezes: Freezes;
}

/** The same ports, which read a tenant's rules, its freezes, its delegations and the keys of its signer once. */
export function rememberRules<Ports extends RulePorts>(ports: Ports): Ports {
  return {
    ...ports,
    tenants: { get: onceEach((tenantId: string) => ports.tenants.get(tenantId)) },
    delegations: { list: onceEach((tenantId: string) => ports.delegations.list(tenantId)) },
    signer: { keys: onceEach((tenantId: string) => ports.signer.keys(tenantId)) },
    freezes: {
      read: onceEach((tenantId: string) => ports.freezes.read(tenantId)),
      newestTime: (tenantId, now) => ports.freezes.newestTime(tenantId, now),
    },
  };
}

function onceEach<Answer>(read: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (key) => {
    const answer = known.get(key) ?? begun(read(key));
    known.set(key, answer);
    return answer;
  };
}
