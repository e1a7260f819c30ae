/** On a narrow window a row of tabs scrolls by itself to the one that is shown. */
import { useEffect, useRef } from "react";

/** `shown`: whatever says that another tab is shown. */
export function useShownTab(shown: string): React.RefObject<HTMLElement | null> {
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const tab = row.current?.querySelector<HTMLElement>("[aria-current]");
    if (row.current && tab) row.current.scrollLeft = tab.offsetLeft - row.current.offsetLeft - 24;
  }, [shown]);
  return row;
}
