/** Single keys that begin an act: never while somebody types or answers a question, and off where the reader wants none. */
import { useEffect, useRef, useState } from "react";

const setting = "studio.shortcuts";

export interface Shortcuts {
  on: boolean;
  turn: (on: boolean) => void;
}

export function useShortcuts(pressed: (key: string) => void): Shortcuts {
  const [on, setOn] = useState(wanted);
  const latest = useRef(pressed);
  useEffect(() => {
    latest.current = pressed;
  });
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isBusy(event)) return;
      latest.current(event.key);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [on]);
  return {
    on,
    turn: (next) => {
      setOn(next);
      keep(next);
    },
  };
}

function isBusy({ target }: KeyboardEvent): boolean {
  const typing =
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role=listbox], [role=menu]") !== null);
  return typing || document.querySelector("[role=dialog], [role=alertdialog]") !== null;
}

function wanted(): boolean {
  try {
    return localStorage.getItem(setting) !== "off";
  } catch {
    return true;
  }
}

function keep(on: boolean): void {
  try {
    localStorage.setItem(setting, on ? "on" : "off");
  } catch {
    // It holds until the window is closed.
  }
}
