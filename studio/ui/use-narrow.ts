/** Whether the window is as narrow as a phone: where a table becomes cards. */
import { useSyncExternalStore } from "react";

const narrow = window.matchMedia("(max-width: 820px)");

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}

function subscribe(changed: () => void): () => void {
  narrow.addEventListener("change", changed);
  return () => narrow.removeEventListener("change", changed);
}
