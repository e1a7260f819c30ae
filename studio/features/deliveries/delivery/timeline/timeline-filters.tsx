import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../../../ui/checkbox.tsx";
import { TextField } from "../../../../ui/field.tsx";
import styles from "./timeline.module.css";
import type { TimelineSearch } from "./timeline-search.ts";

const route = getRouteApi("/deliveries/$traceId/$moduleId/timeline");

export function TimelineFilters({ shown, all }: { shown: number; all: number | undefined }) {
  const { t } = useTranslation();
  const { find, order, detail } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Partial<TimelineSearch>) =>
    void navigate({
      search: (before) => ({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });
  return (
    <search className={styles.filters}>
      <TextField
        label={t("deliveries.timeline.find")}
        type="search"
        autoComplete="off"
        maxLength={200}
        value={find ?? ""}
        onChange={(text) => set({ find: text === "" ? undefined : text })}
      />
      <Checkbox checked={detail === true} onChange={(on) => set({ detail: on || undefined })}>
        {t("deliveries.timeline.detail")}
      </Checkbox>
      <Checkbox checked={order === "time"} onChange={(on) => set({ order: on ? "time" : undefined })}>
        {t("deliveries.timeline.byTime")}
      </Checkbox>
      <span role="status">
        {all === undefined ? t("app.loading") : t("deliveries.timeline.count", { shown, count: all })}
      </span>
    </search>
  );
}
