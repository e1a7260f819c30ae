/** Everything that happened: who, what, why, by which evidence. However long it is, only what is in sight is drawn. */
import { getRouteApi } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../../../../app/layout/failed.tsx";
import { Empty } from "../../../../ui/panel.tsx";
import { PhaseHead } from "./phase-head.tsx";
import styles from "./timeline.module.css";
import { TimelineEntry } from "./timeline-entry.tsx";
import { TimelineFilters } from "./timeline-filters.tsx";
import { rowsOf, type TimelineRow } from "./timeline-rows.ts";
import { useTimeline } from "./use-timeline.ts";

const route = getRouteApi("/deliveries/$traceId/$moduleId/timeline");

export function Timeline() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const { data: entries, error } = useTimeline();
  const rows = useMemo(() => rowsOf(entries ?? [], search), [entries, search]);
  if (entries === undefined && error !== null) return <Failed error={error} />;
  return (
    <>
      <TimelineFilters shown={rows.filter(({ kind }) => kind === "entry").length} all={entries?.length} />
      {entries !== undefined && rows.length === 0 ? (
        <Empty icon="search" title={t("deliveries.timeline.none")} />
      ) : (
        <Rows rows={rows} />
      )}
    </>
  );
}

const entryHeight = 68;
const phaseHeight = 52;

function Rows({ rows }: { rows: TimelineRow[] }) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), []);
  const window = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => (rows[index]?.kind === "phase" ? phaseHeight : entryHeight),
    overscan: 12,
    scrollMargin: margin,
    getItemKey: (index) => keyOf(rows[index]),
  });
  return (
    <ol
      ref={list}
      className={styles.rows}
      aria-label={t("deliveries.timeline.list")}
      style={{ height: window.getTotalSize() }}
    >
      {window.getVirtualItems().map(({ key, index, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <li
            key={key}
            ref={window.measureElement}
            data-index={index}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            {row.kind === "phase" ? <PhaseHead row={row} /> : <TimelineEntry entry={row.entry} />}
          </li>
        );
      })}
    </ol>
  );
}

function keyOf(row: TimelineRow | undefined): string | number {
  return row === undefined ? "" : row.kind === "phase" ? row.phase : row.entry.sequence;
}
