import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Copyable } from "../../../ui/copyable.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { StateBadge } from "../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import styles from "../verify/verify.module.css";

type Key = components["schemas"]["AuditKey"];

export function Keys() {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery("get", "/audit/keys");
  const columns: Column<Key>[] = [
    {
      title: t("audit.keys.key"),
      heads: true,
      cell: ({ keyId }) => <Copyable value={keyId} name={t("audit.keys.id")} />,
    },
    {
      title: t("audit.keys.state"),
      cell: ({ retiredAt }) => (
        <StateBadge
          word={t(retiredAt === undefined ? "audit.keys.signs" : "audit.keys.retired")}
          tone={retiredAt === undefined ? "good" : "neutral"}
        />
      ),
    },
    { title: t("audit.keys.madeAt"), cell: ({ madeAt }) => <Time at={madeAt} form="exact" /> },
    {
      title: t("audit.keys.public"),
      acts: true,
      cell: ({ note, keyId }) => (
        <CopyButton text={note} label={t("audit.keys.copy", { id: keyId.slice(0, 12) })} />
      ),
    },
  ];
  return (
    <Panel title={t("audit.keys.title")}>
      {data.length === 0 ? (
        <p className={styles.muted}>{t("audit.keys.none")}</p>
      ) : (
        <Table label={t("audit.keys.title")} columns={columns} rows={data} keyOf={({ keyId }) => keyId} />
      )}
    </Panel>
  );
}
