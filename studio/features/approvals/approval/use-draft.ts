/** Words that somebody has begun to write, kept in this window until they are sent: also through a reload or a sign-in. */
import { useState } from "react";
import { useSession } from "../../../app/session/session-gate.tsx";

export function useDraft(name: string): [text: string, write: (text: string) => void] {
  const { person, tenantId } = useSession();
  const key = `studio.draft.${tenantId}.${person}.${name}`;
  const [text, setText] = useState(() => read(key));
  return [
    text,
    (next) => {
      setText(next);
      keep(key, next);
    },
  ];
}

function read(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function keep(key: string, text: string): void {
  try {
    if (text === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // It stays in its field until the window is closed.
  }
}
