/** Every delivery of the tenant, newest first, with what each waits for. */
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failed } from "../../../app/layout/failed.tsx";
import { usePageTitle } from "../../../app/layout/page-title.ts";
import { Button } from "../../../ui/button.tsx";
import { Empty, PageHead } from "../../../ui/panel.tsx";
import styles from "./board.module.css";
import { BoardFilters } from "./board-filters.tsx";
import { BoardList } from "./board-list.tsx";
import { isFiltered } from "./board-search.ts";
import { FirstRun } from "./first-run.tsx";
import { StateChips } from "./state-chips.tsx";
import { useBoard } from "./use-board.ts";

const route = getRouteApi("/deliveries");

export function Board() {
  const { t } = useTranslation();
  usePageTitle(t("deliveries.title"));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const board = useBoard(search);
  const { items, states, total, isPending, error } = board;
  const isFirst = !isPending && error === null && items.length === 0 && !isFiltered(search);
  if (isFirst) return <FirstRun />;
  return (
    <>
      <PageHead
        title={t("deliveries.title")}
        meta={<span role="status">{total === undefined ? "" : t("deliveries.found", { count: total })}</span>}
      />
      <BoardFilters />
      <StateChips states={states} />
      {error !== null && items.length === 0 ? (
        <Failed error={error} />
      ) : isPending ? (
        <Skeleton />
      ) : items.length === 0 ? (
        <Empty icon="search" title={t("deliveries.none")}>
          <p>{t("deliveries.noneText")}</p>
          <Button onPress={() => void navigate({ search: {} })}>{t("deliveries.clear")}</Button>
        </Empty>
      ) : (
        <BoardList board={board} />
      )}
    </>
  );
}

function Skeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.list}>
      <p className="hidden-visually" role="status">
        {t("deliveries.loading")}
      </p>
      {Array.from({ length: 8 }, (_, row) => (
        <div key={row} className={styles.skeleton} aria-hidden="true" />
      ))}
    </div>
  );
}
