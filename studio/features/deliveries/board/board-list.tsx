/** The rows that are in sight, of however many there are; the keys of lists move through them. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./board.module.css";
import { keyOf } from "./board-pages.ts";
import { BoardRow } from "./board-row.tsx";
import type { useBoard } from "./use-board.ts";
import { useListKeys } from "./use-list-keys.ts";

const rowHeight = 78;
/** The next page is asked for before its place is in sight. */
const ahead = 15;

export function BoardList({ board }: { board: ReturnType<typeof useBoard> }) {
  const { t } = useTranslation();
  const { items, hasMore, isReadingMore, readMore, onSight } = board;
  const list = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: margin,
    getItemKey: (index) => (items[index] === undefined ? index : keyOf(items[index])),
  });
  const visible = rows.getVirtualItems();
  const first = visible[0]?.index ?? 0;
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    onSight(first, last);
    if (last >= items.length - ahead) readMore();
  });
  const { active, onFocusRow } = useListKeys({
    list,
    count: items.length,
    reveal: (index) => rows.scrollToIndex(index, { align: "auto" }),
  });
  return (
    <>
      <p className={styles.keys}>{t("deliveries.keys")}</p>
      <ul
        ref={list}
        className={styles.list}
        aria-label={t("deliveries.list")}
        style={{ height: rows.getTotalSize() }}
      >
        {visible.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              aria-setsize={hasMore ? -1 : items.length}
              aria-posinset={row.index + 1}
              style={{ transform: `translateY(${row.start - margin}px)` }}
              onFocus={() => onFocusRow(row.index)}
            >
              <BoardRow item={item} focusable={row.index === active} />
            </li>
          );
        })}
      </ul>
      {isReadingMore && <p role="status">{t("deliveries.loadingMore")}</p>}
    </>
  );
}
