/** The record of the tenant: who did what, why it was let or not, and how it ended. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePageTitle } from "../../../app/layout/page-title.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button, buttonClass } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import styles from "./audit.module.css";
import { AuditFilters } from "./audit-filters.tsx";
import type { AuditSearch } from "./audit-search.ts";
import { Presets } from "./presets.tsx";
import { RecordList } from "./record-list.tsx";
import { useRecord } from "./use-record.ts";

export function Audit() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false }) as AuditSearch;
  const navigate = useNavigate();
  usePageTitle(t("audit.title"));
  const record = useRecord(search);
  const { items } = record;
  const change = (next: AuditSearch) =>
    void navigate({ to: "/audit", search: { ...search, ...next }, replace: true });
  return (
    <>
      <PageHead
        title={t("audit.title")}
        meta={t("audit.intro")}
        actions={
          <Link to="/audit/log" className={buttonClass}>
            <Icon name="shield-check" />
            {t("audit.log")}
          </Link>
        }
      />
      <Presets search={search} />
      <AuditFilters
        search={search}
        names={[...new Set(items.map(({ name }) => name as string))].sort()}
        onChange={change}
        onClear={() => void navigate({ to: "/audit", search: { outcome: search.outcome, of: search.of } })}
      />
      <Refused error={record.error} />
      <Panel title={t("audit.found")}>
        <div aria-busy={record.isFetching}>
          {record.isPending && <p role="status">{t("app.loading")}</p>}
          {!record.isPending && items.length === 0 && record.error === null && (
            <Empty icon="scroll-text" title={t("audit.none")}>
              <p>{t("audit.noneText")}</p>
            </Empty>
          )}
          <RecordList items={items} />
          {record.hasNextPage && (
            <div className={styles.more}>
              <Button disabled={record.isFetchingNextPage} onPress={() => void record.fetchNextPage()}>
                {t("audit.more")}
              </Button>
            </div>
          )}
        </div>
      </Panel>
    </>
  );
}
