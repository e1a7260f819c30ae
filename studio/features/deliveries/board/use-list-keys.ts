/** Arrow keys, j and k, Home and End move the focus through a list whose rows are not all there. */
import { type RefObject, useEffect, useRef, useState } from "react";

interface ListKeys {
  list: RefObject<HTMLElement | null>;
  count: number;
  /** Scrolls a row to where it can be seen. */
  reveal: (index: number) => void;
}

export function useListKeys({ list, count, reveal }: ListKeys) {
  const [active, setActive] = useState(0);
  const last = Math.max(0, count - 1);
  const current = useRef({ active, last, reveal });
  current.current = { active: Math.min(active, last), last, reveal };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const inside = list.current?.contains(event.target as Node) === true;
      const onPage =
        inside || event.target === document.body || event.target === document.querySelector("main");
      if (!onPage) return;
      const to = targetOf(event.key, inside ? current.current.active : -1, current.current.last);
      if (to === undefined) return;
      event.preventDefault();
      setActive(to);
      current.current.reveal(to);
      focusRow(list, to);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [list]);
  return { active: current.current.active, onFocusRow: setActive };
}

function targetOf(key: string, from: number, last: number): number | undefined {
  if (key === "ArrowDown" || key === "j") return Math.min(from + 1, last);
  if (key === "ArrowUp" || key === "k") return Math.max(from - 1, 0);
  if (from < 0) return undefined;
  if (key === "Home") return 0;
  return key === "End" ? last : undefined;
}

/** A row that was out of sight is drawn a moment after it was scrolled to. */
function focusRow(list: RefObject<HTMLElement | null>, index: number, tries = 10): void {
  const row = list.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(list, index, tries - 1));
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}
