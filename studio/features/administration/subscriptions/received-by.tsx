import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Panel } from "../../../ui/panel.tsx";
import { StateBadge, type Tone } from "../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";

type Receipt = components["schemas"]["HookReceipt"];
const tones: Record<Receipt["state"], Tone> = {
  ...{ waiting: "warn", done: "good", ignored: "neutral", refused: "bad" },
};

/** What came to a hook, and what came of it. */
export function ReceivedBy({ hook }: { hook: string }) {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery(
    "get",
    "/hooks/{hook}/receipts",
    { params: { path: { hook } } },
    { meta: { live: "tenant" } },
  );
  const columns: Column<Receipt>[] = [
    {
      title: t("administration.notifications.event"),
      heads: true,
      cell: ({ event, id }) => (
        <>
          {event} <code className={parts.muted}>{id}</code>
        </>
      ),
    },
    { title: t("administration.notifications.when"), cell: ({ receivedAt }) => <Time at={receivedAt} /> },
    {
      title: t("administration.notifications.state"),
      cell: ({ state }) => (
        <StateBadge word={t(`administration.subscriptions.is.${state}`)} tone={tones[state]} />
      ),
    },
    { title: t("administration.subscriptions.outcome"), cell: ({ answer }) => answer },
  ];
  const title = t("administration.subscriptions.receivedBy", { id: hook });
  return (
    <Panel title={title}>
      {data.receipts.length === 0 ? (
        <p className={parts.muted}>{t("administration.subscriptions.nothingReceived")}</p>
      ) : (
        <Table label={title} columns={columns} rows={data.receipts} keyOf={({ id }) => id} />
      )}
    </Panel>
  );
}
