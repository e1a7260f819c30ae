import type { EventName } from "../domain/event/event-catalogue.ts";
import type { AgentContext, RecordedEvent } from "../ports/agent.ts";

/**
 * The same context, which reads each kind of event and each artifact once: whoever judges a release judges it as of one
 * moment, however many of its parts ask. What is written through it is read again.
 */
export function rememberReads(context: AgentContext): AgentContext {
  const events = new Map<EventName, Promise<RecordedEvent[]>>();
  const texts = new Map<string, Promise<string | undefined>>();
  const { memory } = context;
  return {
    ...context,
    events(name) {
      const known = events.get(name) ?? context.events(name);
      events.set(name, known);
      return known;
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
