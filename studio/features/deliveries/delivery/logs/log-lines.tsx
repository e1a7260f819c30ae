import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import styles from "./logs.module.css";
import type { LogLine } from "./use-log.ts";

const lineHeight = 20;

/** Follows the newest line while the reader is at the end. */
export function LogLines({ lines }: { lines: LogLine[] }) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 30,
  });
  const newest = lines.at(-1)?.number;
  useEffect(() => {
    if (newest !== undefined && atEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [newest]);
  return (
    <section
      ref={box}
      className={styles.lines}
      aria-label={t("deliveries.logs.lines")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 2 * lineHeight;
      }}
    >
      <div style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const row = lines[index];
          if (row === undefined) return null;
          return (
            <p key={row.number} style={{ transform: `translateY(${start}px)` }}>
              <span>{row.instance}</span>
              {row.line}
            </p>
          );
        })}
      </div>
    </section>
  );
}
