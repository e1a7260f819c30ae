/** The name of the window: how much waits for whoever looks at it, the page, and Studio. */
import { useEffect } from "react";

const own = "Studio";
let waiting = 0;
let page = "";

export function usePageTitle(name: string): void {
  useEffect(() => {
    page = name;
    write();
    return () => {
      page = "";
      write();
    };
  }, [name]);
}

export function useWaitingInTitle(count: number): void {
  useEffect(() => {
    waiting = count;
    write();
  }, [count]);
}

function write(): void {
  const name = page === "" ? own : `${page} · ${own}`;
  document.title = waiting === 0 ? name : `(${waiting}) ${name}`;
}
