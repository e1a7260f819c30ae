/** Environments by modules: what serves where and how it is, what is on its way, and what is held. */
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button } from "../../../ui/button.tsx";
import { Empty, PageHead } from "../../../ui/panel.tsx";
import { useNarrow } from "../../../ui/use-narrow.ts";
import styles from "./matrix.module.css";
import { MatrixCards } from "./matrix-cards.tsx";
import { MatrixFilters } from "./matrix-filters.tsx";
import { MatrixTable } from "./matrix-table.tsx";
import { useMatrix } from "./use-matrix.ts";

const route = getRouteApi("/deployments");

export function Matrix() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const narrow = useNarrow();
  const { rows, environments, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useMatrix(search);
  const filtered = Object.values(search).some((value) => value !== undefined);
  const Shown = narrow ? MatrixCards : MatrixTable;
  return (
    <>
      <PageHead
        title={t("deployments.title")}
        meta={
          <span role="status">
            {isPending ? t("app.loading") : t("deployments.modules", { count: rows.length })}
          </span>
        }
      />
      <MatrixFilters />
      <Refused error={error} />
      {isPending && <div className={styles.skeleton} aria-hidden="true" />}
      {!isPending && error === null && rows.length === 0 && <Nothing filtered={filtered} />}
      {rows.length > 0 && <Shown rows={rows} environments={environments} />}
      {hasNextPage && (
        <div className={styles.more}>
          <Button onPress={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            {t("deployments.moreModules")}
          </Button>
        </div>
      )}
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  if (!filtered)
    return (
      <Empty icon="package" title={t("deployments.none")}>
        <p>{t("deployments.noneText")}</p>
        <a href="/deliveries">{t("app.toDeliveries")}</a>
      </Empty>
    );
  return (
    <Empty icon="search" title={t("deployments.noMatch")}>
      <Button onPress={() => void navigate({ search: {}, replace: true })}>{t("deployments.clear")}</Button>
    </Empty>
  );
}
